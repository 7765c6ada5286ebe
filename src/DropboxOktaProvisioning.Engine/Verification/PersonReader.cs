using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning.Engine.Verification;

/// <summary>Reads a few people, each by name, without listing everybody.</summary>
/// <remarks>What a list of all would also show stays unseen: removed members whom Dropbox does not find by address or id.</remarks>
internal sealed class PersonReader(OktaClient okta, DropboxTeamClient dropbox, string appId)
{
    /// <summary>The people with these addresses; who is nowhere is simply absent.</summary>
    public Task<IReadOnlyList<PersonFacts>> ReadAsync(IReadOnlyList<string> addresses, IProgress<RunEvent>? progress, CancellationToken cancel) =>
        ReadAsync(addresses, token => FindAsync(addresses, progress, token), progress, cancel);

    /// <summary>These Okta users.</summary>
    public Task<IReadOnlyList<PersonFacts>> ReadAsync(
        IReadOnlyList<OktaUser> users, IProgress<RunEvent>? progress, CancellationToken cancel) => ReadAsync(
        [.. users.Select(user => user.Email ?? user.Login).OfType<string>()],
        async token =>
        {
            var found = new Found();
            foreach (var user in users) await AddAsync(user, found, progress, token);
            return found;
        },
        progress, cancel);

    private async Task<IReadOnlyList<PersonFacts>> ReadAsync(
        IReadOnlyList<string> addresses, Func<CancellationToken, Task<Found>> findInOkta, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        Found inOkta = new();
        IReadOnlyList<DropboxMember> members = [];
        await SideBySide.RunAsync(
            async token => inOkta = await findInOkta(token),
            async token => members = await dropbox.FindMembersAsync([.. addresses.Select(DropboxSelector.ByEmail)], progress, token),
            cancel);

        await AddOwnersAsync(members, addresses, inOkta, progress, cancel);
        var join = new PeopleJoin();
        join.Add(inOkta.Assignments);
        foreach (var user in inOkta.Users) join.Add(user);
        join.Add(members);

        // Okta may know the person under an id or an address that was not asked for.
        var more = Further(inOkta, addresses, members);
        if (more.Count > 0) join.Add(await dropbox.FindMembersAsync(more, progress, cancel));
        return join.Join();
    }

    private async Task<Found> FindAsync(IReadOnlyList<string> addresses, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        var found = new Found();
        foreach (var address in addresses)
        {
            if (await AddAssignedAsync(address, found, progress, cancel)) continue;

            IReadOnlyList<OktaUser> users = await okta.FindUserAsync(address, progress, cancel) is { } user
                ? [user]
                : await okta.FindUsersByEmailAsync([address], progress, cancel);
            foreach (var one in users) await AddAsync(one, found, progress, cancel);
        }

        return found;
    }

    // One call finds who is assigned under this name, with the Okta user in it.
    private async Task<bool> AddAssignedAsync(string address, Found found, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        var assigned = (await okta.SearchAppUsersAsync(appId, address, progress, cancel))
            .Where(one => new[] { one.UserName, one.Email, one.User?.Email, one.User?.Login }.Contains(address, StringComparer.OrdinalIgnoreCase))
            .ToArray();
        found.Assignments.AddRange(assigned);
        return assigned.Length > 0;
    }

    // Dropbox may know the person under an address of which Okta knows nothing; its external id and the other addresses lead to the assignment.
    private async Task AddOwnersAsync(IReadOnlyList<DropboxMember> members, IReadOnlyList<string> asked, Found found, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        foreach (var member in members.Where(member => member.Status != DropboxMemberStatus.Removed))
        {
            string[] addresses = [member.Email, .. member.SecondaryEmails];
            if (found.Has(member, addresses)) continue;
            if (member.ExternalId is { } id && id.StartsWith("00u", StringComparison.Ordinal) && await okta.FindAppUserAsync(appId, id, progress, cancel) is { } assignment)
                found.Assignments.Add(assignment);
            else
                foreach (var address in addresses.Except(asked, StringComparer.OrdinalIgnoreCase))
                    if (await AddAssignedAsync(address, found, progress, cancel)) break;
        }
    }

    private async Task AddAsync(OktaUser user, Found found, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        if (await okta.FindAppUserAsync(appId, user.Id, progress, cancel) is { } assignment) found.Assignments.Add(assignment);
        else found.Users.Add(user);
    }

    private static List<DropboxSelector> Further(Found inOkta, IReadOnlyList<string> asked, IReadOnlyList<DropboxMember> members)
    {
        var known = new HashSet<string>(asked, StringComparer.OrdinalIgnoreCase);
        var ids = members.SelectMany(member => new[] { member.TeamMemberId, member.AccountId, member.ExternalId })
            .OfType<string>().ToHashSet(StringComparer.Ordinal);
        var more = new List<DropboxSelector>();
        foreach (var person in inOkta.People)
        {
            if (person.Assignment?.ExternalId is { Length: > 0 } id && ids.Add(id))
                more.Add(id.StartsWith("dbmid:", StringComparison.Ordinal) ? DropboxSelector.ByMemberId(id) : DropboxSelector.ByExternalId(id));
            // The list join takes Okta's own id of the user for the member's external id, and so must this.
            if ((person.Assignment?.Id ?? person.User?.Id) is { Length: > 0 } userId && ids.Add(userId))
                more.Add(DropboxSelector.ByExternalId(userId));
            foreach (var address in person.OktaAddresses())
                if (known.Add(address)) more.Add(DropboxSelector.ByEmail(address));
        }

        return more;
    }

    private sealed class Found
    {
        public List<OktaAppUser> Assignments { get; } = [];

        public List<OktaUser> Users { get; } = [];

        public IEnumerable<PersonFacts> People => Assignments.Select(one => new PersonFacts { Assignment = one, User = one.User })
            .Concat(Users.Select(one => new PersonFacts { User = one }));

        public bool Has(DropboxMember member, string[] addresses) => People.Any(
            person => (person.Assignment?.Id ?? person.User?.Id) == member.ExternalId
                || (person.Assignment?.ExternalId is { Length: > 0 } id && (id == member.TeamMemberId || id == member.AccountId || id == member.ExternalId))
                || person.OktaAddresses().Intersect(addresses, StringComparer.OrdinalIgnoreCase).Any());
    }
}
