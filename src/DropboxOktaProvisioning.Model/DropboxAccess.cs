namespace DropboxOktaProvisioning;

/// <summary>What became of an assignment that was asked for.</summary>
public enum AccessOutcome
{
    /// <summary>Would be assigned; nothing was changed.</summary>
    Planned,

    /// <summary>Is assigned now.</summary>
    Assigned,

    /// <summary>Was assigned before; nothing was changed.</summary>
    AlreadyAssigned,
}

/// <summary>A person or a group, and the assignment of the Dropbox app.</summary>
public sealed record DropboxAccess
{
    /// <summary>The person's address, or the group's name.</summary>
    public string Name { get; init; } = "";

    /// <summary><c>Person</c> or <c>Group</c>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The Okta id of the person (<c>00u…</c>) or of the group (<c>00g…</c>).</summary>
    public string Id { get; init; } = "";

    /// <summary>The app's id (<c>0oa…</c>).</summary>
    public string AppId { get; init; } = "";

    /// <summary>What became of it.</summary>
    public AccessOutcome Outcome { get; init; }

    /// <summary>Why, and what happens next.</summary>
    public string Reason { get; init; } = "";
}
