namespace DropboxOktaProvisioning.Sandbox.Tests;

public sealed class ClockTests
{
    private static readonly DateTimeOffset Start = new SandboxOptions().Start;

    // A guard against a hang, far beyond what any of these takes.
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_wait_ends_at_once_and_moves_the_clock_to_its_end()
    {
        using var world = new ProvisioningWorld();
        await Task.Delay(TimeSpan.FromHours(3), world.Clock).WaitAsync(Guard);
        Assert.Equal(Start.AddHours(3), world.Clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromHours(3), world.Clock.GetElapsedTime(Start.UtcTicks));
    }

    [Fact]
    public async Task Pushes_that_fall_due_during_a_wait_happen()
    {
        using var world = new ProvisioningWorld();
        await Task.Delay(TimeSpan.FromMinutes(5), world.Clock).WaitAsync(Guard);
        Assert.NotEmpty(world.WelcomeMails);
    }

    [Fact]
    public async Task Many_waits_at_once_all_end_and_the_clock_stands_at_the_last_at_least()
    {
        using var world = new ProvisioningWorld();
        await Task.WhenAll(Enumerable.Range(1, 200).Select(minutes => Task.Run(() => Task.Delay(TimeSpan.FromMinutes(minutes), world.Clock)))).WaitAsync(Guard);
        Assert.True(world.Clock.GetUtcNow() >= Start.AddMinutes(200));
    }

    [Fact]
    public async Task A_timeout_neither_moves_the_clock_nor_runs_down_while_somebody_waits_but_does_as_the_clock_is_advanced()
    {
        using var world = new ProvisioningWorld();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(100), world.Clock);
        await Task.Delay(TimeSpan.FromHours(1), world.Clock).WaitAsync(Guard);
        Assert.Equal(Start.AddHours(1), world.Clock.GetUtcNow());
        world.Advance(TimeSpan.FromSeconds(99));
        Assert.False(timeout.IsCancellationRequested);
        world.Advance(TimeSpan.FromSeconds(1));
        Assert.True(timeout.IsCancellationRequested);
    }

    [Fact]
    public async Task Periodic_endless_and_disposed_timers_stay_quiet()
    {
        using var world = new ProvisioningWorld();
        var fired = 0;
        await using var periodic = world.Clock.CreateTimer(_ => Interlocked.Increment(ref fired), null, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));
        await using var endless = world.Clock.CreateTimer(_ => Interlocked.Add(ref fired, 1000), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var disposed = world.Clock.CreateTimer(_ => Interlocked.Add(ref fired, 1000), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        await disposed.DisposeAsync();
        Assert.False(disposed.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
        Assert.Equal(Start, world.Clock.GetUtcNow());
        world.Advance(TimeSpan.FromSeconds(35));
        Assert.Equal(3, fired);
        Assert.True(periodic.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        world.Advance(TimeSpan.FromSeconds(35));
        Assert.Equal(3, fired);
    }

    [Fact]
    public void What_falls_due_while_the_clock_is_advanced_happens_in_order_each_at_its_own_time()
    {
        using var world = new ProvisioningWorld(new SandboxOptions { AutoAdvance = false });
        var seen = new List<(string, DateTimeOffset)>();
        using var late = world.Clock.CreateTimer(_ => seen.Add(("late", world.Clock.GetUtcNow())), null, TimeSpan.FromMinutes(9), Timeout.InfiniteTimeSpan);
        using var early = world.Clock.CreateTimer(_ => seen.Add(("early", world.Clock.GetUtcNow())), null, TimeSpan.FromMinutes(2), Timeout.InfiniteTimeSpan);
        Assert.Empty(seen);
        world.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal([("early", Start.AddMinutes(2)), ("late", Start.AddMinutes(9))], seen);
        Assert.Equal(Start.AddMinutes(10), world.Clock.GetUtcNow());
    }

    [Fact]
    public void A_start_in_another_offset_is_the_same_moment_in_UTC()
    {
        using var world = new ProvisioningWorld(new SandboxOptions { Start = Start.ToOffset(TimeSpan.FromHours(5)) });
        Assert.Equal((Start, TimeSpan.Zero), (world.Clock.GetUtcNow(), world.Clock.GetUtcNow().Offset));
    }

    [Fact]
    public void The_clock_does_not_go_back_and_a_real_one_cannot_be_moved()
    {
        using var world = new ProvisioningWorld();
        Assert.Throws<ArgumentOutOfRangeException>(() => world.Advance(TimeSpan.FromSeconds(-1)));
        using var real = new ProvisioningWorld(new SandboxOptions { Clock = TimeProvider.System });
        Assert.Throws<InvalidOperationException>(() => real.Advance(TimeSpan.FromSeconds(1)));
    }
}
