using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace DropboxOktaProvisioning.Sandbox.Tests;

/// <summary>The team's authorize page and the exchange of its codes, spoken to by hand.</summary>
public sealed class CodeExchangeTests : IDisposable
{
    private const string Verifier = "a-verifier-of-forty-three-letters-or-more-0123456789";
    private readonly ProvisioningWorld _world = new(new SandboxOptions { UserCount = 60 });
    private readonly HttpClient _http;

    public CodeExchangeTests() => _http = new HttpClient(new SandboxHandler(_world)) { BaseAddress = _world.DropboxOrigin };

    public void Dispose()
    {
        _http.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task A_code_with_its_verifier_gives_a_refresh_token_of_its_own_with_just_the_scopes_asked_for()
    {
        var answer = await ExchangeAsync(await CodeAsync("team_info.read"));
        Assert.Equal(("team_info.read", true), ((string?)answer.Json["scope"], answer.Json["team_id"] is not null));
        var refresh = (string)answer.Json["refresh_token"]!;
        Assert.NotEqual(_world.DropboxRefreshToken, refresh);

        var renewed = await PostAsync(new() { ["grant_type"] = "refresh_token", ["refresh_token"] = refresh, ["client_id"] = _world.DropboxAppKey });
        Assert.Equal(("team_info.read", null), ((string?)renewed.Json["scope"], (string?)renewed.Json["refresh_token"]));
        Assert.Equal(200, await CallAsync("team/get_info", (string)renewed.Json["access_token"]!, "null"));
        Assert.Equal(401, await CallAsync("team/members/list_v2", (string)renewed.Json["access_token"]!, "{}"));
        Assert.Equal(200, await CallAsync("team/members/list_v2", _world.DropboxAccessToken, "{}"));
    }

    [Theory]
    [InlineData("code", "another")]
    [InlineData("client_id", "another")]
    [InlineData("code_verifier", "another-verifier-of-forty-three-letters-or-more-01")]
    [InlineData("redirect_uri", "http://127.0.0.1:2/")]
    [InlineData("redirect_uri", null)]
    public async Task What_does_not_fit_is_refused_and_the_code_is_gone(string field, string? value)
    {
        var code = await CodeAsync("team_info.read");
        Assert.Equal(400, (await ExchangeAsync(code, field, value)).Status);
        var again = await ExchangeAsync(code);
        // A code that was never named was never tried.
        Assert.Equal(field is "code" or "client_id" ? 200 : 400, again.Status);
    }

    [Fact]
    public async Task The_fields_may_also_stand_in_the_query()
    {
        using var nothing = new StringContent("", Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync($"/oauth2/token?grant_type=refresh_token&client_id={_world.DropboxAppKey}&refresh_token={_world.DropboxRefreshToken}", nothing);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_route_without_an_argument_takes_no_body_where_no_type_promises_one()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/2/team/get_info") { Headers = { Authorization = new("Bearer", _world.DropboxAccessToken) } };
        using var answer = await _http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_code_is_good_for_one_time()
    {
        var code = await CodeAsync("team_info.read");
        Assert.Equal(200, (await ExchangeAsync(code)).Status);
        Assert.Equal((400, "invalid_grant"), (await ExchangeAsync(code)) is var again ? (again.Status, (string?)again.Json["error"]) : default);
    }

    [Fact]
    public async Task Without_a_redirect_the_page_shows_the_code()
    {
        using var page = await _http.GetAsync(Authorize("team_info.read", redirect: null));
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Contains("sandbox-code-", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DropboxConsent.Denied, "error=access_denied", "state=s1")]
    [InlineData(DropboxConsent.OtherState, "code=", "state=somebody-elses")]
    public async Task A_person_may_refuse_and_somebody_may_meddle(DropboxConsent consent, string has, string state)
    {
        _world.DropboxConsent = consent;
        using var answer = await _http.GetAsync(Authorize("team_info.read"));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Contains(has, answer.Headers.Location!.Query, StringComparison.Ordinal);
        Assert.Contains(state, answer.Headers.Location.Query, StringComparison.Ordinal);
    }

    private static string Challenge => Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private string Authorize(string scope, string? redirect = "http://127.0.0.1:1/") =>
        $"/oauth2/authorize?client_id={_world.DropboxAppKey}&response_type=code&token_access_type=offline&code_challenge_method=S256&code_challenge={Challenge}&scope={scope}&state=s1"
        + (redirect is null ? "" : $"&redirect_uri={Uri.EscapeDataString(redirect)}");

    private async Task<string> CodeAsync(string scope)
    {
        using var answer = await _http.GetAsync(Authorize(scope));
        return answer.Headers.Location!.Query.Split("code=")[1].Split('&')[0];
    }

    private Task<(int Status, JsonObject Json)> ExchangeAsync(string code, string? field = null, string? value = null)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code", ["code"] = code, ["client_id"] = _world.DropboxAppKey, ["code_verifier"] = Verifier, ["redirect_uri"] = "http://127.0.0.1:1/",
        };
        if (field is not null && value is null) form.Remove(field);
        else if (field is not null) form[field] = value!;
        return PostAsync(form);
    }

    private async Task<(int Status, JsonObject Json)> PostAsync(Dictionary<string, string> form)
    {
        using var content = new FormUrlEncodedContent(form);
        using var answer = await _http.PostAsync("/oauth2/token", content);
        return ((int)answer.StatusCode, (JsonObject)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    private async Task<int> CallAsync(string route, string token, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/2/" + route) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Bearer", token);
        using var answer = await _http.SendAsync(request);
        return (int)answer.StatusCode;
    }
}
