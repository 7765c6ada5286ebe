using System.Management.Automation;
using DropboxOktaProvisioning.Bridge;
using DropboxOktaProvisioning.Completion;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Verification;
using DropboxOktaProvisioning.Input;

namespace DropboxOktaProvisioning.Commands;

/// <summary>
/// <para type="synopsis">Waits for people to sign on, and gives each person's row as soon as the person has joined the team.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Wait, "DropboxActivation", DefaultParameterSetName = EveryoneSet, HelpUri = HelpPages.At + "Wait-DropboxActivation.md")]
[RequiredScopes(Okta = ["okta.apps.read", "okta.users.read"], Dropbox = ["members.read", "team_info.read"])]
[OutputType(typeof(DropboxUserStatus))]
public sealed class WaitDropboxActivationCommand : TeamCommand
{
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(3650);

    private const string EveryoneSet = "Everyone";
    private const string PeopleSet = "People";
    private const string GroupSet = "Group";
    private const string DomainSet = "Domain";
    private const int MostNames = 5;

    private readonly List<string> _asked = [];

    /// <summary>The people, by address, or objects that have one: rows of Test-DropboxUserStatus, or notices. Who has joined already comes at once.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PeopleSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Login", "Mail", "UserPrincipalName")]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [Identity("Email", "Login", "Mail", "UserPrincipalName", "profile.login", "profile.email")]
    public string[] Email { get; set; } = [];

    /// <summary>Okta groups, by name or id, or objects that have one: those of their people who wait to be activated.</summary>
    [Parameter(Mandatory = true, ParameterSetName = GroupSet)]
    [ValidateNotNullOrEmpty]
    [Identity("GroupId", "Id", "profile.name")]
    [ArgumentCompleter(typeof(GroupCompleter))]
    public string[] Group { get; set; } = [];

    /// <summary>Domains: those whose address is exactly on one of them and who wait to be activated.</summary>
    [Parameter(Mandatory = true, ParameterSetName = DomainSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DomainCompleter))]
    public string[] Domain { get; set; } = [];

    /// <summary>For how long, such as 8:00 for eight hours; without it until all have joined. In a sandbox it is a day of its time at most.</summary>
    [Parameter]
    public TimeSpan? Timeout { get; set; }

    /// <summary>How long between two looks, from a second to a day; without it a minute.</summary>
    [Parameter]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    protected override void OnRecord() => _asked.AddRange(Email);

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        if (ParameterSetName == PeopleSet && _asked.Count == 0) return; // an empty pipeline asks for nobody, not for everybody
        // A bare number is a TimeSpan of so many ticks.
        if (Timeout < TimeSpan.FromSeconds(1)) throw Conflict($"-Timeout must be at least a second, not {Timeout}.", "Give a TimeSpan, such as 8:00 for eight hours.");
        if (Timeout > LongestTimeout) throw Conflict($"-Timeout must be at most {LongestTimeout.TotalDays:0} days, not {Timeout}.", "Leave it out to wait without an end.");
        if (PollInterval < TimeSpan.FromSeconds(1) || PollInterval > TimeSpan.FromDays(1))
            throw Conflict($"-PollInterval must be from a second to a day, not {PollInterval}.", "Give a TimeSpan, such as 0:01 for a minute.");

        var team = Team;
        // In a sandbox time flies while somebody waits, and nobody signs on who was not told to.
        var timeout = Timeout ?? (team.Sandbox is null ? null : TimeSpan.FromDays(1));
        var verifier = VerifierFor([]);
        var watch = new ActivationWatch(team.Client, verifier, team.Time);
        Await(cancel => watch.BeginAsync(Progress, cancel));
        var people = Verify(verifier);
        Inform($"{people.Count} people are waited for{(timeout is null ? "" : $", for at most {timeout:g}")}.");
        Pull(cancel => watch.RunAsync(people, PollInterval, timeout, Progress, cancel), WriteObject);
        if (watch.Left.Count > 0) WriteProblem(TimedOut([.. watch.Left]));
    }

    private List<DropboxUserStatus> Verify(Verifier verifier)
    {
        var people = new List<DropboxUserStatus>();
        VerificationScope scope = ParameterSetName switch
        {
            PeopleSet => new VerificationScope.People(_asked),
            GroupSet => new VerificationScope.Groups(Group),
            DomainSet => new VerificationScope.Domains(Domain),
            _ => new VerificationScope.Everyone(),
        };
        Pull(cancel => verifier.RunAsync(scope, Progress, cancel), outcome =>
        {
            if (outcome.Problem is { } problem) WriteProblem(problem);
            else if (ParameterSetName == PeopleSet || outcome.Status!.Stage is ProvisioningStage.AwaitingActivation) people.Add(outcome.Status!);
        });
        return people;
    }

    private static ProvisioningException TimedOut(DropboxUserStatus[] left)
    {
        var names = string.Join(", ", left.Take(MostNames).Select(person => $"{person.Email} ({person.Stage})"));
        var more = left.Length > MostNames ? $" and {left.Length - MostNames} more" : "";
        return new ProvisioningException(
            ErrorIds.ActivationTimedOut, ProblemCategory.OperationTimeout,
            $"Time is up, and {left.Length} {(left.Length == 1 ? "person has" : "people have")} not signed on: {names}{more}.", left,
            "Wait again, or remind them: the error's TargetObject are their rows, which Send-ActivationNotice takes. Who is not AwaitingActivation cannot sign on yet; the row's Reason says why.");
    }
}
