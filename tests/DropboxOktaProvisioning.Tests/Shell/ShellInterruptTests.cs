using System.Diagnostics;

namespace DropboxOktaProvisioning.Tests.Shell;

/// <summary>Ctrl+C, which a terminal sends as SIGINT.</summary>
public sealed class ShellInterruptTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [SkippableFact]
    public async Task Ctrl_C_stops_the_script_runs_its_finally_and_ends_with_130()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Sends SIGINT with the tools of Linux.");
        var script = folder.Script("""
            try { [Console]::WriteLine('running'); while ($true) { $null = 1 } }
            finally { [Console]::WriteLine('cleaned up') }
            'not reached'
            """);

        // A test run in the background of a shell ignores SIGINT, and would hand that down.
        using var process = ShellProcess.Start("env", ["--default-signal=INT", ShellProcess.Executable, "-File", script], folder.Path);
        Assert.Equal("running", await process.StandardOutput.ReadLineAsync());
        using (var kill = Process.Start("kill", ["-INT", $"{process.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        var outcome = await ShellProcess.FinishAsync(process);

        Assert.Equal((130, "cleaned up\n", ""), (outcome.ExitCode, outcome.Output, outcome.Errors));
    }

    public void Dispose() => folder.Dispose();
}
