namespace DropboxOktaProvisioning;

/// <summary>Whose channel a webhook posts to, and so in which form.</summary>
public enum WebhookKind
{
    /// <summary>Microsoft Teams: a workflow that starts when a webhook request is received, or an incoming webhook; an Adaptive Card.</summary>
    Teams,

    /// <summary>Slack: an incoming webhook; a text.</summary>
    Slack,
}
