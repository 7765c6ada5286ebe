using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Tests.Http;
using DropboxOktaProvisioning.Engine.Tests.Journal;

namespace DropboxOktaProvisioning.RealParts.Tests;

/// <summary>Budgets of requests that several workers share in a real database.</summary>
public sealed class PostgresBudgetTests(Database database) : IClassFixture<Database>, IDisposable
{
    private readonly JournalFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [SkippableFact]
    public async Task Workers_on_one_database_take_together_no_more_than_one_may()
    {
        const int limit = 100;
        var address = await database.NewAsync();
        await (await JournalLocation.Database(address).OpenAsync(_fixture.Clock, CancellationToken.None)).DisposeAsync();
        for (var seed = 1; seed <= 3; seed++)
        {
            await using var first = await LedgerAsync(address);
            await using var second = await LedgerAsync(address);
            var world = new BudgetWorld(seed, limit, ConnectionOptions.UsualCeiling);
            world.JoinStranger();
            // Each seed's afternoon is another day's in the database.
            var owner = $"https://contoso{seed}.okta.example";
            world.Join(new RateBudget(owner, "/api/v1/apps"), first, TimeSpan.Zero, lanes: 2);
            world.Join(new RateBudget(owner, "/api/v1/apps"), second, TimeSpan.FromSeconds(15), lanes: 2);
            await world.RunAsync(TimeSpan.FromMinutes(5));

            var most = BudgetWorld.Most(limit, ConnectionOptions.UsualCeiling);
            Assert.True(world.Ours.Max() <= most && world.Refused == 0, $"seed {seed}: {string.Join(' ', world.Ours)}, at most {most}, {world.Refused} refused");
            Assert.True(world.Ours.Skip(1).SkipLast(1).Average() > most / 2.0, $"seed {seed}: {string.Join(' ', world.Ours)}");
        }
    }

    [SkippableFact]
    public async Task Workers_that_reserve_at_the_same_moment_get_each_request_once()
    {
        var address = await database.NewAsync();
        await (await JournalLocation.Database(address).OpenAsync(_fixture.Clock, CancellationToken.None)).DisposeAsync();
        var ledgers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => LedgerAsync(address)));
        var request = new BudgetRequest(SharedBudget.Unknown with { Limit = 1000 }, ConnectionOptions.UsualCeiling, 0);
        var now = _fixture.Clock.GetUtcNow();

        var got = await Task.WhenAll(ledgers.Select(async ledger =>
        {
            var all = 0L;
            while (await ledger.ReserveAsync("https://contoso.okta.example", "/api/v1/apps", request, now, default) is { Got: > 0 and var some }) all += some;
            return all;
        }));

        // All of the ceiling but the one that is kept in hand.
        Assert.Equal(449, got.Sum());
        foreach (var ledger in ledgers) await ledger.DisposeAsync();
    }

    [SkippableFact]
    public async Task No_journal_is_made_for_budgets()
    {
        var address = await database.NewAsync();

        Assert.Null(await SharedBudgets.BeginAsync(JournalLocation.Database(address), _fixture.Clock, null, default));
        Assert.Equal(0L, await Database.ExecuteAsync(address, $"SELECT count(*) FROM pg_namespace WHERE nspname = '{PostgresSchema.Name}'"));

        Assert.Null(await SharedBudgets.BeginAsync(JournalLocation.Database(database.ConnectionString("nowhere")), _fixture.Clock, null, default));
    }

    private static async Task<BudgetLedger> LedgerAsync(string address) =>
        new((await PostgresStore.OpenExistingAsync(PostgresAddress.Of(address), CancellationToken.None))!);
}
