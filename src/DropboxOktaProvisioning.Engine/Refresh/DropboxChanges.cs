using DropboxOktaProvisioning.Engine.Dropbox;

namespace DropboxOktaProvisioning.Engine.Refresh;

/// <summary>Reads out of the team's log which members may have changed. Pure.</summary>
/// <remarks>
/// All that a member's record shows (state, addresses, ids, name) changes by events of the category <c>members</c>. Which of an event's people it happened to
/// differs from type to type, so all of them are looked at again: a request takes a hundred.
/// </remarks>
internal static class DropboxChanges
{
    /// <summary>The category of the log that is followed.</summary>
    public const string Category = "members";

    // Events of the category (team_log.stone) that touch nothing that is read of a member.
    private static readonly string[] Harmless =
    [
        "addon_", "backup_", "product_", "member_space_limits_", "create_team_invite_link", "delete_team_invite_link", "member_suggest", "member_change_admin_role",
        "member_folder_contents_accessed", "member_set_profile_photo", "member_delete_profile_photo", "member_delete_manual_contacts", "secondary_mails_policy_changed",
    ];

    /// <summary>The members who may have changed, by id; by address where the log has no id.</summary>
    public static Changes Of(IEnumerable<DropboxEvent> events)
    {
        var people = new HashSet<string>(StringComparer.Ordinal);
        foreach (var one in events)
        {
            if (Harmless.Any(prefix => one.Type.StartsWith(prefix, StringComparison.Ordinal))) continue;
            var named = People(one).Select(person => person.TeamMemberId ?? person.Email).ToArray();
            if (named.Length == 0 || named.Contains(null)) return new Changes(new HashSet<string>(), $"Dropbox's log has an event ({one.Type}) that names nobody");
            foreach (var id in named) people.Add(id!);
        }

        return new Changes(people, null);
    }

    /// <summary>When people were removed from the team, the last time that the events tell of.</summary>
    public static IEnumerable<(string MemberId, DateTimeOffset On)> Removals(IEnumerable<DropboxEvent> events) =>
        from one in events
        where one.Type == "member_change_status" && one.Detail("new_value") == "removed"
        orderby one.Timestamp
        from person in People(one)
        where person.TeamMemberId is not null
        select (person.TeamMemberId!, one.Timestamp);

    /// <summary>The people of an event, without the admin who did it.</summary>
    public static IEnumerable<DropboxEventPerson> People(DropboxEvent one)
    {
        IEnumerable<DropboxEventPerson?> people = [one.Context, .. one.Participants];
        return (one.IsByAdmin ? people : people.Append(one.Actor)).OfType<DropboxEventPerson>();
    }
}
