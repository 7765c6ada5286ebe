using System.Management.Automation;
using DropboxOktaProvisioning.Bridge;
using DropboxOktaProvisioning.Connections;
using DropboxOktaProvisioning.Input;

namespace DropboxOktaProvisioning.Commands;

/// <summary>
/// <para type="synopsis">Tells the people who wait to sign on, each at most once.</para>
/// </summary>
[Cmdlet(VerbsCommunications.Send, "ActivationNotice", SupportsShouldProcess = true, DefaultParameterSetName = Sending, HelpUri = HelpPages.At + "Send-ActivationNotice.md")]
[OutputType(typeof(ActivationNotice), ParameterSetName = [Sending])]
[OutputType(typeof(FileInfo), ParameterSetName = [Looking])]
public sealed partial class SendActivationNoticeCommand : NoticeCommand
{
    private const string Sending = "Send", Looking = "Preview";

    private readonly List<DropboxUserStatus> _people = [];

    /// <summary>The people, as Test-DropboxUserStatus gives them.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = Sending)]
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = Looking)]
    [StatusRow]
    public DropboxUserStatus[] InputObject { get; set; } = [];

    /// <inheritdoc/>
    protected override void OnRecord() => _people.AddRange(InputObject);

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        if (Preview)
        {
            Show();
            return;
        }

        // Rows carry the team they are of; a connection is not needed to tell them.
        var team = DropboxTeam ?? Session.Current.DropboxTeam;
        var people = team is null ? _people : [.. _people.Select(person => person.TeamId is null ? person with { TeamId = team.TeamId } : person)];
        var run = Prepare(team);
        var states = new NoticeTally();
        try
        {
            // Rows of another day may be told without a connection; what cannot be checked then is not claimed to be right.
            if (team is { IsClosed: false } && people.Count > 0)
                WarnOfShortcomings(RequireReadiness((OktaOrg ?? Session.Current.OktaOrg) is { IsClosed: false } org ? org : null, team), people);
            Tell(run, people, notice =>
            {
                states.Add(notice);
                WriteObject(notice);
            });
            Inform($"{states}.");
            Announce(run, states);
        }
        catch (Exception exception) when (Unforeseen.ProblemOf(exception) is { } problem)
        {
            Announce(run, states, problem);
            throw;
        }
        finally
        {
            Await(_ => run.DisposeAsync().AsTask());
        }
    }
}
