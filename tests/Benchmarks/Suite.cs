namespace DropboxOktaProvisioning.Benchmarks;

/// <summary>All benchmarks by name, in the order in which they run, and the work that each has a fresh process do.</summary>
internal static class Suite
{
    private static readonly (string Name, Func<Task<IReadOnlyList<Measurement>>> Run)[] All =
    [
        ("import", ImportBenchmark.RunAsync),
        ("connect", ConnectBenchmark.RunAsync),
        ("isolation", IsolationBenchmark.RunAsync),
        ("requests", RequestsBenchmark.RunAsync),
        ("refresh", RefreshBenchmark.RunAsync),
        ("stop", StopBenchmark.RunAsync),
        ("scale", ScaleBenchmark.RunAsync),
        ("latency", LatencyBenchmark.RunAsync),
        ("notices", NoticeBenchmark.RunAsync),
        ("report", ReportBenchmark.RunAsync),
    ];

    private static readonly Dictionary<string, Func<string[], object>> Children = new()
    {
        [ImportBenchmark.Child] = ImportBenchmark.InChild,
        [ConnectBenchmark.Child] = ConnectBenchmark.InChild,
        [IsolationBenchmark.Child] = IsolationBenchmark.InChild,
        [StopBenchmark.Child] = StopBenchmark.InChild,
        [StatusRun.Child] = StatusRun.InChild,
        [FloorRun.Child] = FloorRun.InChild,
    };

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(benchmark => benchmark.Name)];

    public static async Task<IReadOnlyList<Measurement>> RunAsync(IReadOnlyList<string> names)
    {
        var measurements = new List<Measurement>();
        foreach (var (name, run) in All.Where(benchmark => names.Contains(benchmark.Name)))
        {
            Console.Error.WriteLine($"Measuring {name} …");
            measurements.AddRange(await run());
        }

        return measurements;
    }

    /// <summary>The work of a child process; what it returns goes to the parent.</summary>
    public static object RunChild(string name, string[] arguments) => Children[name](arguments);
}
