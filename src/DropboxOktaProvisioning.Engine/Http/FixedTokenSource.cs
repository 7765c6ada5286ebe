using System.Net.Http.Headers;
using System.Security;

namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>A token that was handed in and cannot be renewed.</summary>
internal sealed class FixedTokenSource(string scheme, SecureString token) : ITokenSource
{
    public ValueTask<AuthenticationHeaderValue> GetAsync(IProgress<RunEvent>? progress, CancellationToken cancel) =>
        ValueTask.FromResult(new AuthenticationHeaderValue(scheme, SecretText.Reveal(token)));

    public ValueTask<bool> TryRenewAsync(
        HttpResponseMessage refusal, AuthenticationHeaderValue used, IProgress<RunEvent>? progress, CancellationToken cancel) =>
        ValueTask.FromResult(false);

    public void Dispose() => token.Dispose();
}
