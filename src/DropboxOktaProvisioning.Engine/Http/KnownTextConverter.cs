using System.Text.Json;
using System.Text.Json.Serialization;
using DropboxOktaProvisioning.Engine.Packing;

namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>Reads a text that is nearly always one of a few, and hands out one string for each of those: lists of people are full of them.</summary>
internal sealed class KnownTextConverter : JsonConverter<string?>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String) throw new JsonException();
        return !reader.ValueIsEscaped && KnownWords.Find(reader.ValueSpan) is >= 0 and var known ? KnownWords.At(known) : reader.GetString();
    }

    public override void Write(Utf8JsonWriter writer, string? value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
