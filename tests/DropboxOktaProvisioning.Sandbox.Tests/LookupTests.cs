using System.Text.Json.Nodes;

namespace DropboxOktaProvisioning.Sandbox.Tests;

public sealed class LookupTests
{
    [Fact]
    public async Task Search_finds_by_login_and_several_by_or_and_a_domain_by_co()
    {
        using var client = WorldClient.Of(300);
        var people = client.World.People.Where(person => person.OktaUserId is not null).ToList();
        Assert.Equal([people[5].OktaUserId!], await Search($"profile.login eq \"{people[5].Email}\""));
        Assert.Equal(
            new[] { people[5].OktaUserId, people[9].OktaUserId }.Order(),
            (await Search($"profile.email eq \"{people[9].Email}\" or profile.email eq \"{people[5].Email}\" or profile.email eq \"nobody@x.example\"")).Order());
        Assert.Equal(people.Count, (await Search("profile.email co \"@CONTOSO.example\"")).Count);
        Assert.Empty(await Search("profile.email co \"@fabrikam.example\""));
        Assert.Equal(
            people.Count(person => person.Case is SandboxCase.OktaSuspended or SandboxCase.OktaLockedOut),
            (await Search("(status eq \"SUSPENDED\" or status eq \"LOCKED_OUT\") and profile.login sw \"\"")).Count);
        Assert.Empty(await Search($"profile.login eq \"{people[5].Email}\" and profile.login eq \"{people[6].Email}\""));

        async Task<List<string>> Search(string expression) =>
            [.. (await client.OktaList("/api/v1/users?limit=50&search=" + Uri.EscapeDataString(expression))).Items.Select(item => (string)item["id"]!)];
    }

    [Fact]
    public async Task Q_finds_by_the_beginning_of_a_name_or_an_address()
    {
        using var client = WorldClient.Of(300);
        var active = client.World.People.First(person => person.Stage == SandboxStage.Active);
        var free = client.World.People.First(person => person.Stage == SandboxStage.NotAssigned);
        foreach (var list in new[] { client.AppPath + "/users", "/api/v1/users" })
        {
            Assert.Equal(active.OktaUserId, (string)Assert.Single(await Find(list, active.Email.ToUpperInvariant()))["id"]!);
            var several = await Find(list, active.Email[..2]);
            Assert.Contains(several, item => (string)item["id"]! == active.OktaUserId);
            Assert.All(several, item => Assert.Contains(
                new[] { "firstName", "lastName", "email" }, name => ((string)item["profile"]![name]!).StartsWith(active.Email[..2], StringComparison.OrdinalIgnoreCase)));
        }

        Assert.Empty(await Find(client.AppPath + "/users", free.Email));
        Assert.Single(await Find("/api/v1/users", free.Email));

        async Task<List<JsonNode>> Find(string list, string q) => (await client.OktaList($"{list}?limit=3&q={Uri.EscapeDataString(q)}")).Items;
    }

    [Fact]
    public async Task A_name_can_match_two_groups()
    {
        using var client = WorldClient.Of();
        Assert.Equal(2, (await client.Okta("/api/v1/groups?search=" + Uri.EscapeDataString("profile.name eq \"marketing\""))).Json.AsArray().Count);
        var engineering = (await client.Okta("/api/v1/groups?search=" + Uri.EscapeDataString("profile.name eq \"Engineering\""))).Json.AsArray();
        Assert.Equal("Engineering", (string)Assert.Single(engineering)!["profile"]!["name"]!);
        Assert.Equal(2, (await client.Okta("/api/v1/groups?q=Eng")).Json.AsArray().Count);
        Assert.Equal("Engineering", (string)(await client.Okta("/api/v1/groups/" + engineering[0]!["id"])).Json["profile"]!["name"]!);
    }

    [Fact]
    public async Task App_users_embed_the_user_only_when_asked()
    {
        using var client = WorldClient.Of();
        var person = client.World.People.First(candidate => candidate.Stage == SandboxStage.Active);
        var plain = (await client.Okta($"{client.AppPath}/users/{person.OktaUserId}")).Json;
        Assert.Null(plain["_embedded"]);
        var full = (await client.Okta($"{client.AppPath}/users/{person.OktaUserId}?expand=user")).Json;
        Assert.Equal(person.Email, (string)full["_embedded"]!["user"]!["profile"]!["login"]!);
        Assert.Equal("ACTIVE", (string)full["_embedded"]!["user"]!["status"]!);
    }

    [Fact]
    public async Task Members_are_found_by_id_external_id_and_address_in_any_case_and_the_rest_is_not_found()
    {
        using var client = WorldClient.Of(400);
        var person = client.World.People.First(candidate => candidate.Stage == SandboxStage.AwaitingActivation && candidate.ExternalId is not null);
        var body = new JsonObject
        {
            ["members"] = new JsonArray(
                Selector("team_member_id", person.TeamMemberId!),
                Selector("email", client.World.People[0].Email.ToUpperInvariant()),
                Selector("external_id", person.OktaUserId!),
                Selector("email", "nobody@contoso.example")),
        };
        var infos = (await client.Dropbox("team/members/get_info_v2", body.ToJsonString())).Json["members_info"]!.AsArray();
        Assert.Equal(["member_info", "member_info", "member_info", "id_not_found"], infos.Select(info => (string)info![".tag"]!));
        Assert.Equal(person.TeamMemberId, (string)infos[0]!["profile"]!["team_member_id"]!);
        Assert.Equal(client.World.People[0].TeamMemberId, (string)infos[1]!["profile"]!["team_member_id"]!);
        Assert.Equal(person.TeamMemberId, (string)infos[2]!["profile"]!["team_member_id"]!);
        Assert.Equal("nobody@contoso.example", (string)infos[3]!["id_not_found"]!);
    }

    [Fact]
    public async Task Members_have_each_state_with_its_own_times()
    {
        using var client = WorldClient.Of(400);
        var members = (await client.Members()).Items.Select(item => item["profile"]!.AsObject()).ToList();
        Assert.Equal(["active", "invited", "removed", "suspended"], members.Select(Tag).Distinct().Order(StringComparer.Ordinal));
        Assert.All(members, member =>
        {
            Assert.Equal(Tag(member) == "invited", member.ContainsKey("invited_on"));
            Assert.Equal(Tag(member) == "suspended", member.ContainsKey("suspended_on"));
            Assert.Equal(Tag(member) != "invited", member.ContainsKey("joined_on"));
            Assert.Equal(Tag(member) == "removed", member["status"]!.AsObject().ContainsKey("is_disconnected"));
        });
        Assert.Contains(members, member => (bool?)member["status"]!["is_disconnected"] == true);
        Assert.Contains(members, member => (bool?)member["status"]!["is_recoverable"] == true);
        Assert.Contains(members, member => ((string)member["email"]!).Any(char.IsUpper));
        Assert.Contains(members, member => member["secondary_emails"]!.AsArray().Count == 1 && ((string)member["email"]!).EndsWith("@mail.contoso.example", StringComparison.Ordinal));
        Assert.Contains(members, member => (string)member["name"]!["display_name"]! == "");
        Assert.Contains(members, member => !member.ContainsKey("account_id"));
        Assert.All(members, member => Assert.Equal(-1, ((string)member["name"]!["display_name"]!).IndexOfAny(['<', '>', '"', '/'])));

        static string Tag(JsonObject member) => (string)member["status"]![".tag"]!;
    }

    [Fact]
    public async Task A_removed_member_can_be_recovered_for_seven_days()
    {
        using var client = WorldClient.Of(400);
        Assert.NotEqual(0, await Recoverable());
        client.World.Advance(TimeSpan.FromDays(7));
        Assert.Equal(0, await Recoverable());

        async Task<int> Recoverable() => (await client.Members()).Items.Count(item => (bool?)item["profile"]!["status"]!["is_recoverable"] == true);
    }

    [Fact]
    public async Task The_team_counts_who_is_active_or_invited()
    {
        using var client = WorldClient.Of(300);
        var info = (await client.Dropbox("team/get_info")).Json;
        var counted = (await client.Members()).Items.Count(item => (string)item["profile"]!["status"]![".tag"]! is "active" or "invited");
        Assert.Equal(counted, (int)info["num_provisioned_users"]!);
        Assert.True((int)info["num_licensed_users"]! > counted);
    }

    [Fact]
    public async Task The_tile_is_on_the_dashboard_of_who_is_assigned()
    {
        using var client = WorldClient.Of();
        var active = client.World.People.First(person => person.Stage == SandboxStage.Active);
        var free = client.World.People.First(person => person.Stage == SandboxStage.NotAssigned);
        var link = Assert.Single((await client.Okta($"/api/v1/users/{active.OktaUserId}/appLinks")).Json.AsArray())!;
        Assert.Equal("dropbox_for_business", (string)link["appName"]!);
        Assert.False((bool)link["hidden"]!);
        Assert.Equal((string)(await client.Okta(client.AppPath)).Json["_links"]!["appLinks"]![0]!["href"]!, (string)link["linkUrl"]!);
        Assert.Empty((await client.Okta($"/api/v1/users/{free.OktaUserId}/appLinks")).Json.AsArray());
        client.World.App.IsTileHidden = true;
        Assert.True((bool)(await client.Okta($"/api/v1/users/{active.OktaUserId}/appLinks")).Json[0]!["hidden"]!);
    }

    private static JsonObject Selector(string tag, string value) => new() { [".tag"] = tag, [tag] = value };
}
