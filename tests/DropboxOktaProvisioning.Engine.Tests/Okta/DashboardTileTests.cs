using System.Text.Json.Nodes;
using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning.Engine.Tests.Okta;

public sealed class DashboardTileTests
{
    private const string Links = """[{"name":"login","href":"https://contoso.okta.example/home/dropbox_for_business/0oa1/2"}]""";

    [Theory]
    [InlineData("ACTIVE", """{"hide":{"iOS":false,"web":false},"appLinks":{"login":true}}""", Links, true)]
    [InlineData("INACTIVE", """{"hide":{"iOS":false,"web":false},"appLinks":{"login":true}}""", Links, false)]
    [InlineData("ACTIVE", """{"hide":{"iOS":false,"web":true},"appLinks":{"login":true}}""", Links, false)]
    [InlineData("ACTIVE", """{"hide":{"web":false},"appLinks":{"login":false}}""", Links, false)]
    [InlineData("ACTIVE", "null", Links, true)]
    [InlineData("ACTIVE", """{"hide":{"web":false}}""", "[]", false)]
    [InlineData("ACTIVE", """{"hide":{"web":false}}""", """[{"name":"x","href":"javascript:alert(1)"}]""", false)]
    [InlineData("ACTIVE", "[]", Links, true)]
    [InlineData("ACTIVE", "{\"hide\":\"web\"}", Links, true)]
    [InlineData("ACTIVE", "null", "\"x\"", false)]
    [InlineData("ACTIVE", "null", "[\"x\",7,null,{\"href\":7}]", false)]
    public void The_tile_has_an_address_only_where_people_really_see_it(string status, string visibility, string links, bool visible)
    {
        var app = new OktaApp(JsonNode.Parse($$$"""{"id":"0oa1","status":"{{{status}}}","visibility":{{{visibility}}},"_links":{"appLinks":{{{links}}}}}""")!.AsObject());
        Assert.Equal(visible ? new Uri("https://contoso.okta.example/home/dropbox_for_business/0oa1/2") : null, DashboardTile.Of(app));
    }
}
