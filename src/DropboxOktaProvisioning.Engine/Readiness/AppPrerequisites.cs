using System.Text.Json.Nodes;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Workflow;

namespace DropboxOktaProvisioning.Engine.Readiness;

/// <summary>What the app in Okta shows of itself (okta.md §1.4, §3.9).</summary>
internal static class AppPrerequisites
{
    private const string App = "Okta Admin Console > Applications > Applications > Dropbox Business";

    private static readonly string[] Expected = ["PUSH_PROFILE_UPDATES", "PUSH_USER_DEACTIVATION"];

    public static IEnumerable<ProvisioningPrerequisite> Judge(ReadinessFacts facts)
    {
        yield return Active(facts);
        if (facts.App is not { } app) yield break;
        yield return SignOn(app);
        yield return Switch(SilentSetting.Discover(app, facts.SettingName));
        yield return Features(app);
        yield return UserName(app, facts.People);
        yield return DashboardTile.Of(app) is { } tile
            ? Finding.Api("Tile", PrerequisiteOutcome.Passed, $"People see it; it leads to {tile}.")
            : Finding.Api("Tile", PrerequisiteOutcome.Warning, "People do not see the Dropbox tile; notices name the SSO address only.", $"{App} > General > App visibility.");
    }

    private static ProvisioningPrerequisite Active(ReadinessFacts facts) => facts.App switch
    {
        null when facts.AppIsUnknown => Finding.Unknown("App", facts.NoApp ?? "Okta was not asked.", $"Connect to Okta, name the app with -App, and look: {App}."),
        null => Finding.Api("App", PrerequisiteOutcome.Failed, facts.NoApp ?? "There is no Dropbox Business app.", "Run New-DropboxBusinessApp, or Applications > Browse App Catalog > Dropbox Business.")
            with { BlocksNotice = true },
        { Status: "ACTIVE" } app => Finding.Api("App", PrerequisiteOutcome.Passed, $"'{app.Label}' ({app.Id}) is active."),
        var app => Finding.Api(
            "App", PrerequisiteOutcome.Failed, $"'{app.Label}' ({app.Id}) is {app.Status}: nobody can sign on with it.", $"{App} > Activate.") with { BlocksNotice = true },
    };

    private static ProvisioningPrerequisite SignOn(OktaApp app) => app.SignOnMode switch
    {
        "SAML_2_0" => Finding.Api("SamlSignOn", PrerequisiteOutcome.Passed, "The app signs on with SAML 2.0."),
        "" => Finding.Unknown("SamlSignOn", "Okta does not say how the app signs on.", $"{App} > Sign On."),
        var other => Finding.Api(
            "SamlSignOn", PrerequisiteOutcome.Warning, $"The app signs on with {other}: in silent mode nobody gets a password for it.", $"{App} > Sign On > Edit > SAML 2.0."),
    };

    private static ProvisioningPrerequisite Switch(SilentSetting setting) => setting.State switch
    {
        SilentProvisioningState.Enabled => Finding.Api("SilentProvisioning", PrerequisiteOutcome.Passed, setting.Reason),
        SilentProvisioningState.Disabled => Finding.Api("SilentProvisioning", PrerequisiteOutcome.Failed, setting.Reason, "Run Enable-SilentProvisioning. " + SilentSetting.ClickPath),
        _ => Finding.Unknown("SilentProvisioning", setting.Reason, SilentSetting.ClickPath),
    };

    private static ProvisioningPrerequisite Features(OktaApp app)
    {
        var remedy = $"{App} > Provisioning > To App > Create Users, Update User Attributes, Deactivate Users. The connection to Dropbox is made under Integration first.";
        if (app.Json["features"] is not JsonArray list) return Finding.Unknown("ProvisioningFeatures", "Okta does not list the app's features.", remedy);
        var features = list.Select(feature => feature?.ToString() ?? "").ToHashSet(StringComparer.Ordinal);
        if (!features.Contains("PUSH_NEW_USERS"))
            return Finding.Api("ProvisioningFeatures", PrerequisiteOutcome.Failed, $"Creating users is off (on are: {(features.Count == 0 ? "none" : string.Join(", ", features))}).", remedy);
        string[] missing = [.. Expected.Where(feature => !features.Contains(feature))];
        return missing.Length == 0
            ? Finding.Api("ProvisioningFeatures", PrerequisiteOutcome.Passed, "Creating, updating and deactivating users are on.")
            : Finding.Api("ProvisioningFeatures", PrerequisiteOutcome.Warning, $"Creating users is on; off are {string.Join(", ", missing)}.", remedy);
    }

    private static ProvisioningPrerequisite UserName(OktaApp app, IReadOnlyList<DropboxUserStatus>? people)
    {
        const string name = "UserNameFormat";
        var remedy = $"{App} > Sign On > Credentials Details > Application username format > Email.";
        if (app.At("credentials", "userNameTemplate", "template") is not JsonValue value || !value.TryGetValue(out string? template))
            return Finding.Unknown(name, "Okta does not say what user name people get.", remedy);
        if (template.EndsWith("source.email}", StringComparison.Ordinal) || template.EndsWith("user.email}", StringComparison.Ordinal))
            return Finding.Api(name, PrerequisiteOutcome.Passed, $"The user name is the address ({template}).");
        if (!template.EndsWith("source.login}", StringComparison.Ordinal) && !template.EndsWith("user.login}", StringComparison.Ordinal))
            return Finding.Unknown(name, $"The user name is {template}; whether that is an address nothing tells.", remedy);
        if (people is { Count: > 0 })
        {
            var other = people.FirstOrDefault(person => !EmailAddress.IsValid(person.Email));
            return other is null
                ? Finding.Api(name, PrerequisiteOutcome.Passed, $"The user name is {template}, which is an address for all {people.Count} people.")
                : Finding.Api(name, PrerequisiteOutcome.Failed, $"The user name is {template}, which is no address for '{other.Email}'.", remedy);
        }

        return Finding.Api(name, PrerequisiteOutcome.Warning, $"The user name is {template}: right only where that is an address.", remedy);
    }
}
