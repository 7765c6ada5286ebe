using System.Net.Http.Headers;
using System.Security;
using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Dropbox;

/// <summary>Makes access tokens from a refresh token: a little before the last one ends, and one at a time.</summary>
internal sealed class RefreshingTokenSource(
    ServiceConnection connection, string appKey, SecureString refreshToken, SecureString? appSecret, TimeProvider time) : ITokenSource
{
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(5);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile Issued? _issued;

    /// <summary>When the token in use ends; null before the first.</summary>
    public DateTimeOffset? Expires => _issued?.Expires;

    /// <summary>What the token in use may do, as the service said; empty where it did not.</summary>
    public IReadOnlyList<string> Scopes => _issued?.Scopes ?? [];

    public async ValueTask<AuthenticationHeaderValue> GetAsync(IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        if (_issued is not { } issued || !IsFresh(issued)) issued = await RenewAsync(IsFresh, progress, cancel);
        return new AuthenticationHeaderValue("Bearer", SecretText.Reveal(issued.Token));
    }

    public async ValueTask<bool> TryRenewAsync(
        HttpResponseMessage refusal, AuthenticationHeaderValue used, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        if (!DropboxErrors.IsExpiredToken(refusal)) return false;

        // Another request may have renewed it while this one was under way.
        await RenewAsync(issued => SecretText.Reveal(issued.Token) != used.Parameter, progress, cancel);
        return true;
    }

    public void Dispose()
    {
        _gate.Dispose();
        refreshToken.Dispose();
        appSecret?.Dispose();
        _issued?.Token.Dispose();
    }

    private bool IsFresh(Issued issued) => issued.Expires - Early > time.GetUtcNow();

    private async Task<Issued> RenewAsync(Func<Issued, bool> isGood, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel);
        try
        {
            if (_issued is { } other && isGood(other)) return other;
            // The old token is left to the collector: a request on another thread may be reading it right now.
            return _issued = await RequestAsync(progress, cancel);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<Issued> RequestAsync(IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        string refresh = SecretText.Reveal(refreshToken);
        string? secret = appSecret is null ? null : SecretText.Reveal(appSecret);
        var form = new Dictionary<string, string> { ["grant_type"] = "refresh_token", ["refresh_token"] = refresh, ["client_id"] = appKey };
        if (secret is not null) form["client_secret"] = secret;
        var request = new ServiceRequest(HttpMethod.Post, DropboxErrors.TokenRoute)
        {
            About = "the access token",
            Permission = "offline access",
            Anonymous = true,
            Content = () => new FormUrlEncodedContent(form),
            Secrets = [refresh, secret],
        };
        using Answer answer = await connection.SendAsync(request, progress, cancel);
        TokenJson json = answer.Read(DropboxJson.Default.TokenJson);
        if (string.IsNullOrEmpty(json.AccessToken) || json.AccessToken.Any(c => c is < '!' or > '~')) throw answer.Malformed("it holds no access token");
        if (json.ExpiresIn is not > 0) throw answer.Malformed("it does not say when the access token ends");
        return new Issued(
            SecretText.Protect(json.AccessToken), time.GetUtcNow() + TimeSpan.FromSeconds(json.ExpiresIn.Value),
            json.Scope?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? []);
    }

    private sealed class Issued(SecureString token, DateTimeOffset expires, IReadOnlyList<string> scopes)
    {
        public SecureString Token { get; } = token;

        public DateTimeOffset Expires { get; } = expires;

        public IReadOnlyList<string> Scopes { get; } = scopes;
    }
}
