using System.Globalization;
using DropboxOktaProvisioning.Engine.Dropbox;

namespace DropboxOktaProvisioning.Engine.Verification;

/// <summary>What is concluded about one person.</summary>
/// <param name="Stage">Where the person stands.</param>
/// <param name="Reason">Why.</param>
/// <param name="NextAction">What to do.</param>
public readonly record struct Verdict(ProvisioningStage Stage, string Reason, NextAction NextAction);

/// <summary>The closed table of stages: every combination of facts lands on exactly one row of it.</summary>
/// <remarks>
/// The order is: a contradiction first, then what Dropbox says of a member, then what Okta says of those who are not on the team.
/// What a service says in a word that we do not know is told as such, and never taken for something it may not be.
/// </remarks>
public static class StageTable
{
    /// <summary>Decides. Pure: the same facts give the same verdict.</summary>
    public static Verdict Decide(PersonFacts person)
    {
        if (person.Conflict is { } conflict) return new(ProvisioningStage.Conflict, conflict, NextAction.Resolve);

        return person.Member?.Status switch
        {
            null => NotOnTeam(person),
            DropboxMemberStatus.Suspended => Suspended(person),
            DropboxMemberStatus.Active => Active(person),
            DropboxMemberStatus.Invited => Invited(person),
            DropboxMemberStatus.Removed => Removed(person),
            _ => new(
                ProvisioningStage.Conflict, $"Dropbox reports the status '{person.Member!.StatusTag}', which is not known here.", NextAction.Resolve),
        };
    }

    private static Verdict Suspended(PersonFacts person) => new(
        ProvisioningStage.Suspended,
        $"Suspended{On(person.Member!.SuspendedOn)}{(person.IsAssigned ? "" : "; the app is not assigned in Okta")}.",
        NextAction.Unsuspend);

    private static Verdict Active(PersonFacts person)
    {
        if (!person.IsAssigned) return Unmanaged(person, $"Joined{On(person.Member!.JoinedOn)}");
        var obstacle = Obstacle(person);
        return new(
            ProvisioningStage.Active, $"Joined{On(person.Member!.JoinedOn)}{(obstacle is null ? "" : $"; cannot sign on now: {obstacle}")}.", NextAction.None);
    }

    private static Verdict Invited(PersonFacts person)
    {
        if (!person.IsAssigned) return Unmanaged(person, $"Invited{On(person.Member!.InvitedOn)}");
        if (Obstacle(person) is { } obstacle) return CannotSignOn(obstacle);
        return new(
            ProvisioningStage.AwaitingActivation, $"Invited, not signed on{Hint(person)}.", NextAction.Notify);
    }

    private static Verdict Removed(PersonFacts person)
    {
        var (how, next) = person.Member! switch
        {
            { IsDisconnected: true } => ("now a personal account", NextAction.Notify),
            { IsRecoverable: true } => ("can still be recovered", NextAction.Recover),
            _ => ("cannot be recovered", NextAction.Invite),
        };
        if (person.IsAssigned)
        {
            var obstacle = Obstacle(person);
            return new(
                ProvisioningStage.Removed, $"Removed, {how}{(obstacle is null ? "" : $"; {obstacle}")}.", obstacle is null ? next : NextAction.FixInOkta);
        }

        // Nobody wants this person on the team any more, so nothing is left to do.
        return new(ProvisioningStage.Removed, $"Removed, {how}; the app is not assigned in Okta.", NextAction.None);
    }

    private static Verdict NotOnTeam(PersonFacts person)
    {
        if (!person.IsAssigned) return NotAssigned(person);
        if (Obstacle(person) is { } obstacle) return CannotSignOn(obstacle);

        var assignment = person.Assignment!;
        var reason = assignment switch
        {
            { SyncState: "ERROR" } => "Okta's push failed; its task waits in Okta under Dashboard > Tasks.",
            { Status: "STAGED" } => $"Queued in Okta{Since(assignment.StatusChanged)}: the push to Dropbox has not run yet.",
            { Status: "PENDING" } => $"Okta has begun to provision{Since(assignment.StatusChanged)} and Dropbox does not have the person yet.",
            { Status: "APPROVED" } => "The assignment is approved and Okta has not provisioned it.",
            { ExternalId: not null } => $"Okta counts the person as provisioned ({assignment.Status}), and Dropbox does not have the person.",
            _ => $"Assigned ({assignment.Status ?? "no status"}), but Okta never pushed the person to Dropbox: check that provisioning to the app is on.",
        };
        return new(ProvisioningStage.NotProvisioned, reason, NextAction.Provision);
    }

    private static Verdict NotAssigned(PersonFacts person)
    {
        var cannot = CannotUseOkta(person);
        var reason = person switch
        {
            { Assignment: { } over } when AssignmentStatus.IsUnconfirmed(over.Status)
                => $"An import found the person ({over.Status}) and nobody has confirmed the assignment.",
            { Assignment: { } over } => $"The assignment has ended ({over.Status}).",
            { User: not null } => "In Okta without the app.",
            _ => "Is not assigned the Dropbox app.",
        };
        return new(
            ProvisioningStage.NotAssigned, cannot is null ? reason : $"{reason} Also, {cannot}.",
            cannot is null ? NextAction.Assign : NextAction.FixInOkta);
    }

    private static Verdict Unmanaged(PersonFacts person, string how)
    {
        var why = person.Assignment is { } assignment
            ? AssignmentStatus.IsUnconfirmed(assignment.Status)
                ? $"an import ({assignment.Status}) waits to be confirmed in Okta"
                : $"the assignment in Okta has ended ({assignment.Status})"
            : "the app is not assigned in Okta";
        return new(ProvisioningStage.Unmanaged, $"{how}, but {why}.", NextAction.AssignOrRemove);
    }

    private static Verdict CannotSignOn(string obstacle) =>
        new(ProvisioningStage.CannotSignOn, $"{char.ToUpperInvariant(obstacle[0])}{obstacle[1..]}.", NextAction.FixInOkta);

    /// <summary>Why an assigned person cannot sign on, null if nothing is known to stand in the way.</summary>
    private static string? Obstacle(PersonFacts person) =>
        CannotUseOkta(person) ?? (AssignmentStatus.IsBlocked(person.Assignment?.Status) ? $"the app's assignment is {person.Assignment!.Status}" : null);

    private static string? CannotUseOkta(PersonFacts person) => person.User?.Status switch
    {
        "STAGED" => "Okta user is not activated (STAGED)",
        "SUSPENDED" => "Okta user is suspended",
        "LOCKED_OUT" => "Okta user is locked out",
        "DEPROVISIONED" => "Okta user is deactivated (DEPROVISIONED)",
        _ => null,
    };

    // These people can sign on once they have done something first; the notice is right for them, and the admin should know.
    private static string Hint(PersonFacts person) => person.User?.Status switch
    {
        "PROVISIONED" => "; has not finished setting up the Okta user either",
        "RECOVERY" => "; is recovering the Okta password",
        "PASSWORD_EXPIRED" => "; the Okta password has expired",
        "ACTIVE" or "ACTIVATING" => "",
        null => "; the Okta user's status is not known",
        var other => $"; the Okta user's status is {other}",
    };

    private static string On(DateTimeOffset? day) =>
        day is { } known ? string.Create(CultureInfo.InvariantCulture, $" on {known.UtcDateTime:yyyy-MM-dd}") : "";

    private static string Since(DateTimeOffset? day) =>
        day is { } known ? string.Create(CultureInfo.InvariantCulture, $" since {known.UtcDateTime:yyyy-MM-dd HH:mm}Z") : "";
}
