using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace DropboxOktaProvisioning.Engine.Okta;

/// <summary>Reads a private key from PEM or JWK. What cannot be read is told by its form; nothing of the text is ever quoted.</summary>
internal static class PrivateKeyText
{
    private const string Convert = "Convert it with: openssl pkcs8 -topk8 -in <key file> -out <new file>.";
    private const string Forms = "Give the private key as PEM (-----BEGIN PRIVATE KEY-----) or as a JWK, whole and unchanged.";

    /// <summary>Whether it looks like a key and not like the name of a file.</summary>
    public static bool IsKey(string text) => text.AsSpan().TrimStart().StartsWith("{") || text.Contains("-----BEGIN", StringComparison.Ordinal);

    /// <exception cref="ProvisioningException">
    /// <see cref="ErrorIds.KeyUnreadable"/>, <see cref="ErrorIds.KeyProtected"/> or <see cref="ErrorIds.PrivateKeyMissing"/>.
    /// </exception>
    public static SigningKey Read(string text, string? passphrase, string? keyId)
    {
        try
        {
            // Variables often hold the line breaks of a PEM as \n.
            return text.AsSpan().TrimStart().StartsWith("{") ? ReadJwk(text, keyId)
                : new SigningKey(ReadPem(text.Replace("\\n", "\n", StringComparison.Ordinal), passphrase), keyId);
        }
        catch (Exception e) when (e is CryptographicException or FormatException or JsonException or ArgumentException)
        {
            // Without the cause: its text may quote the key.
            throw Unreadable("it is damaged, or of a kind that is not known here", Forms);
        }
    }

    public static ProvisioningException Unreadable(string flaw, string action) =>
        new(ErrorIds.KeyUnreadable, ProblemCategory.InvalidArgument, $"The private key cannot be used: {flaw}.", null, action);

    public static ProvisioningException Missing(string what, string action) =>
        new(ErrorIds.PrivateKeyMissing, ProblemCategory.InvalidArgument, $"{what} holds no private key.", null, action);

    private static AsymmetricAlgorithm ReadPem(string text, string? passphrase)
    {
        string? publicPart = null;
        ReadOnlySpan<char> rest = text;
        while (PemEncoding.TryFind(rest, out PemFields fields))
        {
            string label = rest[fields.Label].ToString();
            switch (label)
            {
                case "PRIVATE KEY":
                    return ImportPkcs8(System.Convert.FromBase64String(rest[fields.Base64Data].ToString()));
                case "ENCRYPTED PRIVATE KEY":
                    return ImportEncrypted(System.Convert.FromBase64String(rest[fields.Base64Data].ToString()), passphrase);
                case "RSA PRIVATE KEY":
                    var rsa = RSA.Create();
                    rsa.ImportRSAPrivateKey(System.Convert.FromBase64String(rest[fields.Base64Data].ToString()), out _);
                    return rsa;
                case "EC PRIVATE KEY":
                    var curve = ECDsa.Create();
                    curve.ImportECPrivateKey(System.Convert.FromBase64String(rest[fields.Base64Data].ToString()), out _);
                    return curve;
                case "OPENSSH PRIVATE KEY":
                    throw Unreadable("it is in OpenSSH's own form", "Convert it with: ssh-keygen -p -m PKCS8 -f <key file>.");
                case "CERTIFICATE" or "PUBLIC KEY" or "RSA PUBLIC KEY":
                    publicPart = label == "CERTIFICATE" ? "The text is a certificate and" : "The text is a public key and";
                    break;
            }

            rest = rest[fields.Location.End..];
        }

        // The old form of protection has headers inside, which makes it no PEM to the reader above.
        if (text.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal))
            throw Protected("The private key is protected in an old form that is not read here.", Convert);
        throw publicPart is not null ? Missing(publicPart, Forms) : Unreadable("it is neither PEM nor a JWK", Forms);
    }

    private static AsymmetricAlgorithm ImportPkcs8(byte[] data) => Import(algorithm => algorithm.ImportPkcs8PrivateKey(data, out _));

    private static AsymmetricAlgorithm ImportEncrypted(byte[] data, string? passphrase)
    {
        if (string.IsNullOrEmpty(passphrase))
            throw Protected("The private key is protected by a passphrase, and none was given.", "Give -PrivateKeyPassphrase.");
        try
        {
            return Import(algorithm => algorithm.ImportEncryptedPkcs8PrivateKey(passphrase, data, out _));
        }
        catch (CryptographicException)
        {
            throw Protected("The passphrase does not open the private key.", "Check the passphrase, and that it belongs to this key.");
        }
    }

    /// <summary>The form does not tell RSA from curves before it is read.</summary>
    private static AsymmetricAlgorithm Import(Action<AsymmetricAlgorithm> import)
    {
        var rsa = RSA.Create();
        try
        {
            import(rsa);
            return rsa;
        }
        catch (CryptographicException)
        {
            rsa.Dispose();
        }

        var curve = ECDsa.Create();
        import(curve);
        return curve;
    }

    private static SigningKey ReadJwk(string text, string? keyId)
    {
        var jwk = new JsonWebKey(text);
        if (!jwk.HasPrivateKey) throw Missing("The JWK is the public half and", Forms);
        AsymmetricAlgorithm algorithm = jwk.Kty switch
        {
            "RSA" => RSA.Create(new RSAParameters
            {
                Modulus = Base64UrlEncoder.DecodeBytes(jwk.N),
                Exponent = Base64UrlEncoder.DecodeBytes(jwk.E),
                D = Base64UrlEncoder.DecodeBytes(jwk.D),
                P = Base64UrlEncoder.DecodeBytes(jwk.P),
                Q = Base64UrlEncoder.DecodeBytes(jwk.Q),
                DP = Base64UrlEncoder.DecodeBytes(jwk.DP),
                DQ = Base64UrlEncoder.DecodeBytes(jwk.DQ),
                InverseQ = Base64UrlEncoder.DecodeBytes(jwk.QI),
            }),
            "EC" when jwk.Crv == "P-256" => ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = Base64UrlEncoder.DecodeBytes(jwk.X), Y = Base64UrlEncoder.DecodeBytes(jwk.Y) },
                D = Base64UrlEncoder.DecodeBytes(jwk.D),
            }),
            _ => throw Unreadable("the JWK is neither RSA nor on the curve P-256", Forms),
        };
        return new SigningKey(algorithm, keyId ?? jwk.Kid);
    }

    private static ProvisioningException Protected(string message, string action) =>
        new(ErrorIds.KeyProtected, ProblemCategory.InvalidArgument, message, null, action);
}
