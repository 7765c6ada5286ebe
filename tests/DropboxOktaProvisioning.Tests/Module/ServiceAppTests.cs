using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DropboxOktaProvisioning.Tests;

/// <summary>Signing in to Okta as a service app, and with secrets that a script block fetches.</summary>
public sealed class ServiceAppTests : IDisposable
{
    private const string Token = """{"token_type":"Bearer","expires_in":3600,"access_token":"t","scope":"okta.apps.read okta.users.read okta.groups.read"}""";
    private static readonly PbeParameters Protection = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
    private readonly ModuleSession _session = new();
    private readonly RSA _key = RSA.Create(2048);
    private ScriptedService _service = Org(200, Token);

    public ServiceAppTests()
    {
        Set("Address", _service.Address);
        Set("Pem", _key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(_session.Folder, "key.pem"), _key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(_session.Folder, "protected.pem"), _key.ExportEncryptedPkcs8PrivateKeyPem("open", Protection));
        File.WriteAllText(Path.Combine(_session.Folder, "public.pem"), _key.ExportSubjectPublicKeyInfoPem());
        File.WriteAllText(Path.Combine(_session.Folder, "none.pem"), "no key");
        var certificate = new CertificateRequest("CN=contoso.example", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2036, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Set("Certificate", certificate);
        Set("Ended", new CertificateRequest("CN=contoso.example", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2021, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        Set("Half", X509CertificateLoader.LoadCertificate(certificate.RawData));
    }

    public void Dispose()
    {
        _session.Dispose();
        _service.Dispose();
        _key.Dispose();
    }

    [Theory]
    [InlineData("-PrivateKey { $Pem }")]
    [InlineData("-PrivateKeyPath $Folder/key.pem -KeyId k1")]
    [InlineData("-PrivateKeyPath $Folder/protected.pem -PrivateKeyPassphrase { 'open' }")]
    [InlineData("-Certificate $Certificate -Scope okta.apps.read")]
    public void The_connection_shows_how_it_is_signed_in_and_for_how_long(string key)
    {
        var org = _session.Run($"Connect-OktaOrg -Domain $Address -ClientId 0oaApp1 {key}").Clean().Output.Single();
        Assert.Equal("ServiceApp", org.Properties["SignIn"].Value);
        Assert.Equal(["okta.apps.read", "okta.users.read", "okta.groups.read"], (IEnumerable<string>)org.Properties["Scopes"].Value);
        Assert.IsType<DateTimeOffset>(org.Properties["TokenExpires"].Value);
    }

    [Theory]
    [InlineData("-PrivateKeyPath $Folder/nowhere.pem", "FileNotFound")]
    [InlineData("-PrivateKeyPath $Folder/none.pem", "KeyUnreadable")]
    [InlineData("-PrivateKeyPath $Folder/public.pem", "PrivateKeyMissing")]
    [InlineData("-PrivateKeyPath $Folder/protected.pem", "KeyProtected")]
    [InlineData("-PrivateKeyPath $Folder/protected.pem -PrivateKeyPassphrase { 'wrong' }", "KeyProtected")]
    [InlineData("-PrivateKey { 'no key' }", "KeyUnreadable")]
    [InlineData("-Certificate $Half", "PrivateKeyMissing")]
    [InlineData("-Certificate $Ended", "KeyExpired")]
    [InlineData("-PrivateKey { $Pem } -Scope 'okta.apps.read okta.users.read'", "InvalidScope")]
    public void A_key_that_cannot_be_used_is_told_before_anything_is_sent(string key, string id)
    {
        Set("Address", "http://127.0.0.1:1"); // whoever sends something gets another error
        Assert.Equal(id, OnlyError(key));
    }

    [Theory]
    [InlineData(401, "invalid_client", "x", "SignInRefused")]
    [InlineData(400, "invalid_scope", "x", "ScopeNotGranted")]
    [InlineData(403, "access_denied", "disallowed_network_zone", "NetworkZoneRefused")]
    public void A_refusal_has_an_id_of_its_own(int status, string code, string description, string id)
    {
        _service.Dispose();
        _service = Org(status, $$"""{"error":"{{code}}","error_description":"{{description}}"}""");
        Set("Address", _service.Address);
        Assert.Equal(id, OnlyError("-PrivateKey { $Pem }"));
    }

    [Fact]
    public void Secrets_may_come_from_script_blocks_and_only_as_one_text_or_SecureString()
    {
        Assert.Equal("ApiToken", _session.Run("(Connect-OktaOrg $Address { 'token' }).SignIn").Clean().Output.Single().ToString());
        Assert.Equal("ApiToken", _session.Run("(Connect-OktaOrg $Address { $s = [Security.SecureString]::new(); $s.AppendChar('x'); , $s }).SignIn").Clean().Output.Single().ToString());
        foreach (var wrong in new[] { "{ }", "{ 'hunter2', 'hunter2' }", "{ 42 }", "'hunter2'" })
        {
            var error = Assert.Single(_session.Run($"$secret = {wrong}; Connect-OktaOrg $Address $secret").AllErrors);
            Assert.StartsWith("ParameterArgumentTransformationError", error.FullyQualifiedErrorId, StringComparison.Ordinal);
            Assert.DoesNotContain("hunter2", error.ToString() + error.Exception, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Okta_s_own_variables_are_read()
    {
        // Every other test gives its domain and its secrets itself.
        var script = """
            $set = @{ OKTA_CLIENT_ORGURL = $Address; OKTA_CLIENT_AUTHORIZATIONMODE = 'PrivateKey'; OKTA_CLIENT_CLIENTID = '0oaApp1'; OKTA_CLIENT_PRIVATEKEY = $Pem }
            foreach ($name in $set.Keys) { [Environment]::SetEnvironmentVariable($name, $set[$name]) }
            try { (Connect-OktaOrg).SignIn } finally { foreach ($name in $set.Keys) { [Environment]::SetEnvironmentVariable($name, $null) } }
            """;
        Assert.Equal("ServiceApp", _session.Run(script).Clean().Output.Single().ToString());
    }

    private string OnlyError(string key)
    {
        var result = _session.Run($"Connect-OktaOrg -Domain $Address -ClientId 0oaApp1 {key}");
        Assert.Empty(result.Output);
        var error = Assert.Single(result.AllErrors);
        Assert.False(string.IsNullOrWhiteSpace(error.ErrorDetails?.RecommendedAction), "says nothing about what to do");
        return result.ErrorId;
    }

    private static ScriptedService Org(int status, string token) =>
        new(request => request.StartsWith("POST /oauth2/v1/token ", StringComparison.Ordinal) ? (status, token) : (200, "[]"));

    private void Set(string name, object value) => _session.Runspace.SessionStateProxy.SetVariable(name, value);
}
