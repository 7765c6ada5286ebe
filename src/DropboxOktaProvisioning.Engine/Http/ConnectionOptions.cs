namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>How a connection to a service behaves. The defaults are right for the real services.</summary>
public sealed record ConnectionOptions
{
    /// <summary>The usual <see cref="CeilingPercent"/>.</summary>
    public const int UsualCeiling = 45;

    /// <summary>The clock for waits between tries and for the expiry of tokens.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Makes the handler that talks to the network; null for sockets. The connection disposes it.</summary>
    public Func<HttpMessageHandler>? PrimaryHandler { get; init; }

    /// <summary>How often and how long to try again.</summary>
    public RetryOptions Retry { get; init; } = new();

    /// <summary>How much of each rate limit this tool takes, in percent, where the service tells its limits: below the half that is a token's usual share.</summary>
    public int CeilingPercent { get; init; } = UsualCeiling;

    /// <summary>The largest answer taken, in bytes after decompression.</summary>
    public long MaxAnswerBytes { get; init; } = 64L << 20;

    /// <summary>Whether plain http is taken for an address on this machine, as the sandbox host has.</summary>
    public bool AllowLoopbackHttp { get; init; }

    /// <summary>Where to send requests instead of the service's own address; null for the service itself.</summary>
    public Uri? Origin { get; init; }
}

/// <summary>How often and how long to try again.</summary>
public sealed record RetryOptions
{
    /// <summary>How many times a request is repeated after the first try.</summary>
    public int MaxRetries { get; init; } = 5;

    /// <summary>The longest single wait. A service that asks for more gets an error that says until when.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The first wait after a server error or a broken connection; it doubles from try to try.</summary>
    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Where the doubling ends.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long one try may take, body included, by the system's clock.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>A 503 with a Retry-After is a refusal for now, so that even a change may be repeated; as Microsoft Graph documents it.</summary>
    public bool UnavailableDidNotRun { get; init; }

    /// <summary>The seed of the jitter; null for a random one.</summary>
    public int? Seed { get; init; }
}
