using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Okta;

/// <summary>Signs each try of a request for a token: a fresh assertion, because Okta takes each once only, and a fresh proof.</summary>
internal sealed class TokenRequestSigner(string clientId, SigningKey key, DpopKey dpop, string scope, TimeProvider time) : IRequestSigner
{
    private readonly List<string?> _assertions = [];

    /// <summary>What was sent, to be kept out of messages.</summary>
    public IReadOnlyList<string?> Secrets => _assertions;

    public ValueTask SignAsync(HttpRequestMessage request, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        string assertion = SignedTokens.ClientAssertion(clientId, request.RequestUri!, key, time.GetUtcNow());
        _assertions.Add(assertion);
        request.Content?.Dispose();
        request.Content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["scope"] = scope,
            ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ["client_assertion"] = assertion,
        });
        dpop.Prove(request, null);
        return default;
    }

    public ValueTask<bool> TryRenewAsync(
        HttpResponseMessage refusal, HttpRequestMessage refused, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        if (refusal.Headers.TryGetValues("dpop-nonce", out IEnumerable<string>? nonces)) dpop.Nonce = nonces.First();
        return ValueTask.FromResult((int)refusal.StatusCode == 400 && nonces is not null && OktaRefusal.CodeOf(refusal) == "use_dpop_nonce");
    }
}
