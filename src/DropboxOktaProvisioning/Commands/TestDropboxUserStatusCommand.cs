using System.Management.Automation;
using DropboxOktaProvisioning.Bridge;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Commands;

/// <summary>
/// <para type="synopsis">Tells each person's state in Okta and in Dropbox, with the reason and what to do next.</para>
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "DropboxUserStatus", DefaultParameterSetName = EveryoneSet, HelpUri = HelpPages.At + "Test-DropboxUserStatus.md")]
[RequiredScopes(Okta = ["okta.apps.read", "okta.users.read"], Dropbox = ["members.read", "team_info.read"])]
[OutputType(typeof(DropboxUserStatus))]
public sealed class TestDropboxUserStatusCommand : ScopeCommand, IRefreshing
{
    private const string FileSet = "File";

    /// <summary>A CSV file with a column of addresses.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FileSet)]
    public string Path { get; set; } = "";

    /// <summary>The header of the file's column of addresses, where it is not found by itself.</summary>
    [Parameter(ParameterSetName = FileSet)]
    public string? EmailColumn { get; set; }

    /// <summary>Who is known to have a personal account: rows of Get-DropboxPersonalAccount or Import-DropboxDomainInsight, or addresses.</summary>
    [Parameter]
    [ValidateNotNull]
    public PSObject[] PersonalAccount { get; set; } = [];

    /// <summary>
    /// Looks up in Okta's System Log and in the team's log why people are stuck, and says it in their reason. For up to 25 people asked for by name that is done anyway.
    /// It takes the scopes okta.logs.read and events.read; without one of them that log is left out.
    /// </summary>
    [Parameter]
    public SwitchParameter Explain { get; set; }

    /// <summary>How far back the logs are looked at; without it 30 days. Okta keeps 90.</summary>
    [Parameter]
    public DateTimeOffset? Since { get; set; }

    /// <summary>
    /// How everybody is read: Full reads both lists whole and keeps nothing. Incremental keeps the reading in the journal and, the next time, reads only those again whom the
    /// two services' logs name; it takes the scopes okta.logs.read and events.read. Forget reads whole and deletes what was kept.
    /// </summary>
    [Parameter]
    public RefreshMode Refresh { get; set; }

    /// <summary>With -Refresh Incremental: how old the last whole reading may be before both lists are read whole again; without it 7 days, at most 60.</summary>
    [Parameter]
    public TimeSpan? FullReadAfter { get; set; }

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        var scope = Scope();
        if (scope is VerificationScope.People { Addresses.Count: 0 }) return; // an empty pipeline asks for nobody, not for everybody

        var verifier = VerifierFor(PersonalAccount);
        var few = scope is VerificationScope.People { Addresses.Count: <= Verifier.FewPeople };
        var explains = Explain || (few && !MyInvocation.BoundParameters.ContainsKey(nameof(Explain)));
        var rows = new List<DropboxUserStatus>();
        var stages = new Tally();
        Pull(cancel => verifier.RunAsync(scope, Progress, cancel), outcome =>
        {
            if (outcome.Problem is { } problem)
            {
                WriteProblem(problem);
                return;
            }

            stages.Add(outcome.Status!.Stage);
            if (explains) rows.Add(outcome.Status);
            else WriteObject(outcome.Status);
        });
        if (rows.Count > 0) WriteObject(Explained(verifier, rows, Since, wasAsked: Explain), enumerateCollection: true);
        InformOfReading();
        Inform($"{stages.Total} people: {stages}.");
    }

    private protected override VerificationScope Scope() => ParameterSetName == FileSet ? new VerificationScope.People(ReadAddresses(Path, EmailColumn)) : base.Scope();
}
