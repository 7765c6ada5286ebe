using System.Runtime.InteropServices;

namespace DropboxOktaProvisioning.Engine.Verification;

/// <summary>Which people claim which member.</summary>
/// <param name="members">How many members there are.</param>
internal sealed class Claims(int members)
{
    private readonly int[] _first = new int[members];
    private readonly Dictionary<int, List<int>> _shared = [];

    /// <summary>The members whom more than one person claims, with all who do.</summary>
    public IEnumerable<(int Member, List<int> People)> Shared => _shared.Select(entry => (entry.Key, entry.Value));

    public bool Has(int member) => _first[member] > 0;

    public void Note(int member, int person)
    {
        if (_first[member] == 0)
        {
            _first[member] = person + 1;
            return;
        }

        ref var people = ref CollectionsMarshal.GetValueRefOrAddDefault(_shared, member, out _);
        (people ??= [_first[member] - 1]).Add(person);
    }
}
