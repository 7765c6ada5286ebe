using System.Text.Json;

namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>Reads JSON as far as it can be read: a text of half a character, or of bytes that are no UTF-8, counts as not there.</summary>
/// <remarks>For the bodies of errors, where a flaw must not hide the error itself, and for details that nothing depends on.</remarks>
internal static class LenientJson
{
    /// <summary>The value; undefined where it is no JSON.</summary>
    public static JsonElement Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            return JsonElement.ParseValue(ref reader);
        }
        catch (JsonException)
        {
            return default;
        }
    }

    /// <summary>A member of an object; undefined where there is no such thing.</summary>
    public static JsonElement Member(JsonElement json, string name)
    {
        try
        {
            return json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) ? value : default;
        }
        catch (InvalidOperationException)
        {
            // One of the names has half a character in it.
            return default;
        }
    }

    /// <summary>A text; null where it is none.</summary>
    public static string? Text(JsonElement json)
    {
        try
        {
            return json.ValueKind == JsonValueKind.String ? json.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The text of a member; null where there is none.</summary>
    public static string? Text(JsonElement json, string name) => Text(Member(json, name));
}
