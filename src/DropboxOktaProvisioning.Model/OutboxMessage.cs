namespace DropboxOktaProvisioning;

/// <summary>A mail in the sandbox's outbox.</summary>
public sealed record OutboxMessage
{
    /// <summary>The recipient's address.</summary>
    public string To { get; init; } = "";

    /// <summary>The subject line.</summary>
    public string Subject { get; init; } = "";

    /// <summary>The plain text.</summary>
    public string Text { get; init; } = "";

    /// <summary>The HTML.</summary>
    public string Html { get; init; } = "";

    /// <summary>When it left, on the sandbox's clock.</summary>
    public DateTimeOffset SentOn { get; init; }
}
