using System.Collections;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Packing;

namespace DropboxOktaProvisioning.Engine.Verification;

/// <summary>Everybody of both services. A person takes four bytes beside the packed records; the objects are made when asked for, anew each time.</summary>
internal sealed class JoinedPeople : IReadOnlyList<PersonFacts>
{
    private readonly MemberIndex _members;
    private readonly PackedStore _assignments;
    private readonly Dictionary<string, OktaUser> _users;
    private readonly TextPool _repeated = new();
    private readonly List<int> _memberOf = [];
    private readonly Dictionary<int, Func<string>> _conflicts = [];
    private readonly Dictionary<int, IReadOnlyList<int>> _former = [];

    private List<OktaUser> _unassigned = [];

    /// <summary>Nobody yet.</summary>
    public JoinedPeople(MemberIndex members, PackedStore assignments, Dictionary<string, OktaUser> users)
    {
        _members = members;
        _assignments = assignments;
        _users = users;
    }

    /// <inheritdoc/>
    public int Count => _memberOf.Count;

    /// <inheritdoc/>
    public PersonFacts this[int index] => _conflicts.TryGetValue(index, out var conflict) ? Facts(index) with { Conflict = conflict() } : Facts(index);

    /// <summary>A person without a word about who else claims the same records.</summary>
    public PersonFacts Facts(int index)
    {
        var assignment = index < _assignments.Count ? AppUserFields.Of(_assignments[index]).ToRecord(_repeated) : null;
        return new PersonFacts
        {
            Assignment = assignment,
            User = assignment is not null ? assignment.User ?? _users.GetValueOrDefault(assignment.Id) : Unassigned(index),
            Member = _memberOf[index] is >= 0 and var member ? _members.Record(member) : null,
            Former = _former.TryGetValue(index, out var former) ? [.. former.Select(_members.Record)] : [],
        };
    }

    /// <summary>Takes in those who have been assigned since, and tells how many people there are then.</summary>
    public int TakeAssigned()
    {
        while (_memberOf.Count < _assignments.Count) _memberOf.Add(-1);
        return _memberOf.Count;
    }

    /// <summary>Takes in the others of the scope, once all who are assigned are known.</summary>
    public void TakeUnassigned()
    {
        _unassigned = [.. _users.Values.Where(user => _assignments.Find(Utf8Text.Of(user.Id)) < 0)];
        foreach (var _ in _unassigned) _memberOf.Add(-1);
    }

    /// <summary>The id that the app gave the person.</summary>
    public Utf8Text ExternalId(int person)
    {
        if (person >= _assignments.Count) return default;
        var record = _assignments[person];
        _ = record.Text();
        return record.Text();
    }

    /// <summary>The Okta user's id.</summary>
    public Utf8Text UserId(int person) => person < _assignments.Count ? _assignments[person].Text() : Utf8Text.Of(Unassigned(person)?.Id);

    /// <summary>The person's addresses in Okta.</summary>
    public OktaAddresses OktaAddresses(int person)
    {
        if (person >= _assignments.Count)
        {
            var user = Unassigned(person)!;
            return new OktaAddresses(default, default, Utf8Text.Of(user.Email), Utf8Text.Of(user.Login));
        }

        var record = _assignments[person];
        var fields = AppUserFields.AddressesOf(ref record);
        if (fields.User.Id.HasLetters || _users.Count == 0) return new OktaAddresses(fields.UserName, fields.Email, fields.User.Email, fields.User.Login);
        var known = _users.GetValueOrDefault(fields.Id.ToString());
        return new OktaAddresses(fields.UserName, fields.Email, Utf8Text.Of(known?.Email), Utf8Text.Of(known?.Login));
    }

    /// <summary>Says which member a person is; -1 for none.</summary>
    public void Match(int person, int member) => _memberOf[person] = member;

    /// <summary>Says why two records claim a person; the first reason stays.</summary>
    public void Contradict(int person, string conflict) => Contradict(person, () => conflict);

    /// <summary>The same, put into words when somebody asks: before the first row there is no time for everybody's.</summary>
    public void Contradict(int person, Func<string> conflict) => _conflicts.TryAdd(person, conflict);

    /// <summary>Says which removed members had an address of the person.</summary>
    public void Remember(int person, IReadOnlyList<int> former) => _former[person] = former;

    /// <summary>Adds a member whom Okta does not know.</summary>
    public void Add(int member, IReadOnlyList<int> former)
    {
        if (former.Count > 0) _former[_memberOf.Count] = former;
        _memberOf.Add(member);
    }

    /// <inheritdoc/>
    public IEnumerator<PersonFacts> GetEnumerator()
    {
        for (var i = 0; i < Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private OktaUser? Unassigned(int person) => person - _assignments.Count is var index && index < _unassigned.Count ? _unassigned[index] : null;
}

/// <summary>A person's addresses in Okta, each once: the app's user name first, then the app's address, the user's own, and the login.</summary>
internal readonly ref struct OktaAddresses(Utf8Text userName, Utf8Text appEmail, Utf8Text email, Utf8Text login)
{
    private readonly Utf8Text _userName = userName;
    private readonly Utf8Text _appEmail = appEmail;
    private readonly Utf8Text _email = email;
    private readonly Utf8Text _login = login;

    public Enumerator GetEnumerator() => new(this);

    /// <summary>Whether it is one of them, to the letter.</summary>
    public bool Has(Utf8Text address) => address.Equals(_userName) || address.Equals(_appEmail) || address.Equals(_email) || address.Equals(_login);

    private Utf8Text At(int place) => place switch
    {
        0 => _userName,
        1 => _appEmail,
        2 => _email,
        _ => _login,
    };

    private bool IsNew(int place)
    {
        var text = At(place);
        if (!text.Bytes.Contains((byte)'@')) return false;
        for (var before = 0; before < place; before++)
            if (text.Equals(At(before))) return false;
        return true;
    }

    internal ref struct Enumerator(OktaAddresses addresses)
    {
        private readonly OktaAddresses _addresses = addresses;
        private int _place = -1;

        public readonly Utf8Text Current => _addresses.At(_place);

        public bool MoveNext()
        {
            while (++_place < 4)
                if (_addresses.IsNew(_place)) return true;
            return false;
        }
    }
}
