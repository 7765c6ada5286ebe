using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Okta;

/// <summary>Signs in as a service app: makes access tokens from the app's private key, bound to a key of this connection where the app wants that.</summary>
internal sealed class OktaTokenSource : ITokenSource
{
    /// <summary>The org authorization server's token endpoint (facts/okta.md §4.2).</summary>
    public const string Route = "/oauth2/v1/token";

    private const string BoundScheme = "DPoP";
    private readonly ServiceConnection _connection;
    private readonly string _clientId;
    private readonly SigningKey _key;
    private readonly IReadOnlyList<string> _scopes;
    private readonly TimeProvider _time;
    private readonly DpopKey _dpop;
    private readonly TokenRenewal _renewal;

    public OktaTokenSource(ServiceConnection connection, string clientId, SigningKey key, IReadOnlyList<string> scopes, TimeProvider time)
    {
        (_connection, _clientId, _key, _scopes, _time) = (connection, clientId, key, scopes, time);
        _dpop = new DpopKey(time);
        _renewal = new TokenRenewal(RequestAsync, time);
    }

    public DateTimeOffset? Expires => _renewal.Expires;

    public IReadOnlyList<string> Scopes => _renewal.Scopes;

    public async ValueTask SignAsync(HttpRequestMessage request, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        request.Headers.Authorization = await _renewal.GetAsync(progress, cancel);
        if (request.Headers.Authorization.Scheme == BoundScheme) _dpop.Prove(request, request.Headers.Authorization.Parameter);
    }

    public async ValueTask<bool> TryRenewAsync(
        HttpResponseMessage refusal, HttpRequestMessage refused, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        if ((int)refusal.StatusCode != 401 || OktaRefusal.CodeOf(refusal) == OktaErrors.FeatureMissing) return false;
        await _renewal.ReplaceAsync(refused.Headers.Authorization, progress, cancel);
        return true;
    }

    public void Dispose()
    {
        _renewal.Dispose();
        _dpop.Dispose();
        _key.Dispose();
    }

    private async Task<IssuedToken> RequestAsync(IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        string scope = string.Join(' ', _scopes);
        var signer = new TokenRequestSigner(_clientId, _key, _dpop, scope, _time);
        var request = new ServiceRequest(HttpMethod.Post, Route)
        {
            About = $"the access token of the app {_clientId}",
            Permission = scope,
            Target = _clientId,
            Anonymous = true,
            Signer = signer,
            Secrets = signer.Secrets,
        };
        using Answer answer = await _connection.SendAsync(request, progress, cancel);
        TokenJson json = answer.Read(OktaJson.Default.TokenJson);
        // Who is not asked to bind its tokens answers a proof with a plain token.
        string scheme = string.Equals(json.TokenType, BoundScheme, StringComparison.OrdinalIgnoreCase) ? BoundScheme : "Bearer";
        IssuedToken token = TokenRenewal.Read(answer, json, scheme, _time.GetUtcNow());
        string[] missing = token.Scopes.Count == 0 ? [] : [.. _scopes.Where(wanted => !IsGranted(token.Scopes, wanted))];
        return missing.Length == 0 ? token : throw OktaTokenErrors.ScopeNotGranted(_connection.Origin.Host, missing, "");
    }

    /// <summary>Whether the scope was granted, by itself or by the one that may change too.</summary>
    private static bool IsGranted(IReadOnlyList<string> granted, string wanted) =>
        granted.Contains(wanted)
        || (wanted.EndsWith(".read", StringComparison.Ordinal) && granted.Contains(wanted[..^".read".Length] + ".manage"));
}
