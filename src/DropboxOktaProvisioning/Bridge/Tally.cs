using System.Globalization;

namespace DropboxOktaProvisioning.Bridge;

/// <summary>Counts by kind, for one line that a person wants to read at the end: "98 Active, 52 AwaitingActivation".</summary>
internal sealed class Tally
{
    private readonly SortedDictionary<Enum, int> _counts = [];

    /// <summary>How many were counted.</summary>
    public int Total => _counts.Values.Sum();

    /// <summary>Counts all of these.</summary>
    public static Tally Of(IEnumerable<Enum> kinds)
    {
        var tally = new Tally();
        foreach (var kind in kinds) tally.Add(kind);
        return tally;
    }

    /// <summary>How many there are of a kind.</summary>
    public int this[Enum kind] => _counts.GetValueOrDefault(kind);

    /// <summary>Counts one.</summary>
    public void Add(Enum kind) => _counts[kind] = _counts.GetValueOrDefault(kind) + 1;

    /// <inheritdoc/>
    public override string ToString() =>
        _counts.Count == 0 ? "none" : string.Join(", ", _counts.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Value} {one.Key}")));
}
