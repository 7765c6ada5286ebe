using System.Runtime.CompilerServices;

namespace DropboxOktaProvisioning.Engine.Packing;

/// <summary>Records of all pages of a list, numbered in the order in which they first came. The first field of each is its id.</summary>
/// <remarks>A record that comes twice, because pages move while they are read, counts once and as last seen.</remarks>
internal sealed class PackedStore
{
    private readonly List<byte[]> _pages = [];
    private readonly TextTable _byId = new(ignoreCase: false);
    private ulong[] _places = new ulong[1024];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>A record.</summary>
    public PackReader this[int number]
    {
        get
        {
            ulong place = _places[number];
            return new PackReader(_pages[(int)(place >> 32)], (int)(uint)place);
        }
    }

    /// <summary>The pages, as they were taken in.</summary>
    public IReadOnlyList<byte[]> Pages => _pages;

    /// <summary>Where each record stands, in their order: the page in the upper half, the byte in the lower.</summary>
    public ReadOnlySpan<ulong> Places => _places.AsSpan(0, Count);

    /// <summary>The store of pages and places that another one had.</summary>
    /// <exception cref="InvalidDataException">A place is outside of its page, or two records have one id.</exception>
    public static PackedStore Of(IEnumerable<byte[]> pages, ReadOnlySpan<ulong> places)
    {
        var store = new PackedStore();
        store._pages.AddRange(pages);
        store._places = new ulong[Math.Max(places.Length, 1)];
        foreach (ulong place in places)
        {
            if (place >> 32 >= (ulong)store._pages.Count || (uint)place >= (uint)store._pages[(int)(place >> 32)].Length) throw new InvalidDataException("A record is outside of its page.");
            store._places[store.Count] = place;
            Utf8Text id = store[store.Count].Text();
            uint hash = store._byId.Hash(id.Bytes);
            if (store.Find(id, hash) >= 0) throw new InvalidDataException("Two records have one id.");
            store._byId.Add(hash, store.Count++);
        }

        return store;
    }

    /// <summary>The same records without those of these ids.</summary>
    public PackedStore Without(IReadOnlySet<string> ids)
    {
        var gone = ids.Select(id => Find(Utf8Text.Of(id))).ToHashSet();
        if (!gone.Any(number => number >= 0)) return this;
        return Of(_pages, [.. Enumerable.Range(0, Count).Where(number => !gone.Contains(number)).Select(number => _places[number])]);
    }

    /// <summary>Takes a page in.</summary>
    /// <returns>False if a record came a second time and something in it changed: what was noted about it before may not hold any more.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Add(byte[] bytes, IReadOnlyList<int> starts)
    {
        bool onlyNew = true;
        ulong page = (ulong)_pages.Count << 32;
        _pages.Add(bytes);
        for (int i = 0; i < starts.Count; i++)
        {
            Utf8Text id = new PackReader(bytes, starts[i]).Text();
            ulong place = page | (uint)starts[i];
            uint hash = _byId.Hash(id.Bytes);
            int number = Find(id, hash);
            if (number >= 0)
            {
                _places[number] = place;
                onlyNew = false;
                continue;
            }

            if (Count == _places.Length) Array.Resize(ref _places, Count * 2);
            _places[Count] = place;
            _byId.Add(hash, Count++);
        }

        return onlyNew;
    }

    /// <summary>The number of the record with an id, or -1.</summary>
    public int Find(Utf8Text id) => Find(id, _byId.Hash(id.Bytes));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Find(Utf8Text id, uint hash)
    {
        for (TextTable.Probe probe = _byId.Start(hash); probe.Next(out int number);)
        {
            if (this[number].Text().Bytes.SequenceEqual(id.Bytes)) return number;
        }

        return -1;
    }
}
