using System.IO.Compression;

namespace DropboxOktaProvisioning.Engine.Reports;

/// <summary>Standings as a few bytes a person: column by column, sorted by fingerprint, compressed.</summary>
internal static class StandingPack
{
    private const byte Version = 1;
    private const byte NotKnown = 0x80;
    private const int MostPeople = 10_000_000;

    /// <summary>Packs them; one without a standing is one who was not known.</summary>
    public static byte[] Write(IEnumerable<KeyValuePair<ulong, Standing?>> standings, int count)
    {
        var sorted = new List<KeyValuePair<ulong, Standing?>>(count);
        sorted.AddRange(standings);
        sorted.Sort((one, other) => one.Key.CompareTo(other.Key));
        using var packed = new MemoryStream();
        using (var compressed = new BrotliStream(packed, CompressionLevel.Fastest))
        using (var writer = new BinaryWriter(new BufferedStream(compressed, 64 * 1024)))
        {
            writer.Write(Version);
            writer.Write7BitEncodedInt(sorted.Count);
            ulong last = 0;
            foreach (var (key, _) in sorted)
            {
                writer.Write7BitEncodedInt64((long)(key - last));
                last = key;
            }

            foreach (var (_, standing) in sorted) writer.Write(standing is { } known ? (byte)known.Marks : NotKnown);
            foreach (var (_, standing) in sorted) writer.Write((byte)(standing?.Stage ?? 0));
            foreach (var (_, standing) in sorted) writer.Write7BitEncodedInt64(standing?.Since ?? 0);
            foreach (var (_, standing) in sorted) writer.Write7BitEncodedInt64(standing?.InvitedOn ?? 0);
        }

        return packed.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is something else, or cut off.</exception>
    public static IReadOnlyList<KeyValuePair<ulong, Standing?>> Read(byte[] bytes)
    {
        try
        {
            using var reader = new BinaryReader(new BufferedStream(new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress), 64 * 1024));
            if (reader.ReadByte() != Version) throw new InvalidDataException("Its version is not known.");
            var count = reader.Read7BitEncodedInt();
            if (count is < 0 or > MostPeople) throw new InvalidDataException("It is longer than it can be.");
            var keys = new List<ulong>();
            for (var (i, last) = (0, 0UL); i < count; i++) keys.Add(last += (ulong)reader.Read7BitEncodedInt64());
            var marks = Column(reader, count, one => one.ReadByte());
            var stages = Column(reader, count, one => one.ReadByte());
            var since = Column(reader, count, one => one.Read7BitEncodedInt64());
            var invited = Column(reader, count, one => one.Read7BitEncodedInt64());
            return [.. Enumerable.Range(0, count).Select(i => KeyValuePair.Create(
                keys[i], marks[i] == NotKnown ? null : (Standing?)new Standing((ProvisioningStage)stages[i], (StandingMarks)marks[i], since[i], invited[i])))];
        }
        catch (Exception problem) when (problem is EndOfStreamException or FormatException or InvalidOperationException)
        {
            throw new InvalidDataException("It is cut off, or was never one.", problem);
        }
    }

    private static T[] Column<T>(BinaryReader reader, int count, Func<BinaryReader, T> read)
    {
        var values = new T[count];
        for (var i = 0; i < count; i++) values[i] = read(reader);
        return values;
    }
}
