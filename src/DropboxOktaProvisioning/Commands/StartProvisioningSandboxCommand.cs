using System.Management.Automation;
using DropboxOktaProvisioning.Bridge;
using DropboxOktaProvisioning.Connections;
using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Sandbox;

namespace DropboxOktaProvisioning.Commands;

/// <summary>
/// <para type="synopsis">Starts an Okta org, a Dropbox team and an outbox in memory and connects them as this runspace's defaults.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Start, "ProvisioningSandbox", HelpUri = HelpPages.At + "Start-ProvisioningSandbox.md")]
[OutputType(typeof(ProvisioningSandbox))]
public sealed class StartProvisioningSandboxCommand : AsyncCommand
{
    /// <summary>How many people there are in all; from about 50 on there is somebody in every stage.</summary>
    [Parameter(Position = 0)]
    [ValidateRange(1, 2_000_000)]
    public int UserCount { get; set; } = 200;

    /// <summary>The same seed gives the same world.</summary>
    [Parameter]
    public int Seed { get; set; } = 1;

    /// <summary>The company's domain.</summary>
    [Parameter]
    [ValidatePattern(@"^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$")]
    public string Domain { get; set; } = "contoso.example";

    /// <summary>A company that has not begun: no Dropbox app in Okta, and nobody but its admin on the team.</summary>
    [Parameter]
    public SwitchParameter WithoutApp { get; set; }

    /// <summary>Returns the sandbox as an object.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        var world = new ProvisioningWorld(new SandboxOptions { UserCount = UserCount, Seed = Seed, Domain = Domain, WithoutApp = WithoutApp });
        var options = new ConnectionOptions { Time = world.Clock, PrimaryHandler = () => new SandboxHandler(world) };
        var org = new OktaOrg(Await(cancel => OktaClient.ConnectAsync(world.OktaOrigin.AbsoluteUri, Secret.Of(world.OktaApiToken), options, Progress, cancel)), "Sandbox", world.Clock);
        var credential = new RefreshTokenCredential(world.DropboxAppKey, Secret.Of(world.DropboxRefreshToken), null);
        var team = new DropboxTeam(Await(cancel => DropboxTeamClient.ConnectAsync(credential, options, Progress, cancel)), "Sandbox", world.Clock);
        var journalName = Guid.NewGuid().ToString("N");
        var journal = Await(cancel => NoticeJournal.OpenInMemoryAsync(journalName, world.Clock, cancel));

        // The earlier one ends only once the new one stands.
        var session = Session.Current;
        if (session.Sandbox is { } earlier)
        {
            earlier.Leave(session);
            Await(_ => earlier.DisposeAsync().AsTask());
        }

        var sandbox = new ProvisioningSandbox(world, org, team, journal, journalName, session);
        if (PassThru) WriteObject(sandbox);
    }
}
