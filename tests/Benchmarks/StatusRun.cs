using System.Diagnostics;

namespace DropboxOktaProvisioning.Benchmarks;

/// <summary>A fresh process that connects to the sandbox host and checks everybody, or only connects.</summary>
internal static class StatusRun
{
    public const string Child = "status";
    private const string Whole = "whole";
    private const string Idle = "idle";

    /// <summary>What it took.</summary>
    /// <param name="Rows">The rows that came.</param>
    /// <param name="OktaRequests">Requests to Okta that the command made, those of connecting not among them.</param>
    /// <param name="DropboxRequests">The same of Dropbox.</param>
    /// <param name="WallSeconds">From the command's start to its end.</param>
    /// <param name="CpuSeconds">The process's processor time meanwhile.</param>
    /// <param name="PeakMegabytes">The process's largest resident memory from its start to its end.</param>
    /// <param name="FirstRowMilliseconds">From the headers of the last answer to the first row in the pipeline.</param>
    public sealed record Taken(int Rows, int OktaRequests, int DropboxRequests, double WallSeconds, double CpuSeconds, double PeakMegabytes, double FirstRowMilliseconds);

    public static Task<Taken> CheckEverybodyAsync(HostProcess host) => ChildProcess.RunAsync<Taken>(Child, [Whole, .. host.ConnectArguments]);

    public static Task<Taken> OnlyConnectAsync(HostProcess host) => ChildProcess.RunAsync<Taken>(Child, [Idle, .. host.ConnectArguments]);

    /// <summary>The same with a reading that is kept in a journal from run to run.</summary>
    public static Task<Taken> RefreshAsync(HostProcess host, string journal) => ChildProcess.RunAsync<Taken>(Child, [journal, .. host.ConnectArguments]);

    public static object InChild(string[] arguments)
    {
        using var runspace = new ModuleRunspace();
        runspace.Import(Repository.Manifest);
        runspace.Connect(arguments[1..]);
        var (okta, dropbox) = Requests(runspace);

        using var answers = new AnswerClock();
        var cpu = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        var (rows, first) = arguments[0] == Idle ? (0, 0) : CheckEverybody(runspace, arguments[0] == Whole ? "" : $"-Refresh Incremental -Journal '{arguments[0]}'");
        var wall = watch.Elapsed;
        var (oktaAfter, dropboxAfter) = Requests(runspace);

        using var process = Process.GetCurrentProcess();
        return new Taken(
            rows, oktaAfter - okta, dropboxAfter - dropbox, wall.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds, process.PeakWorkingSet64 / 1e6,
            arguments[0] == Whole ? Stopwatch.GetElapsedTime(answers.LastBefore(first), first).TotalMilliseconds : 0);
    }

    /// <summary>Rows are counted and let go, as a command behind it in the pipeline does.</summary>
    private static (int Rows, long First) CheckEverybody(ModuleRunspace runspace, string parameters)
    {
        var seen = runspace.Run(
            $$"""
            $rows = 0
            Test-DropboxUserStatus {{parameters}} | ForEach-Object { if ($rows++ -eq 0) { $first = [Diagnostics.Stopwatch]::GetTimestamp() } }
            $rows; $first
            """);
        return ((int)seen[0].BaseObject, (long)seen[1].BaseObject);
    }

    private static (int Okta, int Dropbox) Requests(ModuleRunspace runspace)
    {
        var counts = runspace.Run("$org.RequestCount; $team.RequestCount");
        return ((int)counts[0].BaseObject, (int)counts[1].BaseObject);
    }
}
