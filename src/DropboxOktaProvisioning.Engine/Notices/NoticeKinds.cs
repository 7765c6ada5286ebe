namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>What kinds of notices have in common.</summary>
public static class NoticeKinds
{
    /// <summary>Whether it goes to the person whom it is about, and not to a manager or the helpdesk.</summary>
    public static bool IsToPerson(this NoticeKind kind) => kind is NoticeKind.Activation or NoticeKind.Reminder;
}
