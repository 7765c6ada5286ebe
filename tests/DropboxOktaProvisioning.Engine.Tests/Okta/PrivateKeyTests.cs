using System.Security.Cryptography;
using System.Text.Json;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Okta;
using Microsoft.IdentityModel.Tokens;

namespace DropboxOktaProvisioning.Engine.Tests.Okta;

public sealed class PrivateKeyTests : IDisposable
{
    private static readonly PbeParameters Protection = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly ECDsa _curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose()
    {
        _rsa.Dispose();
        _curve.Dispose();
    }

    [Theory]
    [InlineData("pkcs8", "RS256")]
    [InlineData("pkcs1", "RS256")]
    [InlineData("escaped", "RS256")]
    [InlineData("behind its public half", "RS256")]
    [InlineData("encrypted", "RS256")]
    [InlineData("ec pkcs8", "ES256")]
    [InlineData("ec sec1", "ES256")]
    [InlineData("ec encrypted", "ES256")]
    public void Every_usual_form_of_PEM_is_read(string form, string algorithm)
    {
        string text = form switch
        {
            "pkcs8" => _rsa.ExportPkcs8PrivateKeyPem(),
            "pkcs1" => _rsa.ExportRSAPrivateKeyPem(),
            "escaped" => _rsa.ExportPkcs8PrivateKeyPem().Replace("\n", "\\n", StringComparison.Ordinal),
            "behind its public half" => _rsa.ExportSubjectPublicKeyInfoPem() + "\n" + _rsa.ExportPkcs8PrivateKeyPem(),
            "encrypted" => _rsa.ExportEncryptedPkcs8PrivateKeyPem("open", Protection),
            "ec pkcs8" => _curve.ExportPkcs8PrivateKeyPem(),
            "ec sec1" => _curve.ExportECPrivateKeyPem(),
            _ => _curve.ExportEncryptedPkcs8PrivateKeyPem("open", Protection),
        };
        using SigningKey key = PrivateKeyText.Read(text, "open", "id");
        Assert.Equal((algorithm, "id"), (key.Credentials.Algorithm, key.Credentials.Kid));
    }

    [Fact]
    public void A_JWK_brings_its_id_and_a_parameter_overrides_it()
    {
        string text = Jwk(JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(_rsa.ExportParameters(true)) { KeyId = "own" }));
        using SigningKey own = PrivateKeyText.Read(text, null, null);
        using SigningKey other = PrivateKeyText.Read(text, null, "other");
        Assert.Equal(("RS256", "own", "other"), (own.Credentials.Algorithm, own.Credentials.Kid, other.Credentials.Kid));

        using SigningKey curve = PrivateKeyText.Read(Jwk(JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(_curve))), null, null);
        Assert.Equal("ES256", curve.Credentials.Algorithm);
    }

    [Fact]
    public void A_protected_key_needs_its_passphrase()
    {
        string text = _rsa.ExportEncryptedPkcs8PrivateKeyPem("open", Protection);
        Assert.Equal(ErrorIds.KeyProtected, Refused(text).ErrorId);
        ProvisioningException wrong = Refused(text, "wrong-passphrase");
        Assert.Equal(ErrorIds.KeyProtected, wrong.ErrorId);
        Assert.DoesNotContain("wrong-passphrase", wrong.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_protected_in_the_old_form_says_how_to_convert_it()
    {
        ProvisioningException error = Refused("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----", "open");
        Assert.Equal(ErrorIds.KeyProtected, error.ErrorId);
        Assert.Contains("openssl pkcs8", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void A_public_half_is_told_from_a_private_key()
    {
        Assert.Equal(ErrorIds.PrivateKeyMissing, Refused(_rsa.ExportSubjectPublicKeyInfoPem()).ErrorId);
        Assert.Equal(ErrorIds.PrivateKeyMissing, Refused("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----").ErrorId);
        Assert.Equal(ErrorIds.PrivateKeyMissing, Refused(Jwk(JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(_rsa.ExportParameters(false))))).ErrorId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hunter2")]
    [InlineData("{")]
    [InlineData("{\"kty\":\"oct\",\"k\":\"aHVudGVyMg\"}")]
    [InlineData("{\"kty\":\"RSA\",\"n\":\"aHVudGVyMg\",\"e\":\"AQAB\",\"d\":\"hunter2!\"}")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nhunter2=\n-----END PRIVATE KEY-----")]
    [InlineData("-----BEGIN PRIVATE KEY-----\naHVudGVyMg==\n-----END PRIVATE KEY-----")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----\naHVudGVyMg==\n-----END OPENSSH PRIVATE KEY-----")]
    public void What_is_no_key_is_not_quoted(string text)
    {
        ProvisioningException error = Refused(text);
        Assert.Contains(error.ErrorId, new[] { ErrorIds.KeyUnreadable, ErrorIds.PrivateKeyMissing });
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("aHVudGVyMg", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_Okta_does_not_take_is_refused_here()
    {
        using var small = RSA.Create(1024);
        using var large = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.Contains("1024", Refused(small.ExportPkcs8PrivateKeyPem()).Message, StringComparison.Ordinal);
        Assert.Contains("384", Refused(large.ExportPkcs8PrivateKeyPem()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_read_when_it_is_needed_and_named_when_it_is_not_there()
    {
        string path = Path.GetTempFileName();
        OktaPrivateKey source = OktaPrivateKey.FromFile(path);
        File.WriteAllText(path, _curve.ExportPkcs8PrivateKeyPem());
        source.Open().Dispose();
        OktaPrivateKey.FromTextOrFile(SecretText.Protect(path), null).Open().Dispose();
        File.WriteAllText(path, new string('x', 70_000));
        Assert.Equal(ErrorIds.KeyUnreadable, Assert.Throws<ProvisioningException>(source.Open).ErrorId);
        File.Delete(path);
        ProvisioningException error = Assert.Throws<ProvisioningException>(source.Open);
        Assert.Equal((ErrorIds.FileNotFound, path), (error.ErrorId, error.Target));
        error = Assert.Throws<ProvisioningException>(OktaPrivateKey.FromTextOrFile(SecretText.Protect("hunter2"), null).Open);
        Assert.Equal(ErrorIds.KeyUnreadable, error.ErrorId);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    private static ProvisioningException Refused(string text, string? passphrase = null) =>
        Assert.Throws<ProvisioningException>(() => PrivateKeyText.Read(text, passphrase, null).Dispose());

    private static string Jwk(JsonWebKey key)
    {
        var parts = new Dictionary<string, string?>
        {
            ["kty"] = key.Kty, ["kid"] = key.Kid, ["n"] = key.N, ["e"] = key.E, ["d"] = key.D, ["p"] = key.P, ["q"] = key.Q,
            ["dp"] = key.DP, ["dq"] = key.DQ, ["qi"] = key.QI, ["crv"] = key.Crv, ["x"] = key.X, ["y"] = key.Y,
        };
        return JsonSerializer.Serialize(parts.Where(part => part.Value is not null).ToDictionary());
    }
}
