using System.Management.Automation;
using DropboxOktaProvisioning.Bridge;
using DropboxOktaProvisioning.Connections;

namespace DropboxOktaProvisioning.Commands;

/// <summary>
/// <para type="synopsis">Forgets a Dropbox team and its tokens. Other runspaces' connections stay.</para>
/// </summary>
[Cmdlet(VerbsCommunications.Disconnect, "DropboxTeam", HelpUri = HelpPages.At + "Disconnect-DropboxTeam.md")]
[OutputType(typeof(void))]
public sealed class DisconnectDropboxTeamCommand : AsyncCommand
{
    /// <summary>The connection; without it this runspace's default.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public DropboxTeam? DropboxTeam { get; set; }

    /// <inheritdoc/>
    protected override void OnRecord()
    {
        var session = Session.Current;
        var team = DropboxTeam ?? session.DropboxTeam;
        if (ReferenceEquals(team, session.DropboxTeam)) session.DropboxTeam = null;
        team?.Close();
    }
}
