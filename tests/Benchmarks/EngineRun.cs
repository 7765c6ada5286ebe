using System.Diagnostics;
using System.Text.Json;

namespace DropboxOktaProvisioning.Benchmarks;

/// <summary>The engine in a bare process, without PowerShell: read, joined, and everybody's row gone over. So the clients of other makers are measured.</summary>
internal static class EngineRun
{
    /// <summary>What it took.</summary>
    public sealed record Taken(int Rows, double WallSeconds, double CpuSeconds, double PeakMegabytes);

    public static async Task<Taken> RunAsync(HostProcess host)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Repository.EngineProgram, .. host.ConnectArguments]) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? JsonSerializer.Deserialize<Taken>(output)! : throw new InvalidOperationException($"The engine program ended with exit code {process.ExitCode}.");
    }
}
