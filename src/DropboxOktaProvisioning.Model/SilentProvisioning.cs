namespace DropboxOktaProvisioning;

/// <summary>What is known of the app's silent switch.</summary>
public enum SilentProvisioningState
{
    /// <summary>The setting was not found: neither on nor off can be said.</summary>
    Unknown,

    /// <summary>On: people get accounts and no welcome mail.</summary>
    Enabled,

    /// <summary>Off: Dropbox mails everybody whom Okta adds.</summary>
    Disabled,

    /// <summary>More than one setting could be the switch.</summary>
    Ambiguous,
}

/// <summary>A Dropbox app in Okta and the state of its silent switch.</summary>
public sealed record SilentProvisioningStatus
{
    /// <summary>The app's id (<c>0oa…</c>).</summary>
    public string AppId { get; init; } = "";

    /// <summary>The label that admins see.</summary>
    public string Label { get; init; } = "";

    /// <summary>The app's status: <c>ACTIVE</c> or <c>INACTIVE</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>How people sign on to it, as Okta spells it (<c>SAML_2_0</c>, …).</summary>
    public string SignOnMode { get; init; } = "";

    /// <summary>The state of the switch.</summary>
    public SilentProvisioningState SilentProvisioning { get; init; }

    /// <summary>The setting that holds it (<c>settings.app.…</c>), null where none was found.</summary>
    public string? Source { get; init; }

    /// <summary>The names of the app's settings that were looked at; values are not shown.</summary>
    public IReadOnlyList<string> SettingNames { get; init => field = Indexable.Of(value); } = [];

    /// <summary>Why, in a sentence, and what to do where the state is not plain.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The provisioning features that are on (<c>PUSH_NEW_USERS</c>, …).</summary>
    public IReadOnlyList<string> Features { get; init => field = Indexable.Of(value); } = [];

    /// <summary>Whether a change was written by the command that returned this.</summary>
    public bool Changed { get; init; }

    /// <summary>The file with the app's JSON as it was before the change, null if nothing was changed.</summary>
    public string? BackupPath { get; init; }

    /// <summary>The org's address.</summary>
    public Uri? OktaOrg { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Label} ({AppId}): {SilentProvisioning}";
}
