using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Tests.Http;

namespace DropboxOktaProvisioning.Engine.Tests.Dropbox;

public sealed class RenewalTests
{
    private readonly Rig _rig = new();
    private int _issued;

    private static RefreshTokenCredential Credential(bool withSecret = false) =>
        new("appkey1", SecretText.Protect(Rig.RefreshToken), withSecret ? SecretText.Protect(Rig.AppSecret) : null);

    [Theory]
    [InlineData(false, "grant_type=refresh_token&refresh_token=SecretRefreshTokenForTests&client_id=appkey1")]
    [InlineData(true, "grant_type=refresh_token&refresh_token=SecretRefreshTokenForTests&client_id=appkey1&client_secret=SecretAppSecretForTests")]
    public async Task A_refresh_token_is_turned_into_an_access_token_without_being_a_header(bool withSecret, string form)
    {
        Serve();
        using DropboxTeamClient client = await ConnectAsync(withSecret);

        Sent first = _rig.Network.Requests[0];
        Assert.Equal(("POST", "https://api.dropboxapi.com/oauth2/token", form, null), (first.Method, first.Address.AbsoluteUri, first.Body, first.Authorization));
        Assert.Equal("application/x-www-form-urlencoded", first.ContentType);
        Assert.All(_rig.Network.Requests.Skip(1), r => Assert.Equal("Bearer sl.renewed1", r.Authorization));
        Assert.Equal(InstantTime.Start.AddSeconds(14400), client.TokenExpires);
        Assert.Equal(["members.read", "team_info.read"], client.Scopes);
        Assert.Equal(3, client.RequestCount);
    }

    [Theory]
    [InlineData(14400 - 301, 1)]
    [InlineData(14400 - 300, 2)]
    [InlineData(20000, 2)]
    public async Task A_token_is_renewed_five_minutes_before_it_ends_and_not_sooner(int secondsLater, int issued)
    {
        Serve();
        using DropboxTeamClient client = await ConnectAsync();
        _rig.Time.Advance(TimeSpan.FromSeconds(secondsLater));

        await client.GetTeamAsync(null, default);

        Assert.Equal(issued, _issued);
        Assert.Equal($"Bearer sl.renewed{issued}", _rig.Network.Requests[^1].Authorization);
    }

    [Fact]
    public async Task Many_requests_at_once_renew_one_token()
    {
        Serve();
        using DropboxTeamClient client = await ConnectAsync();
        _rig.Time.Advance(TimeSpan.FromHours(5));
        var renewal = new TaskCompletionSource<HttpResponseMessage>();
        _rig.Network.ThenDo((_, _) => renewal.Task);

        Task<DropboxTeamInfo>[] calls = [.. Enumerable.Range(0, 20).Select(_ => client.GetTeamAsync(null, default))];
        renewal.SetResult(Issue());
        await Task.WhenAll(calls);

        Assert.Equal(2, _issued);
    }

    [Fact]
    public async Task Many_requests_that_are_told_at_once_that_their_token_expired_renew_one_token()
    {
        Serve();
        using DropboxTeamClient client = await ConnectAsync();
        var expired = new TaskCompletionSource();
        for (int i = 0; i < 20; i++)
        {
            _rig.Network.ThenDo(async (_, _) =>
            {
                await expired.Task;
                return Reply.DropboxError(401, "expired_access_token");
            });
        }

        Task<DropboxTeamInfo>[] calls = [.. Enumerable.Range(0, 20).Select(_ => client.GetTeamAsync(null, default))];
        expired.SetResult();
        await Task.WhenAll(calls);

        Assert.Equal(2, _issued);
    }

    [Fact]
    public async Task A_token_that_expired_early_is_renewed_once_and_the_request_repeated_once()
    {
        Serve();
        using DropboxTeamClient client = await ConnectAsync();
        _rig.Network.Requests.Clear();
        _rig.Network.Otherwise = request => request.RequestUri!.AbsolutePath == "/oauth2/token" ? Issue() : Reply.DropboxError(401, "expired_access_token");

        ServiceException error = await Assert.ThrowsAsync<ServiceException>(() => client.GetTeamAsync(null, default));

        Assert.Equal(ErrorIds.TokenRefused, error.ErrorId);
        Assert.Equal(["/2/team/get_info", "/oauth2/token", "/2/team/get_info"], _rig.Network.Requests.Select(r => r.PathAndQuery));
    }

    [Fact]
    public async Task A_token_that_is_refused_for_another_reason_is_not_renewed()
    {
        Serve();
        using DropboxTeamClient client = await ConnectAsync();
        _rig.Network.Otherwise = _ => Reply.DropboxError(401, "invalid_access_token");

        await Assert.ThrowsAsync<ServiceException>(() => client.GetTeamAsync(null, default));

        Assert.Equal(1, _issued);
    }

    [Theory]
    [InlineData(400, "invalid_grant", "revoked")]
    [InlineData(401, "invalid_grant", "revoked")]
    [InlineData(400, "invalid_client", "app key")]
    [InlineData(401, "invalid_client", "app key")]
    public async Task A_refresh_token_that_is_refused_says_so(int status, string code, string named)
    {
        _rig.Network.Then(Reply.Json($$"""{"error":"{{code}}","error_description":"refresh token is invalid"}""", status));

        ServiceException error = await Assert.ThrowsAsync<ServiceException>(() => ConnectAsync());

        Assert.Equal((ErrorIds.RefreshTokenRefused, code), (error.ErrorId, error.ServiceCode));
        Assert.Contains(named, error.Message + error.RecommendedAction, StringComparison.Ordinal);
        Assert.Single(_rig.Network.Requests);
    }

    [Fact]
    public async Task A_renewal_is_repeated_after_a_server_error()
    {
        _rig.Network.Then(Reply.Text("oops", 500), Reply.Text("slow down", 429, "text/plain", ("Retry-After", "4")));
        Serve();

        using DropboxTeamClient client = await ConnectAsync();

        Assert.Equal(2, _rig.Log.Events.OfType<Waiting>().Count());
        Assert.Equal(1, _issued);
    }

    [Theory]
    [InlineData("""{"expires_in":14400}""")]
    [InlineData("""{"access_token":"","expires_in":14400}""")]
    [InlineData("""{"access_token":"a\nb","expires_in":14400}""")]
    [InlineData("""{"access_token":"sl.x"}""")]
    [InlineData("""{"access_token":"sl.x","expires_in":-1}""")]
    public async Task An_answer_without_a_usable_token_is_an_error(string body)
    {
        _rig.Network.Then(Reply.Json(body));

        Assert.Equal(ErrorIds.MalformedAnswer, (await Assert.ThrowsAsync<ServiceException>(() => ConnectAsync())).ErrorId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("key&grant_type=x")]
    [InlineData("a key")]
    public async Task An_app_key_that_cannot_be_one_is_refused(string key)
    {
        var credential = new RefreshTokenCredential(key, SecretText.Protect(Rig.RefreshToken));

        ProvisioningException error = await Assert.ThrowsAsync<ProvisioningException>(() => DropboxTeamClient.ConnectAsync(credential, _rig.Options, null, default));

        Assert.Equal(ErrorIds.InvalidToken, error.ErrorId);
        Assert.Empty(_rig.Network.Requests);
    }

    private Task<DropboxTeamClient> ConnectAsync(bool withSecret = false) =>
        DropboxTeamClient.ConnectAsync(Credential(withSecret), _rig.Options, _rig.Log, CancellationToken.None);

    private void Serve() => _rig.Network.Otherwise = request => request.RequestUri!.AbsolutePath switch
    {
        "/oauth2/token" => Issue(),
        "/2/team/get_info" => Reply.Json(Rig.Team),
        _ => Reply.Json(Rig.Admin),
    };

    private HttpResponseMessage Issue() => Reply.Json(
        $$"""{"access_token":"sl.renewed{{Interlocked.Increment(ref _issued)}}","token_type":"bearer","expires_in":14400,"scope":"members.read team_info.read"}""");
}
