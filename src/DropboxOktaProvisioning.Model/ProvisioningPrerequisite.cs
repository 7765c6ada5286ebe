namespace DropboxOktaProvisioning;

/// <summary>How a prerequisite stands.</summary>
public enum PrerequisiteOutcome
{
    /// <summary>There is evidence that it is met.</summary>
    Passed,

    /// <summary>It is met in part, or something speaks against it.</summary>
    Warning,

    /// <summary>There is evidence that it is not met.</summary>
    Failed,

    /// <summary>Nothing tells. That is not the same as met.</summary>
    Unknown,
}

/// <summary>One thing that silent provisioning needs, how it stands, how that is known, and where to mend it.</summary>
public sealed record ProvisioningPrerequisite
{
    /// <summary>Its stable name, such as <c>SsoRequired</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>How it stands.</summary>
    public PrerequisiteOutcome Outcome { get; init; }

    /// <summary>How that is known.</summary>
    public FactBasis Basis { get; init; }

    /// <summary>What was seen, in a sentence.</summary>
    public string Evidence { get; init; } = "";

    /// <summary>When what was seen happened or was stated, UTC; null for what was read just now.</summary>
    public DateTimeOffset? ObservedOn { get; init; }

    /// <summary>Who did it or stated it, null where nobody is named.</summary>
    public string? Actor { get; init; }

    /// <summary>What to do and where to click; null where nothing is to do.</summary>
    public string? Remedy { get; init; }

    /// <summary>Whether a notice would tell people something untrue while this is Failed: then Send-ActivationNotice and Invoke-SilentProvisioning stop.</summary>
    public bool BlocksNotice { get; init; }
}

/// <summary>Whom Dropbox's account capture concerns (AccountCapturePolicy of the team's log).</summary>
public enum AccountCapture
{
    /// <summary>Nobody.</summary>
    Disabled,

    /// <summary>People with a personal account who are invited: invite enforcement.</summary>
    InvitedUsers,

    /// <summary>Everybody with a personal account on a verified domain.</summary>
    AllUsers,
}
