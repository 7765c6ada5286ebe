using System.Management.Automation;
using DropboxOktaProvisioning.Connections;
using DropboxOktaProvisioning.Engine.Reports;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Bridge;

/// <summary>A command that tells how far a team is: it takes rows or reads everybody, compares with an earlier look, and keeps its own for the next one.</summary>
public abstract class ProgressCommand : TeamCommand, IRefreshing
{
    private readonly List<DropboxUserStatus> _people = [];

    /// <summary>Rows of Test-DropboxUserStatus; without them everybody is read. Only rows of its -Explain tell who tried.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowEmptyCollection]
    [ValidateNotNull]
    public DropboxUserStatus[] InputObject { get; set; } = [];

    /// <summary>Looks up in the logs why people are stuck and who tried to sign on, where everybody is read. It takes the scopes okta.logs.read and events.read.</summary>
    [Parameter]
    public SwitchParameter Explain { get; set; }

    /// <summary>Compares with the last look at or before this time, or else with the oldest; without it with the last one that is at least an hour old, or else the last one.</summary>
    [Parameter]
    public DateTimeOffset? ChangedSince { get; set; }

    /// <summary>Does not keep this look, so that the next one compares with an earlier one.</summary>
    [Parameter]
    public SwitchParameter SkipObservation { get; set; }

    /// <summary>
    /// How everybody is read: Full reads both lists whole and keeps nothing. Incremental keeps the reading in the journal and, the next time, reads only those again whom the
    /// two services' logs name; it takes the scopes okta.logs.read and events.read. Forget reads whole and deletes what was kept.
    /// </summary>
    [Parameter]
    public RefreshMode Refresh { get; set; }

    /// <summary>With -Refresh Incremental: how old the last whole reading may be before both lists are read whole again; without it 7 days, at most 60.</summary>
    [Parameter]
    public TimeSpan? FullReadAfter { get; set; }

    /// <summary>Whether the rows were handed in, and so may be only some of all.</summary>
    private protected bool IsGiven => MyInvocation.ExpectingInput || MyInvocation.BoundParameters.ContainsKey(nameof(InputObject));

    /// <inheritdoc/>
    protected override void OnRecord() => _people.AddRange(InputObject);

    /// <summary>What was looked at.</summary>
    /// <param name="People">The people, with when they were told.</param>
    /// <param name="Memory">What earlier looks left behind.</param>
    /// <param name="Now">The moment, by the journal's clock.</param>
    private protected sealed record TeamLook(IReadOnlyList<DropboxUserStatus> People, TeamMemory Memory, DateTimeOffset Now);

    /// <summary>Looks at the people; null where nobody is asked for.</summary>
    private protected TeamLook? Look()
    {
        if (Explain && IsGiven) throw Conflict("-Explain looks up why people are stuck where they are read here, and rows were handed in.", "Take rows of Test-DropboxUserStatus -Explain.");
        if ((Refresh is not RefreshMode.Full || FullReadAfter is not null) && IsGiven)
            throw Conflict("-Refresh and -FullReadAfter say how everybody is read, and rows were handed in.", "Give them to Test-DropboxUserStatus, which read the rows.");
        if (!IsGiven) ReadEveryone();
        if (_people.Count == 0) return null; // an empty pipeline asks for nobody, not for everybody

        var choice = JournalChoice.For(this, Journal, DropboxTeam ?? Session.Current.DropboxTeam);
        var teamId = TeamIdOf(_people);
        if (teamId is null) WriteVerbose("The rows are of several teams, so they are compared with no earlier look.");
        return Await(async cancel =>
        {
            await using var journal = await choice.Location.OpenReadOnlyAsync(choice.Time, cancel);
            var index = await journal.IndexAsync(cancel);
            var memory = teamId is null ? TeamMemory.Empty : await journal.RecallAsync(teamId, ChangedSince, cancel);
            return new TeamLook([.. _people.Select(index.Refresh)], memory, choice.Time.GetUtcNow());
        });
    }

    /// <summary>Keeps the look for the next one to compare with.</summary>
    private protected void Keep(TeamLook look)
    {
        if (!SkipObservation) Observe(look.People, everyone: !IsGiven);
    }

    private void ReadEveryone()
    {
        var verifier = VerifierFor([]);
        Pull(cancel => verifier.RunAsync(new VerificationScope.Everyone(), Progress, cancel), outcome =>
        {
            if (outcome.Problem is { } problem) WriteProblem(problem);
            else _people.Add(outcome.Status!);
        });
        InformOfReading();
        if (!Explain) return;
        var explained = Explained(verifier, [.. _people], logsSince: null, wasAsked: true);
        _people.Clear();
        _people.AddRange(explained);
    }
}
