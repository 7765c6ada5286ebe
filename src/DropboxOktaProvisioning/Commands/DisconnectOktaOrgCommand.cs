using System.Management.Automation;
using DropboxOktaProvisioning.Bridge;
using DropboxOktaProvisioning.Connections;

namespace DropboxOktaProvisioning.Commands;

/// <summary>
/// <para type="synopsis">Forgets an Okta org and its token. Other runspaces' connections stay.</para>
/// </summary>
[Cmdlet(VerbsCommunications.Disconnect, "OktaOrg", HelpUri = HelpPages.At + "Disconnect-OktaOrg.md")]
[OutputType(typeof(void))]
public sealed class DisconnectOktaOrgCommand : AsyncCommand
{
    /// <summary>The connection; without it this runspace's default.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public OktaOrg? OktaOrg { get; set; }

    /// <inheritdoc/>
    protected override void OnRecord()
    {
        var session = Session.Current;
        var org = OktaOrg ?? session.OktaOrg;
        if (ReferenceEquals(org, session.OktaOrg)) session.OktaOrg = null;
        org?.Close();
    }
}
