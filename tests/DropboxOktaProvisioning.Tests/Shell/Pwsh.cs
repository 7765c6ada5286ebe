namespace DropboxOktaProvisioning.Tests.Shell;

/// <summary>A real pwsh, where there is one: <c>build.ps1 -Task Pester</c> brings it, or the path has it.</summary>
internal static class Pwsh
{
    private static readonly string File = OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh";

    public static string? Executable { get; } =
        new[] { Path.Combine(ShellProcess.Root, "artifacts", "tools", "pwsh") }.Concat(Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [])
            .Select(folder => Path.Combine(folder, File)).FirstOrDefault(System.IO.File.Exists);

    /// <summary>Runs it without a profile and without a person.</summary>
    /// <exception cref="SkipException">There is none.</exception>
    public static async Task<ShellOutcome> RunAsync(string folder, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        Skip.If(Executable is null, "There is no real pwsh here.");
        using var process = ShellProcess.Start(Executable!, ["-NoProfile", "-NonInteractive", .. arguments], folder, environment);
        return await ShellProcess.FinishAsync(process);
    }
}
