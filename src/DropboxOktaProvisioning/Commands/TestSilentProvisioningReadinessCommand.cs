using System.Management.Automation;
using DropboxOktaProvisioning.Bridge;
using DropboxOktaProvisioning.Completion;
using DropboxOktaProvisioning.Connections;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Readiness;
using DropboxOktaProvisioning.Input;

namespace DropboxOktaProvisioning.Commands;

/// <summary>
/// <para type="synopsis">Tells for each prerequisite of silent provisioning whether it is met, how that is known, and where to mend it.</para>
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "SilentProvisioningReadiness", HelpUri = HelpPages.At + "Test-SilentProvisioningReadiness.md")]
[OutputType(typeof(ProvisioningPrerequisite))]
[RequiredScopes(Okta = ["okta.apps.read"], Dropbox = ["team_info.read"])]
public sealed class TestSilentProvisioningReadinessCommand : TeamCommand
{
    private readonly List<DropboxUserStatus> _people = [];

    /// <summary>Who is to come, as Test-DropboxUserStatus gives them: their domains and the seats they take are checked.</summary>
    [Parameter(ValueFromPipeline = true)]
    [StatusRow]
    public DropboxUserStatus[] InputObject { get; set; } = [];

    /// <summary>How far back log-ins are searched for passwords; without it 30 days.</summary>
    [Parameter]
    public DateTimeOffset? Since { get; set; }

    /// <summary>The setting that holds the silent switch, where discovery does not find it.</summary>
    [Parameter]
    public string? SettingName { get; set; }

    /// <summary>States that single sign-on is required at Dropbox, where the log keeps silent. It is kept in the journal, with who and when.</summary>
    [Parameter]
    public SwitchParameter SsoRequired { get; set; }

    /// <summary>States that these domains are verified at Dropbox.</summary>
    [Parameter]
    [ValidatePattern(@"^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$")]
    [ArgumentCompleter(typeof(DomainCompleter))]
    public string[] VerifiedDomain { get; set; } = [];

    /// <summary>States what account capture is set to at Dropbox; InvitedUsers is invite enforcement.</summary>
    [Parameter]
    public AccountCapture? AccountCapture { get; set; }

    /// <summary>Takes back all that was stated about this team before; what is stated beside it stands.</summary>
    [Parameter]
    public SwitchParameter WithdrawStatement { get; set; }

    /// <summary>Who states it; without it this user on this machine.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string StatedBy { get; set; } = $"{Environment.UserName}@{Environment.MachineName}";

    /// <inheritdoc/>
    protected override void OnRecord() => _people.AddRange(InputObject);

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        var (org, team) = (Okta, Team);
        var journal = JournalChoice.For(this, Journal, team);
        var now = team.Time.GetUtcNow();
        if (Since > now)
            throw new ProvisioningException(ErrorIds.ConflictingParameters, ProblemCategory.InvalidArgument, "-Since lies in the future.", Since, "Give a time that has passed.");

        Keep(team.TeamId, journal, now);
        var check = new ReadinessCheck(org, team, journal) { SettingName = SettingName, LogInPeriod = Since is { } since ? now - since : TimeSpan.FromDays(30) };
        var people = MyInvocation.ExpectingInput || _people.Count > 0 ? _people : null;
        var facts = Await(cancel => check.ReadAsync(App, Progress, cancel));
        var outcomes = new Tally();
        foreach (var row in ReadinessTable.Judge(facts with { People = people }))
        {
            outcomes.Add(row.Outcome);
            WriteObject(row);
        }

        Inform($"{outcomes.Total} prerequisites: {outcomes}.");
    }

    private void Keep(string teamId, JournalChoice journal, DateTimeOffset now)
    {
        List<AdminStatement> statements = WithdrawStatement ? [new(AdminStatement.Topics.Withdrawn, "", StatedBy, now)] : [];
        statements.AddRange([.. VerifiedDomain.Select(domain => new AdminStatement(AdminStatement.Topics.Domain, domain, StatedBy, now))]);
        if (SsoRequired) statements.Add(new(AdminStatement.Topics.Sso, "required", StatedBy, now));
        if (AccountCapture is { } capture)
        {
            var word = capture switch
            {
                DropboxOktaProvisioning.AccountCapture.AllUsers => "all_users",
                DropboxOktaProvisioning.AccountCapture.InvitedUsers => "invited_users",
                _ => "disabled",
            };
            statements.Add(new(AdminStatement.Topics.Capture, word, StatedBy, now));
        }

        if (statements.Count == 0) return;
        Await(async cancel =>
        {
            await using var opened = await journal.Location.OpenAsync(journal.Time, cancel);
            foreach (var statement in statements) await opened.StateAsync(teamId, statement, cancel);
        });
    }
}
