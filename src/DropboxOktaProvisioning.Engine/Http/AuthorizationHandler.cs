namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>Signs every try in, only ever for the connection's own origin, and repeats a request once where its signature had just expired.</summary>
internal sealed class AuthorizationHandler(string service, Uri origin, ITokenSource tokens) : DelegatingHandler
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // Nothing at all goes to another host, so that not even an address or a cursor leaks there.
        if (!Origins.Same(request.RequestUri, origin)) throw Origins.Foreign(service, request.RequestUri, origin);
        CallContext call = CallContext.Of(request);
        IRequestSigner? signer = call.Anonymous ? call.Signer : tokens;
        if (signer is null) return await base.SendAsync(request, cancellationToken);

        await signer.SignAsync(request, call.Progress, cancellationToken);
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        if (!await signer.TryRenewAsync(response, request, call.Progress, cancellationToken)) return response;
        response.Dispose();
        await signer.SignAsync(request, call.Progress, cancellationToken);
        return await base.SendAsync(request, cancellationToken);
    }
}
