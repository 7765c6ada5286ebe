using System.Text.Json.Nodes;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Tests.Http;

namespace DropboxOktaProvisioning.Engine.Tests.Okta;

public sealed class OktaClientTests
{
    private const string Base = "https://contoso.okta.com";
    private readonly Rig _rig = new();

    [Fact]
    public async Task Connecting_is_one_request_that_asks_for_one_app_with_the_token()
    {
        _rig.Network.Then(Reply.Json("[]"));
        using OktaClient client = await _rig.ConnectOktaAsync();

        Sent sent = Assert.Single(_rig.Network.Requests);
        Assert.Equal("/api/v1/apps?filter=name%20eq%20%22dropbox_for_business%22&limit=1", sent.PathAndQuery);
        Assert.Equal($"SSWS {Rig.OktaToken}", sent.Authorization);
        Assert.Equal("application/json", sent.Accept);
        Assert.Matches("^DropboxOktaProvisioning/[0-9]+[.][0-9]+[.][0-9]+$", sent.UserAgent);
        Assert.Equal(1, client.RequestCount);
        Assert.Equal(new Uri(Base), client.Origin);
    }

    [Fact]
    public async Task Apps_come_from_all_pages_with_their_numbers_exact()
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(
            Reply.Json("""[{"id":"0oa1","label":"One","settings":{"app":{"big":12345678901234567890.10}}}]""", 200, ("Link", $"<{Base}/api/v1/apps?after=x>; rel=\"next\"")),
            Reply.Json("""[{"id":"0oa2","label":"Two"}]"""));

        IReadOnlyList<OktaApp> apps = await client.GetDropboxAppsAsync(_rig.Log, default);

        Assert.Equal(["0oa1", "0oa2"], apps.Select(a => a.Id));
        Assert.Contains("12345678901234567890.10", apps[0].Json.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"id":"0oa1"},{"label":"x"}]""", "app 2 has no id")]
    [InlineData("""[{"id":"0oa1"},"x"]""", "app 2 has no id")]
    [InlineData("""[{"id":17}]""", "app 1 has no id")]
    [InlineData("""[{"id":"0oa1","label":"x","label":"y"}]""", "one member is there twice in $[0]")]
    [InlineData("""[{"id":"0oa1"},{"id":"0oa2","settings":{"app":{"a":1,"a":2}}}]""", "one member is there twice in $[1].settings.app")]
    [InlineData("""[{"id":"0oa1","credentials":[{"a":{"b":1,"b":1}}]}]""", "one member is there twice in $[0].credentials[0].a")]
    [InlineData("""[{"id":"0oa1","label":"\ud800"}]""", "$[0].label has a text with half a character")]
    [InlineData("""[{"id":"0oa1","settings":{"app":{"silent":"\ud800"}}}]""", "$[0].settings.app.silent has a text with half a character")]
    [InlineData("""[{"id":"0oa1","settings":{"\ud800":1}}]""", "$[0].settings has a text with half a character")]
    public async Task An_app_that_cannot_be_told_is_an_error_with_its_place(string body, string place)
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(Reply.Json(body));

        ServiceException error = await Assert.ThrowsAsync<ServiceException>(() => client.GetDropboxAppsAsync(null, default));

        Assert.Equal(ErrorIds.MalformedAnswer, error.ErrorId);
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task App_users_come_with_the_Okta_user_and_missing_members_are_null()
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(Reply.Json("""
            [{"id":"00u1","externalId":"dbmid:1","created":"2026-01-02T03:04:05.000Z","statusChanged":null,"scope":"GROUP","status":"PROVISIONED",
              "syncState":"DISABLED","credentials":{"userName":"a@contoso.example"},"profile":{"email":"a@contoso.example","x":[1]},"new":{"y":1},
              "_embedded":{"user":{"id":"00u1","status":"ACTIVE","profile":{"login":"a@contoso.example","email":"a@contoso.example","firstName":"Ann","lastName":null}}}},
             {"id":"00u2","externalId":"","status":"BRAND_NEW","credentials":null,"profile":{"email":null}}]
            """));

        List<OktaAppUser> users = await Rig.AllAsync(client.ListAppUsersAsync("0oa1", _rig.Log, default));

        Assert.Equal("/api/v1/apps/0oa1/users?limit=500&expand=user", Assert.Single(_rig.Network.Requests).PathAndQuery);
        Assert.Equal(new OktaAppUser
        {
            Id = "00u1", ExternalId = "dbmid:1", Scope = "GROUP", Status = "PROVISIONED", SyncState = "DISABLED",
            UserName = "a@contoso.example", Email = "a@contoso.example",
            User = new OktaUser { Id = "00u1", Status = "ACTIVE", Login = "a@contoso.example", Email = "a@contoso.example", FirstName = "Ann" },
        }, users[0]);
        Assert.Equal(new OktaAppUser { Id = "00u2", Status = "BRAND_NEW" }, users[1]);
    }

    [Fact]
    public async Task The_whole_app_is_put_as_it_was_handed_in()
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(Reply.Json("{}"));

        await client.ReplaceAppAsync("0oa1", JsonNode.Parse("""{"label":"x","n":1.50}""")!.AsObject(), _rig.Log, default);

        Sent sent = Assert.Single(_rig.Network.Requests);
        Assert.Equal(("PUT", "/api/v1/apps/0oa1", """{"label":"x","n":1.50}""", "application/json"), (sent.Method, sent.PathAndQuery, sent.Body, sent.ContentType));
    }
}
