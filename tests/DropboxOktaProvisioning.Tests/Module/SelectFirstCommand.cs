using System.Management.Automation;
using System.Reflection;
using System.Runtime.ExceptionServices;

namespace DropboxOktaProvisioning.Tests;

/// <summary>Leaves the pipeline early exactly as Select-Object -First does: with the engine's own exception for it.</summary>
/// <remarks>The engine's package does not contain Select-Object.</remarks>
[Cmdlet(VerbsCommon.Select, "First")]
public sealed class SelectFirstCommand : PSCmdlet
{
    private int _seen;

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public int Count { get; set; } = 1;

    protected override void ProcessRecord()
    {
        WriteObject(InputObject);
        if (++_seen < Count) return;

        var type = typeof(PSCmdlet).Assembly.GetType("System.Management.Automation.StopUpstreamCommandsException", throwOnError: true)!;
        var stop = (Exception)Activator.CreateInstance(type, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, null, [this], null)!;
        ExceptionDispatchInfo.Throw(stop);
    }
}
