namespace DropboxOktaProvisioning.Sandbox.State;

/// <summary>Draws without state: the same seed, number and purpose give the same value, in any order.</summary>
internal readonly struct Hash(int seed)
{
    private readonly ulong _key = Mix((ulong)(uint)seed + 0x9E3779B97F4A7C15UL);

    /// <summary>64 bits for a number and a purpose.</summary>
    public ulong Draw(long number, int purpose) => Mix(_key ^ Mix(((ulong)number * 0xD1342543DE82EF95UL) + (ulong)(uint)purpose + 1));

    /// <summary>A number from 0 to below <paramref name="bound"/>.</summary>
    public int Below(int bound, long number, int purpose) => (int)((UInt128)Draw(number, purpose) * (ulong)bound >> 64);

    /// <summary>Whether a draw of this chance comes true.</summary>
    public bool Chance(double chance, long number, int purpose) => (Draw(number, purpose) >> 11) * (1.0 / (1UL << 53)) < chance;

    // SplitMix64's finalizer.
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
