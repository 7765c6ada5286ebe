using System.Runtime.CompilerServices;
using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Packing;

namespace DropboxOktaProvisioning.Engine.Verification;

/// <summary>Joins the two services person by person: by stable id first, then by address, primary before secondary.</summary>
/// <remarks>
/// Okta's <c>externalId</c> is held against each id that Dropbox has for a member, because no source says which of them Okta keeps.
/// A match by address that contradicts a match by id is a conflict, and so are two addresses of one person that belong to two members, and a
/// member whom two people claim. Both sides may be filled at the same time. Once the members are all there, people are matched as they come, so that
/// little is left to do when the last page has been read.
/// </remarks>
public sealed class PeopleJoin
{
    private MemberIndex _members;
    private PackedStore _assignments;
    private readonly Dictionary<string, OktaUser> _users = new(StringComparer.Ordinal);
    private readonly object _gate = new();
    private readonly List<int> _unclear = [];
    private JoinedPeople? _people;
    private Claims? _claims;
    private int _matched;

    /// <summary>Nobody yet.</summary>
    public PeopleJoin() => (_members, _assignments) = (new MemberIndex(), new PackedStore());

    /// <summary>The people of an earlier reading.</summary>
    internal PeopleJoin(PackedStore members, PackedStore assignments) => (_members, _assignments) = (new MemberIndex(members), assignments);

    /// <summary>The members' packed records.</summary>
    internal PackedStore Members => _members.Records;

    /// <summary>The assignments' packed records.</summary>
    internal PackedStore Assignments => _assignments;

    /// <summary>How many members are on the team now.</summary>
    internal TeamCount OnTeam => _members.OnTeam;

    /// <summary>Takes members in.</summary>
    public void Add(IReadOnlyList<DropboxMember> members) => _members.Add(members);

    /// <summary>Takes assignments in; twice is once, as last seen.</summary>
    public void Add(IReadOnlyList<OktaAppUser> assignments)
    {
        var (bytes, starts) = Packed(assignments);
        lock (_gate)
        {
            var onlyNew = _assignments.Add(bytes, starts);
            if (_claims is null) return;
            if (onlyNew) Match();
            else _claims = null; // somebody who was matched has changed: all are matched anew, once everything is there
        }
    }

    /// <summary>Forgets the members, whose list is read again from its beginning.</summary>
    public void ForgetMembers() => _members = new MemberIndex();

    /// <summary>Forgets the assignments, whose list is read again from its beginning.</summary>
    public void ForgetAssignments()
    {
        lock (_gate)
        {
            _assignments = new PackedStore();
            if (_claims is not null) Begin();
        }
    }

    /// <summary>Says that all members are there: from now on people are matched as they come.</summary>
    public void EndMembers()
    {
        lock (_gate) Begin();
    }

    /// <summary>Takes in somebody of the scope who may or may not be assigned.</summary>
    public void Add(OktaUser user) => _users[user.Id] = user;

    /// <summary>Everybody, each person once: first those whom Okta knows, then the members whom it does not. Each is made when asked for.</summary>
    public IReadOnlyList<PersonFacts> Join()
    {
        lock (_gate)
        {
            if (_claims is null) Begin();
            var (people, claims) = (_people!, _claims!);
            people.TakeUnassigned();
            Match();
            // Who is taken by id is known once everybody is there; most of the time nobody asks.
            var takenById = new Lazy<bool[]>(() => TakenById(people));
            foreach (var person in _unclear) Claim(people, person, claims, takenById);
            foreach (var (member, claimants) in claims.Shared) MarkClash(people, claimants, member);
            AddUnclaimed(people, claims);
            return people;
        }
    }

    private static (byte[] Bytes, IReadOnlyList<int> Starts) Packed(IReadOnlyList<OktaAppUser> assignments)
    {
        if (assignments is PackedPage<OktaAppUser> packed) return (packed.Bytes, packed.Starts);
        var records = new PackWriter();
        foreach (var assignment in assignments) AppUserFields.Of(assignment).Pack(records);
        return records.Take();
    }

    private void Begin()
    {
        (_people, _claims, _matched) = (new JoinedPeople(_members, _assignments, _users), new Claims(_members.Count), 0);
        _unclear.Clear();
        Match();
    }

    private void Match()
    {
        _people!.TakeAssigned();
        for (; _matched < _people.Count; _matched++)
            if (!Claim(_people, _matched, _claims!, null)) _unclear.Add(_matched);
    }

    private bool[] TakenById(JoinedPeople people)
    {
        var taken = new bool[_members.Count];
        for (var person = 0; person < people.Count; person++)
            if (ById(people, person) is >= 0 and var member) taken[member] = true;
        return taken;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int ById(JoinedPeople people, int person) =>
        _members.ById(people.ExternalId(person)) is >= 0 and var member ? member : _members.ById(people.UserId(person));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Claim(JoinedPeople people, int person, Claims claims, Lazy<bool[]>? takenById)
    {
        var byId = ById(people, person);
        var addresses = people.OktaAddresses(person);
        var byAddress = ByAddress(addresses, out var address);
        var other = -1;

        if (byId >= 0 && byAddress >= 0 && byId != byAddress && !_members.IsRemoved(byAddress))
        {
            if (_members.IsRemoved(byId)) byId = byAddress;
            else
            {
                other = byAddress;
                people.Contradict(
                    person, $"Okta's id points to the member {AddressOf(byId)}, but the address {address.ToString()} belongs to another member, {AddressOf(byAddress)}.");
            }
        }
        else if (byId < 0 && byAddress >= 0 && !_members.IsRemoved(byAddress) && takenById is null)
        {
            // Only a second address can contradict, and only who knows everybody can tell whether it does.
            if (Another(addresses, byAddress, null, out _) >= 0) return false;
        }
        else if (byId < 0 && byAddress >= 0 && !_members.IsRemoved(byAddress) && Another(addresses, byAddress, takenById, out var second) is >= 0 and var another)
        {
            other = another;
            people.Contradict(
                person,
                $"The address {address.ToString()} belongs to the member {AddressOf(byAddress)}, but the address {second.ToString()} belongs to another member, {AddressOf(another)}.");
        }

        var member = byId >= 0 ? byId : byAddress;
        people.Match(person, member);
        if (member >= 0) claims.Note(member, person);
        if (other >= 0) claims.Note(other, person);
        if (_members.HasRemoved && Former(addresses, member) is { } former)
        {
            people.Remember(person, former);
            foreach (var removed in former) claims.Note(removed, person);
        }

        return true;
    }

    private int ByAddress(OktaAddresses addresses, out Utf8Text found)
    {
        foreach (var address in addresses)
        {
            found = address;
            if (_members.ByAddress(address) is >= 0 and var member) return member;
        }

        foreach (var address in addresses)
        {
            found = address;
            if (_members.BySecondAddress(address) is >= 0 and var member) return member;
        }

        foreach (var address in addresses)
        {
            found = address;
            if (_members.RemovedByAddress(address) is { } removed) return Latest(removed);
        }

        found = default;
        return -1;
    }

    // A member who is another person's by id is surely not this one's.
    private int Another(OktaAddresses addresses, int first, Lazy<bool[]>? takenById, out Utf8Text found)
    {
        foreach (var address in addresses)
        {
            found = address;
            var member = _members.ByAddress(address);
            if (member < 0) member = _members.BySecondAddress(address);
            if (member >= 0 && member != first && takenById?.Value[member] is not true) return member;
        }

        found = default;
        return -1;
    }

    private List<int>? Former(OktaAddresses addresses, int member)
    {
        List<int>? former = null;
        foreach (var address in addresses) Take(address);
        if (member >= 0)
        {
            var record = _members[member];
            if (record.Email.HasLetters && !addresses.Has(record.Email)) Take(record.Email);
            foreach (var further in record.SecondaryEmails ?? []) Take(Utf8Text.Of(further));
        }

        return former;

        void Take(Utf8Text address)
        {
            foreach (var removed in _members.RemovedByAddress(address) ?? [])
                if (removed != member && former?.Contains(removed) is not true) (former ??= []).Add(removed);
        }
    }

    // Of several removed records of one address, the one that says most: turned personal, then recoverable.
    private int Latest(List<int> removed) => removed.MaxBy(member => (_members[member].IsDisconnected ? 2 : 0) + (_members[member].IsRecoverable ? 1 : 0));

    private string AddressOf(int member) => _members[member].Email.ToString();

    private void MarkClash(JoinedPeople people, List<int> claimants, int member)
    {
        if (_members.IsRemoved(member)) return; // an address that passed from one person to the next is no clash
        claimants.Sort();
        var words = new Lazy<string>(() =>
        {
            var names = claimants.Select(people.Facts).Select(one => one.Addresses().FirstOrDefault() ?? one.Assignment?.Id ?? one.User?.Id);
            return $"{string.Join(" and ", names)} both match the one Dropbox member {AddressOf(member)}.";
        });
        foreach (var index in claimants) people.Contradict(index, () => words.Value);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddUnclaimed(JoinedPeople people, Claims claims)
    {
        var removed = new List<int>();
        for (var member = 0; member < _members.Count; member++)
        {
            if (_members.IsRemoved(member)) removed.Add(member);
            else if (!claims.Has(member)) people.Add(member, _members.RemovedByAddress(_members[member].Email) ?? []);
        }

        foreach (var member in removed)
        {
            // Those who have no address are not one person: each stands alone.
            var address = _members[member].Email;
            var namesakes = address.HasLetters ? _members.RemovedByAddress(address)! : [member];
            if (namesakes[0] != member || (address.HasLetters && _members.ByAddress(address) >= 0) || namesakes.Exists(claims.Has)) continue;
            var latest = Latest(namesakes);
            people.Add(latest, [.. namesakes.Where(one => one != latest)]);
        }
    }
}
