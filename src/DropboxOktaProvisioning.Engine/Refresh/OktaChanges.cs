using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning.Engine.Refresh;

/// <summary>Who may have changed, off a log; or why that cannot be told person by person. The log is only a hint: each is then read anew.</summary>
/// <param name="Ids">Whom to look at again.</param>
/// <param name="Why">Why everybody has to be read; null where the ids are all.</param>
internal readonly record struct Changes(IReadOnlySet<string> Ids, string? Why);

/// <summary>Reads out of Okta's System Log whose assignment or user may have changed. Pure.</summary>
/// <remarks>
/// Types are those of Okta's catalog of events (okta.md §3.11). No source says how each type lays out its targets, so a person counts only where a
/// target says that it is a <c>User</c>, and an entry that names none is not guessed about.
/// </remarks>
internal static class OktaChanges
{
    private static readonly string[] Prefixes =
    [
        "application.user_membership.", "application.provision.", "application.lifecycle.", "app.user_management.", "group.user_membership.",
        "group.application_assignment.", "group.lifecycle.delete", "user.lifecycle.", "user.account.", "user.import.", "system.import.",
    ];

    /// <summary>What of the log is asked for.</summary>
    public static string Filter { get; } = string.Join(" or ", Prefixes.Select(prefix => $"eventType sw \"{prefix}\""));

    /// <summary>Who may have changed.</summary>
    /// <param name="entries">The entries that fit <see cref="Filter"/>.</param>
    /// <param name="appId">The app.</param>
    /// <param name="isKnown">Whether an Okta user is among those who are assigned as far as is known.</param>
    public static Changes Of(IEnumerable<OktaLogEvent> entries, string appId, Func<string, bool> isKnown)
    {
        var people = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            bool Is(string prefix) => entry.Type.StartsWith(prefix, StringComparison.Ordinal);
            if (IsOfAnotherApp(entry, appId) || Is("application.provision.group_push") || Is("app.user_management.grouppush")) continue;
            if (Is("application.lifecycle.")) return Whole("the app itself was changed");
            if (Is("group.application_assignment.") || Is("group.lifecycle.")) return Whole("the app's groups changed");
            if (Is("system.import.")) return Whole("a directory was imported");
            var users = entry.Targets.Where(target => target.Type == "User").Select(target => target.Id).ToArray();
            if (users.Length == 0) return Whole($"Okta's log has an entry ({entry.Type}) that names nobody");
            // A user who has not got the app is in no list, whatever becomes of the user.
            foreach (var user in users)
                if (!Is("user.") || isKnown(user)) people.Add(user);
        }

        return new Changes(people, null);
    }

    private static Changes Whole(string why) => new(new HashSet<string>(), why);

    // Only an id of the same kind as the app's own says for sure that it is another one.
    private static bool IsOfAnotherApp(OktaLogEvent entry, string appId)
    {
        var apps = entry.Targets.Where(target => target.Type == "AppInstance").Select(target => target.Id).ToArray();
        return apps.Length > 0 && appId.Length > 3 && apps.All(id => id != appId && id.Length == appId.Length && id.AsSpan(0, 3).SequenceEqual(appId.AsSpan(0, 3)));
    }
}
