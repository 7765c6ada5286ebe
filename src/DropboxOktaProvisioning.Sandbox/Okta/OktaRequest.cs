using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DropboxOktaProvisioning.Sandbox.Http;

namespace DropboxOktaProvisioning.Sandbox.Okta;

/// <summary>One request to the org, taken apart, and what its answer collects.</summary>
internal sealed class OktaRequest
{
    // An app user with the user in it, in bytes: pages rarely outgrow their first buffer.
    private const int UsualItemSize = 1400;

    private readonly Dictionary<string, string> _query = new(StringComparer.Ordinal);
    private readonly List<(string Name, string Raw)> _rawQuery = [];

    public OktaRequest(SandboxCall call, DateTimeOffset now, SandboxFault fault)
    {
        Call = call;
        Now = now;
        EmptyPage = fault is SandboxFault.EmptyPage or SandboxFault.EmptyEnd;
        EndsHere = fault is SandboxFault.EmptyEnd;
        HasGap = fault is SandboxFault.EmptyGap;
        Segments = [.. call.Address.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
        foreach (var part in call.Address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var (name, raw) = equals < 0 ? (part, "") : (part[..equals], part[(equals + 1)..]);
            _rawQuery.Add((name, raw));
            _query[Uri.UnescapeDataString(name)] = Uri.UnescapeDataString(raw.Replace('+', ' '));
        }
    }

    public SandboxCall Call { get; }

    public string Origin => Call.Origin;

    public DateTimeOffset Now { get; }

    /// <summary>Whether lists leave everybody out of this page.</summary>
    public bool EmptyPage { get; }

    /// <summary>Whether a list says that this page is the last, whatever follows.</summary>
    public bool EndsHere { get; }

    /// <summary>Whether a list goes on behind the people of this page without showing them.</summary>
    public bool HasGap { get; }

    /// <summary>The path's parts, decoded.</summary>
    public string[] Segments { get; }

    /// <summary>Link headers of the answer.</summary>
    public List<KeyValuePair<string, string>> Headers { get; } = [];

    public string? Query(string name) => _query.GetValueOrDefault(name);

    /// <summary>The page size asked for.</summary>
    /// <exception cref="OktaFailure">It is not a number from <paramref name="minimum"/> to <paramref name="maximum"/>.</exception>
    public int Limit(int usual, int minimum, int maximum)
    {
        if (Query("limit") is not { } text) return usual;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var limit) && limit >= minimum && limit <= maximum
            ? limit
            : throw OktaFailure.Invalid("limit", $"The limit must be between {minimum} and {maximum}");
    }

    /// <summary>The body as an object.</summary>
    public JsonObject Body(bool optional = false)
    {
        if (Call.Body.IsEmpty && optional) return [];
        var type = Call.Header("Content-Type");
        if (type is null || !type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
            throw new OktaFailure(400, "E0000021", "Bad request. Accept and/or Content-Type headers likely do not match supported values.");
        try
        {
            return JsonNode.Parse(Call.Body.Span) as JsonObject ?? throw Malformed();
        }
        catch (JsonException)
        {
            throw Malformed();
        }
    }

    /// <summary>Writes a page, with its <c>self</c> and <c>next</c> links as two headers.</summary>
    /// <param name="cursors">Where cursors come from.</param>
    /// <param name="list">Which list the cursor belongs to.</param>
    /// <param name="items">The whole list; positions in it are cursors.</param>
    /// <param name="where">Who of the list is meant, null for everybody.</param>
    /// <param name="limit">The page size.</param>
    /// <param name="write">Writes one.</param>
    public ReadOnlyMemory<byte> Page(
        Cursors cursors, byte list, IReadOnlyList<int> items, Func<int, bool>? where, int limit, Action<Utf8JsonWriter, int> write)
    {
        var begin = 0;
        if (Query("after") is { } after && !cursors.TryRead(after, list, out begin, out _))
            throw OktaFailure.Invalid("after", "The cursor is not valid or has expired");
        var end = begin;
        var body = JsonBody.Of(
            json =>
            {
                json.WriteStartArray();
                for (var left = EmptyPage ? 0 : limit; left > 0 && end < items.Count; end++)
                {
                    if (where is not null && !where(items[end])) continue;
                    if (!HasGap) write(json, items[end]);
                    left--;
                }

                json.WriteEndArray();
            },
            (Math.Min(limit, items.Count) * UsualItemSize) + 64);
        while (where is not null && end < items.Count && !where(items[end])) end++;
        Links(end < items.Count ? cursors.Create(end, list, 0) : null, limit);
        return body;
    }

    /// <summary>Adds the page's <c>self</c> link, and a <c>next</c> one where the list goes on.</summary>
    public void Links(string? after, int limit)
    {
        Link("self", Call.Address.AbsoluteUri);
        if (after is not null && !EndsHere) Link("next", NextAddress(after, limit));
    }

    private string NextAddress(string after, int limit)
    {
        var query = string.Concat(_rawQuery.Where(part => part.Name is not ("after" or "limit")).Select(part => $"&{part.Name}={part.Raw}"));
        return string.Create(CultureInfo.InvariantCulture, $"{Origin}{Call.Address.AbsolutePath}?after={after}&limit={limit}{query}");
    }

    private void Link(string relation, string address) => Headers.Add(new("Link", $"<{address}>; rel=\"{relation}\""));

    private static OktaFailure Malformed() => new(400, "E0000003", "The request body was not well-formed.");
}
