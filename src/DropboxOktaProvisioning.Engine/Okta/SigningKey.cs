using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace DropboxOktaProvisioning.Engine.Okta;

/// <summary>A private key that signs tokens: RSA by RS256, or the curve P-256 by ES256.</summary>
internal sealed class SigningKey : IDisposable
{
    private const int SmallestRsa = 2048;
    private readonly AsymmetricAlgorithm _algorithm;

    /// <param name="algorithm">The key; owned from now on.</param>
    /// <param name="keyId">What the service knows the public key by; null where it has only one.</param>
    /// <exception cref="ProvisioningException"><see cref="ErrorIds.KeyUnreadable"/> for a key that the service does not take.</exception>
    public SigningKey(AsymmetricAlgorithm algorithm, string? keyId)
    {
        string? flaw = algorithm switch
        {
            RSA { KeySize: < SmallestRsa } => $"it is an RSA key of {algorithm.KeySize} bits, which is too short",
            RSA => null,
            ECDsa { KeySize: 256 } => null,
            ECDsa => $"it is on a curve of {algorithm.KeySize} bits",
            _ => "it is neither RSA nor on a curve",
        };
        if (flaw is not null)
        {
            algorithm.Dispose();
            throw PrivateKeyText.Unreadable(flaw, $"Make an RSA key of at least {SmallestRsa} bits or a key on the curve P-256, and register its public half.");
        }

        _algorithm = algorithm;
        SecurityKey key = algorithm is RSA rsa ? new RsaSecurityKey(rsa) : new ECDsaSecurityKey((ECDsa)algorithm);
        key.KeyId = string.IsNullOrEmpty(keyId) ? null : keyId;
        // The library's cache is static and would hold the key beyond its connection.
        key.CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false };
        Credentials = new SigningCredentials(key, algorithm is RSA ? SecurityAlgorithms.RsaSha256 : SecurityAlgorithms.EcdsaSha256);
    }

    /// <summary>The key, its id and its algorithm, for the library that writes tokens.</summary>
    public SigningCredentials Credentials { get; }

    public void Dispose() => _algorithm.Dispose();
}
