using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Tests.Http;
using Microsoft.IdentityModel.Tokens;

namespace DropboxOktaProvisioning.Engine.Tests.Okta;

/// <summary>What a service app sends, looked at without the code that wrote it.</summary>
public sealed class ServiceAppTests
{
    private const string TokenAddress = "https://contoso.okta.com/oauth2/v1/token";
    private static readonly string Pem = NewKey();
    private readonly Rig _rig = new();
    private readonly List<(string? Form, string? Proof, AuthenticationHeaderValue? Authorization, Uri Address)> _sent = [];
    private int _issued;

    private static string NewKey()
    {
        using var key = RSA.Create(2048);
        return key.ExportPkcs8PrivateKeyPem();
    }

    [Fact]
    public async Task The_assertion_says_who_for_whom_and_for_five_minutes()
    {
        Serve("Bearer");
        using OktaClient client = await ConnectAsync();

        var form = HttpUtility.ParseQueryString(_sent[0].Form!);
        Assert.Equal("grant_type scope client_assertion_type client_assertion", string.Join(' ', form.AllKeys));
        Assert.Equal(
            ("client_credentials", "okta.apps.read okta.users.read okta.groups.read", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            (form["grant_type"], form["scope"], form["client_assertion_type"]));
        Assert.Equal((TokenAddress, null), (_sent[0].Address.AbsoluteUri, _sent[0].Authorization));

        (JsonObject header, JsonObject claims) = Verify(form["client_assertion"]!, Pem);
        Assert.Equal("""{"alg":"RS256","kid":"key-7","typ":"JWT"}""", Sorted(header));
        Assert.Equal(("0oaApp1", "0oaApp1", TokenAddress), ((string?)claims["iss"], (string?)claims["sub"], (string?)claims["aud"]));
        long now = InstantTime.Start.ToUnixTimeSeconds();
        Assert.Equal((now, now + 300), ((long)claims["iat"]!, (long)claims["exp"]!));
        Assert.Equal(["aud", "exp", "iat", "iss", "jti", "sub"], claims.Select(claim => claim.Key).Order());
    }

    [Fact]
    public async Task A_server_that_answers_with_a_plain_token_is_used_with_one()
    {
        Serve("Bearer");
        using OktaClient client = await ConnectAsync();
        await client.GetDropboxAppsAsync(null, default);

        Assert.All(_sent.Skip(1), sent => Assert.Equal(("Bearer token1", null), (sent.Authorization!.ToString(), sent.Proof)));
        Assert.NotNull(_sent[0].Proof);
    }

    [Fact]
    public async Task A_bound_token_is_asked_for_with_the_nonce_and_a_fresh_assertion()
    {
        Serve("DPoP", "nonce-1");
        using OktaClient client = await ConnectAsync();

        Assert.Equal(["/oauth2/v1/token", "/oauth2/v1/token", "/api/v1/apps"], _sent.Select(sent => sent.Address.AbsolutePath));
        string[] ids = [.. _sent.Take(2).Select(sent => (string)Verify(Assertion(sent.Form!), Pem).Claims["jti"]!)];
        Assert.NotEqual(ids[0], ids[1]);
        var proofs = _sent.Take(2).Select(sent => VerifyProof(sent.Proof!)).ToArray();
        Assert.Equal([null, "nonce-1"], proofs.Select(proof => (string?)proof["nonce"]));
        Assert.All(proofs, proof => Assert.Equal(("POST", TokenAddress, null), ((string?)proof["htm"], (string?)proof["htu"], (string?)proof["ath"])));
        Assert.NotEqual((string?)proofs[0]["jti"], (string?)proofs[1]["jti"]);
    }

    [Fact]
    public async Task Each_try_of_a_call_has_its_own_proof_over_the_token_and_the_address_without_its_query()
    {
        Serve("DPoP", "nonce-1");
        using OktaClient client = await ConnectAsync();
        _sent.Clear();
        int failures = 2;
        Func<HttpRequestMessage, HttpResponseMessage> serve = _rig.Network.Otherwise!;
        _rig.Network.Otherwise = request =>
        {
            HttpResponseMessage answer = serve(request);
            return failures-- > 0 ? Reply.OktaError(500, "E0000009") : answer;
        };
        await client.GetDropboxAppsAsync(null, default);

        Assert.Equal(3, _sent.Count);
        JsonObject[] proofs = [.. _sent.Select(sent => VerifyProof(sent.Proof!))];
        Assert.Equal(3, proofs.Select(proof => (string?)proof["jti"]).Distinct().Count());
        string ath = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes("token1")));
        Assert.All(proofs, proof => Assert.Equal(
            ("GET", "https://contoso.okta.com/api/v1/apps", ath, null), ((string?)proof["htm"], (string?)proof["htu"], (string?)proof["ath"], (string?)proof["nonce"])));
        Assert.All(_sent, sent => Assert.Equal("DPoP token1", sent.Authorization!.ToString()));
        Assert.All(_sent, sent => Assert.NotEmpty(sent.Address.Query));
    }

    [Fact]
    public async Task A_renewal_reuses_the_nonce_and_takes_a_new_one_when_told()
    {
        Serve("DPoP", "nonce-1");
        using OktaClient client = await ConnectAsync();
        _sent.Clear();
        _rig.Time.Advance(TimeSpan.FromMinutes(55));
        await client.GetDropboxAppsAsync(null, default);
        Assert.Equal(["/oauth2/v1/token", "/api/v1/apps"], _sent.Select(sent => sent.Address.AbsolutePath));

        Serve("DPoP", "nonce-2");
        _sent.Clear();
        _rig.Time.Advance(TimeSpan.FromMinutes(55));
        await client.GetDropboxAppsAsync(null, default);
        Assert.Equal(["nonce-1", "nonce-2"], _sent.Take(2).Select(sent => (string?)VerifyProof(sent.Proof!)["nonce"]));
    }

    [Fact]
    public async Task A_token_that_is_refused_is_renewed_once_and_no_more()
    {
        Serve("Bearer");
        using OktaClient client = await ConnectAsync();
        Func<HttpRequestMessage, HttpResponseMessage> serve = _rig.Network.Otherwise!;
        _rig.Network.Otherwise = request => serve(request) is var answer && request.Method == HttpMethod.Post ? answer : Reply.OktaError(401, "E0000011");
        _sent.Clear();

        ServiceException error = await Assert.ThrowsAsync<ServiceException>(() => client.GetDropboxAppsAsync(null, default));

        Assert.Equal(ErrorIds.TokenRefused, error.ErrorId);
        Assert.Contains("the app", error.Message, StringComparison.Ordinal);
        Assert.Equal(["/api/v1/apps", "/oauth2/v1/token", "/api/v1/apps"], _sent.Select(sent => sent.Address.AbsolutePath));
    }

    [Fact]
    public async Task Many_requests_at_once_renew_one_token()
    {
        Serve("Bearer");
        using OktaClient client = await ConnectAsync();
        _rig.Time.Advance(TimeSpan.FromHours(2));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.GetDropboxAppsAsync(null, default)));
        Assert.Equal(2, _issued);
    }

    [Fact]
    public async Task A_nonce_that_is_never_enough_is_an_error_after_two_tries()
    {
        _rig.Network.Otherwise = _ => Refusal(400, "use_dpop_nonce", "Authorization server requires nonce in DPoP proof.", ("dpop-nonce", "x"));
        ServiceException error = await Assert.ThrowsAsync<ServiceException>(() => ConnectAsync());
        Assert.Equal((ErrorIds.SignInRefused, 2), (error.ErrorId, _rig.Network.Requests.Count));
    }

    [Theory]
    [InlineData(401, "invalid_client", "x", ErrorIds.SignInRefused, "client id")]
    [InlineData(400, "unauthorized_client", "x", ErrorIds.SignInRefused, "API Services")]
    [InlineData(400, "invalid_dpop_proof", "x", ErrorIds.SignInRefused, "clock")]
    [InlineData(400, "invalid_scope", "The scope okta.users.read is not allowed.", ErrorIds.ScopeNotGranted, "the scope okta.users.read.")]
    [InlineData(400, "invalid_scope", "One or more scopes are not configured.", ErrorIds.ScopeNotGranted, "okta.apps.read, okta.users.read, okta.groups.read")]
    [InlineData(403, "access_denied", "disallowed_network_zone", ErrorIds.NetworkZoneRefused, "zone")]
    [InlineData(403, "access_denied", "Policy evaluation failed.", ErrorIds.SignInRefused, "policy")]
    public async Task Each_refusal_says_what_to_do(int status, string code, string description, string id, string named)
    {
        _rig.Network.Then(Refusal(status, code, description));
        ServiceException error = await Assert.ThrowsAsync<ServiceException>(() => ConnectAsync());
        Assert.Equal((id, code, status), (error.ErrorId, error.ServiceCode, error.StatusCode));
        Assert.Contains(named, error.Message + error.RecommendedAction, StringComparison.Ordinal);
        Assert.Single(_rig.Network.Requests);
    }

    [Theory]
    [InlineData(119, ErrorIds.SignInRefused, "client id")]
    [InlineData(-119, ErrorIds.SignInRefused, "client id")]
    [InlineData(600, ErrorIds.ClockSkewed, "10 minutes behind")]
    [InlineData(-600, ErrorIds.ClockSkewed, "10 minutes ahead of")]
    [InlineData(-100_000, ErrorIds.ClockSkewed, "28 hours ahead of")]
    public async Task A_clock_that_is_off_by_more_than_two_minutes_is_named(int serverAheadSeconds, string id, string words)
    {
        _rig.Network.Then(Refusal(401, "invalid_client", "x", ("Date", InstantTime.Start.AddSeconds(serverAheadSeconds).ToString("r"))));
        ServiceException error = await Assert.ThrowsAsync<ServiceException>(() => ConnectAsync());
        Assert.Equal(id, error.ErrorId);
        Assert.Contains(words, error.Message + error.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("okta.apps.read okta.users.read", ErrorIds.ScopeNotGranted)]
    [InlineData("okta.apps.manage okta.users.read okta.groups.manage", null)]
    [InlineData("", null)]
    public async Task Fewer_scopes_than_asked_for_are_an_error(string granted, string? id)
    {
        _rig.Network.Then(Reply.Json($$"""{"token_type":"Bearer","expires_in":3600,"access_token":"t","scope":"{{granted}}"}"""), Reply.Json("[]"));
        if (id is null) (await ConnectAsync()).Dispose();
        else Assert.Equal(id, (await Assert.ThrowsAsync<ServiceException>(() => ConnectAsync())).ErrorId);
    }

    [Fact]
    public async Task What_was_sent_is_not_quoted_back()
    {
        string? assertion = null, proof = null;
        _rig.Network.Otherwise = request =>
        {
            assertion = Assertion(_rig.Network.Requests[^1].Body!);
            proof = request.Headers.GetValues("DPoP").Single();
            return Refusal(401, "invalid_client", $"bad {assertion} {proof}");
        };
        ServiceException error = await Assert.ThrowsAsync<ServiceException>(() => ConnectAsync());
        Assert.Contains("bad *** ***", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("app&scope=x")]
    public async Task A_client_id_that_cannot_be_one_is_refused(string id)
    {
        var credential = new OktaServiceAppCredential(id, OktaPrivateKey.FromText(SecretText.Protect(Pem)));
        ProvisioningException error = await Assert.ThrowsAsync<ProvisioningException>(() => OktaClient.ConnectAsync("contoso.okta.com", credential, _rig.Options, null, default));
        Assert.Equal(ErrorIds.InvalidToken, error.ErrorId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("okta.apps.read okta.users.read")]
    public async Task A_scope_that_cannot_be_one_is_refused(string scope)
    {
        var credential = new OktaServiceAppCredential("0oaApp1", OktaPrivateKey.FromText(SecretText.Protect(Pem))) { Scopes = [scope] };
        ProvisioningException error = await Assert.ThrowsAsync<ProvisioningException>(() => OktaClient.ConnectAsync("contoso.okta.com", credential, _rig.Options, null, default));
        Assert.Equal(ErrorIds.InvalidScope, error.ErrorId);
    }

    private Task<OktaClient> ConnectAsync() => OktaClient.ConnectAsync(
        "contoso.okta.com", new OktaServiceAppCredential("0oaApp1", OktaPrivateKey.FromText(SecretText.Protect(Pem), null, "key-7")), _rig.Options, _rig.Log, default);

    /// <summary>A server that wants the nonce, where there is one, and then issues tokens of the type.</summary>
    private void Serve(string type, string? nonce = null) => _rig.Network.Otherwise = request =>
    {
        string? proof = request.Headers.TryGetValues("DPoP", out IEnumerable<string>? values) ? values.Single() : null;
        lock (_sent) _sent.Add((_rig.Network.Requests[^1].Body, proof, request.Headers.Authorization, request.RequestUri!));
        if (request.Method != HttpMethod.Post) return Reply.Json("[]");
        if (nonce is not null && (string?)Decode(proof!.Split('.')[1])["nonce"] != nonce) return Refusal(400, "use_dpop_nonce", "x", ("dpop-nonce", nonce));
        return Reply.Json(
            $$"""{"token_type":"{{type}}","expires_in":3600,"access_token":"token{{Interlocked.Increment(ref _issued)}}","scope":"okta.apps.read okta.users.read okta.groups.read"}""");
    };

    private static HttpResponseMessage Refusal(int status, string code, string description, params (string Name, string Value)[] headers) =>
        Reply.Json($$"""{"error":"{{code}}","error_description":"{{description}}"}""", status, headers);

    private static string Assertion(string form) => HttpUtility.ParseQueryString(form)["client_assertion"]!;

    private static JsonObject VerifyProof(string proof)
    {
        JsonObject header = Decode(proof.Split('.')[0]);
        Assert.Equal(("dpop+jwt", "RS256", null), ((string?)header["typ"], (string?)header["alg"], (string?)header["kid"]));
        Assert.Equal(["e", "kty", "n"], header["jwk"]!.AsObject().Select(part => part.Key).Order());
        using var key = RSA.Create(new RSAParameters
        {
            Modulus = Base64UrlEncoder.DecodeBytes((string)header["jwk"]!["n"]!),
            Exponent = Base64UrlEncoder.DecodeBytes((string)header["jwk"]!["e"]!),
        });
        return Verify(proof, key).Claims;
    }

    private static (JsonObject Header, JsonObject Claims) Verify(string token, string pem)
    {
        using var key = RSA.Create();
        key.ImportFromPem(pem);
        return Verify(token, key);
    }

    private static (JsonObject Header, JsonObject Claims) Verify(string token, RSA key)
    {
        string[] parts = token.Split('.');
        Assert.True(key.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64UrlEncoder.DecodeBytes(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        return (Decode(parts[0]), Decode(parts[1]));
    }

    private static JsonObject Decode(string part) => JsonNode.Parse(Base64UrlEncoder.DecodeBytes(part))!.AsObject();

    private static string Sorted(JsonObject json) =>
        new JsonObject(json.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))).ToJsonString();
}
