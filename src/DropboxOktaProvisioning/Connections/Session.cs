using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace DropboxOktaProvisioning.Connections;

/// <summary>The defaults of one runspace. A parallel runspace starts empty and never sees another's tenant.</summary>
internal sealed class Session
{
    private static readonly ConditionalWeakTable<Runspace, Session> Sessions = [];

    public OktaOrg? OktaOrg { get; set; }

    public DropboxTeam? DropboxTeam { get; set; }

    public ProvisioningSandbox? Sandbox { get; set; }

    /// <summary>The session of the runspace that runs this thread's pipeline; there is none on any other thread.</summary>
    public static Session Current => Runspace.DefaultRunspace is { } runspace
        ? Sessions.GetOrCreateValue(runspace)
        : throw new InvalidOperationException("A runspace's session can be read on its pipeline thread only.");
}
