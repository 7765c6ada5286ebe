using System.Management.Automation;
using DropboxOktaProvisioning.Completion;
using DropboxOktaProvisioning.Input;

namespace DropboxOktaProvisioning.Bridge;

/// <summary>A command that sets the silent switch.</summary>
public abstract class SwitchCommand : OktaCommand
{
    private readonly bool _enable;

    private protected SwitchCommand(bool enable) => _enable = enable;

    /// <summary>The app, by id or label, or a row that has one; needed only where the org has more than one.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("AppId")]
    [Identity("AppId", "Id", "Label")]
    [ArgumentCompleter(typeof(AppCompleter))]
    public string? App { get; set; }

    /// <summary>The setting that holds the switch, where it is known and discovery does not find it or finds several.</summary>
    [Parameter]
    public string? SettingName { get; set; }

    /// <summary>The folder for the app's image before the change; without it the user's own.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? BackupPath { get; set; }

    /// <summary>Adds the setting named by -SettingName where the app does not have it yet.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected sealed override void OnRecord() => WriteObject(SetSwitch(App, _enable, SettingName, Force, BackupPath));
}
