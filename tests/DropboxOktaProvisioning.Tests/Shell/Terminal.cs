using System.Diagnostics;

namespace DropboxOktaProvisioning.Tests.Shell;

/// <summary>The Shell host at a terminal, as a person has it, by script(1).</summary>
internal static class Terminal
{
    /// <summary>Whether a terminal can be made here.</summary>
    public static bool IsThere => OperatingSystem.IsLinux() && File.Exists("/usr/bin/script");

    /// <summary>Runs a script, with what the person types.</summary>
    public static async Task<ShellOutcome> RunAsync(string path, string typed, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo("/usr/bin/script", ["-qec", $"'{ShellProcess.Executable}' -File '{path}'", "/dev/null"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>()) start.Environment[name] = value;
        using var terminal = Process.Start(start)!;
        await terminal.StandardInput.WriteLineAsync(typed);
        await terminal.StandardInput.FlushAsync();
        return await ShellProcess.FinishAsync(terminal);
    }
}
