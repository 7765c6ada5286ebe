namespace DropboxOktaProvisioning.Tests.Shell;

/// <summary>What <c>build.ps1 -Task Pack</c> makes, once for all tests that look at it; run by the Shell host, as on a machine without pwsh.</summary>
public sealed class PackedModule : IAsyncLifetime
{
    public const string Name = "DropboxOktaProvisioning";

    /// <summary>What the task printed.</summary>
    public string Printed { get; private set; } = "";

    public string Folder { get; } = Path.Combine(ShellProcess.Root, "artifacts", "package", Name);

    public string Zip => Folder + ".zip";

    public string Package => Directory.GetFiles(Path.GetDirectoryName(Folder)!, "*.nupkg").Single();

    public async Task InitializeAsync() => Printed = await PackAsync(arguments => ShellProcess.RunAsync(arguments));

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>In the configuration of these tests, so that the module that other tests have loaded stays as it is.</summary>
    internal static async Task<string> PackAsync(Func<string[], Task<ShellOutcome>> run)
    {
        var outcome = await run(["-File", Path.Combine(ShellProcess.Root, "build.ps1"), "-Task", "Pack", "-Configuration", ShellProcess.Configuration]);
        Assert.True(outcome.ExitCode == 0, outcome.Output + outcome.Errors);
        return outcome.Output;
    }

    /// <summary>The files below a folder, as paths with forward slashes.</summary>
    internal static string[] Files(string below) =>
        [.. Directory.GetFiles(below, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(below, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];
}

/// <summary>The tests that share one package, and are not run beside each other, because one of them packs again.</summary>
[CollectionDefinition(nameof(PackedModule))]
public sealed class PackedModuleTests : ICollectionFixture<PackedModule>;
