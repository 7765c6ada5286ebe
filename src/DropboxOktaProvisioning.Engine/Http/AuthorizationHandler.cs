namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>Adds the token, only ever for the connection's own origin, and repeats a request once when its token had just expired.</summary>
internal sealed class AuthorizationHandler(string service, Uri origin, ITokenSource tokens) : DelegatingHandler
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // Nothing at all goes to another host, so that not even an address or a cursor leaks there.
        if (!Origins.Same(request.RequestUri, origin)) throw Origins.Foreign(service, request.RequestUri, origin);
        CallContext call = CallContext.Of(request);
        if (call.Anonymous) return await base.SendAsync(request, cancellationToken);

        request.Headers.Authorization = await tokens.GetAsync(call.Progress, cancellationToken);
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        if (!await tokens.TryRenewAsync(response, request.Headers.Authorization, call.Progress, cancellationToken)) return response;
        response.Dispose();
        request.Headers.Authorization = await tokens.GetAsync(call.Progress, cancellationToken);
        return await base.SendAsync(request, cancellationToken);
    }
}
