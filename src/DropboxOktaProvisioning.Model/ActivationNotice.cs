namespace DropboxOktaProvisioning;

/// <summary>What a notice is for. A person gets at most one of each kind, and of reminders at most one of each step.</summary>
public enum NoticeKind
{
    /// <summary>The first word: your account is there, sign on.</summary>
    Activation,

    /// <summary>A reminder to somebody who has not signed on yet.</summary>
    Reminder,

    /// <summary>To the manager, about people who were reminded for the last time.</summary>
    ManagerEscalation,

    /// <summary>To the helpdesk, about a run.</summary>
    HelpdeskDigest,
}

/// <summary>How far a notice got.</summary>
public enum NoticeState
{
    /// <summary>Would be sent: nothing is written, nothing has left.</summary>
    Planned,

    /// <summary>A process is sending it now: the intent is on disk.</summary>
    Sending,

    /// <summary>The mail server took it, or the file is in the pickup folder.</summary>
    Sent,

    /// <summary>A service took it on and sends it later; whether it was delivered is not known. It counts as told.</summary>
    Accepted,

    /// <summary>It surely did not leave; the next run tries again.</summary>
    Failed,

    /// <summary>It is not the hour for it where the person is: the next run from <see cref="ActivationNotice.NotBefore"/> on sends it.</summary>
    Waiting,

    /// <summary>It need not or must not be sent; the reason says why.</summary>
    Skipped,

    /// <summary>It may or may not have left. It is not sent again unless the admin says so.</summary>
    Unknown,

    /// <summary>A rehearsal: it went to somebody else's address, and the person does not count as told.</summary>
    Redirected,
}

/// <summary>One notice to one person: planned, sent, skipped, failed, or unknown.</summary>
public sealed record ActivationNotice
{
    /// <summary>The notice's own id, the same for every try.</summary>
    public string Id { get; init; } = "";

    /// <summary>The recipient's address.</summary>
    public string Email { get; init; } = "";

    /// <summary>The recipient's name, if known.</summary>
    public string? Name { get; init; }

    /// <summary>What the notice is for.</summary>
    public NoticeKind Kind { get; init; }

    /// <summary>Which reminder it is, from 1; 0 for what there is one of.</summary>
    public int Step { get; init; }

    /// <summary>Whom it is about, where it goes to somebody else: the address of a manager's person.</summary>
    public string? About { get; init; }

    /// <summary>How far it got.</summary>
    public NoticeState State { get; init; }

    /// <summary>Why it is in this state; the mail server's own words where it refused.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The stage that the person was in.</summary>
    public ProvisioningStage Stage { get; init; }

    /// <summary>Whether the words for people with a personal account are used.</summary>
    public PersonalAccountLikelihood PersonalAccount { get; init; }

    /// <summary>The subject line.</summary>
    public string Subject { get; init; } = "";

    /// <summary>When the intent was written, UTC.</summary>
    public DateTimeOffset? IntendedOn { get; init; }

    /// <summary>From when on it may leave, UTC, where it waits for its hour.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>When the mail server or the service took it, UTC.</summary>
    public DateTimeOffset? SentOn { get; init; }

    /// <summary>How many times it was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>How it travels: <c>Smtp</c>, <c>Graph</c>, <c>Pickup</c> or <c>Sandbox</c>.</summary>
    public string Transport { get; init; } = "";

    /// <summary>The address that sends it; null where an earlier version of the module sent it.</summary>
    public string? Sender { get; init; }

    /// <summary>The mail's Message-ID: the same for every try, so that a duplicate can be told.</summary>
    public string? MessageId { get; init; }

    /// <summary>The Okta user's id, if known.</summary>
    public string? OktaUserId { get; init; }

    /// <summary>The Dropbox member's id, if known.</summary>
    public string? TeamMemberId { get; init; }

    /// <summary>The Dropbox team's id, if known.</summary>
    public string? TeamId { get; init; }
}
