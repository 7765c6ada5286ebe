using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning.Engine.Workflow;

/// <summary>Who is in which Okta group.</summary>
public sealed class GroupMemberships
{
    private readonly Dictionary<string, List<string>> _groups = new(StringComparer.Ordinal);

    private GroupMemberships()
    {
    }

    /// <summary>The groups that were asked for and that Okta does not have, or has more than one of.</summary>
    public IReadOnlyList<ProvisioningException> Problems { get; private init; } = [];

    /// <summary>Reads the people of groups; one request for each 200 of them.</summary>
    /// <param name="okta">The org.</param>
    /// <param name="appId">The app whose groups are read where none are named.</param>
    /// <param name="names">Names or ids of groups; none for those that are assigned the app.</param>
    /// <param name="progress">Hears of requests.</param>
    /// <param name="cancel">Ends it at once.</param>
    public static async Task<GroupMemberships> ReadAsync(
        OktaClient okta, string appId, IReadOnlyList<string> names, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        var groups = new Dictionary<string, OktaGroup>(StringComparer.Ordinal);
        var problems = new List<ProvisioningException>();
        if (names.Count == 0)
        {
            await foreach (var page in okta.ListAppGroupsAsync(appId, progress, cancel))
                foreach (var group in page) groups[group.Id] = group;
        }

        foreach (var (_, group, problem) in await OktaGroups.FindAllAsync(okta, names, progress, cancel))
        {
            if (group is not null) groups[group.Id] = group;
            else problems.Add(problem!);
        }

        var memberships = new GroupMemberships { Problems = problems };
        var once = groups.Values.GroupBy(group => group.Name).ToDictionary(same => same.Key, same => same.Count());
        foreach (var group in groups.Values)
        {
            // Two groups may have one name; their rows must not look like one group.
            var title = group.Name.Length == 0 ? group.Id : once[group.Name] > 1 ? $"{group.Name} ({group.Id})" : group.Name;
            await foreach (var page in okta.ListGroupUsersAsync(group.Id, progress, cancel))
                foreach (var user in page) memberships.Add(user.Id, title);
        }

        return memberships;
    }

    /// <summary>The names of the groups that a person is in, each once.</summary>
    public IReadOnlyList<string> Of(DropboxUserStatus person) => person.OktaUserId is { } id && _groups.TryGetValue(id, out var groups) ? groups : [];

    private void Add(string userId, string group)
    {
        if (!_groups.TryGetValue(userId, out var groups)) _groups.Add(userId, groups = []);
        if (!groups.Contains(group)) groups.Add(group); // somebody may come twice where people change while a list is read
    }
}
