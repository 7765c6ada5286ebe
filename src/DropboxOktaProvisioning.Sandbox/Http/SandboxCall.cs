namespace DropboxOktaProvisioning.Sandbox;

/// <summary>The simulated services.</summary>
public enum SandboxService
{
    /// <summary>The Okta org.</summary>
    Okta,

    /// <summary>The Dropbox team.</summary>
    Dropbox,
}

/// <summary>One line of the request log.</summary>
/// <param name="Time">When it came, on the world's clock.</param>
/// <param name="Service">To whom.</param>
/// <param name="Method">The HTTP verb.</param>
/// <param name="Path">Path and query.</param>
/// <param name="Status">The answer's status; 0 where the connection was broken before one.</param>
public sealed record SandboxRequest(DateTimeOffset Time, SandboxService Service, string Method, string Path, int Status);

/// <summary>A request as it arrives, whatever carried it.</summary>
public sealed class SandboxCall
{
    /// <summary>The HTTP verb, in capitals.</summary>
    public required string Method { get; init; }

    /// <summary>The absolute address; references in the answer point to the same origin.</summary>
    public required Uri Address { get; init; }

    /// <summary>The value of a header by its name, null where it was not sent.</summary>
    public required Func<string, string?> Header { get; init; }

    /// <summary>The body, empty without one.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Scheme, host and port.</summary>
    internal string Origin => Address.GetLeftPart(UriPartial.Authority);
}

/// <summary>An answer for the carrier to deliver, including how to spoil the delivery.</summary>
public sealed class SandboxAnswer
{
    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>The headers beside those of the content; a name may stand there more than once.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>The content type, null without a body.</summary>
    public string? ContentType { get; init; }

    /// <summary>The body.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Break the connection instead of answering.</summary>
    public bool IsReset { get; init; }

    /// <summary>Promise the whole length, deliver half, then break the connection.</summary>
    public bool BreaksInBody { get; init; }

    /// <summary>How long to wait before the answer; <see cref="Timeout.InfiniteTimeSpan"/> is for good.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>How long to pause in the middle of the body.</summary>
    public TimeSpan BodyDelay { get; init; }
}
