using System.Management.Automation;
using DropboxOktaProvisioning.Bridge;
using DropboxOktaProvisioning.Engine.Notices;

namespace DropboxOktaProvisioning.Connections;

/// <summary>Which journal a command uses, and which clock: the named one, else a sandbox's own for its team, else the user's.</summary>
/// <param name="Location">Where the journal is.</param>
/// <param name="Time">The time that it is kept in.</param>
internal sealed record JournalChoice(JournalLocation Location, TimeProvider Time)
{
    /// <summary>Chooses on the pipeline thread.</summary>
    /// <param name="command">Resolves the path.</param>
    /// <param name="path">The journal that was named, if any: a file or a database.</param>
    /// <param name="team">The team that is worked on: a rehearsal must never stand in for a real team's journal.</param>
    public static JournalChoice For(PSCmdlet command, string? path, DropboxTeam? team)
    {
        var sandbox = team?.Sandbox;
        var location = path is not null && JournalLocation.IsDatabase(path) ? JournalLocation.Database(path)
            : path is not null ? JournalLocation.File(DiskPath.Of(command, path))
            : sandbox is not null ? JournalLocation.InMemory(sandbox.JournalName)
            : JournalLocation.Default;
        return new JournalChoice(location, sandbox?.Clock ?? TimeProvider.System);
    }
}
