using System.Globalization;

namespace DropboxOktaProvisioning.Benchmarks;

/// <summary>Requests of a full check, both lists 100,000 long or a little more, against the fewest possible.</summary>
internal static class RequestsBenchmark
{
    private const string Name = "requests";
    private const int People = 100_000;

    // As 307 requests are to 304, the fewest for 100,000 and 100,000.
    private const double Bound = 307.0 / 304;

    // Without the first nobody knows whose users to list; the second shows that no page was left out.
    private const int Handful = 2;

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        using var host = await HostProcess.StartFullAsync(People);
        var taken = await StatusRun.CheckEverybodyAsync(host);
        var fewest = await FewestRequests.CountAsync(host);

        var (pages, least) = (taken.OktaRequests + taken.DropboxRequests - Handful, fewest.OktaPages + fewest.DropboxPages);
        var ratio = (double)pages / least;
        return
        [
            new(Name, $"{fewest.Title} joined: rows", Text(taken.Rows)),
            new(Name, $"fewest pages: {Text(fewest.AppUsers)} app users by 500, {Text(fewest.Members)} members (removed ones too) by 1,000", $"{fewest.OktaPages} + {fewest.DropboxPages}"),
            new(Name, "requests made, Okta + Dropbox (one finds the app, one reads the team's own count)", $"{taken.OktaRequests} + {taken.DropboxRequests}"),
            new(Name, "pages read against the fewest", ratio.ToString("0.000", CultureInfo.InvariantCulture), "≤ 1.01", ratio > Bound),
            new(Name, "wall, s", taken.WallSeconds.ToString("0.00", CultureInfo.InvariantCulture)),
            new(Name, "processor time, s", taken.CpuSeconds.ToString("0.00", CultureInfo.InvariantCulture)),
        ];
    }

    private static string Text(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
