namespace DropboxOktaProvisioning;

/// <summary>A Dropbox app that was added to an Okta org, and what is left to do by hand.</summary>
public sealed record DropboxBusinessApp
{
    /// <summary>The app's id (<c>0oa…</c>).</summary>
    public string AppId { get; init; } = "";

    /// <summary>The label that admins see.</summary>
    public string Label { get; init; } = "";

    /// <summary>The app's status, as Okta spells it.</summary>
    public string Status { get; init; } = "";

    /// <summary>The silent switch, as it was read back.</summary>
    public SilentProvisioningState SilentProvisioning { get; init; }

    /// <summary>Why the switch is as it is.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What no API does, in the order in which to do it, each with the place to click.</summary>
    public IReadOnlyList<string> ManualSteps { get; init => field = Indexable.Of(value); } = [];
}
