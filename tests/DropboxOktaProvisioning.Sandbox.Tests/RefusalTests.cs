namespace DropboxOktaProvisioning.Sandbox.Tests;

public sealed class RefusalTests
{
    [Theory]
    [InlineData("/api/v1/apps?limit=201")]
    [InlineData("/api/v1/apps?limit=0")]
    [InlineData("{app}/users?limit=501")]
    [InlineData("{app}/users?limit=0")]
    [InlineData("{app}/groups?limit=19")]
    [InlineData("{app}/groups?limit=201")]
    [InlineData("/api/v1/users?limit=201")]
    [InlineData("/api/v1/users?limit=many")]
    [InlineData("/api/v1/groups?limit=10001")]
    [InlineData("{group}/users?limit=1001")]
    public async Task Okta_refuses_a_limit_out_of_range_and_names_it(string path)
    {
        using var client = WorldClient.Of();
        var group = (string)(await client.Okta("/api/v1/groups?q=Sales")).Json[0]!["id"]!;
        var answer = await client.Okta(path.Replace("{app}", client.AppPath, StringComparison.Ordinal).Replace("{group}", "/api/v1/groups/" + group, StringComparison.Ordinal));
        Assert.Equal((400, "E0000001"), (answer.Status, answer.OktaCode));
        Assert.StartsWith("limit:", (string)answer.Json["errorCauses"]![0]!["errorSummary"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/api/v1/apps/0oaunknown", 404, "E0000007")]
    [InlineData("GET", "/api/v1/users/nobody@contoso.example", 404, "E0000007")]
    [InlineData("GET", "/api/v1/groups/00gunknown", 404, "E0000007")]
    [InlineData("GET", "{app}/users/00uunknown", 404, "E0000007")]
    [InlineData("GET", "/api/v2/users", 404, "E0000008")]
    [InlineData("GET", "/api/v1/nothing", 404, "E0000008")]
    [InlineData("DELETE", "{app}", 405, "E0000022")]
    [InlineData("GET", "/api/v1/users?search=profile.shoeSize eq \"1\"", 400, "E0000031")]
    [InlineData("GET", "/api/v1/users?search=profile.email ew \"x\"", 400, "E0000031")]
    [InlineData("GET", "/api/v1/users?search=status co \"A\"", 400, "E0000031")]
    [InlineData("GET", "/api/v1/users?search=profile.email eq", 400, "E0000031")]
    [InlineData("GET", "/api/v1/users?filter=(status eq \"ACTIVE\"", 400, "E0000053")]
    [InlineData("GET", "/api/v1/apps?filter=name sw \"drop\"", 400, "E0000053")]
    public async Task Okta_refuses_what_it_does_not_know(string method, string path, int status, string code)
    {
        using var client = WorldClient.Of();
        var answer = await client.Okta(path.Replace("{app}", client.AppPath, StringComparison.Ordinal), method);
        Assert.Equal((status, code), (answer.Status, answer.OktaCode));
    }

    [Theory]
    [InlineData("{\"id\":", "E0000003")]
    [InlineData("[]", "E0000003")]
    [InlineData("{}", "E0000001")]
    [InlineData("{\"id\":\"00uunknown\"}", "E0000007")]
    public async Task Okta_refuses_an_assignment_it_cannot_read(string body, string code)
    {
        using var client = WorldClient.Of();
        Assert.Equal(code, (await client.Okta(client.AppPath + "/users", "POST", body)).OktaCode);
    }

    [Fact]
    public async Task Okta_refuses_mapped_attributes_and_deprovisioned_people()
    {
        using var client = WorldClient.Of();
        var free = client.World.People.First(person => person.Stage == SandboxStage.NotAssigned);
        var mapped = await client.Okta(client.AppPath + "/users", "POST", $$$"""{"id":"{{{free.OktaUserId}}}","profile":{"email":"x@example.com"}}""");
        Assert.Equal((403, "E0000075"), (mapped.Status, mapped.OktaCode));
        var gone = client.World.People.First(person => person.Case == SandboxCase.OktaDeprovisioned);
        var refused = await client.Okta(client.AppPath + "/users", "POST", $$"""{"id":"{{gone.OktaUserId}}"}""");
        Assert.Equal((403, "E0000038"), (refused.Status, refused.OktaCode));
        Assert.Equal(SandboxStage.NotAssigned, client.World.People.First(person => person.Email == free.Email).Stage);
    }

    [Theory]
    [InlineData("team/get_info", null)]
    [InlineData("team/get_info", "{}")]
    [InlineData("team/get_info", "{")]
    [InlineData("team/token/get_authenticated_admin", null)]
    [InlineData("team/members/list_v2", null)]
    [InlineData("team/members/list_v2", "null")]
    [InlineData("team/members/list_v2", "[]")]
    [InlineData("team/members/list_v2", "{\"limit\":0}")]
    [InlineData("team/members/list_v2", "{\"limit\":1001}")]
    [InlineData("team/members/list_v2", "{\"limit\":\"10\"}")]
    [InlineData("team/members/list_v2", "{\"include_removed\":1}")]
    [InlineData("team/members/list_v2", "{\"cursor\":\"x\"}")]
    [InlineData("team/members/list/continue_v2", "{}")]
    [InlineData("team/members/list/continue_v2", "{\"cursor\":\"x\",\"limit\":10}")]
    [InlineData("team/members/get_info_v2", "{}")]
    [InlineData("team/members/get_info_v2", "{\"members\":[\"a@contoso.example\"]}")]
    [InlineData("team/members/get_info_v2", "{\"members\":[{\".tag\":\"phone\",\"phone\":\"1\"}]}")]
    public async Task Dropbox_refuses_a_wrong_argument_in_plain_text(string route, string? body)
    {
        using var client = WorldClient.Of();
        var answer = await client.Dropbox(route, body);
        Assert.Equal((400, "text/plain"), (answer.Status, answer.Type));
        Assert.StartsWith($"Error in call to API function \"{route}\": ", answer.Body, StringComparison.Ordinal);
        Assert.NotNull(answer.Header("X-Dropbox-Request-Id"));
        if (body is null) Assert.EndsWith("could not decode input as JSON", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dropbox_refuses_another_content_type_an_unknown_route_and_a_batch_over_100()
    {
        using var client = WorldClient.Of();
        Assert.Equal(400, (await client.Dropbox("team/get_info", contentType: "application/octet-stream")).Status);
        Assert.Equal(404, (await client.Dropbox("team/members/add_v9")).Status);
        var selectors = string.Join(',', Enumerable.Repeat("""{".tag":"email","email":"a@contoso.example"}""", 101));
        Assert.Equal(400, (await client.Dropbox("team/members/get_info_v2", $$"""{"members":[{{selectors}}]}""")).Status);
    }
}
