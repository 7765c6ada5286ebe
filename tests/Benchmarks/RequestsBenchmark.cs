using System.Globalization;

namespace DropboxOktaProvisioning.Benchmarks;

/// <summary>Requests of a full check of 100,000 people against the fewest possible.</summary>
internal static class RequestsBenchmark
{
    private const string Name = "requests";
    private const int People = 100_000;
    private const double Bound = 1.02;

    // Without the first nobody knows whose users to list; the second shows that no page was left out.
    private const int Handful = 2;

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        using var host = await HostProcess.StartAsync(People);
        var taken = await StatusRun.CheckEverybodyAsync(host);
        // After it, because the host lives in real time: who is pushed to the team meanwhile is on a page that the run may have had to read.
        var fewest = await FewestRequests.CountAsync(host);

        var (pages, least) = (taken.OktaRequests + taken.DropboxRequests - Handful, fewest.OktaPages + fewest.DropboxPages);
        var ratio = (double)pages / least;
        return
        [
            new(Name, $"{Text(People)} people: rows", Text(taken.Rows)),
            new(Name, $"fewest pages: {Text(fewest.AppUsers)} app users by 500, {Text(fewest.Members)} members (removed ones too) by 1,000", $"{fewest.OktaPages} + {fewest.DropboxPages}"),
            new(Name, "requests made, Okta + Dropbox (one finds the app, one reads the team's own count)", $"{taken.OktaRequests} + {taken.DropboxRequests}"),
            new(Name, "pages read against the fewest", ratio.ToString("0.000", CultureInfo.InvariantCulture), "≤ 1.02", ratio > Bound),
            new(Name, "wall, s", taken.WallSeconds.ToString("0.00", CultureInfo.InvariantCulture)),
            new(Name, "processor time, s", taken.CpuSeconds.ToString("0.00", CultureInfo.InvariantCulture)),
        ];
    }

    private static string Text(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
