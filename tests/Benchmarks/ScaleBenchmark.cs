using System.Globalization;

namespace DropboxOktaProvisioning.Benchmarks;

/// <summary>Time and memory of a full check as the number of people grows, beside a process that only connects.</summary>
internal static class ScaleBenchmark
{
    private const string Name = "scale";
    private const int Runs = 3;

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        var measurements = new List<Measurement>();
        foreach (var people in (int[])[1_000, 10_000, 100_000])
        {
            using var host = await HostProcess.StartAsync(people);
            var (whole, idle) = (new List<StatusRun.Taken>(), new List<StatusRun.Taken>());
            for (var i = 0; i < Runs; i++)
            {
                idle.Add(await StatusRun.OnlyConnectAsync(host));
                whole.Add(await StatusRun.CheckEverybodyAsync(host));
            }

            var over = new Spread(whole.Select(run => run.PeakMegabytes)).Median - new Spread(idle.Select(run => run.PeakMegabytes)).Median;
            var title = people.ToString("N0", CultureInfo.InvariantCulture) + " people";
            measurements.Add(new(Name, $"{title}: wall, s", new Spread(whole.Select(run => run.WallSeconds)).ToString(2)));
            measurements.Add(new(Name, $"{title}: processor time, s", new Spread(whole.Select(run => run.CpuSeconds)).ToString(2)));
            measurements.Add(new(Name, $"{title}: peak memory, MB", new Spread(whole.Select(run => run.PeakMegabytes)).ToString(0)));
            measurements.Add(new(Name, $"{title}: … over one that only connects, MB", over.ToString("0", CultureInfo.InvariantCulture)));
        }

        return measurements;
    }
}
