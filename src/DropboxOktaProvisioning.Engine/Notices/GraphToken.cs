using System.Security;
using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>An access token as the caller's own sign-in gave it.</summary>
/// <param name="Secret">The token.</param>
/// <param name="Expires">When it ends; null where that is not known, then it is used until it is refused.</param>
public sealed record GraphToken(SecureString Secret, DateTimeOffset? Expires)
{
    /// <summary>The end; the token never shows.</summary>
    public override string ToString() => $"token until {Expires?.ToString("u") ?? "it is refused"}";
}

/// <summary>Signs requests in with tokens that the caller fetches.</summary>
internal sealed class GraphTokenSource : ITokenSource
{
    private readonly TokenRenewal _renewal;

    public GraphTokenSource(Func<CancellationToken, Task<GraphToken>> fetch, TimeProvider time) => _renewal = new TokenRenewal(
        async (_, cancel) =>
        {
            var token = await fetch(cancel);
            return new IssuedToken("Bearer", SecretText.Check(token.Secret, "access token for Microsoft Graph"), token.Expires ?? DateTimeOffset.MaxValue, []);
        },
        time);

    /// <inheritdoc/>
    public DateTimeOffset? Expires => _renewal.Expires;

    /// <summary>Fetches the first token, so that a sign-in that fails is found before the first mail.</summary>
    public async Task OpenAsync(CancellationToken cancel) => await _renewal.GetAsync(null, cancel);

    /// <inheritdoc/>
    public async ValueTask SignAsync(HttpRequestMessage request, IProgress<RunEvent>? progress, CancellationToken cancel) =>
        request.Headers.Authorization = await _renewal.GetAsync(progress, cancel);

    /// <inheritdoc/>
    public async ValueTask<bool> TryRenewAsync(
        HttpResponseMessage refusal, HttpRequestMessage refused, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        if (refusal.StatusCode != System.Net.HttpStatusCode.Unauthorized) return false;
        await _renewal.ReplaceAsync(refused.Headers.Authorization, progress, cancel);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _renewal.Dispose();
}
