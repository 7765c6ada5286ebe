using System.Security;
using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Dropbox;

/// <summary>Makes access tokens from a refresh token.</summary>
internal sealed class RefreshingTokenSource : ITokenSource
{
    private readonly ServiceConnection _connection;
    private readonly string _appKey;
    private readonly SecureString _refreshToken;
    private readonly SecureString? _appSecret;
    private readonly TimeProvider _time;
    private readonly TokenRenewal _renewal;

    public RefreshingTokenSource(ServiceConnection connection, string appKey, SecureString refreshToken, SecureString? appSecret, TimeProvider time)
    {
        (_connection, _appKey, _refreshToken, _appSecret, _time) = (connection, appKey, refreshToken, appSecret, time);
        _renewal = new TokenRenewal(RequestAsync, time);
    }

    public DateTimeOffset? Expires => _renewal.Expires;

    public IReadOnlyList<string> Scopes => _renewal.Scopes;

    public async ValueTask SignAsync(HttpRequestMessage request, IProgress<RunEvent>? progress, CancellationToken cancel) =>
        request.Headers.Authorization = await _renewal.GetAsync(progress, cancel);

    public async ValueTask<bool> TryRenewAsync(
        HttpResponseMessage refusal, HttpRequestMessage refused, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        if (!DropboxErrors.IsExpiredToken(refusal)) return false;
        await _renewal.ReplaceAsync(refused.Headers.Authorization, progress, cancel);
        return true;
    }

    public void Dispose()
    {
        _renewal.Dispose();
        _refreshToken.Dispose();
        _appSecret?.Dispose();
    }

    private async Task<IssuedToken> RequestAsync(IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        string refresh = SecretText.Reveal(_refreshToken);
        string? secret = _appSecret is null ? null : SecretText.Reveal(_appSecret);
        var form = new Dictionary<string, string> { ["grant_type"] = "refresh_token", ["refresh_token"] = refresh, ["client_id"] = _appKey };
        if (secret is not null) form["client_secret"] = secret;
        var request = new ServiceRequest(HttpMethod.Post, DropboxErrors.TokenRoute)
        {
            About = "the access token",
            Permission = "offline access",
            Anonymous = true,
            Content = () => new FormUrlEncodedContent(form),
            Secrets = [refresh, secret],
        };
        using Answer answer = await _connection.SendAsync(request, progress, cancel);
        return TokenRenewal.Read(answer, answer.Read(DropboxJson.Default.TokenJson), "Bearer", _time.GetUtcNow());
    }
}
