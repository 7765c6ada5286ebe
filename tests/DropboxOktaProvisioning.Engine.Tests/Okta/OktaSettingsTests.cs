using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning.Engine.Tests.Okta;

public sealed class OktaSettingsTests : IDisposable
{
    private const string KeyText = "not a key, and nobody looks at it here";
    private readonly string _home = Directory.CreateTempSubdirectory("dop-tests-").FullName;
    private readonly Dictionary<string, string?> _environment = [];

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void Nothing_set_is_no_sign_in()
    {
        Assert.Null(Load().Domain);
        Assert.Null(Load().ToCredential());
        Assert.Null(OktaSettings.Load(_ => "", "").ToCredential());
    }

    [Fact]
    public void A_token_comes_from_the_file_and_the_environment_wins()
    {
        Write("okta:\n  client:\n    connectionTimeout: 30 # seconds\n    orgUrl: \"https://file.okta.com\"\n    proxy:\n      port: null\n    token: 00fromFile\n");
        Assert.Equal("https://file.okta.com", Load().Domain);
        Assert.IsType<OktaApiTokenCredential>(Load().ToCredential());
        _environment["OKTA_CLIENT_ORGURL"] = "https://environment.okta.com";
        Assert.Equal("https://environment.okta.com", Load().Domain);
    }

    [Theory]
    [InlineData("scopes:\n      - okta.apps.read\n      - okta.apps.manage")]
    [InlineData("scopes: okta.apps.read okta.apps.manage")]
    [InlineData("Scopes: \"okta.apps.read,okta.apps.manage\"")]
    public void A_service_app_comes_from_the_file_however_its_scopes_are_written(string scopes)
    {
        Write($"okta:\n  client:\n    authorizationMode: \"PrivateKey\"\n    clientId: 0oaApp1\n    {scopes}\n    privateKey: |\n      -----BEGIN PRIVATE KEY-----\n      AAAA\n      -----END PRIVATE KEY-----\n");
        Assert.Equal(["okta.apps.read", "okta.apps.manage"], Assert.IsType<OktaServiceAppCredential>(Load().ToCredential()).Scopes);
    }

    [Theory]
    [InlineData("PrivateKey", "00token", true)]
    [InlineData("privatekey", "00token", true)]
    [InlineData("SSWS", "00token", false)]
    [InlineData(null, "00token", false)]
    [InlineData(null, null, true)]
    public void The_mode_decides_and_without_one_a_token_does(string? mode, string? token, bool isApp)
    {
        _environment["OKTA_CLIENT_AUTHORIZATIONMODE"] = mode;
        _environment["OKTA_CLIENT_TOKEN"] = token;
        _environment["OKTA_CLIENT_CLIENTID"] = "0oaApp1";
        _environment["OKTA_CLIENT_PRIVATEKEY"] = KeyText;
        Assert.Equal(isApp, Load().ToCredential() is OktaServiceAppCredential app && app.Scopes == OktaServiceAppCredential.ReadScopes);
    }

    [Theory]
    [InlineData("okta:\n  client:\n    token: [00hunter2")]
    [InlineData("okta: \"00hunter2")]
    [InlineData("00hunter2: *hunter2")]
    public void A_file_that_is_no_YAML_is_named_with_the_place_and_not_quoted(string text)
    {
        Write(text);
        ProvisioningException error = Assert.Throws<ProvisioningException>(Load);
        Assert.Equal(ErrorIds.FileUnreadable, error.ErrorId);
        Assert.Matches("okta.yaml is not YAML: line [1-4], column [0-9]+", error.Message);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("- a\n- b")]
    [InlineData("okta: x")]
    [InlineData("okta:\n  client:\n    - token")]
    [InlineData("other:\n  client:\n    token: 00x")]
    public void Other_YAML_says_nothing(string text)
    {
        Write(text);
        Assert.Null(Load().ToCredential());
    }

    private OktaSettings Load() => OktaSettings.Load(name => _environment.GetValueOrDefault(name), _home);

    private void Write(string text)
    {
        Directory.CreateDirectory(Path.Combine(_home, ".okta"));
        File.WriteAllText(Path.Combine(_home, ".okta", "okta.yaml"), text);
    }
}
