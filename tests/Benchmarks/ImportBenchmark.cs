using System.Diagnostics;
using System.Globalization;

namespace DropboxOktaProvisioning.Benchmarks;

/// <summary>What importing the module costs against importing a module of one cmdlet, in alternating fresh processes.</summary>
internal static class ImportBenchmark
{
    public const string Child = "import";
    private const int Pairs = 15;
    private const double Bound = 1.5;
    private const double MostMore = 100;

    /// <summary>Milliseconds to the end of the import, and to the end of a first command.</summary>
    private sealed record Taken(double Import, double First);

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        (string Manifest, string Command)[] modules = [(Repository.EmptyManifest, "Get-Nothing"), (Repository.Manifest, "Get-ProvisioningConnection")];
        // The first of each reads the disk for all that follow.
        foreach (var (manifest, command) in modules) await ChildProcess.RunAsync<Taken>(Child, manifest, command);

        var runs = new List<Taken>[] { [], [] };
        for (var i = 0; i < Pairs; i++)
            for (var one = 0; one < modules.Length; one++) runs[one].Add(await ChildProcess.RunAsync<Taken>(Child, modules[one].Manifest, modules[one].Command));

        var (empty, module) = (new Spread(runs[0].Select(run => run.Import)), new Spread(runs[1].Select(run => run.Import)));
        var (emptyFirst, moduleFirst) = (new Spread(runs[0].Select(run => run.First)), new Spread(runs[1].Select(run => run.First)));
        var (ratio, more) = (module.Median / empty.Median, moduleFirst.Median - emptyFirst.Median);
        return
        [
            new(Child, "Import-Module of an empty binary module, ms", empty.ToString()),
            new(Child, "Import-Module of this module, ms", module.ToString()),
            new(Child, "to the end of the first command, empty and this, ms", $"{emptyFirst} and {moduleFirst}"),
            new(Child, "… this one more, ms", more.ToString("0", CultureInfo.InvariantCulture), "≤ 100", more > MostMore),
            new(Child, "ratio of the medians of the imports", ratio.ToString("0.00", CultureInfo.InvariantCulture), "≤ 1.5", ratio > Bound),
        ];
    }

    public static object InChild(string[] arguments)
    {
        using var runspace = new ModuleRunspace();
        runspace.Run("$null"); // the first script of a process compiles the engine's own code, which no module can help
        using var shell = runspace.Create("Import-Module $Manifest", ("Manifest", arguments[0]));
        var watch = Stopwatch.StartNew();
        shell.Invoke();
        var import = watch.Elapsed.TotalMilliseconds;
        runspace.Run(arguments[1]);
        return new Taken(import, watch.Elapsed.TotalMilliseconds);
    }
}
