namespace DropboxOktaProvisioning.Sandbox.State;

/// <summary>Ids that look like the services' own and lead back to their number without a table.</summary>
internal sealed class IdScheme
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int Width = 11;
    private const ulong Factor = 0x9E3779B97F4A7C15UL;
    private static readonly ulong Inverse = InverseOf(Factor);
    private readonly string _prefix;
    private readonly string _tail;
    private readonly ulong _key;

    /// <summary>Creates a scheme.</summary>
    /// <param name="prefix">What every id begins with, such as <c>00u</c>.</param>
    /// <param name="length">The length of the whole id.</param>
    /// <param name="hash">What the world is drawn from.</param>
    public IdScheme(string prefix, int length, Hash hash)
    {
        _prefix = prefix;
        _key = hash.Draw(prefix.Length == 0 ? 0 : prefix[^1], 100 + prefix.Length);
        var tail = new char[length - prefix.Length - Width];
        for (var i = 0; i < tail.Length; i++) tail[i] = Digits[hash.Below(Digits.Length, i, 200)];
        _tail = new string(tail);
    }

    /// <summary>The id of a number.</summary>
    public string Of(int number) => string.Create(_prefix.Length + Width + _tail.Length, (this, number), static (span, given) =>
    {
        var (scheme, number) = given;
        scheme._prefix.CopyTo(span);
        var value = ((ulong)number ^ scheme._key) * Factor;
        for (var i = Width - 1; i >= 0; i--)
        {
            span[scheme._prefix.Length + i] = Digits[(int)(value % 62)];
            value /= 62;
        }

        scheme._tail.CopyTo(span[(scheme._prefix.Length + Width)..]);
    });

    /// <summary>The number of an id; false for an id that this scheme did not make.</summary>
    public bool TryParse(string id, out int number)
    {
        number = -1;
        if (id.Length != _prefix.Length + Width + _tail.Length) return false;
        UInt128 value = 0;
        foreach (var digit in id.AsSpan(_prefix.Length, Width))
        {
            var place = Digits.IndexOf(digit, StringComparison.Ordinal);
            if (place < 0) return false;
            value = (value * 62) + (ulong)place;
        }

        if (value > ulong.MaxValue) return false;
        var found = ((ulong)value * Inverse) ^ _key;
        if (found > int.MaxValue) return false;
        number = (int)found;
        return Of(number) == id;
    }

    // Newton's iteration doubles the correct bits of an odd number's inverse modulo 2^64 with each step.
    private static ulong InverseOf(ulong odd)
    {
        var inverse = odd;
        for (var i = 0; i < 6; i++) inverse *= 2 - (odd * inverse);
        return inverse;
    }
}
