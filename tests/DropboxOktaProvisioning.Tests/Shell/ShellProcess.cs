using System.Diagnostics;
using System.Text;

namespace DropboxOktaProvisioning.Tests.Shell;

/// <summary>What a run of the Shell host left behind.</summary>
internal sealed record ShellOutcome(int ExitCode, string Output, string Errors);

/// <summary>Starts the built Shell host as a process of its own, with redirected streams and no input.</summary>
internal static class ShellProcess
{
    // Generous: it only has to be less than forever.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>The repository's root: the nearest folder above the tests that has the manifest.</summary>
    public static string Root => Repository.Root;

    /// <summary>The built host, of the same configuration as these tests: bin/CONFIGURATION/FRAMEWORK.</summary>
    public static string Executable { get; } = Path.Combine(
        Root, "src", "DropboxOktaProvisioning.Shell", "bin", Configuration, "net10.0",
        OperatingSystem.IsWindows() ? "DropboxOktaProvisioning.Shell.exe" : "DropboxOktaProvisioning.Shell");

    public static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    public static Task<ShellOutcome> RunAsync(params string[] arguments) => RunInAsync(Path.GetTempPath(), arguments);

    public static async Task<ShellOutcome> RunInAsync(string folder, params string[] arguments)
    {
        using var process = Start(Executable, arguments, folder);
        return await FinishAsync(process);
    }

    public static Process Start(string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>()) start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    public static async Task<ShellOutcome> FinishAsync(Process process)
    {
        using var limit = new CancellationTokenSource(Limit);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return new(process.ExitCode, (await output).ReplaceLineEndings("\n"), (await errors).ReplaceLineEndings("\n"));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The process did not end within {Limit}.");
        }
    }
}
