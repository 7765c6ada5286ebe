using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Verification;
using DropboxOktaProvisioning.Engine.Workflow;

namespace DropboxOktaProvisioning.Sandbox.Tests.Workflow;

/// <summary>Waiting for people to sign on, on the sandbox's clock.</summary>
public sealed class ActivationWatchTests : IAsyncLifetime
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly List<RunEvent> _events = [];
    private SandboxConnections _sandbox = null!;

    private ProvisioningWorld World => _sandbox.World;

    public async Task InitializeAsync() => _sandbox = await SandboxConnections.OpenSettledAsync(400);

    public Task DisposeAsync()
    {
        _sandbox.Dispose();
        return Task.CompletedTask;
    }

    private async Task<(ActivationWatch Watch, IReadOnlyList<DropboxUserStatus> Waiting)> BeginAsync(int people = 5)
    {
        var app = await DropboxApps.FindOneAsync(_sandbox.Okta, null, null, default);
        var verifier = new Verifier(_sandbox.Okta, _sandbox.Dropbox, app, new StatusRows(new PersonalAccounts([]), null, _sandbox.Dropbox.Team.TeamId, World.Clock.GetUtcNow(), _ => null));
        var watch = new ActivationWatch(_sandbox.Dropbox, verifier, World.Clock);
        await watch.BeginAsync(new Listener(_events), default);
        var rows = (await _sandbox.VerifyAsync()).Rows;
        return (watch, [.. rows.Where(row => row.Stage is ProvisioningStage.AwaitingActivation).Take(people)]);
    }

    private async Task<List<(string Email, int Minute)>> WaitAsync(ActivationWatch watch, IReadOnlyList<DropboxUserStatus> people, int minutes)
    {
        var start = World.Clock.GetUtcNow();
        var came = new List<(string, int)>();
        await foreach (var row in watch.RunAsync(people, Minute, TimeSpan.FromMinutes(minutes), new Listener(_events), default))
        {
            Assert.Equal("active", row.DropboxStatus);
            Assert.NotNull(row.JoinedOn);
            came.Add((row.Email, (int)(World.Clock.GetUtcNow() - start).TotalMinutes));
        }

        return came;
    }

    private string[] RequestsSince(int before) => [.. World.Requests.Skip(before).Select(request => request.Path).Where(path => path != "/oauth2/token")];

    [Fact]
    public async Task Each_comes_in_the_minute_after_joining_and_it_ends_with_the_last()
    {
        var (watch, people) = await BeginAsync();
        for (var i = 0; i < people.Count; i++) World.SignOn(people[i].Email, TimeSpan.FromMinutes(10 * (i + 1) - 0.5));
        var came = await WaitAsync(watch, people, 1000);
        Assert.Equal(people.Select((person, i) => (person.Email, 10 * (i + 1))), came);
        Assert.Empty(watch.Left);
    }

    [Fact]
    public async Task A_quiet_minute_is_one_request_and_an_hour_looks_at_everybody_once()
    {
        var (watch, people) = await BeginAsync();
        var before = World.Requests.Count;
        Assert.Empty(await WaitAsync(watch, people, 59));
        Assert.Equal(Enumerable.Repeat("/2/team_log/get_events/continue", 59), RequestsSince(before));
        Assert.Equal(people, watch.Left);

        var (again, others) = await BeginAsync();
        before = World.Requests.Count;
        await WaitAsync(again, others, 150);
        Assert.Equal(2, RequestsSince(before).Count(path => path == "/2/team/members/get_info_v2"));
    }

    [Fact]
    public async Task Who_joins_between_the_first_look_and_the_wait_is_not_missed_and_who_had_joined_comes_at_once()
    {
        var (watch, people) = await BeginAsync();
        World.SignOn(people[0].Email);
        World.SignOn(people[1].Email);
        var seen = (await _sandbox.VerifyAsync(new VerificationScope.People([people[1].Email]))).Rows[0];
        Assert.Equal([(people[1].Email, 0), (people[0].Email, 1)], await WaitAsync(watch, [people[0], seen, people[2]], 5));
        Assert.Equal([people[2]], watch.Left);
    }

    [Fact]
    public async Task Others_who_join_or_change_are_not_among_them()
    {
        var (watch, people) = await BeginAsync(6);
        World.SignOn(people[5].Email, TimeSpan.FromMinutes(3));
        World.Change(people[0].Email, PersonChange.MemberAddressChanged);
        Assert.Empty(await WaitAsync(watch, [.. people.Take(5)], 10));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(70.5)] // what the log said of the address is long past
    public async Task Who_gets_another_address_and_then_joins_comes_as_the_same_person(double joinsAfter)
    {
        var (watch, people) = await BeginAsync(2);
        Assert.True(World.Change(people[0].Email, PersonChange.MemberAddressChanged));
        World.SignOn(people[0].Email, TimeSpan.FromMinutes(joinsAfter));
        var rows = new List<DropboxUserStatus>();
        await foreach (var row in watch.RunAsync(people, Minute, TimeSpan.FromMinutes(90), new Listener(_events), default)) rows.Add(row);
        var came = Assert.Single(rows);
        Assert.Equal((people[0].TeamMemberId, ProvisioningStage.Active, people[0].OktaUserId), (came.TeamMemberId, came.Stage, came.OktaUserId));
        Assert.Equal([people[1]], watch.Left);
    }

    [Fact]
    public async Task Somebody_else_who_has_an_address_from_before_by_now_is_not_among_them_and_ends_nobodys_wait()
    {
        var addresses = new SwappedAddresses();
        using var sandbox = await SandboxConnections.OpenSettledAsync(400, network: network => addresses.Over(network));
        _sandbox.Dispose();
        _sandbox = sandbox;
        var (watch, people) = await BeginAsync(3);
        var active = (await sandbox.VerifyAsync()).Rows.First(row => row.Stage is ProvisioningStage.Active && row.OktaUserId is not null);
        World.SignOn(people[0].Email, TimeSpan.FromMinutes(0.5));
        World.SignOn(people[2].Email, TimeSpan.FromMinutes(2.5));

        // The first has the address of one who is active long since, and the other way about; and so have the two others, of whom one joins.
        addresses.Swap(people[0].Email, active.Email);
        addresses.Swap(people[1].Email, people[2].Email);
        var rows = new List<DropboxUserStatus>();
        await foreach (var row in watch.RunAsync(people, Minute, TimeSpan.FromMinutes(90), new Listener(_events), default)) rows.Add(row);

        Assert.Equal([(people[0].TeamMemberId, active.Email), (people[2].TeamMemberId, people[1].Email)], rows.Select(row => (row.TeamMemberId, row.Email)));
        Assert.Equal([people[1]], watch.Left);
    }

    [Fact]
    public async Task Without_the_right_to_the_log_each_round_asks_for_all_and_a_warning_says_so()
    {
        World.DropboxScopes = new HashSet<string> { "team_info.read", "members.read" };
        var (watch, people) = await BeginAsync();
        World.SignOn(people[0].Email, TimeSpan.FromMinutes(2.5));
        var before = World.Requests.Count;
        Assert.Equal([(people[0].Email, 3)], await WaitAsync(watch, people, 4));
        Assert.DoesNotContain(RequestsSince(before), path => path.Contains("team_log", StringComparison.Ordinal));
        Assert.Contains("events.read", Assert.Single(_events.OfType<Caution>()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SandboxFault.LogReset)]
    [InlineData(SandboxFault.ExpiredCursor)]
    public async Task A_place_in_the_log_that_is_lost_loses_nobody(SandboxFault fault)
    {
        var (watch, people) = await BeginAsync();
        World.SignOn(people[0].Email, TimeSpan.FromMinutes(2.5));
        World.SignOn(people[1].Email, TimeSpan.FromMinutes(7.5));
        World.Faults.Script(fault, "get_events", 3, 1);
        Assert.Equal([(people[0].Email, 3), (people[1].Email, 8)], await WaitAsync(watch, people, 10));
    }

    [Fact]
    public async Task A_log_that_is_reset_for_good_before_its_place_is_known_is_one_warning_and_loses_nobody()
    {
        World.SignOn((await _sandbox.VerifyAsync()).Rows.Last(row => row.Stage is ProvisioningStage.AwaitingActivation).Email);
        World.Faults.Script(SandboxFault.LogReset, "get_events/continue", 1, 1_000_000);
        World.Faults.Script(SandboxFault.EmptyPage, "get_events", 1, 1_000_000); // more are said to follow
        var (watch, people) = await BeginAsync();
        World.SignOn(people[0].Email, TimeSpan.FromMinutes(2.5));
        Assert.Equal([(people[0].Email, 3)], await WaitAsync(watch, people, 4));
        Assert.Single(_events.OfType<Caution>());
    }

    [Fact]
    public async Task An_outage_is_one_warning_and_loses_nobody()
    {
        var (watch, people) = await BeginAsync();
        World.SignOn(people[0].Email, TimeSpan.FromMinutes(2.5));
        World.Faults.Script(SandboxFault.ServerError, "team_log", 2, 14);
        var came = await WaitAsync(watch, people, 200);
        Assert.Equal(people[0].Email, Assert.Single(came).Email);
        Assert.Single(_events.OfType<Caution>());
    }

    [Fact]
    public async Task A_log_that_is_late_or_says_nothing_loses_nobody()
    {
        var (watch, people) = await BeginAsync();
        World.Faults.LogDelay = TimeSpan.FromDays(2);
        World.SignOn(people[0].Email, TimeSpan.FromMinutes(20));
        Assert.Equal(people[0].Email, Assert.Single(await WaitAsync(watch, people, 180)).Email);
    }

    [Fact]
    public async Task Stopping_ends_it_at_once()
    {
        using var still = await SandboxConnections.OpenAsync(60, autoAdvance: false); // here a wait never ends by itself
        var app = await DropboxApps.FindOneAsync(still.Okta, null, null, default);
        var verifier = new Verifier(still.Okta, still.Dropbox, app, new StatusRows(new PersonalAccounts([]), null, still.Dropbox.Team.TeamId, still.World.Clock.GetUtcNow(), _ => null));
        var waiting = (await still.VerifyAsync()).Rows.Where(row => row.Stage is ProvisioningStage.AwaitingActivation).ToArray();
        var watch = new ActivationWatch(still.Dropbox, verifier, still.World.Clock);
        await watch.BeginAsync(null, default);
        using var stop = new CancellationTokenSource();
        await using var rows = watch.RunAsync(waiting, Minute, null, null, stop.Token).GetAsyncEnumerator(stop.Token);
        var next = rows.MoveNextAsync().AsTask();
        Assert.False(next.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }
}
