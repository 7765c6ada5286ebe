using System.IO.Compression;
using System.Runtime.InteropServices;
using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Packing;

namespace DropboxOktaProvisioning.Engine.Refresh;

/// <summary>The two lists of a reading as one block of bytes: packed as in memory, and compressed.</summary>
internal static class ReadingContent
{
    // Far above a reading of two million people; what claims to be larger is none.
    private const int LargestPage = 1 << 30;
    private const int MostPages = 1 << 20;
    private const int FirstRoom = 1 << 20;

    /// <summary>Writes them.</summary>
    public static byte[] Write(PackedStore assignments, PackedStore members)
    {
        using var bytes = new MemoryStream();
        using (var packed = new BrotliStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        using (var writer = new BinaryWriter(packed))
        {
            Write(writer, assignments);
            Write(writer, members);
        }

        return bytes.ToArray();
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="InvalidDataException">They are not what was written.</exception>
    public static (PackedStore Assignments, PackedStore Members) Read(byte[] bytes)
    {
        try
        {
            using var reader = new BinaryReader(new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress));
            var (assignments, members) = (Read(reader), Read(reader));
            Check(assignments, members);
            return (assignments, members);
        }
        catch (Exception broken) when (broken is EndOfStreamException or InvalidOperationException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException("The reading breaks off, or is none.", broken);
        }
    }

    // A record is read when somebody asks for it, and then it is too late to find that it is none.
    private static void Check(PackedStore assignments, PackedStore members)
    {
        for (var i = 0; i < assignments.Count; i++)
            if (!AppUserFields.Of(assignments[i]).Id.HasLetters) throw new InvalidDataException("An assignment has no id.");
        for (var i = 0; i < members.Count; i++)
            if (!MemberFields.Of(members[i]).IsWhole) throw new InvalidDataException("A member lacks what each must have.");
    }

    private static void Write(BinaryWriter writer, PackedStore store)
    {
        writer.Write(store.Pages.Count);
        foreach (var page in store.Pages)
        {
            writer.Write(page.Length);
            writer.Write(page);
        }

        writer.Write(store.Count);
        foreach (var place in store.Places) writer.Write(place);
    }

    private static PackedStore Read(BinaryReader reader)
    {
        var pages = new byte[Bounded(reader.ReadInt32(), MostPages)][];
        for (var i = 0; i < pages.Length; i++) pages[i] = Exactly(reader, Bounded(reader.ReadInt32(), LargestPage));
        var places = MemoryMarshal.Cast<byte, ulong>(Exactly(reader, Bounded(reader.ReadInt32(), LargestPage / sizeof(ulong)) * sizeof(ulong)));
        return PackedStore.Of(pages, places);
    }

    private static int Bounded(int number, int most) => number >= 0 && number <= most ? number : throw new InvalidDataException("A length is out of bounds.");

    // Room is made for what has come, and not for what a length says.
    private static byte[] Exactly(BinaryReader reader, int length)
    {
        var bytes = Array.Empty<byte>();
        for (var read = 0; read < length;)
        {
            if (read == bytes.Length) Array.Resize(ref bytes, (int)Math.Min(length, Math.Max(read * 2L, FirstRoom)));
            var more = reader.Read(bytes, read, bytes.Length - read);
            if (more == 0) throw new EndOfStreamException();
            read += more;
        }

        return bytes;
    }
}
