using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace DropboxOktaProvisioning.Sandbox.Tests;

/// <summary>The org's token endpoint and its check of tokens, spoken to by hand.</summary>
public sealed class TokenEndpointTests : IDisposable
{
    private const string Path = "/oauth2/v1/token";
    private readonly ProvisioningWorld _world = new();
    private readonly HttpClient _http;
    private readonly RSA _key = RSA.Create();
    private readonly RSA _proofKey = RSA.Create(2048);
    private int _serial;

    public TokenEndpointTests()
    {
        _http = new HttpClient(new SandboxHandler(_world));
        _key.ImportFromPem(_world.ServiceApp.PrivateKeyPem);
    }

    private string Endpoint => new Uri(_world.OktaOrigin, Path).AbsoluteUri;

    private long Now => _world.Clock.GetUtcNow().ToUnixTimeSeconds();

    public void Dispose()
    {
        _http.Dispose();
        _world.Dispose();
        _key.Dispose();
        _proofKey.Dispose();
    }

    [Fact]
    public async Task A_right_assertion_gives_a_token_for_an_hour()
    {
        _world.ServiceApp.RequiresDpop = false;
        var answer = await AskAsync(Claims());
        Assert.Equal((200, "Bearer", 3600, "okta.apps.read"), (answer.Status, (string?)answer.Json["token_type"], (int)answer.Json["expires_in"]!, (string?)answer.Json["scope"]));
        Assert.Null(answer.Json["refresh_token"]);

        var bearer = "Bearer " + answer.Json["access_token"];
        Assert.Equal(200, (await CallAsync("/api/v1/apps?limit=1", bearer)).Status);
        Assert.Equal((403, "insufficient_scope"), (await CallAsync("/api/v1/users?limit=1", bearer)) is var users ? (users.Status, users.Challenge) : default);
        Assert.Equal(401, (await CallAsync("/api/v1/apps?limit=1", bearer + "x")).Status);
        _world.Advance(TimeSpan.FromHours(1));
        Assert.Equal((401, "invalid_token"), (await CallAsync("/api/v1/apps?limit=1", bearer)) is var late ? (late.Status, late.Challenge) : default);
    }

    [Theory]
    [InlineData("iss", "\"somebody\"")]
    [InlineData("sub", "\"somebody\"")]
    [InlineData("aud", "\"https://contoso.okta.example\"")]
    [InlineData("exp", "-61")]
    [InlineData("exp", "3700")]
    [InlineData("exp", null)]
    [InlineData("iat", "61")]
    [InlineData("jti", null)]
    public async Task A_wrong_claim_is_refused(string claim, string? value)
    {
        _world.ServiceApp.RequiresDpop = false;
        var claims = Claims();
        claims[claim] = value is null ? null : long.TryParse(value, out var offset) ? Now + offset : JsonNode.Parse(value);
        var answer = await AskAsync(claims);
        Assert.Equal((401, "invalid_client"), (answer.Status, (string?)answer.Json["error"]));
    }

    [Fact]
    public async Task An_assertion_is_taken_once()
    {
        _world.ServiceApp.RequiresDpop = false;
        var claims = Claims();
        Assert.Equal(200, (await AskAsync(claims)).Status);
        Assert.Equal(401, (await AskAsync(claims)).Status);
    }

    [Theory]
    [InlineData("none", null)]
    [InlineData("HS256", null)]
    [InlineData("RS256", "nobody")]
    public async Task Another_algorithm_or_key_id_is_refused(string algorithm, string? keyId)
    {
        _world.ServiceApp.RequiresDpop = false;
        var header = new JsonObject { ["alg"] = algorithm, ["kid"] = keyId ?? _world.ServiceApp.KeyId };
        Assert.Equal(401, (await AskAsync(Claims(), header: header)).Status);
    }

    [Fact]
    public async Task Another_grant_or_no_scope_is_refused()
    {
        _world.ServiceApp.RequiresDpop = false;
        Assert.Equal("unsupported_grant_type", (string?)(await AskAsync(Claims(), grant: "password")).Json["error"]);
        Assert.Equal("invalid_scope", (string?)(await AskAsync(Claims(), scope: "okta.nothing.read")).Json["error"]);
        Assert.Equal("invalid_scope", (string?)(await AskAsync(Claims(), scope: "")).Json["error"]);
    }

    [Fact]
    public async Task A_bound_token_needs_a_proof_a_nonce_and_then_a_proof_for_each_call()
    {
        Assert.Equal((400, "invalid_dpop_proof"), (await AskAsync(Claims())) is var none ? (none.Status, (string?)none.Json["error"]) : default);
        var first = await AskAsync(Claims(), Proof("POST", Endpoint));
        Assert.Equal((400, "use_dpop_nonce"), (first.Status, (string?)first.Json["error"]));
        var answer = await AskAsync(Claims(), Proof("POST", Endpoint, ("nonce", first.Nonce!)));
        Assert.Equal((200, "DPoP"), (answer.Status, (string?)answer.Json["token_type"]));

        var token = (string)answer.Json["access_token"]!;
        var address = new Uri(_world.OktaOrigin, "/api/v1/apps").AbsoluteUri;
        var ath = ("ath", Encode(SHA256.HashData(Encoding.ASCII.GetBytes(token))));
        var proof = Proof("GET", address, ath);
        Assert.Equal(200, (await CallAsync("/api/v1/apps?limit=1", "DPoP " + token, proof)).Status);
        Assert.Equal(401, (await CallAsync("/api/v1/apps?limit=1", "DPoP " + token, proof)).Status); // the same once more
        Assert.Equal(401, (await CallAsync("/api/v1/apps?limit=1", "DPoP " + token)).Status);
        Assert.Equal(401, (await CallAsync("/api/v1/apps?limit=1", "Bearer " + token)).Status);
        Assert.Equal(401, (await CallAsync("/api/v1/apps?limit=1", "DPoP " + token, Proof("GET", address))).Status);
        Assert.Equal(401, (await CallAsync("/api/v1/apps?limit=1", "DPoP " + token, Proof("POST", address, ath))).Status);
        Assert.Equal(401, (await CallAsync("/api/v1/apps?limit=1", "DPoP " + token, Proof("GET", address + "?limit=1", ath))).Status);
    }

    private JsonObject Claims() => new()
    {
        ["iss"] = _world.ServiceApp.ClientId,
        ["sub"] = _world.ServiceApp.ClientId,
        ["aud"] = Endpoint,
        ["exp"] = Now + 300,
        ["jti"] = $"assertion{++_serial}",
    };

    private async Task<(int Status, JsonNode Json, string? Nonce)> AskAsync(
        JsonObject claims, string? proof = null, string scope = "okta.apps.read", string grant = "client_credentials", JsonObject? header = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Endpoint)
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = grant,
                ["scope"] = scope,
                ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                ["client_assertion"] = Sign(header ?? new JsonObject { ["alg"] = "RS256", ["kid"] = _world.ServiceApp.KeyId }, claims, _key),
            }),
        };
        if (proof is not null) request.Headers.Add("DPoP", proof);
        using var response = await _http.SendAsync(request);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!,
            response.Headers.TryGetValues("dpop-nonce", out var nonces) ? nonces.Single() : null);
    }

    private async Task<(int Status, string? Challenge)> CallAsync(string path, string authorization, string? proof = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_world.OktaOrigin, path));
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (proof is not null) request.Headers.Add("DPoP", proof);
        using var response = await _http.SendAsync(request);
        return ((int)response.StatusCode, response.Headers.WwwAuthenticate.ToString() is { Length: > 0 } challenge ? challenge.Split('"')[1] : null);
    }

    private string Proof(string method, string address, params (string Name, string Value)[] more)
    {
        var open = _proofKey.ExportParameters(false);
        var header = new JsonObject
        {
            ["typ"] = "dpop+jwt",
            ["alg"] = "RS256",
            ["jwk"] = new JsonObject { ["kty"] = "RSA", ["n"] = Encode(open.Modulus!), ["e"] = Encode(open.Exponent!) },
        };
        var claims = new JsonObject { ["htm"] = method, ["htu"] = address, ["iat"] = Now, ["jti"] = $"proof{++_serial}" };
        foreach (var (name, value) in more) claims[name] = value;
        return Sign(header, claims, _proofKey);
    }

    private static string Sign(JsonObject header, JsonObject claims, RSA key)
    {
        var text = $"{Encode(Encoding.UTF8.GetBytes(header.ToJsonString()))}.{Encode(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        return $"{text}.{Encode(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
