namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>Signs each try of a request in.</summary>
internal interface IRequestSigner
{
    /// <summary>Sets the headers that sign the try in; renews the token first where it is about to expire.</summary>
    ValueTask SignAsync(HttpRequestMessage request, IProgress<RunEvent>? progress, CancellationToken cancel);

    /// <summary>Whether a request that was answered so may be signed anew and repeated once; what that needs is then ready.</summary>
    ValueTask<bool> TryRenewAsync(HttpResponseMessage refusal, HttpRequestMessage refused, IProgress<RunEvent>? progress, CancellationToken cancel);
}

/// <summary>Signs a connection's requests in with its token.</summary>
internal interface ITokenSource : IRequestSigner, IDisposable
{
    /// <summary>When the token in use ends; null where that is not known.</summary>
    DateTimeOffset? Expires => null;

    /// <summary>What the token in use may do, as the service said; empty where that is not known.</summary>
    IReadOnlyList<string> Scopes => [];
}
