using System.Net.Http.Headers;
using System.Security;

namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>A token that was handed in and cannot be renewed.</summary>
internal sealed class FixedTokenSource(string scheme, SecureString token) : ITokenSource
{
    public ValueTask SignAsync(HttpRequestMessage request, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue(scheme, SecretText.Reveal(token));
        return default;
    }

    public ValueTask<bool> TryRenewAsync(
        HttpResponseMessage refusal, HttpRequestMessage refused, IProgress<RunEvent>? progress, CancellationToken cancel) =>
        ValueTask.FromResult(false);

    public void Dispose() => token.Dispose();
}
