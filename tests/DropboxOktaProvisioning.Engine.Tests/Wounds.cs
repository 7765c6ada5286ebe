using System.Text;
using CsCheck;

namespace DropboxOktaProvisioning.Engine.Tests;

/// <summary>Breaks a text in random places: some of it cut out, doubled, overwritten by a nasty piece, or one byte of it changed.</summary>
internal static class Wounds
{
    /// <summary>Where, how much, how, and by what.</summary>
    public static Gen<(int At, int Length, int How, int What)[]> Some { get; } = Gen.Select(Gen.Int[0, 9_999], Gen.Int[0, 40], Gen.Int[0, 3], Gen.Int[0, 255]).Array[1, 6];

    /// <summary>The broken text.</summary>
    public static byte[] Wound(this byte[] whole, (int At, int Length, int How, int What)[] wounds, string[] nasty)
    {
        var bytes = new List<byte>(whole);
        foreach (var (at, length, how, what) in wounds)
        {
            if (bytes.Count == 0) break;
            int from = at * bytes.Count / 10_000, count = Math.Min(length, bytes.Count - from);
            if (how == 0) bytes.RemoveRange(from, count);
            else if (how == 1) bytes.InsertRange(from, bytes.GetRange(from, count));
            else if (how == 2) bytes.InsertRange(from, Encoding.UTF8.GetBytes(nasty[what % nasty.Length]));
            else bytes[from] = (byte)what;
        }

        return [.. bytes];
    }
}
