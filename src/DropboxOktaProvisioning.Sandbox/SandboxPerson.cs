namespace DropboxOktaProvisioning.Sandbox;

/// <summary>Where a person truly stands between the two services: what a correct verification must find out.</summary>
public enum SandboxStage
{
    /// <summary>On the team and joined.</summary>
    Active,

    /// <summary>Invited, has not signed on.</summary>
    AwaitingActivation,

    /// <summary>Assigned, not on the team: the push is queued or has failed.</summary>
    NotProvisioned,

    /// <summary>Has an Okta user, is not assigned the app, and is not on the team.</summary>
    NotAssigned,

    /// <summary>Assigned, not joined, and the Okta user is staged, suspended, locked out or deprovisioned.</summary>
    CannotSignOn,

    /// <summary>Suspended on the team.</summary>
    Suspended,

    /// <summary>Was removed from the team.</summary>
    Removed,

    /// <summary>On the team, not assigned in Okta.</summary>
    Unmanaged,

    /// <summary>The app user's external id names one member, the address another.</summary>
    Conflict,
}

/// <summary>How a person came to the stage at the start of the world.</summary>
public enum SandboxCase
{
    /// <summary>Joined the team.</summary>
    Active,

    /// <summary>Invited and waiting.</summary>
    Awaiting,

    /// <summary>Assigned a moment ago; the push is queued (<c>STAGED</c>).</summary>
    PushQueued,

    /// <summary>The push failed (sync state <c>ERROR</c>).</summary>
    PushFailed,

    /// <summary>In the group of people who should have Dropbox, and not assigned.</summary>
    NotAssigned,

    /// <summary>Invited; the Okta user is suspended.</summary>
    OktaSuspended,

    /// <summary>Invited; the Okta user is locked out.</summary>
    OktaLockedOut,

    /// <summary>Invited; the Okta user is deprovisioned.</summary>
    OktaDeprovisioned,

    /// <summary>Invited; the Okta user is staged.</summary>
    OktaStaged,

    /// <summary>Suspended on the team.</summary>
    Suspended,

    /// <summary>Removed less than 7 days ago.</summary>
    RemovedRecoverable,

    /// <summary>Removed for good.</summary>
    RemovedGone,

    /// <summary>Removed and turned into a personal account.</summary>
    RemovedDisconnected,

    /// <summary>On the team without an assignment; half of them without an Okta user.</summary>
    Unmanaged,

    /// <summary>One of two people whose external ids are swapped.</summary>
    Conflict,

    /// <summary>Added after the start.</summary>
    Added,
}

/// <summary>A person of the world, with the truth about them now.</summary>
/// <param name="Email">The company address: the Okta login, or the team's address of those who have no Okta user.</param>
/// <param name="Name">Given name and family name.</param>
/// <param name="Stage">Where the person stands now.</param>
/// <param name="Case">How the person began.</param>
/// <param name="OktaUserId">The Okta user's id, null without one.</param>
/// <param name="ExternalId">The app user's external id, null where not assigned or not provisioned.</param>
/// <param name="TeamMemberId">The id of the member who has this address, null where there is none.</param>
/// <param name="PersonalAccount">The personal account that the person owns on the company's domain now.</param>
/// <param name="PersonalAccountShows">Whether the list of members or the team's log tells of a personal account that the person owns or owned.</param>
public sealed record SandboxPerson(
    string Email, string Name, SandboxStage Stage, SandboxCase Case, string? OktaUserId, string? ExternalId, string? TeamMemberId,
    SandboxPersonalAccount PersonalAccount, bool PersonalAccountShows);

/// <summary>A personal account on the company's domain.</summary>
public enum SandboxPersonalAccount
{
    /// <summary>None.</summary>
    None,

    /// <summary>A free one.</summary>
    Basic,

    /// <summary>A paid one.</summary>
    Pro,
}

/// <summary>A welcome mail that Dropbox itself sent, because the app was not silent when the person was pushed.</summary>
/// <param name="Time">When, UTC.</param>
/// <param name="Email">To whom.</param>
public sealed record SandboxWelcomeMail(DateTimeOffset Time, string Email);
