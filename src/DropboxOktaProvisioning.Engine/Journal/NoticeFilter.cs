namespace DropboxOktaProvisioning.Engine.Journal;

/// <summary>Which notices of the journal are asked for; what is empty or null does not restrict.</summary>
public sealed record NoticeFilter
{
    /// <summary>Recipients' addresses, compared without regard to case.</summary>
    public IReadOnlyCollection<string> Emails { get; init; } = [];

    /// <summary>States.</summary>
    public IReadOnlyCollection<NoticeState> States { get; init; } = [];

    /// <summary>What the notice is for.</summary>
    public NoticeKind? Kind { get; init; }

    /// <summary>The Dropbox team's id.</summary>
    public string? TeamId { get; init; }

    /// <summary>Only notices whose last change of state was written at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }
}
