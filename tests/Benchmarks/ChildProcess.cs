using System.Diagnostics;
using System.Text.Json;

namespace DropboxOktaProvisioning.Benchmarks;

/// <summary>This program once more, in a fresh process, doing one thing.</summary>
internal static class ChildProcess
{
    public const string Argument = "--child";

    public static async Task<T> RunAsync<T>(string name, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet") start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        foreach (var argument in (string[])[Argument, name, .. arguments]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<T>(output)!
            : throw new InvalidOperationException($"The child process '{name}' ended with exit code {process.ExitCode}: {output}");
    }
}
