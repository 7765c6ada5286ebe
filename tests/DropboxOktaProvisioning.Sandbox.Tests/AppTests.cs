using System.Text.Json;
using System.Text.Json.Nodes;

namespace DropboxOktaProvisioning.Sandbox.Tests;

public sealed class AppTests
{
    private const string ByName = "/api/v1/apps?filter=name%20eq%20%22dropbox_for_business%22";

    [Fact]
    public async Task The_app_is_found_by_its_catalog_key_among_others()
    {
        using var client = WorldClient.Of();
        Assert.True((await client.Okta("/api/v1/apps")).Json.AsArray().Count > 1);
        var app = Assert.Single((await client.Okta(ByName)).Json.AsArray())!;
        Assert.Equal(client.World.App.Id, (string)app["id"]!);
        Assert.Equal(2, (await client.Okta("/api/v1/apps?q=drop")).Json.AsArray().Count);
        Assert.Contains("PUSH_NEW_USERS", app["features"]!.AsArray().Select(feature => (string)feature!));
        client.World.AddSecondApp();
        Assert.Equal(2, (await client.Okta(ByName)).Json.AsArray().Count);
    }

    [Fact]
    public async Task The_switch_is_off_at_the_start_under_a_key_that_holds_silent_and_differs_by_seed()
    {
        var names = new HashSet<string>();
        for (var seed = 0; seed < 30; seed++)
        {
            using var client = WorldClient.Of(1, seed);
            var settings = (await client.Okta(client.AppPath)).Json["settings"]!["app"]!.AsObject();
            var key = Assert.Single(settings, setting => setting.Key.Contains("silent", StringComparison.OrdinalIgnoreCase)).Key;
            Assert.Equal(JsonValueKind.False, settings[key]!.GetValueKind());
            names.Add(key);
        }

        Assert.True(names.Count >= 3);
    }

    [Fact]
    public async Task A_put_of_what_was_read_with_one_value_changed_changes_only_that()
    {
        using var client = WorldClient.Of();
        var before = (await client.Okta(client.AppPath)).Json.AsObject();
        var body = (JsonObject)before.DeepClone();
        body["settings"]!["app"]![client.World.App.SettingName] = true;
        client.World.Advance(TimeSpan.FromHours(1));
        var answer = await client.Okta(client.AppPath, "PUT", body.ToJsonString());
        Assert.Equal(200, answer.Status);
        Assert.True(client.World.App.IsSilent);
        var after = (await client.Okta(client.AppPath)).Json.AsObject();
        Assert.Equal(answer.Body, (await client.Okta(client.AppPath)).Body);
        Assert.NotEqual((string)before["lastUpdated"]!, (string)after["lastUpdated"]!);
        after["lastUpdated"] = (string)before["lastUpdated"]!;
        after["settings"]!["app"]![client.World.App.SettingName] = false;
        Assert.True(JsonNode.DeepEquals(before, after));
    }

    [Fact]
    public async Task A_put_replaces_the_settings_keeps_unknown_ones_and_ignores_what_is_read_only()
    {
        using var client = WorldClient.Of();
        var name = client.World.App.SettingName;
        var answer = await client.Okta(
            client.AppPath,
            "PUT",
            $$$"""{"id":"0oaother","name":"other","status":"INACTIVE","label":"New","signOnMode":"SAML_2_0","features":[],"settings":{"app":{"{{{name}}}":true,"unheardOf":{"deep":[1]} } } }""");
        var json = answer.Json;
        Assert.Equal((client.World.App.Id, "dropbox_for_business", "ACTIVE", "New"), ((string)json["id"]!, (string)json["name"]!, (string)json["status"]!, (string)json["label"]!));
        Assert.NotEmpty(json["features"]!.AsArray());
        var stored = (await client.Okta(client.AppPath)).Json["settings"]!["app"]!.AsObject();
        Assert.Equal([name, "unheardOf"], stored.Select(setting => setting.Key));
        Assert.Equal("{\"deep\":[1]}", stored["unheardOf"]!.ToJsonString());
    }

    [Theory]
    [InlineData("{\"signOnMode\":\"SAML_2_0\"}", "label")]
    [InlineData("{\"label\":\"\",\"signOnMode\":\"SAML_2_0\"}", "label")]
    [InlineData("{\"label\":\"Dropbox\"}", "signOnMode")]
    [InlineData("{\"label\":\"Dropbox\",\"signOnMode\":\"SAML_2_0\",\"settings\":{\"app\":{\"KEY\":\"true\"}}}", "settings.app.KEY")]
    public async Task A_put_without_what_is_required_or_of_another_type_is_refused_and_changes_nothing(string body, string field)
    {
        using var client = WorldClient.Of();
        var before = (await client.Okta(client.AppPath)).Body;
        var name = client.World.App.SettingName;
        var answer = await client.Okta(client.AppPath, "PUT", body.Replace("KEY", name, StringComparison.Ordinal));
        Assert.Equal((400, "E0000001"), (answer.Status, answer.OktaCode));
        Assert.StartsWith(field.Replace("KEY", name, StringComparison.Ordinal) + ":", (string)answer.Json["errorCauses"]![0]!["errorSummary"]!, StringComparison.Ordinal);
        Assert.Equal(before, (await client.Okta(client.AppPath)).Body);
    }

    [Fact]
    public async Task The_setting_can_be_missing_doubled_or_a_string()
    {
        using var client = WorldClient.Of();
        var app = client.World.App;
        app.MakeSettingText();
        Assert.Equal("false", (string)(await Settings())[app.SettingName]!);
        app.IsSilent = true;
        Assert.Equal("true", (string)(await Settings())[app.SettingName]!);
        Assert.True(app.IsSilent);
        app.AddSecondSetting();
        Assert.Equal(2, (await Settings()).Count(setting => setting.Key.Contains("silent", StringComparison.OrdinalIgnoreCase)));
        app.RemoveSetting();
        Assert.False((await Settings()).ContainsKey(app.SettingName));
        Assert.False(app.IsSilent);

        async Task<JsonObject> Settings() => (await client.Okta(client.AppPath)).Json["settings"]!["app"]!.AsObject();
    }

    [Fact]
    public async Task A_put_can_answer_well_and_store_nothing()
    {
        using var client = WorldClient.Of();
        client.World.App.IgnoresSettings = true;
        var body = (await client.Okta(client.AppPath)).Json;
        body["settings"]!["app"]![client.World.App.SettingName] = true;
        var answer = await client.Okta(client.AppPath, "PUT", body.ToJsonString());
        Assert.True((bool)answer.Json["settings"]!["app"]![client.World.App.SettingName]!);
        Assert.False((bool)(await client.Okta(client.AppPath)).Json["settings"]!["app"]![client.World.App.SettingName]!);
    }

    [Fact]
    public async Task The_app_can_be_inactive_and_its_tile_hidden()
    {
        using var client = WorldClient.Of();
        (client.World.App.IsActive, client.World.App.IsTileHidden) = (false, true);
        var json = (await client.Okta(client.AppPath)).Json;
        Assert.Equal("INACTIVE", (string)json["status"]!);
        Assert.True((bool)json["visibility"]!["hide"]!["web"]!);
    }

    [Fact]
    public async Task The_second_app_has_its_own_switch_and_nobody()
    {
        using var client = WorldClient.Of();
        var second = client.World.AddSecondApp();
        second.IsSilent = true;
        Assert.NotEqual(client.World.App.Id, second.Id);
        Assert.False(client.World.App.IsSilent);
        Assert.Empty((await client.Okta($"/api/v1/apps/{second.Id}/users")).Json.AsArray());
        Assert.Empty((await client.Okta($"/api/v1/apps/{second.Id}/groups")).Json.AsArray());
    }
}
