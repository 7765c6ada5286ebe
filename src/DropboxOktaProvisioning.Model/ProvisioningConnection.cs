namespace DropboxOktaProvisioning;

/// <summary>One side of the work as it is connected now: who, with which rights, for how long. Never a secret.</summary>
public sealed record ProvisioningConnection
{
    /// <summary><c>Okta</c> or <c>Dropbox</c>.</summary>
    public string Service { get; init; } = "";

    /// <summary>Whether this runspace has an open connection to it.</summary>
    public bool IsConnected { get; init; }

    /// <summary>The org's address, or the team's name with its id; null where nothing is connected.</summary>
    public string? Name { get; init; }

    /// <summary>Who the requests are made as: the admin who linked the Dropbox app, the client id of Okta's service app; null where the service does not say.</summary>
    public string? SignedInAs { get; init; }

    /// <summary>How it is signed in: <c>ApiToken</c>, <c>ServiceApp</c>, <c>RefreshToken</c>, <c>AccessToken</c> or <c>Sandbox</c>.</summary>
    public string? SignIn { get; init; }

    /// <summary>What the token may do, as the service said; null where it does not say, as with an Okta API token.</summary>
    public IReadOnlyList<string>? Scopes { get; init => field = Indexable.Of(value); }

    /// <summary>Commands that lack a scope at this service; null where the scopes are not known, empty where none lacks any.</summary>
    public IReadOnlyList<LackingScope>? Lacking { get; init => field = Indexable.Of(value); }

    /// <summary>When the token in use ends, UTC; null where it has no end or the service does not say.</summary>
    public DateTimeOffset? TokenExpires { get; init; }

    /// <summary>When the connection was made, UTC.</summary>
    public DateTimeOffset? ConnectedOn { get; init; }

    /// <summary>How many requests were answered over it, repeated ones included.</summary>
    public int RequestCount { get; init; }

    /// <summary>The rate limits that the answers told of so far.</summary>
    public IReadOnlyList<ServiceRateLimit> RateLimits { get; init => field = Indexable.Of(value); } = [];

    /// <summary>What to do next, null if nothing.</summary>
    public string? Remedy { get; init; }
}

/// <summary>A command that cannot do its work with the token in use.</summary>
/// <param name="Command">The command's name.</param>
/// <param name="Scope">The scope that it lacks.</param>
public sealed record LackingScope(string Command, string Scope)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Command}: {Scope}";
}

/// <summary>A rate limit as a service's answers told it.</summary>
/// <param name="Bucket">The path that it counts, ids taken out.</param>
/// <param name="Limit">Requests in a window; null where the service does not say.</param>
/// <param name="Remaining">How many were left at the last answer.</param>
/// <param name="Resets">When the window ends, UTC.</param>
/// <param name="Refusals">How many requests were refused with 429.</param>
public sealed record ServiceRateLimit(string Bucket, long? Limit, long? Remaining, DateTimeOffset? Resets, int Refusals)
{
    /// <summary>How many requests of a window this tool takes at most; null where the service names no limit.</summary>
    public long? Ceiling { get; init; }

    /// <summary>How many requests of this window this process took; null where the service names no limit.</summary>
    public long? Taken { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Limit is null ? $"{Bucket}: {Refusals} refused" : $"{Bucket}: {Remaining} of {Limit} left, {Taken} of {Ceiling} taken here";
}
