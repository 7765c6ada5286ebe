using System.Management.Automation;
using DropboxOktaProvisioning.Bridge;
using DropboxOktaProvisioning.Completion;
using DropboxOktaProvisioning.Engine.Workflow;
using DropboxOktaProvisioning.Input;

namespace DropboxOktaProvisioning.Commands;

/// <summary>
/// <para type="synopsis">Shows the Dropbox apps of an Okta org and whether they provision silently.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "SilentProvisioning", HelpUri = HelpPages.At + "Get-SilentProvisioning.md")]
[RequiredScopes(Okta = ["okta.apps.read"])]
[OutputType(typeof(SilentProvisioningStatus))]
public sealed class GetSilentProvisioningCommand : OktaCommand
{
    /// <summary>The app, by id or label, or a row that has one; without it every Dropbox app.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("AppId")]
    [Identity("AppId", "Id", "Label")]
    [ArgumentCompleter(typeof(AppCompleter))]
    public string? App { get; set; }

    /// <summary>The setting that holds the switch, where it is known and discovery does not find it.</summary>
    [Parameter]
    public string? SettingName { get; set; }

    /// <inheritdoc/>
    protected override void OnRecord()
    {
        var org = Okta;
        var silent = new SilentSwitch(org.Client, org.Time);
        foreach (var app in Await(cancel => DropboxApps.FindAsync(org.Client, App, Progress, cancel)))
            WriteObject(silent.Describe(app, SilentSetting.Discover(app, SettingName)));
    }
}
