namespace DropboxOktaProvisioning.Sandbox.Http;

/// <summary>Requests counted in windows of 60 seconds that begin with their first request (okta.md §5: not aligned to the minute).</summary>
internal sealed class RateBuckets
{
    private readonly Dictionary<string, (DateTimeOffset Begin, int Used)> _windows = [];

    /// <summary>Takes one request out of a bucket.</summary>
    /// <returns>Whether there was one left, how many are left, and when the window ends.</returns>
    public (bool Allowed, int Remaining, DateTimeOffset Reset) Take(string bucket, int limit, DateTimeOffset now)
    {
        var window = _windows.TryGetValue(bucket, out var known) && now < known.Begin.AddSeconds(60) ? known : (Begin: now, Used: 0);
        window.Used++;
        _windows[bucket] = window;
        return (window.Used <= limit, Math.Max(0, limit - window.Used), window.Begin.AddSeconds(60));
    }
}
