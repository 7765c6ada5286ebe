using System.Text.Json.Nodes;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning.Engine.Workflow;

/// <summary>Adds the catalog's Dropbox app to an org, with SAML and with the silent switch on where the app shows one.</summary>
public sealed class AppCatalog(OktaClient okta, SilentSwitch silent)
{
    /// <summary>What stays to be done in the two consoles (okta.md §1.4, §2): no API does it.</summary>
    public static IReadOnlyList<string> ManualSteps { get; } =
    [
        "Okta Admin Console > Applications > Dropbox Business > Sign On > View SAML setup instructions: copy the sign-in URL and download the certificate.",
        "Dropbox Admin Console > Settings > Security > Single sign-on: paste the sign-in URL, upload the certificate, set it to Required.",
        "Dropbox Admin Console > Settings > Account > Domains: verify the company's domain.",
        "Okta Admin Console > Applications > Dropbox Business > Provisioning > Integration: Authenticate with Dropbox Business, as a team admin.",
        "Okta Admin Console > Applications > Dropbox Business > Provisioning > To App: switch on Create Users, Update User Attributes and Deactivate Users (Suspend is the safe choice).",
        "Test-SilentProvisioningReadiness shows when all of it is done.",
    ];

    /// <summary>Adds the app.</summary>
    /// <param name="label">The label that admins and people see.</param>
    /// <param name="settingName">The setting that holds the switch, where the admin knows it.</param>
    /// <param name="backupFolder">Where the app's image goes before the switch is set.</param>
    /// <param name="progress">Where events go.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="ProvisioningException">AppNotAdded with what Okta said; MissingScope or PermissionDenied; or what the service says.</exception>
    public async Task<DropboxBusinessApp> AddAsync(string label, string? settingName, string backupFolder, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        var before = (await okta.GetDropboxAppsAsync(progress, cancel)).Select(app => app.Id).ToHashSet(StringComparer.Ordinal);
        var body = new JsonObject { ["name"] = OktaClient.DropboxAppName, ["label"] = label, ["signOnMode"] = "SAML_2_0" };
        if (settingName is not null) body["settings"] = new JsonObject { ["app"] = new JsonObject { [settingName] = true } };
        OktaApp app;
        try
        {
            app = await okta.AddAppAsync(body, progress, cancel);
        }
        catch (ServiceException unclear) when (unclear.MayHaveBeenApplied)
        {
            // The answer got lost, the app perhaps not: only looking tells, and a second one must not come of it.
            progress?.Report(new Caution($"Okta's answer did not arrive ({unclear.Message}) The apps are read again to see whether it was added."));
            if ((await okta.GetDropboxAppsAsync(progress, cancel)).FirstOrDefault(one => !before.Contains(one.Id)) is not { } added) throw;
            app = added;
        }
        catch (ServiceException refused) when (refused is { ErrorId: ErrorIds.RequestRefused, StatusCode: 400 or 404 })
        {
            throw new ProvisioningException(
                ErrorIds.AppNotAdded, ProblemCategory.InvalidOperation, $"{okta.Origin.Host} did not add the Dropbox Business app. {refused.Message}", label,
                "Add it by hand: Okta Admin Console > Applications > Browse App Catalog > Dropbox Business > Add Integration; tick Silent Provisioning under Advanced Sign-on Settings.");
        }

        var status = await SetSwitchAsync(app, settingName, backupFolder, progress, cancel);
        return new DropboxBusinessApp
        {
            AppId = app.Id,
            Label = app.Label,
            Status = app.Status,
            SilentProvisioning = status.SilentProvisioning,
            Reason = status.Reason,
            ManualSteps = status.SilentProvisioning is SilentProvisioningState.Enabled ? ManualSteps : [SilentSetting.ClickPath, .. ManualSteps],
        };
    }

    private async Task<SilentProvisioningStatus> SetSwitchAsync(OktaApp app, string? settingName, string backupFolder, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        var setting = SilentSetting.Discover(app, settingName);
        if (setting.State is not SilentProvisioningState.Disabled) return silent.Describe(app, setting);
        return await silent.ApplyAsync(SilentSwitch.Plan(app, enable: true, settingName, force: false), backupFolder, progress, cancel);
    }
}
