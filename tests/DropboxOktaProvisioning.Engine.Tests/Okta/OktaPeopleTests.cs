using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Tests.Http;

namespace DropboxOktaProvisioning.Engine.Tests.Okta;

public sealed class OktaPeopleTests
{
    private const string Ann = """{"id":"00u1","status":"ACTIVE","profile":{"login":"ann@contoso.example","email":"Ann.A@contoso.example","firstName":"Ann","lastName":"A","displayName":"Ann A"}}""";
    private readonly Rig _rig = new();

    [Theory]
    [InlineData("00u1abc", "/api/v1/users/00u1abc")]
    [InlineData("ann+x@contoso.example", "/api/v1/users/ann%2Bx%40contoso.example")]
    [InlineData("ann?limit=1#x%", "/api/v1/users/ann%3Flimit%3D1%23x%25")]
    public async Task A_person_is_found_by_id_or_login_in_the_path(string idOrLogin, string path)
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(Reply.Json(Ann));

        OktaUser? user = await client.FindUserAsync(idOrLogin, _rig.Log, default);

        Assert.Equal(path, Assert.Single(_rig.Network.Requests).PathAndQuery);
        Assert.Equal("Ann A", user!.DisplayName);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("me")]
    [InlineData("..")]
    [InlineData(".")]
    public async Task A_login_that_cannot_stand_in_a_path_is_searched_for(string login)
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(Reply.Json($$$"""[{{{Ann}}},{"id":"00u2","profile":{"login":"{{{login.ToUpperInvariant()}}}"}}]"""));

        OktaUser? user = await client.FindUserAsync(login, _rig.Log, default);

        Assert.Equal($"?search=profile.login eq \"{login}\"&limit=200", Uri.UnescapeDataString(Assert.Single(_rig.Network.Requests).Address.Query));
        Assert.Equal("00u2", user!.Id);
    }

    [Fact]
    public async Task A_person_who_is_not_there_is_null()
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(
            Reply.OktaError(404, "E0000007"), Reply.OktaError(404, "E0000007", "Not found: Resource not found: 00u9 (AppUser)"), Reply.Json("[]"));

        Assert.Null(await client.FindUserAsync("nobody@contoso.example", null, default));
        Assert.Null(await client.FindAppUserAsync("0oa1", "00u9", null, default));
        Assert.Null(await client.FindUserAsync("no/body", null, default));
        Assert.Null(await client.FindUserAsync(" ", null, default));
    }

    [Fact]
    public async Task One_app_user_comes_with_the_Okta_user()
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(Reply.Json($$$"""{"id":"00u1","status":"STAGED","_embedded":{"user":{{{Ann}}}}}"""));

        OktaAppUser? user = await client.FindAppUserAsync("0oa1", "00u1", null, default);

        Assert.Equal("/api/v1/apps/0oa1/users/00u1?expand=user", Assert.Single(_rig.Network.Requests).PathAndQuery);
        Assert.Equal(("STAGED", "Ann"), (user!.Status, user.User!.FirstName));
    }

    [Fact]
    public async Task An_address_is_searched_in_quotes_and_matched_again_without_regard_to_case()
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(Reply.Json($$$"""[{{{Ann}}},{"id":"00u2","profile":{"login":"ANN.A@contoso.example","email":null}},{"id":"00u3","profile":{"login":"x@contoso.example"}}]"""));

        IReadOnlyList<OktaUser> users = await client.FindUsersByEmailAsync(["ann.a@contoso.example"], null, default);

        Assert.Equal(["00u1", "00u2"], users.Select(u => u.Id));
    }

    [Theory]
    [InlineData(45, 5, 3)]
    [InlineData(45, 200, 15)]
    [InlineData(3, 2000, 3)]
    public async Task Many_addresses_are_searched_in_expressions_that_stay_short(int people, int length, int searches)
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Otherwise = _ => Reply.Json("[]");
        string[] emails = [.. Enumerable.Range(10, people).Select(i => new string('a', length - 2) + i + "@contoso.example")];

        await client.FindUsersByEmailAsync(emails, null, default);

        Assert.Equal(searches, _rig.Network.Requests.Count);
        string all = string.Join('\n', _rig.Network.Requests.Select(r => Uri.UnescapeDataString(r.Address.Query)));
        Assert.All(emails, email => Assert.Contains($"profile.email eq \"{email}\" or profile.login eq \"{email}\"", all, StringComparison.Ordinal));
        if (length < 1000) Assert.All(_rig.Network.Requests, r => Assert.InRange(r.Address.Query.Length, 1, 2100));
    }

    [Fact]
    public async Task A_quote_and_a_backslash_cannot_leave_the_search()
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(Reply.Json("[]"), Reply.Json("[]"));

        await client.FindUsersByEmailAsync(["a\" or id pr or \\"], null, default);
        await client.FindGroupsAsync("R&D \"x\"", null, default);

        Assert.Equal(
            ["?search=profile.email eq \"a\\\" or id pr or \\\\\" or profile.login eq \"a\\\" or id pr or \\\\\"&limit=200",
             "?search=profile.name eq \"R&D \\\"x\\\"\"&limit=200"],
            _rig.Network.Requests.Select(r => Uri.UnescapeDataString(r.Address.Query)));
        Assert.DoesNotContain("R&D", _rig.Network.Requests[1].PathAndQuery, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Groups_are_matched_by_their_whole_name_over_all_pages()
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(
            Reply.Json("""[{"id":"00g1","type":"OKTA_GROUP","profile":{"name":"Sales"}},{"id":"00g2","profile":{"name":"Sales EU"}}]""", 200,
                ("Link", "<https://contoso.okta.com/api/v1/groups?after=1>; rel=\"next\"")),
            Reply.Json("""[{"id":"00g3","type":"APP_GROUP","profile":{"name":"SALES"}},{"id":"00g4","profile":null}]"""));

        Assert.Equal(
            [new OktaGroup("00g1", "Sales", "OKTA_GROUP"), new OktaGroup("00g3", "SALES", "APP_GROUP")], await client.FindGroupsAsync("sales", null, default));
    }

    [Fact]
    public async Task A_group_is_found_by_id_and_by_name_where_no_group_has_that_id()
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(
            Reply.Json("""{"id":"00g1","profile":{"name":"Sales"}}"""), Reply.OktaError(404, "E0000007"), Reply.Json("""[{"id":"00g2","profile":{"name":"00gift"}}]"""));

        Assert.Equal("Sales", Assert.Single(await client.FindGroupsAsync("00g1", null, default)).Name);
        Assert.Equal("00g2", Assert.Single(await client.FindGroupsAsync("00gift", null, default)).Id);
    }

    [Fact]
    public async Task A_groups_people_come_in_pages_of_200_and_a_missing_group_is_GroupNotFound()
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(Reply.Json($"[{Ann}]"), Reply.OktaError(404, "E0000007"));

        Assert.Equal("00u1", Assert.Single(await Rig.AllAsync(client.ListGroupUsersAsync("00g1", null, default))).Id);
        Assert.Equal("/api/v1/groups/00g1/users?limit=200", _rig.Network.Requests[0].PathAndQuery);
        Assert.Equal(ErrorIds.GroupNotFound, (await Assert.ThrowsAnyAsync<ProvisioningException>(() => Rig.AllAsync(client.ListGroupUsersAsync("00g9", null, default)))).ErrorId);
        Assert.Equal(ErrorIds.GroupNotFound, Assert.Throws<ProvisioningException>(() => client.ListGroupUsersAsync("no group", null, default)).ErrorId);
    }

    [Fact]
    public async Task App_groups_come_with_their_names_where_the_answer_has_them()
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(Reply.Json("""[{"id":"00g1","_embedded":{"group":{"id":"00g1","type":"OKTA_GROUP","profile":{"name":"Sales"}}}},{"id":"00g2","priority":0}]"""));

        List<OktaGroup> groups = await Rig.AllAsync(client.ListAppGroupsAsync("0oa1", null, default));

        Assert.Equal("/api/v1/apps/0oa1/groups?limit=200&expand=group", Assert.Single(_rig.Network.Requests).PathAndQuery);
        Assert.Equal([new OktaGroup("00g1", "Sales", "OKTA_GROUP"), new OktaGroup("00g2", "", null)], groups);
    }
}
