using System.Management.Automation;
using DropboxOktaProvisioning.Bridge;
using DropboxOktaProvisioning.Connections;
using DropboxOktaProvisioning.Engine;

namespace DropboxOktaProvisioning.Commands;

/// <summary>
/// <para type="synopsis">Ends a sandbox; what was connected before it is the default again.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Stop, "ProvisioningSandbox", HelpUri = HelpPages.At + "Stop-ProvisioningSandbox.md")]
[OutputType(typeof(void))]
public sealed class StopProvisioningSandboxCommand : AsyncCommand
{
    /// <summary>The sandbox; without it the one that runs in this runspace.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public ProvisioningSandbox? Sandbox { get; set; }

    /// <inheritdoc/>
    protected override void OnRecord()
    {
        var sandbox = Sandbox ?? Session.Current.Sandbox
            ?? throw new ProvisioningException(ErrorIds.SandboxNotRunning, ProblemCategory.InvalidOperation, "No sandbox runs in this runspace.", null, "Start one with Start-ProvisioningSandbox.");
        sandbox.Leave(Session.Current);
        Await(_ => sandbox.DisposeAsync().AsTask());
    }
}
