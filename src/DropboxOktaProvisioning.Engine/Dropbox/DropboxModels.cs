namespace DropboxOktaProvisioning.Engine.Dropbox;

/// <summary>A member's state on the team. <see cref="Other"/> is a tag that the published spec does not have.</summary>
public enum DropboxMemberStatus
{
    /// <summary>A state that we do not know.</summary>
    Other,

    /// <summary>Joined.</summary>
    Active,

    /// <summary>Invited, has not joined.</summary>
    Invited,

    /// <summary>Suspended.</summary>
    Suspended,

    /// <summary>Removed.</summary>
    Removed,
}

/// <summary>A member of the team, as <c>members/list_v2</c> and <c>members/get_info_v2</c> tell it.</summary>
public sealed record DropboxMember
{
    /// <summary>The member's id (<c>dbmid:…</c>).</summary>
    public required string TeamMemberId { get; init; }

    /// <summary>The account's id (<c>dbid:…</c>), also present for invited people at times.</summary>
    public string? AccountId { get; init; }

    /// <summary>The id that the identity provider gave.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The primary address, compared without regard to case.</summary>
    public required string Email { get; init; }

    /// <summary>Further addresses.</summary>
    public IReadOnlyList<string> SecondaryEmails { get; init; } = [];

    /// <summary>The name to show; empty for many invited people.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The state.</summary>
    public DropboxMemberStatus Status { get; init; }

    /// <summary>The state as the service spells it.</summary>
    public required string StatusTag { get; init; }

    /// <summary>Removed, and can still be recovered.</summary>
    public bool IsRecoverable { get; init; }

    /// <summary>Removed, and turned into a personal account.</summary>
    public bool IsDisconnected { get; init; }

    /// <summary>When invited; only for invited people.</summary>
    public DateTimeOffset? InvitedOn { get; init; }

    /// <summary>When joined.</summary>
    public DateTimeOffset? JoinedOn { get; init; }

    /// <summary>When suspended; only for suspended people.</summary>
    public DateTimeOffset? SuspendedOn { get; init; }
}

/// <summary>The team, as <c>team/get_info</c> tells it.</summary>
/// <param name="TeamId">The id (<c>dbtid:…</c>).</param>
/// <param name="Name">The name.</param>
/// <param name="LicensedUsers">How many licences there are.</param>
/// <param name="ProvisionedUsers">How many accounts are invited or active.</param>
/// <param name="UsedLicenses">How many licences are taken.</param>
public sealed record DropboxTeamInfo(string TeamId, string Name, int LicensedUsers, int ProvisionedUsers, int UsedLicenses);

/// <summary>The admin on whose behalf the token acts.</summary>
/// <param name="TeamMemberId">The member's id.</param>
/// <param name="Email">The address.</param>
public sealed record DropboxAdmin(string TeamMemberId, string Email);
