using System.Management.Automation;

namespace DropboxOktaProvisioning.Bridge;

/// <content>Readings that are kept from run to run.</content>
public abstract partial class WorkflowCommand : IRefreshing
{
    /// <summary>
    /// How everybody is read: Full reads both lists whole and keeps nothing. Incremental keeps the reading in the journal and, the next time, reads only those again whom the
    /// two services' logs name; it takes the scopes okta.logs.read and events.read. Forget reads whole and deletes what was kept.
    /// </summary>
    [Parameter]
    public RefreshMode Refresh { get; set; }

    /// <summary>With -Refresh Incremental: how old the last whole reading may be before both lists are read whole again; without it 7 days, at most 60.</summary>
    [Parameter]
    public TimeSpan? FullReadAfter { get; set; }
}
