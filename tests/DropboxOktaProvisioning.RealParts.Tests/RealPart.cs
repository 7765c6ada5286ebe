using System.Diagnostics;

namespace DropboxOktaProvisioning.RealParts.Tests;

/// <summary>Programs of the system that a test works with.</summary>
internal static class RealPart
{
    /// <summary>Skips the test where the program is not installed. Where all of them are promised, that is a failure.</summary>
    public static void Require(string? program, string package)
    {
        if (program is not null) return;
        Assert.True(Environment.GetEnvironmentVariable("CI") is null, $"{package} is not installed, and here it must be.");
        Skip.If(true, $"{package} is not installed.");
    }

    /// <summary>The first file that is there, of those named; null if none is.</summary>
    public static string? Find(params IEnumerable<string> paths) => paths.FirstOrDefault(File.Exists);

    /// <summary>Runs a program to its end.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} ended with an error: {await output}{await errors}");
        return await output;
    }

    /// <summary>Asks again until it is so, for a minute at most.</summary>
    public static async Task UntilAsync(Func<bool> isSo, string what)
    {
        var began = Stopwatch.StartNew();
        while (!isSo())
        {
            Assert.True(began.Elapsed < TimeSpan.FromMinutes(1), $"Waited in vain: {what}");
            await Task.Delay(50);
        }
    }
}
