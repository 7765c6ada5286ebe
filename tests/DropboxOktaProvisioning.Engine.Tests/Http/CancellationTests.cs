using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Okta;
using Microsoft.Extensions.Time.Testing;

namespace DropboxOktaProvisioning.Engine.Tests.Http;

public sealed class CancellationTests
{
    private readonly Rig _rig = new();

    [Fact]
    public async Task A_slow_body_is_left_at_once()
    {
        using OktaClient client = await _rig.OktaAsync();
        using var stop = new CancellationTokenSource();
        var body = new SilentStream();
        _rig.Network.Then(Reply.Of(200, new StreamContent(body)));

        Task<IReadOnlyList<OktaApp>> call = client.GetDropboxAppsAsync(_rig.Log, stop.Token);
        await body.Reached;
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Empty(_rig.Log.Events.OfType<Waiting>());
    }

    [Fact]
    public async Task A_body_that_breaks_because_of_the_cancellation_is_a_cancellation()
    {
        using OktaClient client = await _rig.OktaAsync();
        using var stop = new CancellationTokenSource();
        var body = new SilentStream(() => new IOException("torn down"));
        _rig.Network.Then(Reply.Of(200, new StreamContent(body)));

        Task<IReadOnlyList<OktaApp>> call = client.GetDropboxAppsAsync(null, stop.Token);
        await body.Reached;
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task Closing_the_connection_ends_a_request_that_is_under_way()
    {
        using OktaClient client = await _rig.OktaAsync();
        var underWay = new TaskCompletionSource();
        var torn = new TaskCompletionSource<HttpResponseMessage>();
        _rig.Network.ThenDo((_, _) =>
        {
            underWay.SetResult();
            return torn.Task;
        });

        Task<IReadOnlyList<OktaApp>> call = client.GetDropboxAppsAsync(null, default);
        await underWay.Task;
        client.Dispose();
        torn.SetException(new ObjectDisposedException("handler"));

        Assert.Equal(ErrorIds.ConnectionClosed, (await Assert.ThrowsAsync<ServiceException>(() => call)).ErrorId);
    }

    [Fact]
    public async Task A_wait_is_left_at_once()
    {
        var time = new FakeTimeProvider();
        var waiting = new TaskCompletionSource();
        using OktaClient client = await _rig.OktaAsync(_rig.Options with { Time = time });
        using var stop = new CancellationTokenSource();
        _rig.Network.Then(Reply.OktaError(429, "E0000047", "x", ("Retry-After", "100")));

        Task<IReadOnlyList<OktaApp>> call = client.GetDropboxAppsAsync(new OnWaiting(waiting.SetResult), stop.Token);
        await waiting.Task;
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Single(_rig.Network.Requests);
    }

    [Fact]
    public async Task Leaving_a_list_early_cancels_the_page_under_way_and_waits_for_it()
    {
        using OktaClient client = await _rig.OktaAsync();
        bool gone = false;
        _rig.Network.Then(Reply.Json("""[{"id":"00u1"}]""", 200, ("Link", "<https://contoso.okta.com/api/v1/apps/0oa1/users?after=1>; rel=\"next\"")))
            .ThenDo(async (_, cancel) =>
            {
                try
                {
                    await Task.Delay(Timeout.Infinite, cancel);
                }
                finally
                {
                    // It takes a while to go, so that nobody who does not wait sees it gone.
                    for (int i = 0; i < 100; i++) await Task.Yield();
                    gone = true;
                }

                throw new InvalidOperationException();
            });

        await foreach (IReadOnlyList<OktaAppUser> _ in client.ListAppUsersAsync("0oa1", null, default)) break;

        Assert.True(gone);
        Assert.Equal(2, _rig.Network.Requests.Count);
    }

    [Fact]
    public async Task A_wait_for_the_next_minute_of_a_limit_ends_at_once_and_takes_nothing_of_it()
    {
        var time = new FakeTimeProvider(InstantTime.Start);
        _rig.Network.Otherwise = _ => Reply.Json(
            "[]", 200, ("X-Rate-Limit-Limit", "2"), ("X-Rate-Limit-Remaining", "1"), ("X-Rate-Limit-Reset", $"{time.GetUtcNow().AddSeconds(60).ToUnixTimeSeconds()}"));
        using OktaClient client = await _rig.ConnectOktaAsync(_rig.Options with { Time = time });
        using var stop = new CancellationTokenSource();
        Task waits = client.GetDropboxAppsAsync(_rig.Log, stop.Token);
        Assert.False(waits.IsCompleted);
        Assert.Single(_rig.Log.Events.OfType<Waiting>());

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits);
        Assert.Single(_rig.Network.Requests);
        time.Advance(TimeSpan.FromSeconds(62));
        await client.GetDropboxAppsAsync(_rig.Log, CancellationToken.None);
        Assert.Equal(2, _rig.Network.Requests.Count);
    }

    [Fact]
    public async Task The_next_page_is_under_way_before_this_one_is_handed_out()
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(
            Reply.Json("""[{"id":"00u1"}]""", 200, ("Link", "<https://contoso.okta.com/api/v1/apps/0oa1/users?after=1>; rel=\"next\"")), Reply.Json("""[{"id":"00u2"}]"""));

        var sentWhenHandedOut = new List<int>();
        await foreach (IReadOnlyList<OktaAppUser> _ in client.ListAppUsersAsync("0oa1", null, default)) sentWhenHandedOut.Add(_rig.Network.Requests.Count);

        Assert.Equal([2, 2], sentWhenHandedOut);
    }

    [Fact]
    public async Task The_next_page_of_members_is_under_way_before_this_one_is_handed_out()
    {
        using DropboxTeamClient client = await _rig.DropboxAsync();
        _rig.Network.Then(
            Reply.Json("""{"members":[{"profile":{"team_member_id":"dbmid:1","email":"a@contoso.example","status":{".tag":"active"}}}],"cursor":"c","has_more":true}"""),
            Reply.Json("""{"members":[],"cursor":"d","has_more":false}"""),
            // An empty end is doubted once.
            Reply.Json("""{"members":[],"cursor":"d","has_more":false}"""));

        var sentWhenHandedOut = new List<int>();
        await foreach (IReadOnlyList<DropboxMember> _ in client.ListMembersAsync(false, null, default)) sentWhenHandedOut.Add(_rig.Network.Requests.Count);

        Assert.Equal([2], sentWhenHandedOut);
    }

    [Fact]
    public async Task A_closed_connection_says_that_it_is_closed()
    {
        OktaClient client = await _rig.OktaAsync();
        client.Dispose();
        client.Dispose();

        ServiceException error = await Assert.ThrowsAsync<ServiceException>(() => client.GetDropboxAppsAsync(null, default));

        Assert.Equal(ErrorIds.ConnectionClosed, error.ErrorId);
        Assert.True(_rig.Network.Disposed);
        Assert.Empty(_rig.Network.Requests);
    }

    private sealed class OnWaiting(Action done) : IProgress<RunEvent>
    {
        public void Report(RunEvent value)
        {
            if (value is Waiting) done();
        }
    }

    /// <summary>A body that never says anything.</summary>
    private sealed class SilentStream(Func<Exception>? whenCancelled = null) : MemoryStream
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _reached.TrySetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            catch (OperationCanceledException) when (whenCancelled is not null)
            {
                throw whenCancelled();
            }

            return 0;
        }
    }
}
