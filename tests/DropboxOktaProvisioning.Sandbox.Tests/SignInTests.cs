namespace DropboxOktaProvisioning.Sandbox.Tests;

public sealed class SignInTests
{
    [Theory]
    [InlineData("", 403, "E0000005")]
    [InlineData("SSWS", 403, "E0000005")]
    [InlineData("SSWS ", 403, "E0000005")]
    [InlineData("Token abc", 403, "E0000005")]
    [InlineData("SSWS wrong", 401, "E0000011")]
    public async Task Okta_tells_a_badly_built_header_from_a_wrong_token(string authorization, int status, string code)
    {
        using var client = WorldClient.Of();
        var answer = await client.Okta("/api/v1/users/me", authorization: authorization);
        Assert.Equal((status, code), (answer.Status, answer.OktaCode));
        Assert.StartsWith("oae", (string)answer.Json["errorId"]!, StringComparison.Ordinal);
        Assert.NotNull(answer.Header("X-Rate-Limit-Limit"));
    }

    [Fact]
    public async Task The_token_owners_are_one_active_person()
    {
        using var client = WorldClient.Of();
        var me = (await client.Okta("/api/v1/users/me")).Json;
        var admin = (await client.Dropbox("team/token/get_authenticated_admin")).Json["admin_profile"]!;
        var person = client.World.People[0];
        Assert.Equal(person.OktaUserId, (string)me["id"]!);
        Assert.Equal(person.TeamMemberId, (string)admin["team_member_id"]!);
        Assert.Equal(SandboxStage.Active, person.Stage);
    }

    [Fact]
    public async Task A_refresh_token_gives_an_access_token_for_four_hours()
    {
        using var client = WorldClient.Of();
        var world = client.World;
        var answer = await client.Token(("grant_type", "refresh_token"), ("refresh_token", world.DropboxRefreshToken), ("client_id", world.DropboxAppKey));
        Assert.Equal(200, answer.Status);
        Assert.Equal(14400, (int)answer.Json["expires_in"]!);
        Assert.Equal("bearer", (string)answer.Json["token_type"]!);
        Assert.Equal("events.read groups.read members.read team_info.read", (string)answer.Json["scope"]!);
        Assert.Equal("", (string)answer.Json["uid"]!);
        Assert.StartsWith("dbtid:", (string)answer.Json["team_id"]!, StringComparison.Ordinal);
        Assert.Null(answer.Json["refresh_token"]);
        var bearer = "Bearer " + answer.Json["access_token"];
        world.Advance(TimeSpan.FromSeconds(14399));
        Assert.Equal(200, (await client.Dropbox("team/get_info", authorization: bearer)).Status);
        world.Advance(TimeSpan.FromSeconds(1));
        var expired = await client.Dropbox("team/get_info", authorization: bearer);
        Assert.Equal((401, "expired_access_token"), (expired.Status, expired.DropboxTag));
        Assert.Equal(200, (await client.Dropbox("team/get_info")).Status);
    }

    [Fact]
    public async Task Wrong_refreshes_are_refused_as_OAuth_says()
    {
        using var client = WorldClient.Of();
        var world = client.World;
        var right = ("refresh_token", world.DropboxRefreshToken);
        Assert.Equal("invalid_grant", await Error(("grant_type", "refresh_token"), ("refresh_token", "wrong"), ("client_id", world.DropboxAppKey)));
        Assert.Equal("invalid_client", await Error(("grant_type", "refresh_token"), right, ("client_id", "wrong")));
        Assert.Equal("invalid_client", await Error(("grant_type", "refresh_token"), right, ("client_id", world.DropboxAppKey), ("client_secret", "wrong")));
        Assert.Equal("unsupported_grant_type", await Error(("grant_type", "password"), right, ("client_id", world.DropboxAppKey)));
        Assert.Equal(200, (await client.Token(
            ("grant_type", "refresh_token"), right, ("client_id", world.DropboxAppKey), ("client_secret", world.DropboxAppSecret))).Status);
        world.DropboxIsRevoked = true;
        Assert.Equal("invalid_grant", await Error(("grant_type", "refresh_token"), right, ("client_id", world.DropboxAppKey)));

        async Task<string> Error(params (string, string)[] form)
        {
            var answer = await client.Token(form);
            Assert.Equal((400, "application/json"), (answer.Status, answer.Type));
            return (string)answer.Json["error"]!;
        }
    }

    [Fact]
    public async Task A_scope_that_is_missing_is_named()
    {
        using var client = WorldClient.Of();
        client.World.DropboxScopes = new HashSet<string> { "team_info.read" };
        var answer = await client.Dropbox("team/members/list_v2", "{}");
        Assert.Equal((401, "missing_scope", "members.read"), (answer.Status, answer.DropboxTag, (string)answer.Json["error"]!["required_scope"]!));
        Assert.Equal(200, (await client.Dropbox("team/get_info")).Status);
    }

    [Fact]
    public async Task A_wrong_or_missing_Dropbox_token_is_refused()
    {
        using var client = WorldClient.Of();
        var wrong = await client.Dropbox("team/get_info", authorization: "Bearer sl.wrong");
        Assert.Equal((401, "invalid_access_token"), (wrong.Status, wrong.DropboxTag));
        Assert.StartsWith("invalid_access_token/", (string)wrong.Json["error_summary"]!, StringComparison.Ordinal);
        var forged = client.World.DropboxAccessToken[..^1] + "!";
        Assert.Equal(401, (await client.Dropbox("team/get_info", authorization: "Bearer " + forged)).Status);
        Assert.Equal((400, "text/plain"), (await client.Dropbox("team/get_info", authorization: "")) is var none ? (none.Status, none.Type) : default);
    }

    [Fact]
    public async Task An_admin_who_left_is_told()
    {
        using var client = WorldClient.Of();
        client.World.DropboxAdminIsActive = false;
        var answer = await client.Dropbox("team/token/get_authenticated_admin");
        Assert.Equal((409, "admin_not_active"), (answer.Status, answer.DropboxTag));
    }

    [Fact]
    public async Task A_host_that_is_neither_service_is_unknown()
    {
        using var world = new ProvisioningWorld();
        using var http = new HttpClient(new SandboxHandler(world));
        var problem = await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri("https://fabrikam.okta.example/api/v1/users/me")));
        Assert.Equal(HttpRequestError.NameResolutionError, problem.HttpRequestError);
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri("http://contoso.okta.example/api/v1/users/me")));
        Assert.Empty(world.Requests);
    }
}
