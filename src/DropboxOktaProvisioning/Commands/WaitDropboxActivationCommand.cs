using System.Management.Automation;
using DropboxOktaProvisioning.Bridge;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Commands;

/// <summary>
/// <para type="synopsis">Waits for people to sign on, and gives each person's row as soon as the person has joined the team.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Wait, "DropboxActivation", DefaultParameterSetName = EveryoneSet, HelpUri = HelpPages.At + "Wait-DropboxActivation.md")]
[RequiredScopes(Okta = ["okta.apps.read", "okta.users.read"], Dropbox = ["members.read", "team_info.read"])]
[OutputType(typeof(DropboxUserStatus))]
public sealed class WaitDropboxActivationCommand : ScopeCommand
{
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(3650);

    private const int MostNames = 5;

    /// <summary>For how long, such as 8:00 for eight hours; without it until all have joined. In a sandbox it is a day of its time at most.</summary>
    [Parameter]
    public TimeSpan? Timeout { get; set; }

    /// <summary>How long between two looks, from a second to a day; without it a minute.</summary>
    [Parameter]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        var scope = Scope();
        if (scope is VerificationScope.People { Addresses.Count: 0 }) return; // an empty pipeline asks for nobody, not for everybody
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
        var people = Verify(verifier, scope);
        Inform($"{people.Count} people are waited for{(timeout is null ? "" : $", for at most {timeout:g}")}.");
        Pull(cancel => watch.RunAsync(people, PollInterval, timeout, Progress, cancel), WriteObject);
        if (watch.Left.Count > 0) WriteProblem(TimedOut([.. watch.Left]));
    }

    private List<DropboxUserStatus> Verify(Verifier verifier, VerificationScope scope)
    {
        var people = new List<DropboxUserStatus>();
        // Who is asked for by name is waited for wherever they stand, and comes at once where they have joined already.
        Pull(cancel => verifier.RunAsync(scope, Progress, cancel), outcome =>
        {
            if (outcome.Problem is { } problem) WriteProblem(problem);
            else if (scope is VerificationScope.People || outcome.Status!.Stage is ProvisioningStage.AwaitingActivation) people.Add(outcome.Status!);
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
