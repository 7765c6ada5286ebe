using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace DropboxOktaProvisioning.Engine.Packing;

/// <summary>Reads a record that <see cref="PackWriter"/> wrote, field after field in the same order.</summary>
/// <param name="page">The page that the record stands in.</param>
/// <param name="at">Where the record begins.</param>
internal ref struct PackReader(ReadOnlySpan<byte> page, int at = 0)
{
    private readonly ReadOnlySpan<byte> _bytes = page;
    private int _at = at;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Utf8Text Text()
    {
        uint size = Number();
        return size == 0 ? default : new Utf8Text(Take((int)size - 1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Utf8Text Text(Utf8Text like)
    {
        uint size = Number();
        return size switch
        {
            0 => default,
            1 => like,
            _ => new Utf8Text(Take((int)size - 2)),
        };
    }

    public Utf8Text Repeated()
    {
        uint place = Number();
        return place switch
        {
            0 => default,
            1 => Text(),
            _ => new PackReader(_bytes, (int)place - 2).Text(),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Utf8Text Word() => Byte() switch
    {
        0 => default,
        PackWriter.OtherWord => Text(),
        var known => new Utf8Text(KnownWords.BytesAt(known - 1)),
    };

    public string? WordString() => Byte() switch
    {
        0 => null,
        PackWriter.OtherWord => Text().Decode(),
        var known => KnownWords.At(known - 1),
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public DateTimeOffset? Moment() =>
        Byte() == 0 ? null : new DateTimeOffset(BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long))), TimeSpan.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte Byte() => _bytes[_at++];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Number()
    {
        uint value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = Byte();
            value |= (uint)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<byte> Take(int length)
    {
        ReadOnlySpan<byte> taken = _bytes.Slice(_at, length);
        _at += length;
        return taken;
    }
}
