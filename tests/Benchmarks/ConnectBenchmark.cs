using System.Diagnostics;

namespace DropboxOktaProvisioning.Benchmarks;

/// <summary>What a session needs first: connecting to Okta in a fresh process, which loads the engine, and once more in the same process, which has it.</summary>
internal static class ConnectBenchmark
{
    public const string Child = "connect";
    private const int Runs = 15;

    /// <summary>Milliseconds: of the import, of the first connect, and of the second.</summary>
    private sealed record Taken(double Import, double First, double Second);

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        using var host = await HostProcess.StartAsync(50);
        string[] arguments = [Repository.Manifest, .. host.ConnectArguments[..2]];
        // The first one reads the disk for all that follow, and warms the host up.
        await ChildProcess.RunAsync<Taken>(Child, arguments);
        var runs = new List<Taken>();
        for (var i = 0; i < Runs; i++) runs.Add(await ChildProcess.RunAsync<Taken>(Child, arguments));
        return
        [
            new(Child, "the first Connect-OktaOrg of a process, against the sandbox host, ms", new Spread(runs.Select(run => run.First)).ToString(0)),
            new(Child, "a second one, which is the requests and little else, ms", new Spread(runs.Select(run => run.Second)).ToString(0)),
            new(Child, "… the first one more: libraries loaded and compiled, ms", new Spread(runs.Select(run => run.First - run.Second)).ToString(0)),
            new(Child, "from the import's start to the first connect's end, ms", new Spread(runs.Select(run => run.Import + run.First)).ToString(0)),
        ];
    }

    public static object InChild(string[] arguments)
    {
        using var runspace = new ModuleRunspace();
        runspace.Run("$null"); // the first script of a process compiles the engine's own code, which no module can help
        var import = Time("Import-Module $Manifest", ("Manifest", arguments[0]));
        return new Taken(import, Connect(), Connect());

        double Connect() => Time("$null = Connect-OktaOrg -Domain $Address -ApiToken $Token", ("Address", arguments[1]), ("Token", ModuleRunspace.Secret(arguments[2])));

        double Time(string script, params (string Name, object Value)[] variables)
        {
            using var shell = runspace.Create(script, variables);
            var watch = Stopwatch.StartNew();
            shell.Invoke();
            return watch.Elapsed.TotalMilliseconds;
        }
    }
}
