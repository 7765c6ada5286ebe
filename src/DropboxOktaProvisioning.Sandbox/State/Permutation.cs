namespace DropboxOktaProvisioning.Sandbox.State;

/// <summary>An order of the numbers from 0 to below a count, computed each way without a table.</summary>
internal sealed class Permutation
{
    private readonly long _stride = 1;
    private readonly long _offset;
    private readonly long _inverse = 1;

    /// <summary>Draws an order for a purpose.</summary>
    public Permutation(int count, Hash hash, int purpose)
    {
        Count = count;
        if (count < 2) return;
        _stride = 1 + hash.Below(count - 1, 0, purpose);
        while (Gcd(_stride, count) != 1) _stride++;
        _offset = hash.Below(count, 1, purpose);
        _inverse = InverseOf(_stride, count);
    }

    /// <summary>How many numbers there are.</summary>
    public int Count { get; }

    /// <summary>The number at a place.</summary>
    public int At(int place) => (int)(((place * _stride) + _offset) % Count);

    /// <summary>The place of a number.</summary>
    public int PlaceOf(int number) => (int)((number - _offset + Count) % Count * _inverse % Count);

    private static long Gcd(long a, long b) => b == 0 ? a : Gcd(b, a % b);

    // Euclid's algorithm, kept to the factor of the first number.
    private static long InverseOf(long value, long modulus)
    {
        var (a, b, x, y) = (value, modulus, 1L, 0L);
        while (b != 0) (a, b, x, y) = (b, a % b, y, x - (a / b * y));
        return ((x % modulus) + modulus) % modulus;
    }
}
