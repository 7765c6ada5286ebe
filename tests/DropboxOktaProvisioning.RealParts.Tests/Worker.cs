using System.Diagnostics;
using System.Globalization;

namespace DropboxOktaProvisioning.RealParts.Tests;

/// <summary>One run of the program that sends, as a process of its own.</summary>
internal static class Worker
{
    private static readonly string Program = Path.Combine(
        AppContext.BaseDirectory.Replace("DropboxOktaProvisioning.RealParts.Tests" + Path.DirectorySeparatorChar + "bin",
            Path.Combine("DropboxOktaProvisioning.RealParts.Tests", "Worker", "bin"), StringComparison.Ordinal), "Worker.dll");

    /// <summary>How many mails it said that it sent, and whether it was killed; a killed one has said some that nobody read.</summary>
    public readonly record struct Ended(int Sent, bool IsKilled);

    /// <summary>Runs it, and kills it after it said so often that it sent a mail and then so many microseconds.</summary>
    /// <param name="journal">A file, or a connection string.</param>
    /// <param name="port">The mail server's.</param>
    /// <param name="people">How many.</param>
    /// <param name="after">Null lets it end by itself.</param>
    public static async Task<Ended> RunAsync(string journal, int port, int people, (int Mails, int Microseconds)? after = null)
    {
        var start = new ProcessStartInfo("dotnet", [Program, journal, port.ToString(CultureInfo.InvariantCulture), people.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var (sent, isKilled) = (0, false);
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            // What stood still before is skipped over: the moment to kill is while mails leave.
            if (!line.StartsWith("Sent ", StringComparison.Ordinal)) continue;
            sent++;
            if (isKilled || after is not { } moment || sent < moment.Mails) continue;
            var began = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(began).TotalMicroseconds < moment.Microseconds) Thread.SpinWait(20);
            // On Unix this is SIGKILL.
            process.Kill();
            isKilled = true;
        }

        await process.WaitForExitAsync();
        if (!isKilled) Assert.True(process.ExitCode == 0, await errors);
        return new Ended(sent, isKilled);
    }
}
