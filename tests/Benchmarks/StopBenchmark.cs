using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using DropboxOktaProvisioning.Tests;

namespace DropboxOktaProvisioning.Benchmarks;

/// <summary>From the call of Stop to its return, for commands that wait on a service that never answers.</summary>
internal static class StopBenchmark
{
    public const string Child = "stop";
    private const int Processes = 5;
    private const int RunsPerProcess = 4;
    private const double Bound = 200;
    private static readonly TimeSpan Hung = TimeSpan.FromSeconds(20);

    private const string Connect = """
        $null = Connect-OktaOrg -Domain $Address -ApiToken $Secret
        $null = Connect-DropboxTeam -AccessToken $Secret -ServiceUri $Address
        $Row = [DropboxOktaProvisioning.DropboxUserStatus]@{ Email = 'a@contoso.example'; Stage = 'AwaitingActivation' }
        """;

    private static readonly (string Title, string Script)[] Commands =
    [
        ("Test-DropboxUserStatus", "Test-DropboxUserStatus"),
        ("Get-SilentProvisioning", "Get-SilentProvisioning"),
        ("Connect-OktaOrg", "Connect-OktaOrg -Domain http://127.0.0.1:$Silent -ApiToken $Secret"),
        ("Send-ActivationNotice to a silent mail server", "$Row | Send-ActivationNotice -From it@contoso.example -SmtpServer 127.0.0.1 -Port $Silent -Journal $Folder/journal.db"),
    ];

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        var measurements = new List<Measurement>();
        for (var command = 0; command < Commands.Length; command++)
        {
            // Who presses Ctrl+C mostly does so for the first time in a process, which has nothing compiled for it yet.
            var (first, all) = (new List<double>(), new List<double>());
            for (var i = 0; i < Processes; i++)
            {
                var runs = await ChildProcess.RunAsync<double[]>(Child, command.ToString(CultureInfo.InvariantCulture));
                first.Add(runs[0]);
                all.AddRange(runs);
            }

            measurements.Add(Measure($"{Commands[command].Title}: Stop(), ms", all));
            measurements.Add(Measure("… the first in a fresh process, ms", first));
        }

        return measurements;
    }

    public static object InChild(string[] arguments)
    {
        var (title, script) = Commands[int.Parse(arguments[0], CultureInfo.InvariantCulture)];
        var runs = new double[RunsPerProcess];
        for (var i = 0; i < runs.Length; i++)
        {
            runs[i] = StopAsync(title, script).GetAwaiter().GetResult().TotalMilliseconds;
            if (runs[i] >= Hung.TotalMilliseconds) break; // what hangs hangs again
        }

        return runs;
    }

    private static Measurement Measure(string what, IEnumerable<double> runs)
    {
        var spread = new Spread(runs);
        return new(Child, what, spread.ToString(), "≤ 200 at most", spread.Maximum > Bound);
    }

    // The time that Stop took; a Stop that hangs counts as long as it was waited for.
    private static async Task<TimeSpan> StopAsync(string title, string script)
    {
        using var service = new HangingService();
        using var silent = new HangingService(answersSignIn: false);
        var folder = Directory.CreateTempSubdirectory("dop-benchmark-");
        var runspace = new ModuleRunspace();
        runspace.Import(Repository.Manifest);
        runspace.Run(Connect, ("Address", service.Address), ("Secret", ModuleRunspace.Secret("not-a-real-token")));
        var shell = runspace.Create(script, ("Silent", silent.Port), ("Folder", folder.FullName));
        // Threads of their own, as in a host: two that block would starve the pool of a small machine, and Stop with it.
        var running = Task.Factory.StartNew(shell.Invoke, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAny(service.SomebodyWaitsAsync(), silent.SomebodyWaitsAsync(), running);
        if (running.IsCompleted) throw new InvalidOperationException($"{title} did not wait for the service.", running.Exception);

        var stop = Task.Factory.StartNew(
            () =>
            {
                var watch = Stopwatch.StartNew();
                shell.Stop();
                return watch.Elapsed;
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        // One that hangs cannot be closed either; it is left behind, and reported.
        if (await Task.WhenAny(stop, Task.Delay(Hung)) != stop) return Hung;
        try
        {
            await running;
        }
        catch (PipelineStoppedException)
        {
            // The engine may end a stopped pipeline either way.
        }

        if (shell.InvocationStateInfo.State is not PSInvocationState.Stopped) throw new InvalidOperationException($"{title} ended by itself.");
        shell.Dispose();
        runspace.Dispose();
        folder.Delete(recursive: true);
        return await stop;
    }
}
