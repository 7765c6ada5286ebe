using System.Globalization;

namespace DropboxOktaProvisioning.Benchmarks;

/// <summary>A reading of 100,000 people that is kept, and a later refresh of it on a quiet day, each in a process of its own.</summary>
internal static class RefreshBenchmark
{
    private const string Name = "refresh";
    private const int People = 100_000;
    private const int Fewest = 4;

    // A world of some weeks ago: every push has landed, and nobody was removed lately.
    private const int AgeDays = 20;

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        using var host = await HostProcess.StartAsync(People, ageDays: AgeDays);
        var folder = Directory.CreateTempSubdirectory("refresh-");
        var journal = Path.Combine(folder.FullName, "journal.db");
        var first = await StatusRun.RefreshAsync(host, journal);
        var megabytes = folder.EnumerateFiles().Sum(file => file.Length) / 1e6;
        var later = await StatusRun.RefreshAsync(host, journal);
        folder.Delete(recursive: true);

        var requests = later.OktaRequests + later.DropboxRequests;
        return
        [
            new(Name, $"{Text(People)} people: rows of the first reading, of the later one", $"{Text(first.Rows)}, {Text(later.Rows)}", "the same", first.Rows != later.Rows),
            new(Name, "the first reading, which is kept: requests, Okta + Dropbox", $"{first.OktaRequests} + {first.DropboxRequests}"),
            new(Name, "its wall, s", Text(first.WallSeconds)),
            new(Name, "what is kept, MB on the disk", Text(megabytes)),
            new(Name, "a later refresh on a quiet day: requests", Text(requests), $"≤ {Fewest}", requests > Fewest),
            new(Name, "its wall, s", Text(later.WallSeconds)),
            new(Name, "its processor time, s", Text(later.CpuSeconds)),
            new(Name, "its peak memory, MB", later.PeakMegabytes.ToString("0", CultureInfo.InvariantCulture)),
        ];
    }

    private static string Text(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Text(double number) => number.ToString("0.00", CultureInfo.InvariantCulture);
}
