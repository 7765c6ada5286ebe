namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>Who is told, what, and in whose name.</summary>
public sealed record NoticeOptions
{
    /// <summary>The sender: one address, with or without a name to show (<c>IT &lt;it@contoso.example&gt;</c>).</summary>
    public required string From { get; init; }

    /// <summary>More senders, who take turns with the first.</summary>
    public IReadOnlyList<string> MoreSenders { get; init; } = [];

    /// <summary>What each sender may hand over; null for as much as the transport takes.</summary>
    public SenderLimit? SenderLimit { get; init; }

    /// <summary>A rehearsal: all mails go to this one address, marked as such, and nobody counts as told. Null sends to the people.</summary>
    public string? RedirectTo { get; init; }

    /// <summary>Where people sign on: https, on dropbox.com or www.dropbox.com.</summary>
    public string SsoUrl { get; init; } = "https://www.dropbox.com/sso";

    /// <summary>The stages whose people are told.</summary>
    public IReadOnlyCollection<ProvisioningStage> Stages { get; init; } = [ProvisioningStage.AwaitingActivation];

    /// <summary>A folder with templates of the admin's own; each file that is there takes the place of the built-in one.</summary>
    public string? TemplatePath { get; init; }

    /// <summary>The language of those whose own there are no templates in, and of the helpdesk.</summary>
    public string Language { get; init; } = NoticeLanguage.English;

    /// <summary>Reminders, hours, and whom else it reaches.</summary>
    public NoticeManners Manners { get; init; } = NoticeManners.None;

    /// <summary>Send again what may or may not have left.</summary>
    public bool ResendUnknown { get; init; }

    /// <summary>The Dropbox team's name as the templates show it.</summary>
    public string? TeamName { get; init; }
}
