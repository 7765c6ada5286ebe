using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using DropboxOktaProvisioning.Engine.Journal;

namespace DropboxOktaProvisioning.Engine.Reports;

/// <summary>Everybody's standing as it was last seen. Of a person's ids and address only a fingerprint of 64 bits is kept.</summary>
internal sealed class ObservedPeople
{
    private readonly Dictionary<ulong, Standing> _people;

    /// <summary>Nobody.</summary>
    public ObservedPeople()
        : this([])
    {
    }

    private ObservedPeople(Dictionary<ulong, Standing> people) => _people = people;

    /// <summary>How many people are known.</summary>
    public int Count => _people.Count;

    /// <summary>All standings, in no order.</summary>
    public IEnumerable<Standing> Standings => _people.Values;

    /// <summary>The person's standing, found by any id or the address; null for one who was never seen.</summary>
    public Standing? Find(DropboxUserStatus person) => KeyOf(person) is { } key ? _people[key] : null;

    /// <summary>The standings of those who are known and not among these people.</summary>
    public IEnumerable<Standing> WithoutThose(IEnumerable<DropboxUserStatus> people)
    {
        var seen = people.Select(KeyOf).OfType<ulong>().ToHashSet();
        return _people.Where(known => !seen.Contains(known.Key)).Select(known => known.Value);
    }

    /// <summary>Takes in what a look saw.</summary>
    /// <param name="people">Who was seen.</param>
    /// <param name="everyone">Whether that is everybody, so that who is not among them is gone.</param>
    /// <param name="now">When.</param>
    /// <returns>What it changed, as it was before; null for one who was not known.</returns>
    public Dictionary<ulong, Standing?> Observe(IReadOnlyCollection<DropboxUserStatus> people, bool everyone, DateTimeOffset now)
    {
        var before = new Dictionary<ulong, Standing?>();
        var seen = new HashSet<ulong>();
        foreach (var person in people)
        {
            var (old, key) = KeysOf(person);
            Standing? known = old is { } one ? _people[one] : null;
            var standing = Standing.Of(person, now, known);
            seen.Add(key);
            if (old == key && known == standing) continue;
            // Known by another key until now, such as a member who has been assigned since.
            if (old is { } other && other != key) Set(other, null);
            Set(key, standing);
        }

        if (everyone)
            foreach (var gone in _people.Keys.Where(key => !seen.Contains(key)).ToArray()) Set(gone, null);
        return before;

        void Set(ulong key, Standing? standing)
        {
            before.TryAdd(key, _people.TryGetValue(key, out var was) ? was : null);
            if (standing is { } value) _people[key] = value;
            else _people.Remove(key);
        }
    }

    /// <summary>Goes back to how it was before a look.</summary>
    public void Undo(IReadOnlyDictionary<ulong, Standing?> before)
    {
        foreach (var (key, standing) in before)
        {
            if (standing is { } value) _people[key] = value;
            else _people.Remove(key);
        }
    }

    /// <summary>Packs them for the journal.</summary>
    public byte[] Pack() => StandingPack.Write(_people.Select(known => KeyValuePair.Create(known.Key, (Standing?)known.Value)), _people.Count);

    /// <summary>Reads what <see cref="Pack"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static ObservedPeople Unpack(byte[] bytes)
    {
        var people = new Dictionary<ulong, Standing>();
        foreach (var (key, standing) in StandingPack.Read(bytes)) people[key] = standing ?? throw new InvalidDataException("Somebody is known and has no standing.");
        return new ObservedPeople(people);
    }

    private ulong? KeyOf(DropboxUserStatus person) => KeysOf(person).Known;

    // The key that the person is known by, and the best one that the person has now: mostly the same, so the others are not made.
    private (ulong? Known, ulong Best) KeysOf(DropboxUserStatus person)
    {
        ulong? best = null;
        foreach (var key in Fingerprints(person))
        {
            best ??= key;
            if (_people.ContainsKey(key)) return (key, best.Value);
        }

        return (null, best ?? 0);
    }

    private static IEnumerable<ulong> Fingerprints(DropboxUserStatus person) => NoticeKeys.Of(person).Select(Fingerprint);

    private static ulong Fingerprint(string key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }
}
