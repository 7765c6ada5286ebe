using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Tests.Http;

/// <summary>What is taken of a bucket, whenever the service's windows begin and whoever else uses it.</summary>
public sealed class RateBudgetTests
{
    private const int Usual = ConnectionOptions.UsualCeiling;

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(100)]
    [InlineData(600)]
    public async Task One_process_never_takes_more_than_its_ceiling_and_is_never_refused(int limit)
    {
        for (var seed = 1; seed <= 100; seed++)
        {
            var world = new BudgetWorld(seed, limit, Usual);
            world.JoinStranger();
            world.Join(new RateBudget("https://contoso.okta.example", "/api/v1/apps"), null, TimeSpan.Zero, lanes: 4);
            await world.RunAsync(TimeSpan.FromMinutes(12));

            Judge(world, limit, seed, least: 0.6);
        }
    }

    [Theory]
    [InlineData(20)]
    [InlineData(100)]
    [InlineData(600)]
    public async Task Several_processes_on_one_journal_take_together_no_more_than_one(int limit)
    {
        for (var seed = 1; seed <= 30; seed++)
        {
            var name = Guid.NewGuid().ToString("N");
            await using var first = await BudgetWorld.LedgerAsync(name);
            await using var second = await BudgetWorld.LedgerAsync(name);
            await using var third = await BudgetWorld.LedgerAsync(name);
            var world = new BudgetWorld(seed, limit, Usual);
            world.JoinStranger();
            world.Join(new RateBudget("https://contoso.okta.example", "/api/v1/apps"), first, TimeSpan.Zero, lanes: 2);
            world.Join(new RateBudget("https://contoso.okta.example", "/api/v1/apps"), second, TimeSpan.FromSeconds(20 + seed), lanes: 2);
            world.Join(new RateBudget("https://contoso.okta.example", "/api/v1/apps"), third, TimeSpan.FromSeconds(100 + seed), lanes: 1);
            await world.RunAsync(TimeSpan.FromMinutes(8));

            Judge(world, limit, seed, least: 0.5);
        }
    }

    [Fact]
    public void A_clock_that_was_set_back_leaves_no_window_and_no_closing_in_the_far_future()
    {
        var now = new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
        var request = new BudgetRequest(SharedBudget.Unknown, Usual, 0);
        var left = new SharedBudget(new RateWindow(now.AddDays(1), true, now.AddDays(1), 45, 0), 100, now.AddDays(1));

        var (after, got) = left.Take(request, now);

        Assert.Equal(5, got);
        Assert.Equal(now.AddMinutes(1), after.Window.Ends);
        Assert.True(after.Closed <= now);
        // A closing that a service may well ask for stands.
        Assert.Equal(0, (left with { Closed = now.AddMinutes(30) }).Take(request, now).Got);
    }

    private static void Judge(BudgetWorld world, int limit, int seed, double least)
    {
        var most = BudgetWorld.Most(limit, Usual);
        // The lanes that begin at once know no limit until the first answer.
        var first = Math.Max(4, most);
        Assert.True(world.Ours[0] <= first && world.Ours.Skip(1).All(count => count <= most), $"seed {seed}: {string.Join(' ', world.Ours)}, at most {most}");
        Assert.True(limit < 10 || world.Refused == 0, $"seed {seed}: {world.Refused} refused");
        // So much a minute is what the lanes can make at most.
        var possible = Math.Min(most, 60 / 0.55 * 4);
        Assert.True(world.Ours.Skip(1).SkipLast(1).Average() >= least * possible, $"seed {seed}: {string.Join(' ', world.Ours)}, of {most}");
    }
}
