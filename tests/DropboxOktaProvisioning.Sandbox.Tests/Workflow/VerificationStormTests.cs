using System.Globalization;
using DropboxOktaProvisioning.Engine;

namespace DropboxOktaProvisioning.Sandbox.Tests.Workflow;

/// <summary>Faults by chance, all over the place: the same rows as without, or one error and no rows.</summary>
/// <remarks>The two services are read at once, so a seed fixes how often a fault strikes and not always whom.</remarks>
public sealed class VerificationStormTests
{
    [Fact]
    public async Task The_usual_weather_costs_nobody()
    {
        var (whole, broken) = await StormsAsync(1600, 40, "429:0.1,500:0.05,reset:0.02,truncate:0.01");

        // Six tries in a row hardly ever fail at these rates.
        Assert.True(whole > 35, $"{whole} readings came through and {broken} did not");
    }

    [Fact]
    public async Task A_thousand_storms_over_small_buckets_cost_nobody_or_are_an_error()
    {
        var (whole, broken) = await StormsAsync(1200, 1000, "429:0.1,500:0.05,reset:0.02,truncate:0.02,cut:0.01,slow:0.02,cursor:0.01", perMinute: 20);

        // A lost place begins a list again, so hardly anything is left that breaks a reading.
        Assert.True(whole > 950, $"{whole} readings came through and {broken} did not");
    }

    [Fact]
    public async Task Every_kind_of_fault_at_once_costs_nobody_or_is_an_error()
    {
        var (whole, broken) = await StormsAsync(1600, 30, "429:0.1,concurrency:0.05,500:0.1,reset:0.05,lost:0.05,truncate:0.05,cut:0.05,empty:0.1,slow:0.05,cursor:0.03,html:0.03");
        Assert.True(whole > 0 && broken > 0, $"{whole} readings came through and {broken} did not: the storm shows one side only");
    }

    [Fact]
    public async Task A_hurricane_costs_nobody_or_is_an_error()
    {
        var (whole, broken) = await StormsAsync(1600, 30, "429:0.2,500:0.2,truncate:0.15,cut:0.15");
        Assert.True(whole > 0 && broken > 0, $"{whole} readings came through and {broken} did not: the storm shows one side only");
    }

    [Fact]
    public async Task Small_rate_buckets_only_take_longer()
    {
        using var sandbox = await SandboxConnections.OpenSettledAsync(3000);
        var whole = await sandbox.ReadAsync();
        sandbox.World.Faults.LimitRequests(SandboxService.Okta, 2);
        sandbox.World.Faults.LimitRequests(SandboxService.Dropbox, 2);
        var start = sandbox.World.Clock.GetUtcNow();
        var reading = await sandbox.ReadAsync();

        Assert.Null(reading.Error);
        Assert.Null(reading.Flaw(whole));
        Assert.True(sandbox.World.Clock.GetUtcNow() - start >= TimeSpan.FromMinutes(1), "nobody had to wait");
    }

    private static async Task<(int Whole, int Broken)> StormsAsync(int people, int seeds, string spec, int? perMinute = null)
    {
        using var sandbox = await SandboxConnections.OpenSettledAsync(people);
        var calm = await sandbox.ReadAsync();
        Assert.Null(calm.Error);
        var (whole, broken) = (0, 0);
        for (var seed = 1; seed <= seeds; seed++)
        {
            sandbox.World.Faults.Clear();
            if (perMinute is { } limit)
            {
                sandbox.World.Faults.LimitRequests(SandboxService.Okta, limit);
                sandbox.World.Faults.LimitRequests(SandboxService.Dropbox, limit);
            }

            sandbox.World.Faults.Apply(string.Create(CultureInfo.InvariantCulture, $"{spec},seed:{seed}"));
            var reading = await sandbox.ReadAsync();
            var flaw = reading.Flaw(calm);
            Assert.True(flaw is null, $"Seed {seed} of {spec}: {flaw}");
            if (reading.Error is null) whole++;
            else broken++;
        }

        Assert.True(sandbox.World.Faults.Injected > seeds / 2, $"only {sandbox.World.Faults.Injected} faults happened");
        return (whole, broken);
    }
}
