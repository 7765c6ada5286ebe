using System.Collections.Frozen;
using System.Globalization;

namespace DropboxOktaProvisioning.Sandbox.State;

/// <summary>
/// Names and addresses of the people, computed from their number and back: a million people need no table of strings.
/// People who are added later have names of their own, and a table.
/// </summary>
internal sealed class AddressBook
{
    private static readonly FrozenDictionary<string, int> GivenBySlug = Index(Names.Given);
    private static readonly FrozenDictionary<string, int> FamilyBySlug = Index(Names.Family);
    private static readonly int Combinations = Names.Given.Length * Names.Family.Length;
    private readonly int _count;
    private readonly Permutation _order;
    private readonly List<(string Email, string Given, string Family)> _added = [];
    private readonly Dictionary<string, int> _addedByEmail = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Creates the book of the first <paramref name="count"/> people.</summary>
    public AddressBook(int count, string domain, Hash hash)
    {
        _count = count;
        Domain = domain;
        _order = new Permutation(Combinations, hash, 1);
    }

    /// <summary>The company's mail domain.</summary>
    public string Domain { get; }

    /// <summary>The person's address, in lower case.</summary>
    public string Email(int person) => person >= _count ? _added[person - _count].Email : LocalPart(person) + "@" + Domain;

    /// <summary>The same address with capitals, as some directories spell it.</summary>
    public string EmailWithCapitals(int person)
    {
        var characters = Email(person).ToCharArray();
        characters[0] = char.ToUpperInvariant(characters[0]);
        var dot = Array.IndexOf(characters, '.');
        if (dot >= 0 && dot + 1 < characters.Length) characters[dot + 1] = char.ToUpperInvariant(characters[dot + 1]);
        return new string(characters);
    }

    /// <summary>Another address of the same person, on a domain beside the company's.</summary>
    public string OtherEmail(int person) => LocalPart(person) + "@mail." + Domain;

    /// <summary>The given name, as typed by hand: here and there with markup or quotes in it.</summary>
    public string Given(int person)
    {
        if (person >= _count) return _added[person - _count].Given;
        var name = Names.Given[Combination(person) / Names.Family.Length].Name;
        return (person % 97) switch { 11 => $"<b>{name}</b>", 23 => $"{name} \"Ace\"", _ => name };
    }

    /// <summary>The family name.</summary>
    public string Family(int person) =>
        person >= _count ? _added[person - _count].Family : Names.Family[Combination(person) % Names.Family.Length].Name;

    /// <summary>Adds somebody with a new number, the next after the last.</summary>
    public void Add(string email, string given, string family)
    {
        _addedByEmail.Add(email, _count + _added.Count);
        _added.Add((email, given, family));
    }

    /// <summary>Whose address this is, without regard to case; -1 for nobody's. <paramref name="other"/> tells the two addresses apart.</summary>
    public int Find(string email, out bool other)
    {
        other = false;
        if (_addedByEmail.TryGetValue(email, out var added)) return added;
        var at = email.LastIndexOf('@');
        if (at < 0) return -1;
        var host = email.AsSpan(at + 1);
        other = host.Length == Domain.Length + 5 && host.StartsWith("mail.", StringComparison.OrdinalIgnoreCase);
        if (!(other ? host[5..] : host).Equals(Domain, StringComparison.OrdinalIgnoreCase)) return -1;
        var local = email[..at].ToLowerInvariant();
        var dot = local.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0) return -1;
        var end = local.Length;
        while (end > dot && char.IsAsciiDigit(local[end - 1])) end--;
        var round = 0L;
        if (end < local.Length && !long.TryParse(local.AsSpan(end), NumberStyles.None, CultureInfo.InvariantCulture, out round)) return -1;
        if (!GivenBySlug.TryGetValue(local[..dot], out var given) || !FamilyBySlug.TryGetValue(local[(dot + 1)..end], out var family)) return -1;
        var person = _order.PlaceOf((given * Names.Family.Length) + family) + (Math.Max(0, Math.Min(round, int.MaxValue) - 1) * Combinations);
        return person < _count && LocalPart((int)person) == local ? (int)person : -1;
    }

    private string LocalPart(int person)
    {
        var combination = Combination(person);
        var round = person / Combinations;
        var name = Names.Given[combination / Names.Family.Length].Slug + "." + Names.Family[combination % Names.Family.Length].Slug;
        return round == 0 ? name : name + (round + 1).ToString(CultureInfo.InvariantCulture);
    }

    private int Combination(int person) => _order.At(person % Combinations);

    private static FrozenDictionary<string, int> Index(SpelledName[] names) =>
        names.Select((name, place) => KeyValuePair.Create(name.Slug, place)).ToFrozenDictionary(StringComparer.Ordinal);
}
