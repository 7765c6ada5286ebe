using System.Globalization;

namespace DropboxOktaProvisioning.Benchmarks;

/// <summary>Wall clock where every answer takes 100 ms: both services side by side, and the next page asked for before this one is read.</summary>
internal static class LatencyBenchmark
{
    private const string Name = "latency";
    private const int People = 100_000;
    private const int Milliseconds = 100;
    private const double Bound = 1.15;

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        using var host = await HostProcess.StartAsync(People, Milliseconds);
        var taken = await StatusRun.CheckEverybodyAsync(host);
        // Okta's pages are the longer chain; the app must be found before the first of them.
        var chain = taken.OktaRequests * Milliseconds / 1000.0;
        var ratio = taken.WallSeconds / chain;
        return
        [
            new(Name, $"{People.ToString("N0", CultureInfo.InvariantCulture)} people, {Milliseconds} ms an answer: wall, s", taken.WallSeconds.ToString("0.00", CultureInfo.InvariantCulture)),
            new(Name, $"… against the longest chain of pages ({taken.OktaRequests} answers)", ratio.ToString("0.000", CultureInfo.InvariantCulture), "≤ 1.15", ratio > Bound),
        ];
    }
}
