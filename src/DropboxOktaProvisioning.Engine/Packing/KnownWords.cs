using System.Runtime.CompilerServices;
using System.Text;

namespace DropboxOktaProvisioning.Engine.Packing;

/// <summary>The words that lists of people are full of: each takes one byte in a packed record, and is one string for all.</summary>
internal static class KnownWords
{
    private static readonly string[] Words =
    [
        // What is met most comes first.
        "ACTIVE", "PROVISIONED", "USER", "GROUP", "DISABLED", "SYNCHRONIZED", "STAGED", "active", "invited", "suspended", "removed",
        "DEPROVISIONED", "SUSPENDED", "LOCKED_OUT", "PASSWORD_EXPIRED", "RECOVERY", "OUT_OF_SYNC", "SYNCING", "ERROR", "PENDING", "IMPORTED",
        "MATCHED", "INACTIVE", "UNASSIGNED", "APPROVED", "REVOKED", "IMPLICIT", "OKTA_GROUP", "APP_GROUP", "BUILT_IN",
    ];

    private static readonly byte[][] Bytes = [.. Words.Select(Encoding.UTF8.GetBytes)];

    /// <summary>The word's place, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Find(ReadOnlySpan<byte> text)
    {
        byte[][] words = Bytes;
        for (int i = 0; i < words.Length; i++)
        {
            if (text.SequenceEqual(words[i])) return i;
        }

        return -1;
    }

    /// <summary>The word at a place.</summary>
    public static string At(int place) => Words[place];

    /// <summary>The word's bytes.</summary>
    public static ReadOnlySpan<byte> BytesAt(int place) => Bytes[place];
}
