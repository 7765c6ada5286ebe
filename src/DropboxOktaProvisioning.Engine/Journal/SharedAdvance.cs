namespace DropboxOktaProvisioning.Engine.Journal;

/// <summary>Lets several connections note what they have to note in one write: who comes while one is written waits, and the next takes them all along.</summary>
/// <param name="journal">The journal.</param>
internal sealed class SharedAdvance(INoticeClaims journal) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private List<Entry> _waiting = [];

    /// <summary>As <see cref="INoticeClaims.AdvanceAsync"/>: all of it is noted, or none.</summary>
    public async Task<IReadOnlyList<NoticeClaim>> AdvanceAsync(IReadOnlyList<ClaimOutcome> settled, IReadOnlyList<NoticeClaim> next, CancellationToken cancellationToken)
    {
        var entry = new Entry(settled, next);
        lock (_turn) _waiting.Add(entry);
        try
        {
            await _turn.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            lock (_turn)
            {
                if (_waiting.Remove(entry)) throw;
            }

            // Somebody is writing it already, and whoever began it must know.
            return await entry.Written.Task;
        }

        try
        {
            if (!entry.Written.Task.IsCompleted) await WriteAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }

        return await entry.Written.Task;
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        List<Entry> entries;
        lock (_turn) (entries, _waiting) = (_waiting, []);
        try
        {
            var ours = (await journal.AdvanceAsync(
                [.. entries.SelectMany(entry => entry.Settled)], [.. entries.SelectMany(entry => entry.Next)], cancellationToken)).ToHashSet();
            foreach (var entry in entries) entry.Written.SetResult([.. entry.Next.Where(ours.Contains)]);
        }
#pragma warning disable CA1031 // Each of them throws it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            foreach (var entry in entries) entry.Written.SetException(exception);
        }
    }

    private sealed record Entry(IReadOnlyList<ClaimOutcome> Settled, IReadOnlyList<NoticeClaim> Next)
    {
        public TaskCompletionSource<IReadOnlyList<NoticeClaim>> Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
