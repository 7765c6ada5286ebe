using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace DropboxOktaProvisioning.Engine.Packing;

/// <summary>Writes records as bytes, field after field: a tenth of what they take as objects. <see cref="PackReader"/> reads them in the same order.</summary>
internal sealed class PackWriter
{
    /// <summary>A word that is not among the known ones follows as a text.</summary>
    internal const byte OtherWord = byte.MaxValue;

    private byte[] _buffer = new byte[64 << 10];
    private readonly List<int> _starts = [];
    private TextTable _repeated = new(ignoreCase: false);
    private int _length;

    /// <summary>Begins a record.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Begin() => _starts.Add(_length);

    /// <summary>A text or null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Text(Utf8Text text)
    {
        Number(text.Exists ? (uint)text.Bytes.Length + 1 : 0);
        Bytes(text.Bytes);
    }

    /// <summary>A text that is nearly always the same as another one of the record, which is then kept once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Text(Utf8Text text, Utf8Text like)
    {
        if (text.Exists && text.Equals(like))
        {
            Byte(1);
            return;
        }

        Number(text.Exists ? (uint)text.Bytes.Length + 2 : 0);
        Bytes(text.Bytes);
    }

    /// <summary>A text that others of the page have too, or null: it is kept once, and the others name its place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Repeated(Utf8Text text)
    {
        if (!text.Exists)
        {
            Byte(0);
            return;
        }

        uint hash = _repeated.Hash(text.Bytes);
        for (TextTable.Probe probe = _repeated.Start(hash); probe.Next(out int place);)
        {
            if (!new PackReader(_buffer, place).Text().Equals(text)) continue;
            Number((uint)place + 2);
            return;
        }

        Byte(1);
        _repeated.Add(hash, _length);
        Text(text);
    }

    /// <summary>A word of a small set, or null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Word(Utf8Text word)
    {
        int known = word.Exists ? KnownWords.Find(word.Bytes) : -1;
        Byte(!word.Exists ? (byte)0 : known >= 0 ? (byte)(known + 1) : OtherWord);
        if (word.Exists && known < 0) Text(word);
    }

    /// <summary>A moment, kept in UTC, or null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Moment(DateTimeOffset? moment)
    {
        Byte(moment is null ? (byte)0 : (byte)1);
        if (moment is not { } known) return;
        BinaryPrimitives.WriteInt64LittleEndian(Room(sizeof(long)), known.UtcTicks);
        _length += sizeof(long);
    }

    /// <summary>One byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Byte(byte value)
    {
        Room(1)[0] = value;
        _length++;
    }

    /// <summary>A count, in one byte where it is small.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Number(uint value)
    {
        while (value >= 0x80)
        {
            Byte((byte)(value | 0x80));
            value >>= 7;
        }

        Byte((byte)value);
    }

    /// <summary>The records written so far, in an array of just their size; the writer is empty then.</summary>
    public (byte[] Bytes, int[] Starts) Take()
    {
        (byte[] bytes, int[] starts) = (_buffer.AsSpan(0, _length).ToArray(), [.. _starts]);
        _length = 0;
        _starts.Clear();
        _repeated = new TextTable(ignoreCase: false);
        return (bytes, starts);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        _length += bytes.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Room(int bytes)
    {
        if (_length + bytes > _buffer.Length) Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + bytes));
        return _buffer.AsSpan(_length);
    }
}
