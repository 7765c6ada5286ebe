using System.Runtime.CompilerServices;
using System.Text;

namespace DropboxOktaProvisioning.Engine.Packing;

/// <summary>Finds numbers by a text without keeping the text: who asks compares the candidates' own. Eight bytes a place.</summary>
/// <param name="ignoreCase">Whether letters that differ in case only are the same, as <see cref="StringComparison.OrdinalIgnoreCase"/> has it.</param>
internal sealed class TextTable(bool ignoreCase)
{
    // A place holds the hash in its upper half and the number plus one in its lower; 0 is free.
    private ulong[] _places = new ulong[1024];

    /// <summary>How many numbers are in it.</summary>
    public int Count { get; private set; }

    /// <summary>The hash of a text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public uint Hash(ReadOnlySpan<byte> text)
    {
        if (!ignoreCase) return Mixed(text);
        if (text.Length <= 256 && Ascii.IsValid(text))
        {
            Span<byte> folded = stackalloc byte[text.Length];
            Ascii.ToUpper(text, folded, out _);
            return Mixed(folded);
        }

        return Mixed(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text).ToUpperInvariant()));
    }

    /// <summary>Whether two texts are the same to this table.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Same(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (!ignoreCase) return left.SequenceEqual(right);
        return Ascii.IsValid(left) && Ascii.IsValid(right)
            ? Ascii.EqualsIgnoreCase(left, right)
            : Encoding.UTF8.GetString(left).Equals(Encoding.UTF8.GetString(right), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Adds a number; it does not look whether one is there already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(uint hash, int number)
    {
        // At most three quarters full.
        if ((Count + 1) * 4L > _places.Length * 3L) Grow();
        Put(_places, ((ulong)hash << 32) | (uint)(number + 1));
        Count++;
    }

    /// <summary>The numbers that were added under a hash.</summary>
    public Probe Start(uint hash) => new(this, hash);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Put(ulong[] places, ulong entry)
    {
        int mask = places.Length - 1;
        int at = (int)(entry >> 32) & mask;
        while (places[at] != 0) at = (at + 1) & mask;
        places[at] = entry;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint Mixed(ReadOnlySpan<byte> text)
    {
        // The runtime's own hash is seeded per process, so nobody can choose ids that all land on one place.
        var hash = default(HashCode);
        hash.AddBytes(text);
        return (uint)hash.ToHashCode();
    }

    private void Grow()
    {
        var larger = new ulong[_places.Length * 2];
        foreach (ulong entry in _places)
        {
            if (entry != 0) Put(larger, entry);
        }

        _places = larger;
    }

    /// <summary>Goes over the candidates of a hash.</summary>
    internal ref struct Probe
    {
        private readonly TextTable _table;
        private readonly uint _hash;
        private int _at;

        internal Probe(TextTable table, uint hash)
        {
            _table = table;
            _hash = hash;
            _at = (int)hash & (table._places.Length - 1);
        }

        /// <summary>The next candidate; its own text has still to be compared.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public bool Next(out int number)
        {
            ulong[] places = _table._places;
            while (places[_at] is not 0 and var entry)
            {
                _at = (_at + 1) & (places.Length - 1);
                if ((uint)(entry >> 32) != _hash) continue;
                number = (int)(uint)entry - 1;
                return true;
            }

            number = -1;
            return false;
        }

        /// <summary>Puts another number in the place of the candidate that came last.</summary>
        public readonly void Replace(int number)
        {
            int last = (_at - 1) & (_table._places.Length - 1);
            _table._places[last] = ((ulong)_hash << 32) | (uint)(number + 1);
        }
    }
}
