using System.Net.Http.Headers;

namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>Gives the header that signs a request in.</summary>
internal interface ITokenSource : IDisposable
{
    /// <summary>The header for the next request; renews the token first where it is about to expire.</summary>
    ValueTask<AuthenticationHeaderValue> GetAsync(IProgress<RunEvent>? progress, CancellationToken cancel);

    /// <summary>Whether a request that was answered so may be repeated once with a new header, which is then ready.</summary>
    ValueTask<bool> TryRenewAsync(
        HttpResponseMessage refusal, AuthenticationHeaderValue used, IProgress<RunEvent>? progress, CancellationToken cancel);
}
