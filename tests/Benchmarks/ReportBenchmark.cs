using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace DropboxOktaProvisioning.Benchmarks;

/// <summary>The report of 100,000 people: how long it takes to write, how big it is, and how long a browser needs until its table can be used.</summary>
internal static class ReportBenchmark
{
    private const string Name = "report";
    private const int People = 100_000;
    private const int Runs = 5;
    private const double MostSeconds = 3;
    private const double MostMegabytes = 20;
    private const double LatestUse = 2;

    private sealed record Taken(double[] WriteSeconds, double[] KeepSeconds);

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("dop-benchmark-");
        try
        {
            var path = Path.Combine(folder.FullName, "report.html");
            var taken = JsonSerializer.Deserialize<Taken>(await RunAsync("dotnet", Repository.EngineProgram, "report", path, Text(People), Text(Runs)))!;
            var (write, keep) = (new Spread(taken.WriteSeconds), new Spread(taken.KeepSeconds));
            var size = new FileInfo(path).Length / 1e6;
            List<Measurement> measurements =
            [
                new(Name, "100,000 people: compared, counted and written, s", write.ToString(2), "≤ 3", write.Median > MostSeconds),
                new(Name, "… the look kept for the next one, s", keep.ToString(2)),
                new(Name, "… size, MB", size.ToString("0.0", CultureInfo.InvariantCulture), "≤ 20", size > MostMegabytes),
            ];
            measurements.Add(await UseAsync(path, folder.FullName));
            return measurements;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // The page says itself when its first rows stand there, counted from the start of its loading.
    private static async Task<Measurement> UseAsync(string path, string folder)
    {
        const string what = "… usable in Chromium, s from the start of loading";
        const string chromium = "/usr/bin/chromium";
        if (!File.Exists(chromium)) return new(Name, what, "not measured: no Chromium here");
        var runs = new List<double>();
        for (var i = 0; i < Runs; i++)
        {
            var page = await RunAsync(
                chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                $"--user-data-dir={Path.Combine(folder, "profile")}", "--dump-dom", new Uri(path).AbsoluteUri);
            var usable = Regex.Match(page, "data-usable=\"([0-9]+)\"");
            if (!usable.Success) throw new InvalidOperationException("The report never became usable.");
            runs.Add(int.Parse(usable.Groups[1].Value, CultureInfo.InvariantCulture) / 1000.0);
        }

        var spread = new Spread(runs);
        return new(Name, what, spread.ToString(2), "≤ 2", spread.Median > LatestUse);
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} ended with exit code {process.ExitCode}: {await errors}");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
