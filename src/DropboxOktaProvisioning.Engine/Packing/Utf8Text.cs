using System.Text;

namespace DropboxOktaProvisioning.Engine.Packing;

/// <summary>A text as the bytes that came over the line, or no text at all. It is only worth what the buffer is that it points into.</summary>
internal readonly ref struct Utf8Text(ReadOnlySpan<byte> bytes)
{
    /// <summary>The text in UTF-8.</summary>
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    /// <summary>False for null; an empty text is one.</summary>
    public bool Exists { get; } = true;

    /// <summary>Neither null nor empty.</summary>
    public bool HasLetters => Bytes.Length > 0;

    /// <summary>The bytes of a string of our own.</summary>
    public static Utf8Text Of(string? text) => text is null ? default : new Utf8Text(Encoding.UTF8.GetBytes(text));

    /// <summary>Whether both are the same, to the byte; two that do not exist are.</summary>
    public bool Equals(Utf8Text other) => Exists == other.Exists && Bytes.SequenceEqual(other.Bytes);

    /// <summary>The string, or null.</summary>
    public string? Decode() => Exists ? Encoding.UTF8.GetString(Bytes) : null;

    /// <inheritdoc/>
    public override string ToString() => Decode() ?? "";
}
