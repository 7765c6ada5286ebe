using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using DropboxOktaProvisioning.Sandbox.State;

namespace DropboxOktaProvisioning.Sandbox.Http;

/// <summary>Opaque cursors: a position in a list, what the list was asked with, a serial that makes each new, and a check.</summary>
internal sealed class Cursors(Hash hash)
{
    private const int Size = 20;
    private int _serial;

    /// <summary>A new cursor to a position.</summary>
    /// <param name="position">The position where the next page begins.</param>
    /// <param name="list">Which list, 0 to 255.</param>
    /// <param name="options">What it was asked with, up to 24 bits.</param>
    public string Create(int position, byte list, int options)
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, ++_serial);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], position);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], (options << 8) | list);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[12..], Check(bytes));
        Veil(bytes);
        return Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }

    /// <summary>Reads a cursor of a list; false for anything that this world did not make for that list.</summary>
    public bool TryRead(string cursor, byte list, out int position, out int options)
    {
        position = options = 0;
        Span<byte> bytes = stackalloc byte[Size + 1];
        if (cursor.Length != 27) return false;
        var text = cursor.Replace('-', '+').Replace('_', '/') + "=";
        if (Base64.DecodeFromUtf8(Encoding.UTF8.GetBytes(text), bytes, out _, out var length) != OperationStatus.Done || length != Size) return false;
        bytes = bytes[..Size];
        Veil(bytes);
        if (BinaryPrimitives.ReadUInt64LittleEndian(bytes[12..]) != Check(bytes)) return false;
        var asked = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if ((asked & 0xFF) != list) return false;
        position = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        options = asked >> 8;
        return true;
    }

    private ulong Check(ReadOnlySpan<byte> bytes) =>
        hash.Draw(BinaryPrimitives.ReadInt64LittleEndian(bytes), 60) ^ hash.Draw(BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]), 61);

    // The check differs for every serial, and veils the rest: so that cursors do not invite anybody to build one.
    private void Veil(Span<byte> bytes)
    {
        var mask = hash.Draw(BinaryPrimitives.ReadInt64LittleEndian(bytes[12..]), 62);
        for (var i = 0; i < 12; i++) bytes[i] ^= (byte)(mask >> (i % 8 * 8));
    }
}
