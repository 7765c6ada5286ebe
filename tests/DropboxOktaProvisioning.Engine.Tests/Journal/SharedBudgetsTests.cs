using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Tests.Http;
using Microsoft.Data.Sqlite;

namespace DropboxOktaProvisioning.Engine.Tests.Journal;

/// <summary>Budgets in a journal's file: shared where it is there, and never the reason that a run ends.</summary>
public sealed class SharedBudgetsTests : IDisposable
{
    private readonly JournalFixture _fixture = new();
    private readonly Rig _rig = new();

    private JournalLocation Location => JournalLocation.File(_fixture.Path);

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_journal_is_made_for_budgets(bool isEmptyFile)
    {
        if (isEmptyFile) await File.WriteAllBytesAsync(_fixture.Path, []);

        Assert.Null(await SharedBudgets.BeginAsync(Location, _rig.Time, _rig.Log, default));
        Assert.Null(await SharedBudgets.BeginAsync(JournalLocation.InMemory("rehearsal"), _rig.Time, null, default));
        Assert.StartsWith("The requests of other processes are not counted, only this one's: The journal is not there yet", Assert.Single(_rig.Log.Events.OfType<Remark>()).Message, StringComparison.Ordinal);

        Assert.Equal(isEmptyFile, File.Exists(_fixture.Path));
        if (isEmptyFile) Assert.Equal(0, new FileInfo(_fixture.Path).Length);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(5)]
    [InlineData(99)]
    public async Task Beside_the_default_journal_budgets_have_a_file_of_their_own_whatever_became_of_the_journal(int? version)
    {
        var journal = new JournalSettings { Path = Path.Combine(_fixture.Folder, "new", "folder", "journal.db"), CreatesFolder = true };
        if (version is { } steps)
            await (await SqliteStore.OpenAsync(journal with { Steps = [.. Enumerable.Range(1, steps).Select(step => $"CREATE TABLE made_up{step} (a)")] }, default)).DisposeAsync();
        var location = JournalLocation.Of(journal);
        var request = Request(limit: 10, unshared: 0);
        var taken = 0L;

        // Two that begin at once, and one that comes later: together they get what one may, but the one in hand.
        foreach (var ledgers in new[] { await Task.WhenAll(OpenAsync(), OpenAsync()), [await OpenAsync()] })
        {
            foreach (var ledger in ledgers)
            {
                for (var i = 0; i < 4; i++) taken += (await ledger.ReserveAsync("https://contoso.okta.com", "/api/v1/apps", request, _rig.Time.GetUtcNow(), default)).Got;
                await ledger.DisposeAsync();
            }
        }

        Assert.Equal(3, taken);
        Assert.Equal(version is not null, File.Exists(journal.Path));
        var file = Path.Combine(_fixture.Folder, "new", "folder", "budgets.db");
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

        async Task<BudgetLedger> OpenAsync() => new((await location.OpenBudgetsAsync(default))!);
    }

    [Fact]
    public async Task A_file_of_budgets_that_cannot_be_used_is_said_and_ends_no_run()
    {
        var journal = new JournalSettings { Path = _fixture.Path, CreatesFolder = true };
        await File.WriteAllTextAsync(journal.Budgets.Path, new string('x', 5000));
        Assert.Null(await SharedBudgets.BeginAsync(JournalLocation.Of(journal), _rig.Time, _rig.Log, default));
        Assert.Equal($"The requests of other processes are not counted, only this one's: The file '{journal.Budgets.Path}' is damaged, or is not a journal.", Assert.Single(_rig.Log.Events.OfType<Remark>()).Message);
    }

    [Fact]
    public async Task What_another_process_took_is_not_taken_again()
    {
        await (await _fixture.OpenAsync()).DisposeAsync();
        using var client = await _rig.OktaAsync();
        _rig.Network.Otherwise = _ => Answer(limit: 10, left: 9);
        var start = _rig.Time.GetUtcNow();
        await using (var other = await LedgerAsync())
            await other.ReserveAsync("https://contoso.okta.com", "/api/v1/apps", Request(limit: 10, unshared: 4), start, default);

        await using (await SharedBudgets.BeginAsync(Location, _rig.Time, null, default)) await client.GetDropboxAppsAsync(_rig.Log, default);

        // Four of 45 percent of ten are gone, so this one waits for the next minute.
        var wait = Assert.Single(_rig.Log.Events.OfType<Waiting>());
        Assert.Equal("The ceiling of 45 percent is reached by all processes of this journal: 4 of the 10 requests a minute of /api/v1/apps.", wait.Reason);
        Assert.Equal(start.AddMinutes(1), wait.Until, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_closing_that_one_process_was_told_holds_the_others_too()
    {
        await (await _fixture.OpenAsync()).DisposeAsync();
        using var client = await _rig.OktaAsync();
        _rig.Network.Otherwise = _ => Reply.Json("[]");
        var start = _rig.Time.GetUtcNow();
        await using (var other = await LedgerAsync())
            await other.TellAsync("https://contoso.okta.com", "/api/v1/apps", SharedBudget.Unknown with { Closed = start.AddSeconds(30) }, default);

        await using (await SharedBudgets.BeginAsync(Location, _rig.Time, null, default)) await client.GetDropboxAppsAsync(_rig.Log, default);

        var wait = Assert.Single(_rig.Log.Events.OfType<Waiting>());
        Assert.Equal(("The rate limit of /api/v1/apps is reached, as another process was told.", start.AddSeconds(30)), (wait.Reason, wait.Until));
    }

    [Fact]
    public async Task A_journal_that_breaks_costs_a_warning_and_no_request()
    {
        await (await _fixture.OpenAsync()).DisposeAsync();
        using var client = await _rig.OktaAsync();
        _rig.Network.Otherwise = _ => Answer(limit: 100, left: 90);
        await using var shared = await SharedBudgets.BeginAsync(Location, _rig.Time, null, default);
        await using (var connection = new SqliteConnection($"Data Source={_fixture.Path};Pooling=False"))
        {
            await connection.OpenAsync();
            SqliteSchema.Execute(connection, "DROP TABLE budgets");
        }

        for (var i = 0; i < 3; i++) await client.GetDropboxAppsAsync(_rig.Log, default);

        Assert.Equal(3, _rig.Network.Requests.Count);
        Assert.StartsWith(
            "The requests of other processes are not counted any more, only this one's: ", Assert.Single(_rig.Log.Events.OfType<Caution>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_reserve_some_at_a_time()
    {
        await (await _fixture.OpenAsync()).DisposeAsync();
        await using var ledger = await LedgerAsync();
        var budget = new RateBudget("https://contoso.okta.com", "/api/v1/apps");
        var counting = new CountingLedger(ledger);
        var now = _rig.Time.GetUtcNow();
        for (var i = 0; i < 45 - 1; i++)
        {
            Assert.Null(await budget.TakeAsync(45, counting, now, default));
            Assert.Equal(i > 0, budget.Learn(Answer(limit: 100, left: 99 - i), now) is null);
            budget.End();
        }

        Assert.NotNull(await budget.TakeAsync(45, counting, now, default));
        Assert.InRange(counting.Reservations, 2, 12);
    }

    private static BudgetRequest Request(long limit, long unshared) => new(SharedBudget.Unknown with { Limit = limit }, 45, unshared);

    private HttpResponseMessage Answer(int limit, int left) => Reply.Json(
        "[]", 200, ("X-Rate-Limit-Limit", $"{limit}"), ("X-Rate-Limit-Remaining", $"{left}"), ("X-Rate-Limit-Reset", $"{_rig.Time.GetUtcNow().AddSeconds(59).ToUnixTimeSeconds()}"));

    private async Task<BudgetLedger> LedgerAsync() => new((await Location.OpenBudgetsAsync(default))!);

    private sealed class CountingLedger(IBudgetLedger ledger) : IBudgetLedger
    {
        public int Reservations { get; private set; }

        public Task<(SharedBudget All, long Got)> ReserveAsync(string owner, string bucket, BudgetRequest request, DateTimeOffset now, CancellationToken cancel)
        {
            Reservations++;
            return ledger.ReserveAsync(owner, bucket, request, now, cancel);
        }

        public Task TellAsync(string owner, string bucket, SharedBudget news, CancellationToken cancel) => ledger.TellAsync(owner, bucket, news, cancel);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
