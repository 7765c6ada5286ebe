using System.Runtime.InteropServices;
using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning.Engine.Verification;

/// <summary>Joins the two services person by person: by stable id first, then by address, primary before secondary.</summary>
/// <remarks>
/// Okta's <c>externalId</c> is held against each id that Dropbox has for a member, because no source says which of them Okta keeps.
/// A match by address that contradicts a match by id is a conflict, and so are two addresses of one person that belong to two members, and a
/// member whom two people claim.
/// </remarks>
public sealed class PeopleJoin
{
    private readonly Dictionary<string, DropboxMember> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DropboxMember> _byAddress = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, DropboxMember> _bySecondAddress = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, List<DropboxMember>> _removedByAddress = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _takenById = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DropboxMember> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OktaAppUser> _assignments = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OktaUser> _users = new(StringComparer.Ordinal);

    /// <summary>How many members are on the team now: active, invited and suspended.</summary>
    public int MembersOnTeam { get; private set; }

    /// <summary>Takes one member in. A member who comes twice (pages move while they are read) counts once, as last seen.</summary>
    public void Add(DropboxMember member) => _members[member.TeamMemberId] = member;

    /// <summary>Takes one assignment in; twice is once, as last seen.</summary>
    public void Add(OktaAppUser assignment) => _assignments[assignment.Id] = assignment;

    /// <summary>Takes in somebody of the scope who may or may not be assigned.</summary>
    public void Add(OktaUser user) => _users[user.Id] = user;

    /// <summary>Everybody, each person once: first those whom Okta knows, then the members whom it does not.</summary>
    public IReadOnlyList<PersonFacts> Join()
    {
        foreach (var member in _members.Values) Index(member);

        foreach (var person in KnownToOkta())
            if (ById(person) is { } member) _takenById.Add(member.TeamMemberId);

        var people = new List<PersonFacts>(_assignments.Count + _users.Count);
        var claims = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        foreach (var person in KnownToOkta()) Claim(person, people, claims);

        foreach (var (memberId, claimants) in claims)
            if (claimants.Count > 1) MarkClash(people, claimants, _members[memberId]);

        AddUnclaimed(people, claims);
        return people;
    }

    private IEnumerable<PersonFacts> KnownToOkta()
    {
        foreach (var assignment in _assignments.Values)
            yield return new PersonFacts { Assignment = assignment, User = assignment.User ?? _users.GetValueOrDefault(assignment.Id) };
        foreach (var user in _users.Values)
            if (!_assignments.ContainsKey(user.Id)) yield return new PersonFacts { User = user };
    }

    private void Index(DropboxMember member)
    {
        if (member.Status is DropboxMemberStatus.Removed)
        {
            // Those who have no address are not one person: each stands under an id of its own.
            var key = member.Email.Length > 0 ? member.Email : member.TeamMemberId;
            (CollectionsMarshal.GetValueRefOrAddDefault(_removedByAddress, key, out _) ??= []).Add(member);
        }
        else
        {
            MembersOnTeam++;
            _byAddress[member.Email] = member;
            foreach (var address in member.SecondaryEmails) _bySecondAddress.TryAdd(address, member);
        }

        foreach (var id in new[] { member.TeamMemberId, member.AccountId, member.ExternalId })
        {
            if (string.IsNullOrEmpty(id)) continue;
            ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_byId, id, out _);
            // Who is on the team outranks a removed namesake of the id.
            if (known is null || known.Status is DropboxMemberStatus.Removed) known = member;
        }
    }

    private void Claim(PersonFacts person, List<PersonFacts> people, Dictionary<string, List<int>> claims)
    {
        var byId = ById(person);
        var (byAddress, address) = ByAddress(person);
        DropboxMember? other = null;
        string? conflict = null;

        if (byId is not null && byAddress is not null && byId.TeamMemberId != byAddress.TeamMemberId
            && byAddress.Status is not DropboxMemberStatus.Removed)
        {
            if (byId.Status is DropboxMemberStatus.Removed) byId = byAddress;
            else
            {
                other = byAddress;
                conflict = $"Okta's id points to the member {byId.Email}, but the address {address} belongs to another member, {byAddress.Email}.";
            }
        }
        else if (byId is null && byAddress is { Status: not DropboxMemberStatus.Removed } && Another(person, byAddress) is var (another, second))
        {
            other = another;
            conflict =
                $"The address {address} belongs to the member {byAddress.Email}, but the address {second} belongs to another member, {another.Email}.";
        }

        var member = byId ?? byAddress;
        var former = Former(person, member);
        if (member is not null) Note(claims, member, people.Count);
        if (other is not null) Note(claims, other, people.Count);
        foreach (var removed in former) Note(claims, removed, people.Count);
        people.Add(person with { Member = member, Conflict = conflict, Former = former });
    }

    private DropboxMember? ById(PersonFacts person)
    {
        if (person.Assignment?.ExternalId is { Length: > 0 } externalId && _byId.TryGetValue(externalId, out var member)) return member;
        var userId = person.Assignment?.Id ?? person.User?.Id;
        return userId is not null && _byId.TryGetValue(userId, out member) ? member : null;
    }

    private (DropboxMember? Member, string? Address) ByAddress(PersonFacts person)
    {
        foreach (var address in person.OktaAddresses())
            if (_byAddress.TryGetValue(address, out var member)) return (member, address);
        foreach (var address in person.OktaAddresses())
            if (_bySecondAddress.TryGetValue(address, out var member)) return (member, address);
        foreach (var address in person.OktaAddresses())
            if (_removedByAddress.TryGetValue(address, out var removed)) return (Latest(removed), address);
        return (null, null);
    }

    // A member who is another person's by id is surely not this one's.
    private (DropboxMember Member, string Address)? Another(PersonFacts person, DropboxMember first)
    {
        foreach (var address in person.OktaAddresses())
        {
            if (!_byAddress.TryGetValue(address, out var member) && !_bySecondAddress.TryGetValue(address, out member)) continue;
            if (member.TeamMemberId != first.TeamMemberId && !_takenById.Contains(member.TeamMemberId)) return (member, address);
        }

        return null;
    }

    private IReadOnlyList<DropboxMember> Former(PersonFacts person, DropboxMember? member)
    {
        if (_removedByAddress.Count == 0) return [];
        List<DropboxMember>? former = null;
        foreach (var address in (person with { Member = member }).Addresses())
        {
            if (!_removedByAddress.TryGetValue(address, out var removed)) continue;
            foreach (var one in removed)
                if (one.TeamMemberId != member?.TeamMemberId && former?.Contains(one) is not true) (former ??= []).Add(one);
        }

        return former ?? (IReadOnlyList<DropboxMember>)[];
    }

    // Of several removed records of one address, the one that says most: turned personal, then recoverable.
    private static DropboxMember Latest(List<DropboxMember> removed) =>
        removed.MaxBy(member => (member.IsDisconnected ? 2 : 0) + (member.IsRecoverable ? 1 : 0))!;

    private static void Note(Dictionary<string, List<int>> claims, DropboxMember member, int person) =>
        (CollectionsMarshal.GetValueRefOrAddDefault(claims, member.TeamMemberId, out _) ??= []).Add(person);

    private static void MarkClash(List<PersonFacts> people, List<int> claimants, DropboxMember member)
    {
        if (member.Status is DropboxMemberStatus.Removed) return; // an address that passed from one person to the next is no clash
        var names = string.Join(
            " and ",
            claimants.Select(index => people[index]).Select(one => one.Addresses().FirstOrDefault() ?? one.Assignment?.Id ?? one.User?.Id));
        foreach (var index in claimants)
            people[index] = people[index] with { Conflict = people[index].Conflict ?? $"{names} both match the one Dropbox member {member.Email}." };
    }

    private void AddUnclaimed(List<PersonFacts> people, Dictionary<string, List<int>> claims)
    {
        foreach (var member in _members.Values)
        {
            if (member.Status is DropboxMemberStatus.Removed || claims.ContainsKey(member.TeamMemberId)) continue;
            IReadOnlyList<DropboxMember>? former = _removedByAddress.GetValueOrDefault(member.Email);
            people.Add(new PersonFacts { Member = member, Former = former ?? [] });
        }

        foreach (var (address, removed) in _removedByAddress)
        {
            if (_byAddress.ContainsKey(address) || removed.Exists(member => claims.ContainsKey(member.TeamMemberId))) continue;
            var latest = Latest(removed);
            people.Add(new PersonFacts { Member = latest, Former = removed.Count == 1 ? [] : [.. removed.Where(member => member != latest)] });
        }
    }
}
