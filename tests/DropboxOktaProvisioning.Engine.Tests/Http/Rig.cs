using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning.Engine.Tests.Http;

/// <summary>A scripted network, a clock without waits, and clients on them. The tokens are made up.</summary>
internal sealed class Rig
{
    public const string OktaToken = "00SecretOktaTokenForTests";
    public const string DropboxToken = "sl.SecretDropboxAccessToken";
    public const string RefreshToken = "SecretRefreshTokenForTests";
    public const string AppSecret = "SecretAppSecretForTests";
    public const string Team = """{"name":"Contoso","team_id":"dbtid:A","num_licensed_users":10,"num_provisioned_users":5,"num_used_licenses":4,"policies":{}}""";
    public const string Admin = """{"admin_profile":{"team_member_id":"dbmid:Admin","email":"admin@contoso.example","status":{".tag":"active"}}}""";

    public ScriptedHandler Network { get; } = new();

    public InstantTime Time { get; } = new();

    public EventLog Log { get; } = new();

    public ConnectionOptions Options => new() { Time = Time, PrimaryHandler = () => Network, Retry = new RetryOptions { Seed = 1 } };

    /// <summary>Connects; the call that proves it is answered and forgotten.</summary>
    public async Task<OktaClient> OktaAsync(ConnectionOptions? options = null)
    {
        Network.Then(Reply.Json("[]"));
        OktaClient client = await ConnectOktaAsync(options);
        Network.Requests.Clear();
        return client;
    }

    public Task<OktaClient> ConnectOktaAsync(ConnectionOptions? options = null) =>
        OktaClient.ConnectAsync("contoso.okta.com", SecretText.Protect(OktaToken), options ?? Options, Log, CancellationToken.None);

    /// <summary>Connects with an access token; the calls that prove it are answered and forgotten.</summary>
    public async Task<DropboxTeamClient> DropboxAsync(ConnectionOptions? options = null)
    {
        Network.Then(Reply.Json(Team), Reply.Json(Admin));
        DropboxTeamClient client = await ConnectDropboxAsync(options);
        Network.Requests.Clear();
        return client;
    }

    public Task<DropboxTeamClient> ConnectDropboxAsync(ConnectionOptions? options = null) =>
        DropboxTeamClient.ConnectAsync(new AccessTokenCredential(SecretText.Protect(DropboxToken)), options ?? Options, Log, CancellationToken.None);

    public static async Task<List<T>> AllAsync<T>(IAsyncEnumerable<IReadOnlyList<T>> pages)
    {
        var all = new List<T>();
        await foreach (IReadOnlyList<T> page in pages) all.AddRange(page);
        return all;
    }
}
