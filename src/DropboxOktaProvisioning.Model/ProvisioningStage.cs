namespace DropboxOktaProvisioning;

/// <summary>Where one person stands between Okta and Dropbox. A closed set: everybody has exactly one.</summary>
public enum ProvisioningStage
{
    /// <summary>On the team and joined.</summary>
    Active,

    /// <summary>On the team as invited, has not signed on yet.</summary>
    AwaitingActivation,

    /// <summary>Assigned in Okta and not on the team: queued, or the push failed.</summary>
    NotProvisioned,

    /// <summary>In the scope asked for and not assigned the app.</summary>
    NotAssigned,

    /// <summary>Assigned, but the Okta user cannot sign on: staged, suspended, locked out or deprovisioned.</summary>
    CannotSignOn,

    /// <summary>Suspended on the team.</summary>
    Suspended,

    /// <summary>Was removed from the team: recoverable, gone, or turned into a personal account.</summary>
    Removed,

    /// <summary>On the team and not assigned in Okta.</summary>
    Unmanaged,

    /// <summary>Two records claim one person.</summary>
    Conflict,
}
