using System.Globalization;

namespace DropboxOktaProvisioning.Engine.Journal;

/// <summary>The keys that a person is recognised by: any one of them is enough.</summary>
internal static class NoticeKeys
{
    /// <summary>The address as a key: without surrounding blanks and without regard to case.</summary>
    public static string Address(string email) => "address:" + email.Trim().ToLowerInvariant();

    /// <summary>A new notice's id, 32 hex digits. Ids of one run are neighbours, so that a batch of them is written to one place.</summary>
    public static string NewId() => string.Create(CultureInfo.InvariantCulture, $"{Environment.TickCount64 & 0xffff_ffff:x8}{Guid.NewGuid().ToString("N")[8..]}");

    /// <summary>All keys of a person that are known.</summary>
    public static IEnumerable<string> Of(string? oktaUserId, string? teamMemberId, string? email)
    {
        if (!string.IsNullOrWhiteSpace(oktaUserId)) yield return "okta:" + oktaUserId;
        if (!string.IsNullOrWhiteSpace(teamMemberId)) yield return "member:" + teamMemberId;
        if (!string.IsNullOrWhiteSpace(email)) yield return Address(email);
    }

    /// <summary>All keys of a notice's recipient.</summary>
    /// <remarks>A mail about somebody is remembered by whom it is about, and one about a run by itself.</remarks>
    public static IEnumerable<string> Of(ActivationNotice notice) =>
        notice.Kind == NoticeKind.HelpdeskDigest ? ["run:" + notice.Id] : Of(notice.OktaUserId, notice.TeamMemberId, notice.About ?? notice.Email);

    /// <summary>What a person gets at most one of: a kind, or one step of it.</summary>
    /// <remarks>A manager is told of a person once, though runs may differ in which reminder is the last.</remarks>
    public static string Slot(ActivationNotice notice) => notice.Step == 0 || notice.Kind == NoticeKind.ManagerEscalation ? notice.Kind.ToString() : string.Create(CultureInfo.InvariantCulture, $"{notice.Kind} {notice.Step}");

    /// <summary>All keys of a person.</summary>
    public static IEnumerable<string> Of(DropboxUserStatus person) => Of(person.OktaUserId, person.TeamMemberId, person.Email);
}
