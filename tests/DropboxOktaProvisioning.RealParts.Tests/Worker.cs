using System.Diagnostics;
using System.Globalization;

namespace DropboxOktaProvisioning.RealParts.Tests;

/// <summary>One run of the program that sends, as a process of its own.</summary>
internal static class Worker
{
    private static readonly string Program = Path.Combine(
        AppContext.BaseDirectory.Replace("DropboxOktaProvisioning.RealParts.Tests" + Path.DirectorySeparatorChar + "bin",
            Path.Combine("DropboxOktaProvisioning.RealParts.Tests", "Worker", "bin"), StringComparison.Ordinal), "Worker.dll");

    /// <summary>Runs it, and kills it after so many lines and then so many microseconds.</summary>
    /// <param name="journal">A file, or a connection string.</param>
    /// <param name="port">The mail server's.</param>
    /// <param name="people">How many.</param>
    /// <param name="after">Null lets it end by itself.</param>
    /// <returns>Its lines; a killed one has written some that nobody read.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(string journal, int port, int people, (int Lines, int Microseconds)? after = null)
    {
        var start = new ProcessStartInfo("dotnet", [Program, journal, port.ToString(CultureInfo.InvariantCulture), people.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var lines = new List<string>();
        var isKilled = false;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            lines.Add(line);
            // What stood still before is skipped over: the moment to kill is while mails leave.
            if (isKilled || after is not { } moment || lines.Count(seen => seen.StartsWith("Sent ", StringComparison.Ordinal)) < moment.Lines) continue;
            var began = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(began).TotalMicroseconds < moment.Microseconds) Thread.SpinWait(20);
            // On Unix this is SIGKILL.
            process.Kill();
            isKilled = true;
        }

        await process.WaitForExitAsync();
        if (!isKilled) Assert.True(process.ExitCode == 0, await errors);
        return lines;
    }
}
