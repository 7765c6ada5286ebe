using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DropboxOktaProvisioning.Sandbox.Okta;

/// <summary>A compact signed token (RFC 7515) that a client sent.</summary>
internal sealed class SignedToken
{
    private readonly byte[] _signed;
    private readonly byte[] _signature;

    private SignedToken(JsonObject header, JsonObject claims, byte[] signed, byte[] signature) =>
        (Header, Claims, _signed, _signature) = (header, claims, signed, signature);

    public JsonObject Header { get; }

    public JsonObject Claims { get; }

    /// <summary>Takes a token apart; null where it is none.</summary>
    public static SignedToken? Parse(string? text)
    {
        if (text?.Split('.') is not [var header, var claims, var signature]) return null;
        try
        {
            return JsonNode.Parse(Decode(header)) is JsonObject head && JsonNode.Parse(Decode(claims)) is JsonObject body
                ? new SignedToken(head, body, Encoding.ASCII.GetBytes($"{header}.{claims}"), Decode(signature))
                : null;
        }
        catch (Exception e) when (e is FormatException or JsonException or ArgumentException)
        {
            return null;
        }
    }

    public string? Text(string claim) => Value<string>(Claims, claim);

    /// <summary>A claim that is a time.</summary>
    public DateTimeOffset? Time(string claim) => Value<long?>(Claims, claim) is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    public string? HeaderText(string name) => Value<string>(Header, name);

    /// <summary>Whether the key signed it, by the algorithm that fits the key and no other.</summary>
    public bool IsSignedBy(AsymmetricAlgorithm key) => (key, HeaderText("alg")) switch
    {
        (RSA rsa, "RS256") => rsa.VerifyData(_signed, _signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        (ECDsa curve, "ES256") => curve.VerifyData(_signed, _signature, HashAlgorithmName.SHA256),
        _ => false,
    };

    /// <summary>Whether it is signed by the public key that stands in its own header, and that key's thumbprint (RFC 7638).</summary>
    public bool IsSignedByItsOwnKey(out string thumbprint)
    {
        thumbprint = "";
        if (Header["jwk"] is not JsonObject jwk || jwk.ContainsKey("d")) return false;
        string? Part(string name) => Value<string>(jwk, name);
        try
        {
            if (Part("kty") == "RSA" && Part("n") is { } n && Part("e") is { } e)
            {
                using var rsa = RSA.Create(new RSAParameters { Modulus = Decode(n), Exponent = Decode(e) });
                thumbprint = Thumbprint($$"""{"e":"{{e}}","kty":"RSA","n":"{{n}}"}""");
                return IsSignedBy(rsa);
            }

            if (Part("kty") == "EC" && Part("crv") == "P-256" && Part("x") is { } x && Part("y") is { } y)
            {
                using var curve = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = Decode(x), Y = Decode(y) } });
                thumbprint = Thumbprint($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""");
                return IsSignedBy(curve);
            }
        }
        catch (Exception problem) when (problem is FormatException or CryptographicException)
        {
            // No key at all.
        }

        return false;
    }

    /// <summary>Base64 with the alphabet of addresses and no padding.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static string Thumbprint(string canonical) => Encode(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));

    private static T? Value<T>(JsonObject json, string name) => json[name] is JsonValue value && value.TryGetValue(out T? found) ? found : default;

    private static byte[] Decode(string text) =>
        Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/').PadRight((text.Length + 3) / 4 * 4, '='));
}
