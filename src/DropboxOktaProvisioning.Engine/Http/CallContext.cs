namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>What the handlers need to know about a request beyond HTTP; it travels in the request's options.</summary>
/// <param name="Safe">Only reads, so it may be repeated after an unclear answer.</param>
/// <param name="Anonymous">Is sent without the connection's token.</param>
/// <param name="Signer">Signs a request that is sent without the token; null leaves it as it is.</param>
/// <param name="Progress">Who wants to hear of it.</param>
/// <param name="ReadsAnswer">What the answer holds is wanted.</param>
internal sealed record CallContext(bool Safe, bool Anonymous, IRequestSigner? Signer, IProgress<RunEvent>? Progress, bool ReadsAnswer = true)
{
    /// <summary>How large the pages are of the list that the request is one of; null where their size is not in the address.</summary>
    public PageSize? Pages { get; init; }

    /// <summary>Whether the request is for a page whose size cannot be made smaller.</summary>
    public bool HasFixedSize { get; init; }

    private static readonly HttpRequestOptionsKey<CallContext> Key = new(nameof(CallContext));

    public static CallContext Of(HttpRequestMessage request) =>
        request.Options.TryGetValue(Key, out CallContext? context) ? context : throw new InvalidOperationException("The request has no context.");

    public void AttachTo(HttpRequestMessage request) => request.Options.Set(Key, this);
}
