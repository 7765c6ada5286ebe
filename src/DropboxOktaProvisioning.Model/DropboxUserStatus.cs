namespace DropboxOktaProvisioning;

/// <summary>One person's state on both sides, with a reason and what to do next.</summary>
public sealed record DropboxUserStatus
{
    /// <summary>The person's address: the app's user name in Okta, else the member's address in Dropbox, else the address asked for.</summary>
    public string Email { get; init; } = "";

    /// <summary>The name to show, null where neither side has one.</summary>
    public string? Name { get; init; }

    /// <summary>The person's further addresses in Okta and in Dropbox, each once.</summary>
    public IReadOnlyList<string> FurtherEmails { get; init => field = Indexable.Of(value); } = [];

    /// <summary>Where the person stands.</summary>
    public ProvisioningStage Stage { get; init; }

    /// <summary>Why, in a sentence.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What to do next.</summary>
    public NextAction NextAction { get; init; }

    /// <summary>Whether the person also owns a personal account on the domain.</summary>
    public PersonalAccountLikelihood PersonalAccount { get; init; }

    /// <summary>What points to a personal account, strongest first.</summary>
    public IReadOnlyList<PersonalAccountEvidence> Evidence { get; init => field = Indexable.Of(value); } = [];

    /// <summary>Whole days since the invitation; null unless the person is waiting.</summary>
    public int? DaysWaiting { get; init; }

    /// <summary>When the first notice left for this person, UTC; null if none has.</summary>
    public DateTimeOffset? FirstNotice { get; init; }

    /// <summary>When the last notice left for this person, reminders among them, UTC; null if none has.</summary>
    public DateTimeOffset? LastNotice { get; init; }

    /// <summary>The Okta user's id (<c>00u…</c>), null if the person is not assigned and was not looked up.</summary>
    public string? OktaUserId { get; init; }

    /// <summary>The Okta user's own status, as Okta spells it (<c>ACTIVE</c>, <c>LOCKED_OUT</c>, …).</summary>
    public string? OktaStatus { get; init; }

    /// <summary>The app user's status, as Okta spells it (<c>PROVISIONED</c>, <c>STAGED</c>, …).</summary>
    public string? AssignmentStatus { get; init; }

    /// <summary>How the app is assigned: <c>USER</c> or <c>GROUP</c>.</summary>
    public string? AssignmentScope { get; init; }

    /// <summary>The app user's sync state, as Okta spells it. <c>DISABLED</c> is normal: it speaks of profile mastering only.</summary>
    public string? SyncState { get; init; }

    /// <summary>The member's status, as Dropbox spells it (<c>active</c>, <c>invited</c>, <c>suspended</c>, <c>removed</c>).</summary>
    public string? DropboxStatus { get; init; }

    /// <summary>The member's id (<c>dbmid:…</c>), null if the person is not on the team.</summary>
    public string? TeamMemberId { get; init; }

    /// <summary>When the member was invited, UTC.</summary>
    public DateTimeOffset? InvitedOn { get; init; }

    /// <summary>When the member joined, UTC.</summary>
    public DateTimeOffset? JoinedOn { get; init; }

    /// <summary>When the person last tried to sign on, UTC, as one of the two logs tells; null where none tells of it, or none was looked at.</summary>
    public DateTimeOffset? TriedOn { get; init; }

    /// <summary>Whether both logs were read for what this person tried: only then does no <see cref="TriedOn"/> mean that nothing was seen.</summary>
    public bool AttemptsRead { get; init; }

    /// <summary>The Dropbox team's id (<c>dbtid:…</c>): notices are remembered per team.</summary>
    public string? TeamId { get; init; }

    /// <summary>The department in Okta, null where the profile has none; so are the five below.</summary>
    public string? Department { get; init; }

    /// <summary>The person's language: the profile's <c>preferredLanguage</c> (<c>de-DE</c>), else its <c>locale</c> (<c>de_DE</c>).</summary>
    public string? Language { get; init; }

    /// <summary>The person's time zone, as the profile spells it (<c>Europe/Berlin</c>).</summary>
    public string? TimeZone { get; init; }

    /// <summary>The person's country (<c>DE</c>).</summary>
    public string? CountryCode { get; init; }

    /// <summary>The manager's name.</summary>
    public string? Manager { get; init; }

    /// <summary>What names the manager in Okta: free text, often the id or the login of the manager's own user.</summary>
    public string? ManagerId { get; init; }

    /// <summary>The address of the Dropbox tile on the Okta dashboard; null unless the person can really see the tile.</summary>
    public Uri? TileUrl { get; init; }
}
