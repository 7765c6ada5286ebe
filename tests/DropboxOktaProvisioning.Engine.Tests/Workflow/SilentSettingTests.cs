using System.Text.Json.Nodes;
using CsCheck;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Workflow;

namespace DropboxOktaProvisioning.Engine.Tests.Workflow;

public sealed class SilentSettingTests
{
    private static OktaApp App(string settingsApp, string rest = "") => new(JsonNode.Parse(
        $$$"""{"id":"0oa1","name":"dropbox_for_business","label":"Dropbox Business","status":"ACTIVE","signOnMode":"SAML_2_0","settings":{"app":{{{settingsApp}}}{{{rest}}}}}""")!.AsObject());

    [Theory]
    [InlineData("""{"silentProvisioning":true}""", SilentProvisioningState.Enabled, "settings.app.silentProvisioning")]
    [InlineData("""{"enable_SILENT_mode":"No"}""", SilentProvisioningState.Disabled, "settings.app.enable_SILENT_mode")]
    [InlineData("""{"silent":1}""", SilentProvisioningState.Enabled, "settings.app.silent")]
    [InlineData("""{"silent":"0"}""", SilentProvisioningState.Disabled, "settings.app.silent")]
    [InlineData("""{"silent":"perhaps"}""", SilentProvisioningState.Unknown, "settings.app.silent")]
    [InlineData("""{"silent":null}""", SilentProvisioningState.Unknown, "settings.app.silent")]
    [InlineData("""{"silent":7}""", SilentProvisioningState.Unknown, "settings.app.silent")]
    [InlineData("""{"silentA":true,"silentB":false}""", SilentProvisioningState.Ambiguous, null)]
    [InlineData("""{"teamId":"secret-value"}""", SilentProvisioningState.Unknown, null)]
    [InlineData("{}", SilentProvisioningState.Unknown, null)]
    [InlineData("null", SilentProvisioningState.Unknown, null)]
    public void The_switch_is_discovered_and_never_guessed(string settings, SilentProvisioningState state, string? source)
    {
        var setting = SilentSetting.Discover(App(settings));
        Assert.Equal((state, source), (setting.State, setting.Source));
    }

    [Fact]
    public void Where_no_setting_fits_the_names_are_shown_without_values_and_the_place_to_click()
    {
        var setting = SilentSetting.Discover(App("""{"teamId":"secret-value","region":"eu"}"""));
        Assert.Contains("teamId, region", setting.Reason, StringComparison.Ordinal);
        Assert.Contains("Advanced Sign-on Settings", setting.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-value", setting.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_candidate_outside_settings_app_is_told_and_not_taken()
    {
        var setting = SilentSetting.Discover(App("{}", ""","signOn":{"silentMode":true}"""));
        Assert.Equal(SilentProvisioningState.Unknown, setting.State);
        Assert.Contains("settings.signOn.silentMode", setting.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_named_setting_ends_the_ambiguity()
    {
        var setting = SilentSetting.Discover(App("""{"silentA":true,"silentB":false}"""), "SILENTB");
        Assert.Equal((SilentProvisioningState.Disabled, "silentB"), (setting.State, setting.Name));
    }

    [Theory]
    [InlineData("true", "false")]
    [InlineData("\"true\"", "\"false\"")]
    [InlineData("\"YES\"", "\"NO\"")]
    [InlineData("\"On\"", "\"Off\"")]
    [InlineData("1", "0")]
    [InlineData("\"1\"", "\"0\"")]
    public void A_change_keeps_the_values_type_and_spelling(string on, string off)
    {
        Assert.Equal(off, SilentSetting.Spell(JsonNode.Parse(on), false, "x")!.ToJsonString());
        Assert.Equal(on, SilentSetting.Spell(JsonNode.Parse(off), true, "x")!.ToJsonString());
    }

    [Fact]
    public void What_was_spelled_reads_back_as_meant() =>
        Gen.Select(Gen.OneOfConst("true", "false", "\"TRUE\"", "\"False\"", "\"yes\"", "\"no\"", "\"ON\"", "\"off\"", "0", "1", "\"0\"", "\"1\""), Gen.Bool)
            .Sample((json, on) => SilentSetting.Read(SilentSetting.Spell(JsonNode.Parse(json), on, "x")) == on);

    [Fact]
    public void A_value_that_is_neither_on_nor_off_is_not_overwritten()
    {
        var problem = Assert.Throws<ProvisioningException>(() => SilentSwitch.Plan(App("""{"silentUntil":"2027"}"""), true, null, false));
        Assert.Equal(ErrorIds.SettingNotBoolean, problem.ErrorId);
    }

    [Theory]
    [InlineData("""{"teamId":"x"}""", null, false, ErrorIds.SettingNotFound)]
    [InlineData("""{"teamId":"x"}""", "mySwitch", false, ErrorIds.SettingNotFound)]
    [InlineData("""{"teamId":"x"}""", null, true, ErrorIds.SettingNotFound)]
    [InlineData("""{"silentA":true,"silentB":true}""", null, true, ErrorIds.SettingAmbiguous)]
    public void A_switch_that_is_not_plainly_there_is_refused(string settings, string? name, bool force, string errorId)
    {
        var problem = Assert.Throws<ProvisioningException>(() => SilentSwitch.Plan(App(settings), true, name, force));
        Assert.Equal((errorId, "0oa1"), (problem.ErrorId, problem.Target));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(null, true)]
    [InlineData("silent", false)]
    public void A_setting_that_is_there_and_empty_is_not_written_over_unless_it_is_named_and_forced(string? name, bool force)
    {
        var problem = Assert.Throws<ProvisioningException>(() => SilentSwitch.Plan(App("{\"silent\":null}"), true, name, force));
        Assert.Equal(ErrorIds.SettingNotBoolean, problem.ErrorId);
        Assert.Equal("true", SilentSwitch.Plan(App("{\"silent\":null}"), true, "silent", true).Value?.ToJsonString());
    }

    [Theory]
    [InlineData(null, "-SettingName", "-Force")]
    [InlineData("mySwitch", "-Force adds it", "-SettingName")]
    public void A_setting_that_is_not_found_is_answered_with_what_is_left_to_try(string? name, string said, string unsaid)
    {
        var action = Assert.Throws<ProvisioningException>(() => SilentSwitch.Plan(App("{}"), true, name, false)).RecommendedAction;
        Assert.Contains(said, action, StringComparison.Ordinal);
        Assert.Contains("-KeepSwitch leaves it alone", action, StringComparison.Ordinal);
        Assert.DoesNotContain(unsaid, action, StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_that_is_named_and_forced_is_added_as_a_boolean() =>
        Assert.Equal("true", SilentSwitch.Plan(App("{}"), true, "mySwitch", true).Value?.ToJsonString());

    [Fact]
    public void A_switch_that_stands_right_needs_no_change() => Assert.Null(SilentSwitch.Plan(App("""{"silent":"on"}"""), true, null, false).Value);
}
