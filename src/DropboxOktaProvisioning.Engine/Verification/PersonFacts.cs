using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning.Engine.Verification;

/// <summary>All that was read about one person, before anything is concluded from it.</summary>
public sealed record PersonFacts
{
    /// <summary>The assignment of the Dropbox app, null if there is none.</summary>
    public OktaAppUser? Assignment { get; init; }

    /// <summary>The Okta user, null if the person is not in Okta or was not looked up.</summary>
    public OktaUser? User { get; init; }

    /// <summary>The member that this person is on the team, removed ones included.</summary>
    public DropboxMember? Member { get; init; }

    /// <summary>Why two records claim this person, null if none do.</summary>
    public string? Conflict { get; init; }

    /// <summary>Removed members that had one of the person's addresses, beside <see cref="Member"/>.</summary>
    public IReadOnlyList<DropboxMember> Former { get; init; } = [];

    /// <summary>Whether the app is assigned now: an assignment that is over, or an import that nobody confirmed, is none.</summary>
    public bool IsAssigned =>
        Assignment is { } assignment && !AssignmentStatus.IsOver(assignment.Status) && !AssignmentStatus.IsUnconfirmed(assignment.Status);

    /// <summary>Every address of the person: the app's user name first, then the others of Okta, then those of Dropbox.</summary>
    public IEnumerable<string> Addresses() => OktaAddresses().Concat(MemberAddresses());

    internal IEnumerable<string> OktaAddresses()
    {
        foreach (var address in new[] { Assignment?.UserName, Assignment?.Email, User?.Email, User?.Login })
            if (!string.IsNullOrEmpty(address) && address.Contains('@', StringComparison.Ordinal)) yield return address;
    }

    private IEnumerable<string> MemberAddresses() =>
        Member is null ? [] : Member.SecondaryEmails.Prepend(Member.Email).Where(address => address.Length > 0);
}

/// <summary>What Okta's words for an assignment mean here (AppUserStatus of the management API).</summary>
internal static class AssignmentStatus
{
    /// <summary>The assignment has ended.</summary>
    public static bool IsOver(string? status) => status is "DEPROVISIONED" or "REVOKED";

    /// <summary>Found by an import and not confirmed by an admin.</summary>
    public static bool IsUnconfirmed(string? status) => status is "IMPORTED" or "MATCHED" or "UNASSIGNED";

    /// <summary>The assignment is there and does not work.</summary>
    public static bool IsBlocked(string? status) => status is "INACTIVE" or "SUSPENDED";
}
