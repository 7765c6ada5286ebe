using System.Text.Json.Nodes;
using CsCheck;

namespace DropboxOktaProvisioning.Sandbox.Tests;

public sealed class PagingTests
{
    [Fact]
    public void App_users_come_exactly_once_at_every_page_size() => Gen.Int[1, 500].Sample(limit =>
    {
        using var client = WorldClient.Of(300);
        var (items, pages) = client.OktaList($"{client.AppPath}/users?limit={limit}&expand=user").GetAwaiter().GetResult();
        Assert.Equal(AssignedIds(client.World), Ids(items));
        Assert.All(pages.SkipLast(1), size => Assert.Equal(limit, size));
        Assert.Equal((items.Count + limit - 1) / limit, pages.Count);
    }, iter: 25);

    [Fact]
    public void Members_come_exactly_once_at_every_page_size() => Gen.Select(Gen.Int[1, 1000], Gen.Bool).Sample((limit, removed) =>
    {
        using var client = WorldClient.Of(300);
        var (items, pages) = client.Members(limit, removed).GetAwaiter().GetResult();
        var expected = client.World.People.Where(person => person.TeamMemberId is not null && (removed || person.Stage != SandboxStage.Removed));
        Assert.Equal(
            expected.Select(person => person.TeamMemberId!).Order(StringComparer.Ordinal),
            items.Select(item => (string)item["profile"]!["team_member_id"]!).Order(StringComparer.Ordinal));
        Assert.All(pages.SkipLast(1), size => Assert.Equal(limit, size));
    }, iter: 25);

    [Theory]
    [InlineData("/api/v1/users?limit=", 1, 7, 200)]
    [InlineData("/api/v1/groups?limit=", 1, 3, 200)]
    public async Task Users_and_groups_come_exactly_once(string path, params int[] limits)
    {
        using var client = WorldClient.Of(60);
        var all = Ids((await client.OktaList(path + 200)).Items);
        foreach (var limit in limits)
        {
            var items = (await client.OktaList(path + limit)).Items;
            Assert.Equal(items.Count, items.Select(item => (string)item["id"]!).Distinct().Count());
            Assert.Equal(all, Ids(items));
        }
    }

    [Fact]
    public async Task Everyone_holds_everybody_with_an_Okta_user_and_the_scope_group_all_but_the_unmanaged()
    {
        using var client = WorldClient.Of(300);
        var groups = (await client.OktaList("/api/v1/groups")).Items;
        Assert.Equal(IdsOf(client.World, person => true), Ids(await Users("Everyone")));
        Assert.Equal(IdsOf(client.World, person => person.Stage != SandboxStage.Unmanaged), Ids(await Users("All Dropbox Users")));
        Assert.Empty(await Users("Contractors"));
        Assert.NotEmpty(await Users("Engineering"));

        async Task<List<JsonNode>> Users(string name)
        {
            var id = (string)groups.Single(group => (string)group["profile"]!["name"]! == name)["id"]!;
            return (await client.OktaList($"/api/v1/groups/{id}/users?limit=13")).Items;
        }
    }

    [Fact]
    public async Task Pages_without_a_limit_have_the_documented_sizes()
    {
        using var client = WorldClient.Of(1500);
        Assert.Equal(50, (await client.Okta(client.AppPath + "/users")).Json.AsArray().Count);
        Assert.Equal(200, (await client.Okta("/api/v1/users")).Json.AsArray().Count);
        Assert.Equal(10, (await client.Okta("/api/v1/users?q=a")).Json.AsArray().Count);
        Assert.Equal(1000, (await client.Dropbox("team/members/list_v2", "{}")).Json["members"]!.AsArray().Count);
        var everyone = (string)(await client.Okta("/api/v1/groups?q=Everyone")).Json[0]!["id"]!;
        Assert.Equal(1000, (await client.Okta($"/api/v1/groups/{everyone}/users")).Json.AsArray().Count);
    }

    [Fact]
    public async Task Self_and_next_are_two_headers_and_the_last_page_has_no_next()
    {
        using var client = WorldClient.Of();
        var first = await client.Okta(client.AppPath + "/users?limit=100&q=");
        var links = first.Header("Link")!.Split('|');
        Assert.Equal(2, links.Length);
        Assert.EndsWith("rel=\"self\"", links[0], StringComparison.Ordinal);
        Assert.StartsWith(client.World.OktaOrigin + "api/v1/apps/", first.Next!, StringComparison.Ordinal);
        Assert.Contains("limit=100", first.Next!, StringComparison.Ordinal);
        var last = await client.Okta(client.AppPath + "/users?limit=500");
        Assert.Null(last.Next);
    }

    [Fact]
    public async Task What_was_asked_for_holds_on_every_page()
    {
        using var client = WorldClient.Of();
        var appUsers = (await client.OktaList(client.AppPath + "/users?expand=user&limit=30")).Items;
        Assert.All(appUsers, appUser => Assert.NotNull(appUser["_embedded"]!["user"]));
        var search = Uri.EscapeDataString("profile.lastName sw \"S\" or profile.lastName sw \"M\"");
        var found = (await client.OktaList("/api/v1/users?limit=3&search=" + search)).Items.Select(user => (string)user["profile"]!["lastName"]!).ToList();
        Assert.True(found.Count > 6);
        Assert.All(found, name => Assert.True(name[0] is 'S' or 'M'));
        Assert.Equal(Ids((await client.OktaList("/api/v1/users?search=" + search)).Items), Ids((await client.OktaList("/api/v1/users?limit=3&search=" + search)).Items));
    }

    [Fact]
    public async Task A_cursor_of_another_list_or_made_by_hand_is_refused()
    {
        using var client = WorldClient.Of();
        var next = (await client.Okta("/api/v1/users?limit=5")).Next!;
        var after = next[(next.IndexOf("after=", StringComparison.Ordinal) + 6)..].Split('&')[0];
        Assert.Equal("E0000001", (await client.Okta($"{client.AppPath}/users?after={after}")).OktaCode);
        Assert.Equal(400, (await client.Okta(client.AppPath + "/users?after=100")).Status);
        foreach (var cursor in new[] { after, "x", new string('A', 27), "" })
        {
            var answer = await client.Dropbox("team/members/list/continue_v2", $$"""{"cursor":"{{cursor}}"}""");
            Assert.Equal((409, "invalid_cursor"), (answer.Status, answer.DropboxTag));
        }
    }

    [Fact]
    public async Task Who_is_added_between_two_pages_comes_at_the_end_and_nobody_is_lost()
    {
        using var client = WorldClient.Of();
        var before = AssignedIds(client.World);
        var first = await client.Okta(client.AppPath + "/users?limit=100");
        client.World.AddPerson("late@contoso.example", "Late", "Comer");
        client.World.Assign("late@contoso.example");
        var rest = (await client.OktaList(first.Next!)).Items;
        Assert.Equal(before.Count + 1, 100 + rest.Count);
        Assert.Equal("late@contoso.example", (string)rest[^1]["credentials"]!["userName"]!);
    }

    private static List<string> AssignedIds(ProvisioningWorld world) =>
        IdsOf(world, person => person.Stage is not (SandboxStage.NotAssigned or SandboxStage.Unmanaged));

    private static List<string> IdsOf(ProvisioningWorld world, Func<SandboxPerson, bool> where) =>
        [.. world.People.Where(where).Select(person => person.OktaUserId!).Where(id => id is not null).Order(StringComparer.Ordinal)];

    private static List<string> Ids(IEnumerable<JsonNode> items) => [.. items.Select(item => (string)item["id"]!).Order(StringComparer.Ordinal)];
}
