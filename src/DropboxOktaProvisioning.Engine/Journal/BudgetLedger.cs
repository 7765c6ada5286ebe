using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Journal;

/// <summary>The budgets that the processes of one journal share, a row for each bucket. Its times are this machine's.</summary>
internal sealed class BudgetLedger(IJournalStore store) : IBudgetLedger
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private bool _isClosed;

    /// <inheritdoc/>
    public Task<(SharedBudget All, long Got)> ReserveAsync(string owner, string bucket, BudgetRequest request, DateTimeOffset now, CancellationToken cancel) => WriteAsync(
        session =>
        {
            var (budget, got) = Read(session, owner, bucket).With(request.Known).Take(request, now);
            Write(session, owner, bucket, budget);
            return (budget, got);
        },
        cancel);

    /// <inheritdoc/>
    public Task TellAsync(string owner, string bucket, SharedBudget news, CancellationToken cancel) => WriteAsync(
        session =>
        {
            Write(session, owner, bucket, Read(session, owner, bucket).With(news));
            return true;
        },
        cancel);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The command that opened it may end while a request of another runspace asks it.
        await _turn.WaitAsync();
        _isClosed = true;
        await store.DisposeAsync();
        _turn.Release();
    }

    private async Task<T> WriteAsync<T>(Func<JournalSession, T> work, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            return await store.WriteAsync(work, Durability.Process, cancel);
        }
        finally
        {
            _turn.Release();
        }
    }

    private static SharedBudget Read(JournalSession session, string owner, string bucket) => session.Query(
        "SELECT requests, resets, told, ends, taken, carried, closed FROM budgets WHERE owner = @owner AND bucket = @bucket",
        row => new SharedBudget(
            new RateWindow(row.IsDBNull(1) ? null : Time(row.GetInt64(1)), row.GetInt64(2) != 0, Time(row.GetInt64(3)), row.GetInt64(4), row.GetInt64(5)),
            row.IsDBNull(0) ? null : row.GetInt64(0), Time(row.GetInt64(6))),
        ("@owner", owner), ("@bucket", bucket)) is [var known] ? known : SharedBudget.Unknown;

    private static void Write(JournalSession session, string owner, string bucket, SharedBudget budget) => session.Execute(
        """
        INSERT INTO budgets (owner, bucket, requests, resets, told, ends, taken, carried, closed)
        VALUES (@owner, @bucket, @requests, @resets, @told, @ends, @taken, @carried, @closed)
        ON CONFLICT (owner, bucket) DO UPDATE SET
            requests = excluded.requests, resets = excluded.resets, told = excluded.told, ends = excluded.ends,
            taken = excluded.taken, carried = excluded.carried, closed = excluded.closed
        """,
        ("@owner", owner), ("@bucket", bucket), ("@requests", budget.Limit), ("@resets", budget.Window.Resets?.ToUnixTimeMilliseconds()),
        ("@told", budget.Window.IsTold ? 1L : 0L), ("@ends", budget.Window.Ends.ToUnixTimeMilliseconds()), ("@taken", budget.Window.Taken),
        ("@carried", budget.Window.Carried), ("@closed", budget.Closed.ToUnixTimeMilliseconds()));

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
