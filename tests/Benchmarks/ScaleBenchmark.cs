using System.Globalization;

namespace DropboxOktaProvisioning.Benchmarks;

/// <summary>Time and memory of a full check as the number of people grows, against a floor program in the same run and a process that only connects.</summary>
internal static class ScaleBenchmark
{
    private const string Name = "scale";
    private const double MostOverFloor = 4;
    private const double LatestFirstRow = 100;

    // Linear, and a tenth for what other work on the machine adds to one of the two.
    private const double MostGrowth = 1.1;

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        var measurements = new List<Measurement>();
        var growth = new List<GrowthPicture.Point>();
        foreach (var (people, runs, mostMegabytes) in ((int, int, double?)[])[(1_000, 3, null), (10_000, 3, null), (100_000, 3, 150), (1_000_000, 1, 900)])
        {
            using var host = await HostProcess.StartFullAsync(people);
            var lists = await FewestRequests.CountAsync(host);
            var (whole, idle, floor, engine) = (new List<StatusRun.Taken>(), new List<StatusRun.Taken>(), new List<FloorRun.Taken>(), new List<EngineRun.Taken>());
            for (var i = 0; i < runs; i++)
            {
                idle.Add(await StatusRun.OnlyConnectAsync(host));
                floor.Add(await FloorRun.RunAsync(host));
                engine.Add(await EngineRun.RunAsync(host));
                whole.Add(await StatusRun.CheckEverybodyAsync(host));
            }

            var (wall, cpu) = (new Spread(whole.Select(run => run.WallSeconds)), new Spread(whole.Select(run => run.CpuSeconds)));
            var memory = new Spread(whole.Select(run => run.PeakMegabytes));
            var over = memory.Median - new Spread(idle.Select(run => run.PeakMegabytes)).Median;
            var least = new Spread(floor.Select(run => run.CpuSeconds)).Median;
            var bare = new Spread(engine.Select(run => run.CpuSeconds));
            var ratio = bare.Median / least;
            var first = new Spread(whole.Select(run => run.FirstRowMilliseconds));
            var isBound = people == 100_000;
            var title = lists.Title;
            measurements.AddRange(
            [
                new(Name, $"{title}: wall, s", wall.ToString(2)),
                new(Name, $"{title}: processor time in PowerShell, s", cpu.ToString(2)),
                new(Name, $"{title}: processor time of the engine in a bare process, s", bare.ToString(2)),
                new(Name, $"{title}: … against a floor that reads and tokenizes the same pages ({Text(least, "0.00")} s)", Text(ratio, "0.0"), isBound ? "≤ 4" : "", isBound && ratio > MostOverFloor),
                new(Name, $"{title}: the same in PowerShell, whose own start-up is in it", Text(cpu.Median / least, "0.0")),
                new(Name, $"{title}: peak memory over one that only connects, MB", Text(over, "0"), mostMegabytes is { } most ? $"≤ {most:0}" : "", over > mostMegabytes),
                new(Name, $"{title}: last answer's headers to first row, ms", first.ToString(0), isBound ? "≤ 100" : "", isBound && first.Median > LatestFirstRow),
            ]);
            growth.Add(new(whole[0].Rows, wall.Median, over));
        }

        measurements.AddRange(Growth(growth));
        return measurements;
    }

    private static IEnumerable<Measurement> Growth(List<GrowthPicture.Point> growth)
    {
        var (small, large) = (growth[^2], growth[^1]);
        var title = string.Create(CultureInfo.InvariantCulture, $"a person of {large.People:N0} rows against one of {small.People:N0}");
        var (time, memory) = (large.Seconds / large.People / (small.Seconds / small.People), large.Megabytes / large.People / (small.Megabytes / small.People));
        yield return new(Name, $"{title}: time", Text(time, "0.00"), "≤ 1.1", time > MostGrowth) { Picture = GrowthPicture.Draw(growth) };
        yield return new(Name, $"{title}: memory", Text(memory, "0.00"), "≤ 1.1", memory > MostGrowth);
    }

    private static string Text(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
