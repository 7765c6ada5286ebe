using System.Diagnostics;

namespace DropboxOktaProvisioning.Engine.Tests;

/// <summary>Waits for what happens behind a test's back, and fails with a word where it never does.</summary>
internal static class Patience
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(30);

    /// <summary>Lets others run until it has happened.</summary>
    public static Task UntilAsync(string what, Func<bool> happened) => UntilAsync(what, () => Task.FromResult(happened()));

    /// <summary>The same, where it takes a while to see.</summary>
    public static async Task UntilAsync(string what, Func<Task<bool>> happened)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await happened())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Most, $"After {Most.TotalSeconds:0} seconds still not: {what}.");
            await Task.Yield();
        }
    }
}
