using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;

namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>A successful answer, its body in memory. What is read out of it outlives it; its buffer does not.</summary>
internal sealed class Answer(string service, string what, HttpResponseMessage response) : IDisposable
{
    private ReadOnlySpan<byte> Body => ((PooledBody)response.Content).Bytes.Span;

    /// <summary>The HTTP status.</summary>
    public int Status => (int)response.StatusCode;

    /// <summary>What the service's support asks for, if the answer has it.</summary>
    public string? RequestId => RequestIds.Of(response.Headers);

    /// <summary>The one next page's address, as the service wrote it; null on the last page.</summary>
    public Uri? NextPage()
    {
        if (!response.Headers.TryGetValues("Link", out IEnumerable<string>? headers)) return null;
        string[] next = [.. LinkHeader.Next(headers).Distinct(StringComparer.Ordinal)];
        if (next.Length == 0) return null;

        // Taken untouched: a cursor's escaping is the service's business. What cannot stand in a request line is refused.
        var untouched = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        return next is [{ } text] && !text.Any(c => c is <= ' ' or > '~' or '#') && Uri.TryCreate(text, in untouched, out Uri? address)
            ? address : throw Malformed("the address of the next page cannot be read");
    }

    /// <summary>Reads the body.</summary>
    /// <exception cref="ServiceException"><see cref="ErrorIds.MalformedAnswer"/>, with the position.</exception>
    public T Read<T>(JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(Body, type) ?? throw Malformed("it is null");
        }
        catch (JsonException e)
        {
            throw Malformed($"it cannot be read at {e.Path ?? "$"} (line {e.LineNumber + 1}, byte {e.BytePositionInLine})");
        }
    }

    /// <summary>Reads the body field by field.</summary>
    /// <param name="read">Gets a reader on the first token, and leaves it on the last one.</param>
    /// <exception cref="ServiceException"><see cref="ErrorIds.MalformedAnswer"/>, with the position.</exception>
    public T Parse<T>(JsonReading<T> read)
    {
        if (!Utf8.IsValid(Body)) throw Malformed("it is not UTF-8");
        try
        {
            var reader = new Utf8JsonReader(Body);
            reader.Read();
            T value = read(ref reader);
            return reader.Read() ? throw Malformed("something follows its JSON") : value;
        }
        catch (JsonException e)
        {
            string place = e.LineNumber is { } line ? $" (line {line + 1}, byte {e.BytePositionInLine})" : "";
            throw Malformed($"it cannot be read at {e.Path ?? "$"}{place}");
        }
        catch (InvalidOperationException)
        {
            // What the reader says of an escape that stands for half a character.
            throw Malformed("a text in it has half a character");
        }
    }

    /// <summary>Runs over the entries of a list that was read; a text that turns out to have half a character in it is an error of the answer.</summary>
    public List<TRecord> Map<TRecord>(IReadOnlyList<JsonElement> entries, Func<JsonElement, TRecord?> map, string flaw)
        where TRecord : class
    {
        var records = new List<TRecord>(entries.Count);
        try
        {
            for (int i = 0; i < entries.Count; i++) records.Add(map(entries[i]) ?? throw Malformed($"entry {i + 1} of the page {flaw}"));
        }
        catch (InvalidOperationException)
        {
            throw Malformed($"entry {records.Count + 1} of the page has a text with half a character");
        }

        return records;
    }

    /// <summary>Reads the body as JSON that keeps everything, numbers to the last digit included; all of it can be used without a surprise.</summary>
    public T ReadNode<T>()
        where T : JsonNode
    {
        try
        {
            T node = JsonNode.Parse(Body) as T ?? throw Malformed($"it is not {(typeof(T) == typeof(JsonArray) ? "a list" : "an object")}");
            return FlawOf(node) is { } flaw ? throw Malformed(flaw) : node;
        }
        catch (JsonException e)
        {
            throw Malformed($"it is not JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine})");
        }
    }

    /// <summary>What is wrong at a node or below: nodes find it only when they are used.</summary>
    private static string? FlawOf(JsonNode? node)
    {
        try
        {
            switch (node)
            {
                case JsonObject members:
                    return members.Select(member => FlawOf(member.Value)).FirstOrDefault(flaw => flaw is not null);
                case JsonArray entries:
                    return entries.Select(FlawOf).FirstOrDefault(flaw => flaw is not null);
                case JsonValue value:
                    value.TryGetValue(out string? _);
                    return null;
                default:
                    return null;
            }
        }
        catch (ArgumentException)
        {
            return $"one member is there twice in {node!.GetPath()}";
        }
        catch (InvalidOperationException)
        {
            return $"{node!.GetPath()} has a text with half a character";
        }
    }

    /// <summary>The error for a body that lacks what it must have.</summary>
    public ServiceException Malformed(string flaw) => new(
        ErrorIds.MalformedAnswer, ProblemCategory.InvalidData, service, $"{service}'s answer about {what} cannot be used: {flaw}.",
        "Try again; if it goes on, report it with the request id.")
    {
        StatusCode = Status,
        RequestId = RequestId,
    };

    public void Dispose() => response.Dispose();
}

/// <summary>Reads a value out of JSON, from its first token to its last.</summary>
internal delegate T JsonReading<out T>(ref Utf8JsonReader reader);

/// <summary>Finds the ids that a service's support asks for.</summary>
internal static class RequestIds
{
    public static string? Of(HttpResponseHeaders headers) => One(headers, "X-Okta-Request-Id") ?? One(headers, "X-Dropbox-Request-Id") ?? One(headers, "request-id");

    private static string? One(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;
}
