using System.Globalization;
using System.Text.Json;

namespace DropboxOktaProvisioning.Sandbox.Dropbox;

/// <summary>Reads a route's argument as strictly as the service does; every fault is a 400 in plain text.</summary>
internal sealed class DropboxArgument : IDisposable
{
    private readonly string _route;
    private readonly JsonDocument _document;

    public DropboxArgument(string route, SandboxCall call)
    {
        _route = route;
        var type = call.Header("Content-Type");
        // The official JavaScript client sends routes without an argument neither a type nor a body.
        if (string.IsNullOrEmpty(type) && call.Body.IsEmpty)
        {
            _document = JsonDocument.Parse("null");
            return;
        }

        if (type is null || !type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
            throw Wrong($"Bad HTTP \"Content-Type\" header: \"{type}\". Expecting one of \"application/json\", \"application/json; charset=utf-8\".");
        try
        {
            _document = JsonDocument.Parse(call.Body);
        }
        catch (JsonException)
        {
            throw Wrong("request body: could not decode input as JSON");
        }
    }

    private JsonElement Root => _document.RootElement;

    /// <summary>A route without an argument takes the JSON literal null (dropbox.md §1).</summary>
    public void ExpectNull()
    {
        if (Root.ValueKind != JsonValueKind.Null) throw Wrong("request body: expected null, got value");
    }

    /// <summary>An object with no other fields than these.</summary>
    public void ExpectFields(params string[] names)
    {
        if (Root.ValueKind != JsonValueKind.Object) throw Wrong($"request body: expected object, got {Kind(Root)}");
        foreach (var field in Root.EnumerateObject())
            if (!names.Contains(field.Name)) throw Wrong($"request body: unknown field '{field.Name}'");
    }

    public int Integer(string name, int usual, int minimum, int maximum)
    {
        if (!Root.TryGetProperty(name, out var value)) return usual;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var number)) throw Unexpected(name, "integer", value);
        return number >= minimum && number <= maximum
            ? number
            : throw Wrong($"request body: {name}: {number} is not within range [{minimum}, {maximum}]");
    }

    public bool Boolean(string name, bool usual)
    {
        if (!Root.TryGetProperty(name, out var value)) return usual;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Unexpected(name, "boolean", value);
    }

    public string Text(string name)
    {
        if (!Root.TryGetProperty(name, out var value)) throw Wrong($"request body: missing required field '{name}'");
        return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Unexpected(name, "string", value);
    }

    public string? OptionalText(string name) => Root.TryGetProperty(name, out _) ? Text(name) : null;

    /// <summary>An optional union of void members: an object with a tag, or the tag as a bare text.</summary>
    public string? Tag(string name)
    {
        if (!Root.TryGetProperty(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty(".tag", out var tag)) value = tag;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Unexpected(name, "union", value);
    }

    /// <summary>An optional <c>TimeRange</c>: its start is in it, its end is not.</summary>
    public (DateTimeOffset? Start, DateTimeOffset? End) TimeRange(string name)
    {
        if (!Root.TryGetProperty(name, out var range)) return (null, null);
        if (range.ValueKind != JsonValueKind.Object) throw Unexpected(name, "object", range);
        return (Time("start_time"), Time("end_time"));

        DateTimeOffset? Time(string field)
        {
            if (!range.TryGetProperty(field, out var value)) return null;
            return value.ValueKind == JsonValueKind.String
                && DateTimeOffset.TryParseExact(value.GetString(), "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? time
                : throw Wrong($"request body: {name}: {field}: time data does not match format '%Y-%m-%dT%H:%M:%SZ'");
        }
    }

    /// <summary>A list of <c>UserSelectorArg</c>: a tag, and its value under the tag's name.</summary>
    public List<(string Tag, string Value)> Selectors(string name, int maximum)
    {
        if (!Root.TryGetProperty(name, out var list)) throw Wrong($"request body: missing required field '{name}'");
        if (list.ValueKind != JsonValueKind.Array) throw Unexpected(name, "list", list);
        if (list.GetArrayLength() > maximum) throw Wrong($"request body: {name}: list must have at most {maximum} items");
        var selectors = new List<(string, string)>();
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty(".tag", out var tag) || tag.ValueKind != JsonValueKind.String)
                throw Wrong($"request body: {name}: missing '.tag' key");
            var kind = tag.GetString()!;
            if (kind is not ("team_member_id" or "external_id" or "email")) throw Wrong($"request body: {name}: unknown tag '{kind}'");
            if (!item.TryGetProperty(kind, out var value) || value.ValueKind != JsonValueKind.String)
                throw Wrong($"request body: {name}: missing '{kind}' key");
            selectors.Add((kind, value.GetString()!));
        }

        return selectors;
    }

    /// <inheritdoc/>
    public void Dispose() => _document.Dispose();

    private DropboxFailure Wrong(string problem) => DropboxFailure.BadRequest(_route, problem);

    private DropboxFailure Unexpected(string name, string expected, JsonElement value) =>
        Wrong($"request body: {name}: expected {expected}, got {Kind(value)}");

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Array => "list",
        _ => "object",
    };
}
