using System.Globalization;
using System.Text.Json;

namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>Reads how long a service asks to wait, by the service's own clock.</summary>
internal static class RateLimit
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    /// <summary>The wait that the answer asks for, null where it names none.</summary>
    /// <param name="response">The answer, its body buffered.</param>
    /// <param name="now">The time to use where the answer has no Date.</param>
    public static TimeSpan? AskedWait(HttpResponseMessage response, DateTimeOffset now)
    {
        DateTimeOffset clock = response.Headers.Date ?? now;
        TimeSpan? wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - clock,
            _ => null,
        };
        wait ??= IsConcurrency(response) ? null : Reset(response) - clock + TimeSpan.FromSeconds(1);
        wait ??= BodyWait(response);
        return wait is { } asked ? (asked < Least ? Least : asked) : null;
    }

    /// <summary>Okta's limit on requests at the same time: its reset is only an estimate, a slot frees sooner.</summary>
    public static bool IsConcurrency(HttpResponseMessage response) =>
        Numbers(response, "X-Rate-Limit-Limit") is [0, ..] && Numbers(response, "X-Rate-Limit-Remaining") is [0, ..];

    /// <summary>Okta's reset, epoch seconds UTC; the soonest where there are several.</summary>
    private static DateTimeOffset? Reset(HttpResponseMessage response)
    {
        long[] resets = [.. Numbers(response, "X-Rate-Limit-Reset").Where(n => n > 0 && n <= DateTimeOffset.MaxValue.ToUnixTimeSeconds())];
        return resets.Length == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(resets.Min());
    }

    private static long[] Numbers(HttpResponseMessage response, string header) =>
        !response.Headers.TryGetValues(header, out IEnumerable<string>? values)
            ? []
            : [.. values.SelectMany(v => v.Split(',')).Select(v =>
                long.TryParse(v.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : -1)];

    /// <summary>Dropbox's <c>error.retry_after</c>, for an answer whose header a proxy lost.</summary>
    private static TimeSpan? BodyWait(HttpResponseMessage response)
    {
        if (response.Content is not PooledBody body || !MediaTypes.IsJson(response)) return null;
        try
        {
            var reader = new Utf8JsonReader(body.Bytes.Span);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("error", out JsonElement error) && error.ValueKind == JsonValueKind.Object
                && error.TryGetProperty("retry_after", out JsonElement wait) && wait.ValueKind == JsonValueKind.Number
                && wait.TryGetInt32(out int seconds)
                    ? TimeSpan.FromSeconds(seconds) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
