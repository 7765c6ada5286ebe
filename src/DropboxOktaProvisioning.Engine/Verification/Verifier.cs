using System.Runtime.CompilerServices;
using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Refresh;
using DropboxOktaProvisioning.Engine.Workflow;

namespace DropboxOktaProvisioning.Engine.Verification;

/// <summary>Reads both services for a scope and tells each person's state. No row leaves before everything is read to its end.</summary>
/// <param name="okta">The org.</param>
/// <param name="dropbox">The team.</param>
/// <param name="app">The app whose people they are.</param>
/// <param name="rows">Makes the rows.</param>
/// <param name="keeper">Keeps what is read of everybody for the next time; null keeps nothing.</param>
public sealed class Verifier(OktaClient okta, DropboxTeamClient dropbox, OktaApp app, StatusRows rows, ReadingKeeper? keeper = null)
{
    /// <summary>Up to so many people are asked for one by one; for more it is cheaper to list everybody.</summary>
    public const int FewPeople = 25;

    /// <summary>Whether so few people are asked for by name that no list is read.</summary>
    internal static bool IsFew(VerificationScope scope) => scope is VerificationScope.People { Addresses.Count: <= FewPeople };

    /// <summary>The app whose people are verified.</summary>
    public string AppId => app.Id;

    private readonly IPeopleLists _lists = keeper is null
        ? new ListReader(okta, dropbox, app.Id) : new RefreshingLists(new ListReader(okta, dropbox, app.Id), okta, dropbox, app.Id, keeper);
    private readonly PersonReader _persons = new(okta, dropbox, app.Id);

    /// <summary>The people of the scope, each once; then a problem for each name asked for that nobody has.</summary>
    /// <exception cref="ProvisioningException">Whatever broke a list: then there are no rows at all.</exception>
    public async IAsyncEnumerable<VerificationOutcome> RunAsync(
        VerificationScope scope, IProgress<RunEvent>? progress, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (people, problems) = scope switch
        {
            VerificationScope.Everyone => (await _lists.ReadAsync([], progress, cancel), []),
            VerificationScope.Groups groups => await ReadGroupsAsync(groups, progress, cancel),
            VerificationScope.Domains domains => (await ReadDomainsAsync(domains.Names, progress, cancel), []),
            VerificationScope.People named => await ReadPeopleAsync(named.Addresses, progress, cancel),
            _ => throw new ArgumentOutOfRangeException(nameof(scope)),
        };

        keeper?.Release();
        foreach (var person in people)
        {
            cancel.ThrowIfCancellationRequested();
            yield return new VerificationOutcome(rows.For(person), null);
        }

        foreach (var problem in problems) yield return new VerificationOutcome(null, problem);
    }

    private async Task<(IReadOnlyList<PersonFacts> People, IReadOnlyList<ProvisioningException> Problems)> ReadGroupsAsync(
        VerificationScope.Groups groups, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        var users = new Dictionary<string, OktaUser>(StringComparer.Ordinal);
        var problems = new List<ProvisioningException>();
        foreach (var (name, group, problem) in groups.Found ?? await OktaGroups.FindAllAsync(okta, groups.Names, progress, cancel))
        {
            if (group is null)
            {
                problems.Add(problem!);
                continue;
            }

            try
            {
                foreach (var user in await ReadAllAsync($"the people of the group {name}", token => okta.ListGroupUsersAsync(group.Id, progress, token), progress, cancel)) users[user.Id] = user;
            }
            catch (ProvisioningException gone) when (gone.ErrorId is ErrorIds.GroupNotFound)
            {
                problems.Add(gone);
            }
        }

        var people = users.Count <= FewPeople
            ? await _persons.ReadAsync([.. users.Values], progress, cancel)
            : await _lists.ReadAsync(users.Values, progress, cancel);
        return ([.. people.Where(person => OktaIdOf(person) is { } id && users.ContainsKey(id))], problems);
    }

    private async Task<IReadOnlyList<PersonFacts>> ReadDomainsAsync(
        IReadOnlyList<string> domains, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        var wanted = new HashSet<string>(domains.Select(domain => domain.TrimStart('@')), StringComparer.OrdinalIgnoreCase);
        var users = new List<OktaUser>();
        foreach (var domain in wanted)
            // The search finds the domain anywhere in the address, and people who have left.
            users.AddRange((await ReadAllAsync($"the people on {domain}", token => okta.ListUsersOnDomainAsync(domain, progress, token), progress, cancel))
                .Where(user => user.Status != "DEPROVISIONED" && wanted.Contains(EmailAddress.DomainOf(user.Email ?? user.Login ?? ""))));

        var people = await _lists.ReadAsync(users, progress, cancel);
        return [.. people.Where(person => person.Addresses().Any(address => wanted.Contains(EmailAddress.DomainOf(address))))];
    }

    private async Task<(IReadOnlyList<PersonFacts> People, IReadOnlyList<ProvisioningException> Problems)> ReadPeopleAsync(
        IReadOnlyList<string> asked, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        var problems = new List<ProvisioningException>();
        var wanted = new List<string>();
        foreach (var text in asked.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            try
            {
                wanted.Add(EmailAddress.Parse(text));
            }
            catch (ProvisioningException problem) when (problem.ErrorId is ErrorIds.InvalidAddress)
            {
                problems.Add(problem);
            }
        }

        if (wanted.Count == 0) return ([], problems);
        // Each is made once, so that who goes by two of the names is known for the same.
        PersonFacts[] people = [.. wanted.Count <= FewPeople ? await _persons.ReadAsync(wanted, progress, cancel) : await ListPeopleAsync(wanted, progress, cancel)];

        var byAddress = ByAddress(people);
        var found = new List<PersonFacts>();
        var taken = new HashSet<PersonFacts>(ReferenceEqualityComparer.Instance);
        foreach (var address in wanted)
        {
            if (!byAddress.TryGetValue(address, out var matches)) problems.Add(NotFound(address));
            else found.AddRange(matches.Where(taken.Add));
        }

        return (found, problems);
    }

    private static async Task<List<OktaUser>> ReadAllAsync(
        string about, Func<CancellationToken, IAsyncEnumerable<IReadOnlyList<OktaUser>>> open, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        var users = new List<OktaUser>();
        await new WholeList(about, progress).ReadAsync(_ => open(cancel), users.Clear, users.AddRange);
        return users;
    }

    private async Task<IReadOnlyList<PersonFacts>> ListPeopleAsync(List<string> wanted, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        // Of everybody only those who go by a name that was asked for are kept.
        var asked = new HashSet<string>(wanted, StringComparer.OrdinalIgnoreCase);
        PersonFacts[] people = [.. (await _lists.ReadAsync([], progress, cancel)).Where(person => person.Addresses().Any(asked.Contains))];
        var known = ByAddress(people);
        var missing = wanted.Where(address => !known.ContainsKey(address)).ToArray();
        if (missing.Length == 0) return people;

        // Those whom neither list has may still be in Okta without the app.
        var unassigned = await okta.FindUsersByEmailAsync(missing, progress, cancel);
        return [.. people, .. unassigned.Select(user => new PersonFacts { User = user })];
    }

    /// <summary>Who goes by an address: whose it is in Okta, and only where it is nobody's there, whose it is in Dropbox.</summary>
    private static Dictionary<string, List<PersonFacts>> ByAddress(IReadOnlyList<PersonFacts> people)
    {
        var index = Index(people, person => person.OktaAddresses());
        foreach (var (address, matches) in Index(people, person => person.Addresses())) index.TryAdd(address, matches);
        return index;
    }

    private static Dictionary<string, List<PersonFacts>> Index(IReadOnlyList<PersonFacts> people, Func<PersonFacts, IEnumerable<string>> addressesOf)
    {
        var index = new Dictionary<string, List<PersonFacts>>(StringComparer.OrdinalIgnoreCase);
        foreach (var person in people)
            foreach (var address in addressesOf(person).Distinct(StringComparer.OrdinalIgnoreCase))
                if (index.TryGetValue(address, out var matches)) matches.Add(person);
                else index.Add(address, [person]);
        return index;
    }

    private static string? OktaIdOf(PersonFacts person) => person.Assignment?.Id ?? person.User?.Id;

    private static ProvisioningException NotFound(string address) => new(
        ErrorIds.PersonNotFound, ProblemCategory.ObjectNotFound, $"Neither Okta nor the Dropbox team knows '{address}'.", address,
        "Check the spelling, and that the token's admin may see the person.");
}
