using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace DropboxOktaProvisioning.Engine.Okta;

/// <summary>Writes the two kinds of tokens that a client signs itself. Each is good for one request: its id is never used again.</summary>
internal static class SignedTokens
{
    // No times of its own: the clock is a parameter.
    private static readonly JsonWebTokenHandler Writer = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>Proves to the token endpoint who the client is (RFC 7523; facts/okta.md §4.2).</summary>
    /// <param name="clientId">The client.</param>
    /// <param name="endpoint">The token endpoint's full address.</param>
    /// <param name="key">The client's private key.</param>
    /// <param name="now">The time; the assertion is good for five minutes.</param>
    public static string ClientAssertion(string clientId, Uri endpoint, SigningKey key, DateTimeOffset now) => Write(
        new Dictionary<string, object>
        {
            ["iss"] = clientId,
            ["sub"] = clientId,
            ["aud"] = endpoint.AbsoluteUri,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddMinutes(5).ToUnixTimeSeconds(),
        },
        key, "JWT", null);

    /// <summary>Proves that who sends a request holds the key that the token is bound to (RFC 9449; facts/okta.md §4.3).</summary>
    /// <param name="request">The request.</param>
    /// <param name="key">The key.</param>
    /// <param name="publicKey">Its public half, as a JWK.</param>
    /// <param name="now">The time.</param>
    /// <param name="nonce">What the token endpoint asked for; null elsewhere.</param>
    /// <param name="accessToken">The token that is sent along; null at the token endpoint.</param>
    public static string DpopProof(
        HttpRequestMessage request, SigningKey key, IReadOnlyDictionary<string, string> publicKey, DateTimeOffset now, string? nonce, string? accessToken)
    {
        var claims = new Dictionary<string, object>
        {
            ["htm"] = request.Method.Method,
            ["htu"] = request.RequestUri!.GetLeftPart(UriPartial.Path),
            ["iat"] = now.ToUnixTimeSeconds(),
        };
        if (nonce is not null) claims["nonce"] = nonce;
        if (accessToken is not null) claims["ath"] = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)));
        return Write(claims, key, "dpop+jwt", publicKey);
    }

    private static string Write(Dictionary<string, object> claims, SigningKey key, string type, IReadOnlyDictionary<string, string>? publicKey)
    {
        claims["jti"] = Guid.NewGuid().ToString("N");
        var token = new SecurityTokenDescriptor { Claims = claims, SigningCredentials = key.Credentials, TokenType = type };
        if (publicKey is not null) token.AdditionalHeaderClaims = new Dictionary<string, object> { ["jwk"] = publicKey };
        return Writer.CreateToken(token);
    }
}
