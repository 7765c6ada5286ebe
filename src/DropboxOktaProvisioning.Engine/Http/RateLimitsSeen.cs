using System.Collections.Concurrent;
using System.Globalization;

namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>What the answers of one connection told about the service's rate limits, bucket by bucket.</summary>
/// <remarks>Okta sends its X-Rate-Limit headers with every answer; Dropbox publishes no numbers and only asks to wait (facts: rl2-monitor; performance guide).</remarks>
public sealed class RateLimitsSeen
{
    private readonly Func<string, (long Limit, long Taken)?> _budget;
    private readonly int _percent;
    private readonly ConcurrentDictionary<string, SeenRateLimit> _buckets = new(StringComparer.Ordinal);

    internal RateLimitsSeen(Func<string, (long Limit, long Taken)?> budget, int percent) => (_budget, _percent) = (budget, percent);

    /// <summary>Each bucket as its last answer told it, by name.</summary>
    public IReadOnlyList<SeenRateLimit> Now => [.. _buckets.Values.OrderBy(limit => limit.Bucket, StringComparer.Ordinal).Select(WithBudget)];

    internal void Note(HttpRequestMessage request, HttpResponseMessage response)
    {
        var bucket = ServiceBucket.Of(request.RequestUri!);
        var refused = (int)response.StatusCode == 429;
        var (limit, remaining, reset) = (Number(response, "X-Rate-Limit-Limit"), Number(response, "X-Rate-Limit-Remaining"), Number(response, "X-Rate-Limit-Reset"));
        if (limit is null && !refused) return;
        _buckets.AddOrUpdate(
            bucket, _ => Seen(0), (_, before) => Seen(before.Refusals));

        SeenRateLimit Seen(int refusals) => new(
            bucket, limit, remaining, reset is > 0 and < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(reset.Value) : null, refusals + (refused ? 1 : 0));
    }

    private SeenRateLimit WithBudget(SeenRateLimit seen) => _budget(seen.Bucket) is { } budget
        ? seen with { Ceiling = RateCeiling.Of(budget.Limit, _percent), Taken = budget.Taken }
        : seen;

    private static long? Number(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out var values)
        && long.TryParse(values.First().Split(',')[0].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : null;
}

/// <summary>One bucket.</summary>
/// <param name="Bucket">The path that it counts, ids taken out.</param>
/// <param name="Limit">Requests in a window; null where the service does not say.</param>
/// <param name="Remaining">How many were left at the last answer.</param>
/// <param name="Resets">When the window ends, by the service's clock.</param>
/// <param name="Refusals">How many requests were refused with 429.</param>
public sealed record SeenRateLimit(string Bucket, long? Limit, long? Remaining, DateTimeOffset? Resets, int Refusals)
{
    /// <summary>How many requests of a window this tool takes at most; null where the service names no limit.</summary>
    public long? Ceiling { get; init; }

    /// <summary>How many requests of this window all of this process took; null where the service names no limit.</summary>
    public long? Taken { get; init; }
}
