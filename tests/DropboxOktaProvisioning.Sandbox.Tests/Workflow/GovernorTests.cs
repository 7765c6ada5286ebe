using System.Collections.Concurrent;
using System.Globalization;
using System.Security;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Verification;
using DropboxOktaProvisioning.Engine.Workflow;

namespace DropboxOktaProvisioning.Sandbox.Tests.Workflow;

/// <summary>Real clients over small buckets: below their ceiling, never refused, and whole whatever the size of a page.</summary>
public sealed class GovernorTests : IProgress<RunEvent>
{
    private const string Ceiling = "The ceiling of 45 percent is reached: 9 of the 20 requests a minute of /api/v1/apps.";
    private readonly ConcurrentQueue<RunEvent> _events = new();

    void IProgress<RunEvent>.Report(RunEvent value) => _events.Enqueue(value);

    [Fact]
    public async Task Four_runspaces_and_a_stranger_share_a_bucket_and_nobody_is_refused()
    {
        const int limit = 20, ours = 9;
        using var world = new ProvisioningWorld(new SandboxOptions { UserCount = 3000 });
        world.Faults.LimitRequests(SandboxService.Okta, limit);
        var network = new Shared(world, strangers: limit - ours);
        using var first = await ConnectAsync(world, network);
        var clients = new List<OktaClient> { first };
        for (var i = 1; i < 4; i++) clients.Add(await ConnectAsync(world, network));
        var app = await DropboxApps.FindOneAsync(first, null, null, default);

        var counts = await Task.WhenAll(clients.Select(client => Task.Run(() => CountAsync(client, app.Id))));

        Assert.Single(counts.Distinct());
        Assert.All(network.Windows, window => Assert.True(window.Value <= ours, $"{window.Value} of ours in the window that ended at {window.Key}"));
        Assert.True(network.Windows.Count > 2, "one window was enough, so nothing had to wait");
        Assert.Equal(0, network.Refused);
        Assert.NotEmpty(_events.OfType<Waiting>());
        Assert.All(_events.OfType<Waiting>(), wait =>
        {
            // Whichever is seen first: with the stranger's the whole limit is gone at the same moment.
            Assert.Contains(wait.Reason, new[] { Ceiling, "All 20 requests a minute of /api/v1/apps are used up, by others too." });
            Assert.Equal(0, wait.Attempt);
            Assert.InRange(wait.Delay, TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(62));
        });
        foreach (var client in clients) client.Dispose();
    }

    [Fact]
    public async Task A_wait_names_the_bucket_the_ceiling_and_its_end()
    {
        using var world = new ProvisioningWorld(new SandboxOptions { UserCount = 3000 });
        world.Faults.LimitRequests(SandboxService.Okta, 20);
        using var client = await ConnectAsync(world, new Shared(world, strangers: 0));
        var app = await DropboxApps.FindOneAsync(client, null, null, default);
        var begun = world.Clock.GetUtcNow();
        for (var i = 0; i < 2; i++) await CountAsync(client, app.Id);

        var wait = Assert.Single(_events.OfType<Waiting>());
        Assert.Equal(("Okta", Ceiling), (wait.Service, wait.Reason));
        Assert.InRange(wait.Until - begun, TimeSpan.FromSeconds(59), TimeSpan.FromSeconds(63));
        Assert.DoesNotContain(_events.OfType<RequestDone>(), done => done.StatusCode == 429);
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(50, 5)]
    [InlineData(100, 10)]
    public async Task The_ceiling_is_a_share_of_what_the_service_names(int percent, int most)
    {
        using var world = new ProvisioningWorld(new SandboxOptions { UserCount = 3000 });
        world.Faults.LimitRequests(SandboxService.Okta, 10);
        var network = new Shared(world, strangers: 0);
        using var client = await ConnectAsync(world, network, percent);
        var app = await DropboxApps.FindOneAsync(client, null, null, default);
        for (var i = 0; i < 3; i++) await CountAsync(client, app.Id);

        Assert.Equal(most, network.Windows.Values.Max());
        var seen = client.RateLimits.Now.Single(limit => limit.Bucket == "/api/v1/apps");
        Assert.Equal(((long?)10, (long?)most), (seen.Limit, seen.Ceiling));
        Assert.InRange(seen.Taken ?? -1, 1, most);
    }

    [Fact]
    public async Task What_others_have_used_up_is_waited_for_and_not_asked_for()
    {
        using var world = new ProvisioningWorld(new SandboxOptions { UserCount = 3000 });
        world.Faults.LimitRequests(SandboxService.Okta, 20);
        var network = new Shared(world, strangers: 18);
        using var client = await ConnectAsync(world, network);
        var app = await DropboxApps.FindOneAsync(client, null, null, default);
        await CountAsync(client, app.Id);

        Assert.Equal(0, network.Refused);
        Assert.Contains(_events.OfType<Waiting>(), wait => wait.Reason == "All 20 requests a minute of /api/v1/apps are used up, by others too.");
    }

    [Fact]
    public async Task A_refusal_closes_the_bucket_for_the_other_connections_of_the_team()
    {
        using var world = new ProvisioningWorld(new SandboxOptions { UserCount = 200 });
        using var refused = await ConnectDropboxAsync(world);
        using var other = await ConnectDropboxAsync(world);
        world.Faults.RetryAfter = TimeSpan.FromMinutes(10);
        world.Faults.Script(SandboxFault.RateLimited, "/team/get_info");

        // Longer than a run waits: an error for the one who was told, and for the other one as well, without a request.
        var told = await Assert.ThrowsAsync<ServiceException>(() => refused.GetTeamAsync(this, default));
        var before = world.Requests.Count;
        var second = await Assert.ThrowsAsync<ServiceException>(() => other.GetTeamAsync(this, default));

        Assert.Equal((ErrorIds.RateLimitExceeded, ErrorIds.RateLimitExceeded), (told.ErrorId, second.ErrorId));
        Assert.Matches(@"until \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ", second.Message);
        Assert.Equal(before, world.Requests.Count);
        world.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(refused.Team.TeamId, (await other.GetTeamAsync(this, default)).TeamId);
    }

    [Fact]
    public async Task A_page_that_is_too_much_is_asked_for_by_half_however_often_larger_ones_are_tried()
    {
        using var world = new ProvisioningWorld(new SandboxOptions { UserCount = 12_000 });
        using var calm = await ConnectAsync(world, new Shared(world, 0));
        using var client = await ConnectAsync(world, new Shared(world, 0) { TooMuch = 200 });
        var app = await DropboxApps.FindOneAsync(client, null, null, default);
        var expected = await CountAsync(calm, app.Id);
        var before = world.Requests.Count;

        Assert.Equal(expected, await CountAsync(client, app.Id));

        var sizes = SizesSince(world, before);
        // Answered were pages of 125; 250 was tried again after some, and each time later.
        Assert.Equal([125, 125, 125, 125], sizes.Take(4));
        Assert.All(sizes, size => Assert.InRange(size, PageSize.Smallest, 200));
    }

    [Fact]
    public async Task Pages_grow_back_to_the_largest_once_the_service_has_time_again()
    {
        using var world = new ProvisioningWorld(new SandboxOptions { UserCount = 12_000 });
        // Only the first two tries are too slow: of the first page, and of it by half.
        using var client = await ConnectAsync(world, new Shared(world, 0) { TooMuch = 1, Slow = 2 });
        var app = await DropboxApps.FindOneAsync(client, null, null, default);
        var before = world.Requests.Count;

        await CountAsync(client, app.Id);

        var sizes = SizesSince(world, before);
        // Twice the patience after each failure: eight pages of 125, eight of 250, and then no more small ones.
        Assert.Equal([.. Enumerable.Repeat(125, 8), .. Enumerable.Repeat(250, 8)], sizes.Take(16));
        Assert.True(sizes.Length > 20, "too few pages to mean anything");
        Assert.All(sizes.Skip(16), size => Assert.Equal(500, size));
    }

    [Fact]
    public async Task The_time_that_is_left_counts_the_waits_to_come()
    {
        using var sandbox = await SandboxConnections.OpenAsync(12_000);
        sandbox.World.Faults.LimitRequests(SandboxService.Okta, 10);
        var app = await DropboxApps.FindOneAsync(sandbox.Okta, null, null, default);
        var rows = new StatusRows(new PersonalAccounts([]), null, sandbox.Dropbox.Team.TeamId, sandbox.World.Clock.GetUtcNow(), _ => null);
        var began = sandbox.World.Clock.GetUtcNow();
        await foreach (var _ in new Verifier(sandbox.Okta, sandbox.Dropbox, app, rows).RunAsync(new VerificationScope.Everyone(), this, default))
        {
        }

        var took = sandbox.World.Clock.GetUtcNow() - began;
        Advanced[] steps = [.. _events.OfType<Advanced>().Where(step => step.Activity == "Reading assignments from Okta")];
        var expected = sandbox.Dropbox.Team.ProvisionedUsers;
        Assert.Equal((expected, 500), (steps[0].Total, steps[0].Done));
        // Four of ten requests a minute: each further four are a minute more.
        var pages = (expected - 500 + 499) / 500;
        Assert.InRange(steps[0].Left!.Value, TimeSpan.FromMinutes((pages - 1) / 4), TimeSpan.FromMinutes(((pages - 1) / 4) + 1));
        Assert.True(steps[0].Left < took, $"it took {took}, and more are assigned than the team counts");
        // The team's count is a guess: what goes beyond it has no total.
        Assert.All(steps, step => Assert.Equal(step.Done < expected, step.Total is not null));
        Assert.True(steps.Where(step => step.Left is not null).Zip(steps.Skip(1).Where(step => step.Left is not null)).All(pair => pair.Second.Left <= pair.First.Left + TimeSpan.FromSeconds(1)));
    }

    private static int[] SizesSince(ProvisioningWorld world, int before) =>
        [.. world.Requests.Skip(before).Select(request => request.Path).Where(path => path.Contains("/users?", StringComparison.Ordinal))
            .Select(path => int.Parse(path.Split("limit=")[1].Split('&')[0], CultureInfo.InvariantCulture))];

    private async Task<int> CountAsync(OktaClient client, string appId)
    {
        var people = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var page in client.ListAppUsersAsync(appId, this, default)) people.UnionWith(page.Select(user => user.Id));
        return people.Count;
    }

    private static Task<OktaClient> ConnectAsync(ProvisioningWorld world, Shared network, int percent = ConnectionOptions.UsualCeiling) => OktaClient.ConnectAsync(
        world.OktaOrigin.AbsoluteUri, Secret(world.OktaApiToken), new ConnectionOptions { Time = world.Clock, PrimaryHandler = network.Handler, CeilingPercent = percent }, null, default);

    private static Task<DropboxTeamClient> ConnectDropboxAsync(ProvisioningWorld world) => DropboxTeamClient.ConnectAsync(
        new RefreshTokenCredential(world.DropboxAppKey, Secret(world.DropboxRefreshToken), null),
        new ConnectionOptions { Time = world.Clock, PrimaryHandler = () => new SandboxHandler(world) }, null, default);

    private static SecureString Secret(string text)
    {
        var secret = new SecureString();
        foreach (var letter in text) secret.AppendChar(letter);
        return secret;
    }

    /// <summary>The way of several clients to one org that a stranger uses too; counts ours by the service's own windows.</summary>
    private sealed class Shared(ProvisioningWorld world, int strangers)
    {
        private readonly object _gate = new();
        private readonly Dictionary<string, int> _strangers = [];

        /// <summary>Requests of ours by the end of their window.</summary>
        public ConcurrentDictionary<string, int> Windows { get; } = new();

        public int Refused { get; private set; }

        /// <summary>Pages of more entries than this get no answer in time; 0 for none.</summary>
        public int TooMuch { get; init; }

        /// <summary>How many of such pages get none.</summary>
        public int Slow { get; set; } = int.MaxValue;

        public HttpMessageHandler Handler() => new Way(this, new SandboxHandler(world));

        private HttpResponseMessage Count(HttpResponseMessage answer)
        {
            if (!answer.RequestMessage!.RequestUri!.AbsolutePath.StartsWith("/api/v1/apps", StringComparison.Ordinal)) return answer;
            var window = answer.Headers.GetValues("X-Rate-Limit-Reset").Single();
            Windows.AddOrUpdate(window, 1, (_, count) => count + 1);
            lock (_gate)
            {
                if ((int)answer.StatusCode == 429) Refused++;
                // The stranger has no token and is refused, and counted all the same: in the window of its own answer, for the clock may have gone on meanwhile.
                while (_strangers.GetValueOrDefault(window) < strangers)
                {
                    window = world.Answer(Stranger()).Headers.Single(header => header.Key == "X-Rate-Limit-Reset").Value;
                    _strangers[window] = _strangers.GetValueOrDefault(window) + 1;
                }
            }

            return answer;
        }

        private SandboxCall Stranger() => new() { Method = "GET", Address = new Uri(world.OktaOrigin, "/api/v1/apps"), Header = _ => null };

        private sealed class Way(Shared shared, HttpMessageHandler network) : DelegatingHandler(network)
        {
            protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                var limit = request.RequestUri!.Query.Split("limit=") is [_, var rest] ? int.Parse(rest.Split('&')[0], CultureInfo.InvariantCulture) : 0;
                if (shared.TooMuch > 0 && limit > shared.TooMuch && request.RequestUri.AbsolutePath.EndsWith("/users", StringComparison.Ordinal) && shared.Slow-- > 0)
                    return new HttpResponseMessage(System.Net.HttpStatusCode.GatewayTimeout) { RequestMessage = request };
                return shared.Count(await base.SendAsync(request, cancellationToken));
            }
        }
    }
}
