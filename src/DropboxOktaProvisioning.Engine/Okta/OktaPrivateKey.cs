using System.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Okta;

/// <summary>Where a service app's private key is. It is read when a connection is made, and each connection has its own copy.</summary>
public sealed class OktaPrivateKey
{
    // A key is a few thousand bytes; more is some other file.
    private const int LargestFile = 64 * 1024;
    private readonly Func<SigningKey> _open;

    private OktaPrivateKey(Func<SigningKey> open) => _open = open;

    /// <summary>PEM or JWK.</summary>
    /// <param name="text">The text.</param>
    /// <param name="passphrase">The passphrase of an encrypted PEM.</param>
    /// <param name="keyId">What Okta knows the key by (<c>kid</c>); null takes it from a JWK, and does without where the app has one key only.</param>
    public static OktaPrivateKey FromText(SecureString text, SecureString? passphrase = null, string? keyId = null) =>
        new(() => PrivateKeyText.Read(SecretText.Reveal(text), Reveal(passphrase), keyId));

    /// <summary>A file with PEM or JWK in it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="passphrase">The passphrase of an encrypted PEM.</param>
    /// <param name="keyId">What Okta knows the key by (<c>kid</c>).</param>
    public static OktaPrivateKey FromFile(string path, SecureString? passphrase = null, string? keyId = null) =>
        new(() => PrivateKeyText.Read(ReadFile(path), Reveal(passphrase), keyId));

    /// <summary>A certificate with its private key, such as one of the certificate store.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="keyId">What Okta knows the key by (<c>kid</c>).</param>
    public static OktaPrivateKey FromCertificate(X509Certificate2 certificate, string? keyId = null) => new(() => OfCertificate(certificate, keyId, TimeProvider.System.GetUtcNow()));

    /// <summary>The text itself, or the name of a file, as Okta's own SDKs take either in their settings.</summary>
    internal static OktaPrivateKey FromTextOrFile(SecureString text, string? keyId) =>
        PrivateKeyText.IsKey(SecretText.Reveal(text)) ? FromText(text, null, keyId) : new(() => PrivateKeyText.Read(ReadNamed(text), null, keyId));

    internal SigningKey Open() => _open();

    private static string? Reveal(SecureString? passphrase) => passphrase is null ? null : SecretText.Reveal(passphrase);

    private static string ReadFile(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists) throw MissingFile.At(path);
        try
        {
            if (file.Length > LargestFile) throw PrivateKeyText.Unreadable($"the file {path} is too large to be a key", "Check the path.");
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProvisioningException(ErrorIds.FileUnreadable, ProblemCategory.ResourceUnavailable,
                $"The private key's file {path} cannot be read.", path, "Check that this account may read it.", e);
        }
    }

    /// <summary>What is neither a key nor a file may be a mangled key, so it is not quoted.</summary>
    private static string ReadNamed(SecureString text) => SecretText.Reveal(text) is var path && File.Exists(path) ? ReadFile(path)
        : throw PrivateKeyText.Unreadable("the setting is neither PEM nor a JWK nor the name of a file", "Check OKTA_CLIENT_PRIVATEKEY, or privateKey in okta.yaml.");

    private static SigningKey OfCertificate(X509Certificate2 certificate, string? keyId, DateTimeOffset now)
    {
        const string Action = "Import the certificate together with its private key (a .pfx), and check that this account may use the key.";
        string name = $"The certificate {certificate.Subject} ({certificate.Thumbprint})";
        if (!certificate.HasPrivateKey) throw PrivateKeyText.Missing(name, Action);
        // Okta itself looks at the key and not at its certificate; who lets one end has mostly put another in its place.
        if (certificate.NotAfter.ToUniversalTime() < now.UtcDateTime)
        {
            throw new ProvisioningException(ErrorIds.KeyExpired, ProblemCategory.InvalidArgument,
                $"{name} ended on {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}.", certificate.Thumbprint,
                "Use the certificate that has taken its place, and register its public key with the app. A key that is to be used on all the same is taken as -PrivateKeyPath.");
        }

        try
        {
            AsymmetricAlgorithm? key = (AsymmetricAlgorithm?)certificate.GetRSAPrivateKey() ?? certificate.GetECDsaPrivateKey();
            return key is null ? throw PrivateKeyText.Unreadable("it is neither RSA nor on a curve", Action) : new SigningKey(key, keyId);
        }
        catch (CryptographicException e)
        {
            throw new ProvisioningException(ErrorIds.KeyUnreadable, ProblemCategory.InvalidArgument,
                $"{name} has a private key that cannot be opened.", certificate.Thumbprint, Action, e);
        }
    }
}
