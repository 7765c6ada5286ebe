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

    /// <summary>The window that an answer was counted in; null where it does not say.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="now">Our time.</param>
    public static ToldWindow? Window(HttpResponseMessage response, DateTimeOffset now)
    {
        if (Numbers(response, "X-Rate-Limit-Limit") is not [> 0 and var limit, ..] || Numbers(response, "X-Rate-Limit-Remaining") is not [>= 0 and var remaining, ..]
            || Reset(response) is not { } resets)
        {
            return null;
        }

        // By the service's own clock, and no longer than a window is, whatever a clock between says.
        var left = resets - (response.Headers.Date ?? now) + TimeSpan.FromSeconds(1);
        return new ToldWindow(limit, remaining, resets, now + (left < Least ? Least : left > RateWindow.Longest ? RateWindow.Longest : left));
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
        JsonElement wait = LenientJson.Member(LenientJson.Member(LenientJson.Parse(body.Bytes.Span), "error"), "retry_after");
        return wait.ValueKind == JsonValueKind.Number && wait.TryGetInt32(out int seconds) ? TimeSpan.FromSeconds(seconds) : null;
    }
}

/// <summary>A rate window as an answer told it.</summary>
/// <param name="Limit">Requests in it.</param>
/// <param name="Remaining">How many are left.</param>
/// <param name="Resets">Its end by the service's clock.</param>
/// <param name="Ends">Its end by ours, and surely not before it.</param>
internal readonly record struct ToldWindow(long Limit, long Remaining, DateTimeOffset Resets, DateTimeOffset Ends);
