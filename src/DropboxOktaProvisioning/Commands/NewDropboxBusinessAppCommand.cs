using System.Management.Automation;
using DropboxOktaProvisioning.Bridge;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Workflow;

namespace DropboxOktaProvisioning.Commands;

/// <summary>
/// <para type="synopsis">Adds the catalog's Dropbox Business app to the Okta org, with SAML and silent provisioning, and says what is left to do by hand.</para>
/// </summary>
[Cmdlet(VerbsCommon.New, "DropboxBusinessApp", SupportsShouldProcess = true, HelpUri = HelpPages.At + "New-DropboxBusinessApp.md")]
[OutputType(typeof(DropboxBusinessApp))]
[RequiredScopes(Okta = ["okta.apps.manage"])]
public sealed class NewDropboxBusinessAppCommand : OktaCommand
{
    /// <summary>The label that admins and people see.</summary>
    [Parameter(Position = 0)]
    [ValidateLength(1, 100)]
    public string Label { get; set; } = "Dropbox Business";

    /// <summary>The setting that holds the silent switch, where it is known.</summary>
    [Parameter]
    public string? SettingName { get; set; }

    /// <summary>The folder for the app's image before the switch is set; without it the user's own.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? BackupPath { get; set; }

    /// <summary>Adds another one where the org has a Dropbox app already.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        var org = Okta;
        var present = Await(cancel => org.Client.GetDropboxAppsAsync(Progress, cancel));
        if (present.Count > 0 && !Force)
        {
            throw new ProvisioningException(
                ErrorIds.AppExists, ProblemCategory.InvalidOperation,
                $"{org} has a Dropbox Business app already: {string.Join(", ", present.Select(app => $"'{app.Label}' ({app.Id}, {app.Status})"))}.", present[0].Id,
                "Use it: Enable-SilentProvisioning sets its switch. -Force adds another one.");
        }

        if (!ShouldProcess(org.ToString(), $"Add the Dropbox Business app '{Label}' with SAML and silent provisioning")) return;
        var folder = BackupPath is null ? SilentSwitch.DefaultBackupFolder : DiskPath.Of(this, BackupPath);
        var catalog = new AppCatalog(org.Client, new SilentSwitch(org.Client, org.Time));
        var added = Await(cancel => catalog.AddAsync(Label, SettingName, folder, Progress, cancel));
        WriteWarning($"'{added.Label}' is added, and {added.ManualSteps.Count - 1} steps are left that no API does: see its ManualSteps.");
        WriteObject(added);
    }
}
