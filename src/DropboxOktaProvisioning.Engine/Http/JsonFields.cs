using System.Runtime.CompilerServices;
using System.Text.Json;
using DropboxOktaProvisioning.Engine.Packing;

namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>Reads one entry of a list.</summary>
internal delegate void JsonEntry(ref Utf8JsonReader reader, int position);

/// <summary>Steps through JSON objects and takes the fields that are wanted, straight from the bytes.</summary>
/// <remarks>
/// The big lists are read so: a serializer would make an object for each value, and in a short-lived process most of its time is compiling itself.
/// </remarks>
internal static class JsonFields
{
    /// <summary>Whether the value is an object to step into, and not null.</summary>
    public static bool IsObject(scoped ref Utf8JsonReader reader, string name) => Is(ref reader, JsonTokenType.StartObject, name);

    /// <summary>Whether the value is a list to step into, and not null.</summary>
    public static bool IsList(scoped ref Utf8JsonReader reader, string name) => Is(ref reader, JsonTokenType.StartArray, name);

    /// <summary>Steps to the value of the next field of the object that the reader is in; false at its end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Next(scoped ref Utf8JsonReader reader, out ReadOnlySpan<byte> name)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.EndObject)
        {
            name = default;
            return false;
        }

        name = reader.ValueIsEscaped ? Unescaped(ref reader) : reader.ValueSpan;
        reader.Read();
        return true;
    }

    /// <summary>Steps to the next entry of the list that the reader is in; false at its end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool NextEntry(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType != JsonTokenType.EndArray;

    /// <summary>Runs over the list that the reader stands at the start of; an error in an entry is told with the entry's place.</summary>
    public static void EachEntry(scoped ref Utf8JsonReader reader, string list, JsonEntry read)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw Wrong(ref reader, list);
        int position = 0;
        try
        {
            for (; NextEntry(ref reader); position++) read(ref reader, position);
        }
        catch (JsonException e) when (e.LineNumber is null)
        {
            throw new JsonException(e.Message, $"{list}[{position}]{(e.Path is null ? "" : "." + e.Path)}", null, null, e);
        }
    }

    /// <summary>The text at the reader, or null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Utf8Text Text(scoped ref Utf8JsonReader reader, string name) => reader.TokenType switch
    {
        JsonTokenType.String => new Utf8Text(reader.ValueIsEscaped ? Unescaped(ref reader) : reader.ValueSpan),
        JsonTokenType.Null => default,
        _ => throw Wrong(ref reader, name),
    };

    /// <summary>The moment at the reader, or null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static DateTimeOffset? Moment(scoped ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType == JsonTokenType.Null) return null;
        return reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out DateTimeOffset moment) ? moment : throw Wrong(ref reader, name);
    }

    /// <summary>The truth value at the reader; null counts as false.</summary>
    public static bool Flag(scoped ref Utf8JsonReader reader, string name) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False or JsonTokenType.Null => false,
        _ => throw Wrong(ref reader, name),
    };

    /// <summary>The error for a value of another kind than it must be.</summary>
    public static JsonException Wrong(scoped ref Utf8JsonReader reader, string name) => new($"{reader.TokenType} at byte {reader.TokenStartIndex}", name, null, null);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Is(scoped ref Utf8JsonReader reader, JsonTokenType type, string name) =>
        reader.TokenType == type || (reader.TokenType == JsonTokenType.Null ? false : throw Wrong(ref reader, name));

    private static byte[] Unescaped(scoped ref Utf8JsonReader reader)
    {
        var text = new byte[reader.ValueSpan.Length];
        try
        {
            return text[..reader.CopyString(text)];
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("A text has half a character in it.", e);
        }
    }
}
