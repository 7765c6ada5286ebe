using System.Runtime.CompilerServices;
using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Packing;

namespace DropboxOktaProvisioning.Engine.Verification;

/// <summary>The team's members, found by each of their ids and addresses. It grows while they are read, so that nothing is left to do at their end.</summary>
internal sealed class MemberIndex
{
    private readonly PackedStore _members;
    private readonly Dictionary<string, int> _bySecondAddress = new(StringComparer.OrdinalIgnoreCase);
    private TextTable _byId = new(ignoreCase: false);
    private TextTable _byAddress = new(ignoreCase: true);
    private TextTable _removedByAddress = new(ignoreCase: true);
    private readonly List<bool> _removed = [];
    private bool _isStale;
    private TeamCount _onTeam;

    /// <summary>Nobody yet, or those of an earlier reading.</summary>
    public MemberIndex(PackedStore? members = null)
    {
        _members = members ?? new PackedStore();
        for (var member = 0; member < _members.Count; member++)
        {
            _removed.Add(false);
            Note(member);
        }
    }

    /// <summary>The packed records.</summary>
    public PackedStore Records => _members;

    /// <summary>How many there are, removed ones included.</summary>
    public int Count => _members.Count;

    /// <summary>Whether anybody was removed.</summary>
    public bool HasRemoved => _removedByAddress.Count > 0;

    /// <summary>How many are on the team now.</summary>
    public TeamCount OnTeam
    {
        get
        {
            Settle();
            return _onTeam;
        }
    }

    /// <summary>A member's fields.</summary>
    public MemberFields this[int member] => MemberFields.Of(_members[member]);

    /// <summary>Whether a member was removed from the team.</summary>
    public bool IsRemoved(int member)
    {
        Settle();
        return _removed[member];
    }

    /// <summary>A member's record.</summary>
    public DropboxMember Record(int member) => this[member].ToRecord()!;

    /// <summary>Takes members in. One who comes twice (pages move while they are read) counts once, as last seen.</summary>
    public void Add(IReadOnlyList<DropboxMember> page)
    {
        var (bytes, starts) = Packed(page);
        var before = _members.Count;
        // What was noted about a member who has changed meanwhile is wrong in ways that depend on the order, so all is noted anew at the end.
        _isStale |= !_members.Add(bytes, starts);
        for (var member = before; member < _members.Count; member++)
        {
            _removed.Add(false);
            Note(member);
        }
    }

    /// <summary>The member who has this id of any kind, or -1. Who is on the team outranks a removed namesake.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int ById(Utf8Text id)
    {
        if (!id.HasLetters) return -1;
        Settle();
        for (var probe = _byId.Start(_byId.Hash(id.Bytes)); probe.Next(out var member);)
            if (HasId(member, id)) return member;
        return -1;
    }

    /// <summary>The member on the team whose primary address this is, or -1.</summary>
    public int ByAddress(Utf8Text address)
    {
        Settle();
        return Find(_byAddress, address);
    }

    /// <summary>The member on the team who has this as a further address, or -1.</summary>
    public int BySecondAddress(Utf8Text address)
    {
        Settle();
        return _bySecondAddress.Count > 0 && _bySecondAddress.TryGetValue(address.ToString(), out var member) ? member : -1;
    }

    /// <summary>The removed members who had this address, in the order in which they came; null if none had.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public List<int>? RemovedByAddress(Utf8Text address)
    {
        Settle();
        if (_removedByAddress.Count == 0) return null;
        List<int>? found = null;
        for (var probe = _removedByAddress.Start(_removedByAddress.Hash(address.Bytes)); probe.Next(out var member);)
            if (_removedByAddress.Same(this[member].Email.Bytes, address.Bytes)) (found ??= []).Add(member);
        found?.Sort();
        return found;
    }

    private static (byte[] Bytes, IReadOnlyList<int> Starts) Packed(IReadOnlyList<DropboxMember> page)
    {
        if (page is PackedPage<DropboxMember> packed) return (packed.Bytes, packed.Starts);
        var records = new PackWriter();
        foreach (var member in page) MemberFields.Of(member).Pack(records);
        return records.Take();
    }

    private void Settle()
    {
        if (!_isStale) return;
        _isStale = false;
        _onTeam = default;
        _bySecondAddress.Clear();
        (_byId, _byAddress, _removedByAddress) = (new(ignoreCase: false), new(ignoreCase: true), new(ignoreCase: true));
        for (var member = 0; member < _members.Count; member++) Note(member);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Note(int number)
    {
        var member = this[number];
        _removed[number] = member.IsRemoved;
        _onTeam = _onTeam.With(member);
        if (member.IsRemoved)
        {
            if (member.Email.HasLetters) _removedByAddress.Add(_removedByAddress.Hash(member.Email.Bytes), number);
        }
        else
        {
            Put(_byAddress, member.Email, number);
            if (member.SecondaryEmails is not null)
                foreach (var address in member.SecondaryEmails) _bySecondAddress.TryAdd(address, number);
        }

        NoteId(member.TeamMemberId, number);
        NoteId(member.AccountId, number);
        NoteId(member.ExternalId, number);
    }

    private void NoteId(Utf8Text id, int number)
    {
        if (!id.HasLetters) return;
        var hash = _byId.Hash(id.Bytes);
        for (var probe = _byId.Start(hash); probe.Next(out var known);)
        {
            if (!HasId(known, id)) continue;
            if (this[known].IsRemoved) probe.Replace(number);
            return;
        }

        _byId.Add(hash, number);
    }

    private void Put(TextTable table, Utf8Text address, int number)
    {
        var hash = table.Hash(address.Bytes);
        for (var probe = table.Start(hash); probe.Next(out var known);)
        {
            if (!table.Same(this[known].Email.Bytes, address.Bytes)) continue;
            probe.Replace(number);
            return;
        }

        table.Add(hash, number);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Find(TextTable table, Utf8Text address)
    {
        for (var probe = table.Start(table.Hash(address.Bytes)); probe.Next(out var member);)
            if (table.Same(this[member].Email.Bytes, address.Bytes)) return member;
        return -1;
    }

    private bool HasId(int number, Utf8Text id)
    {
        var member = _members[number];
        return member.Text().Bytes.SequenceEqual(id.Bytes) || member.Text().Bytes.SequenceEqual(id.Bytes) || member.Text().Bytes.SequenceEqual(id.Bytes);
    }
}
