using System.Diagnostics;
using System.Globalization;

namespace DropboxOktaProvisioning.Benchmarks;

/// <summary>What importing the module costs against importing a module of one cmdlet, in alternating fresh processes.</summary>
internal static class ImportBenchmark
{
    public const string Child = "import";
    private const int Pairs = 15;
    private const double Bound = 1.5;

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        // The first of each reads the disk for all that follow.
        foreach (var manifest in (string[])[Repository.EmptyManifest, Repository.Manifest]) await ChildProcess.RunAsync<double>(Child, manifest);

        var (empty, module) = (new List<double>(), new List<double>());
        for (var i = 0; i < Pairs; i++)
        {
            empty.Add(await ChildProcess.RunAsync<double>(Child, Repository.EmptyManifest));
            module.Add(await ChildProcess.RunAsync<double>(Child, Repository.Manifest));
        }

        var ratio = new Spread(module).Median / new Spread(empty).Median;
        return
        [
            new(Child, "Import-Module of an empty binary module, ms", new Spread(empty).ToString()),
            new(Child, "Import-Module of this module, ms", new Spread(module).ToString()),
            new(Child, "ratio of the medians", ratio.ToString("0.00", CultureInfo.InvariantCulture), "≤ 1.5", ratio > Bound),
        ];
    }

    public static object InChild(string[] arguments)
    {
        using var runspace = new ModuleRunspace();
        runspace.Run("$null"); // the first script of a process compiles the engine's own code, which no module can help
        using var shell = runspace.Create("Import-Module $Manifest", ("Manifest", arguments[0]));
        var watch = Stopwatch.StartNew();
        shell.Invoke();
        return watch.Elapsed.TotalMilliseconds;
    }
}
