using System.Globalization;

namespace DropboxOktaProvisioning.Benchmarks;

/// <summary>Requests of a full check of 10,000 people against the fewest possible.</summary>
internal static class RequestsBenchmark
{
    private const string Name = "requests";
    private const int People = 10_000;
    private const double Bound = 1.02;

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        using var host = await HostProcess.StartAsync(People);
        var fewest = await FewestRequests.CountAsync(host);
        var taken = await StatusRun.CheckEverybodyAsync(host);

        // Finding the app is the handful: without it nobody knows whose users to list.
        const int findingTheApp = 1;
        var (pages, least) = (taken.OktaRequests + taken.DropboxRequests - findingTheApp, fewest.OktaPages + fewest.DropboxPages);
        var ratio = (double)pages / least;
        return
        [
            new(Name, $"{People} people: rows", Text(taken.Rows)),
            new(Name, $"pages needed: {Text(fewest.AppUsers)} app users by 500, {Text(fewest.Members)} members (removed ones too) by 1,000", $"{fewest.OktaPages} + {fewest.DropboxPages}"),
            new(Name, "requests made at Okta (one of them finds the app) and at Dropbox", $"{taken.OktaRequests} + {taken.DropboxRequests}"),
            new(Name, "ratio without the one that finds the app", ratio.ToString("0.000", CultureInfo.InvariantCulture), "≤ 1.02", ratio > Bound),
        ];
    }

    private static string Text(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
