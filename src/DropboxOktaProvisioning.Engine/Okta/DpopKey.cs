using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace DropboxOktaProvisioning.Engine.Okta;

/// <summary>The key that one connection's tokens are bound to: made for it, never stored, gone with it.</summary>
internal sealed class DpopKey : IDisposable
{
    private const string Header = "DPoP";
    private readonly SigningKey _key;
    private readonly Dictionary<string, string> _publicKey;
    private readonly TimeProvider _time;

    public DpopKey(TimeProvider time)
    {
        _time = time;
        var rsa = RSA.Create(2048);
        RSAParameters open = rsa.ExportParameters(includePrivateParameters: false);
        _publicKey = new()
        {
            ["kty"] = "RSA",
            ["n"] = Base64UrlEncoder.Encode(open.Modulus),
            ["e"] = Base64UrlEncoder.Encode(open.Exponent),
        };
        _key = new SigningKey(rsa, null);
    }

    /// <summary>The token endpoint's latest nonce; null before the first. It is good for days, so a renewal needs no second try.</summary>
    public string? Nonce { get; set; }

    /// <summary>Sets a fresh proof in place of an earlier try's.</summary>
    /// <param name="request">The request.</param>
    /// <param name="accessToken">The token that is sent along; null at the token endpoint, which alone wants the nonce.</param>
    public void Prove(HttpRequestMessage request, string? accessToken)
    {
        request.Headers.Remove(Header);
        request.Headers.Add(Header, SignedTokens.DpopProof(request, _key, _publicKey, _time.GetUtcNow(), accessToken is null ? Nonce : null, accessToken));
    }

    public void Dispose() => _key.Dispose();
}
