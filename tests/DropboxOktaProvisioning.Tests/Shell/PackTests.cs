using System.IO.Compression;

namespace DropboxOktaProvisioning.Tests.Shell;

/// <summary>What <c>build.ps1 -Task Pack</c> makes, run by the Shell host, as on a machine without pwsh.</summary>
public sealed class PackTests : IDisposable
{
    private const string Name = "DropboxOktaProvisioning";
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task The_zip_is_the_same_each_time_and_imports_complete_from_any_path()
    {
        var zip = Path.Combine(ShellProcess.Root, "artifacts", "package", Name + ".zip");

        await PackAsync();
        var first = await File.ReadAllBytesAsync(zip);
        await PackAsync();
        var second = await File.ReadAllBytesAsync(zip);

        Assert.True(first.AsSpan().SequenceEqual(second), "Two packs of the same files made different zips.");

        await ZipFile.ExtractToDirectoryAsync(zip, folder.Path);
        var module = Path.Combine(folder.Path, Name);
        Assert.Equal([module], Directory.GetFileSystemEntries(folder.Path));
        Assert.Empty(Directory.GetFiles(module, "*.pdb", SearchOption.AllDirectories));
        Assert.Equal(Files(Path.Combine(Path.GetDirectoryName(zip)!, Name)), Files(module));

        var outcome = await ShellProcess.RunAsync("-Command", $$"""
            $ErrorActionPreference = 'Stop'
            Import-Module '{{module}}'
            (Get-Module {{Name}}).ModuleBase
            [DropboxOktaProvisioning.ProvisioningStage]::Active
            $engine = [Runtime.Loader.AssemblyDependencyResolver]::new('{{module}}/module/bin/engine/{{Name}}.Engine.dll')
            [IO.File]::Exists($engine.ResolveUnmanagedDllToPath('e_sqlite3'))
            """);

        Assert.Equal(("", $"{module}\nActive\nTrue\n"), (outcome.Errors, outcome.Output));
    }

    public void Dispose() => folder.Dispose();

    /// <summary>In the configuration of these tests, so that the module that other tests have loaded stays as it is.</summary>
    private static async Task PackAsync()
    {
        var script = Path.Combine(ShellProcess.Root, "build.ps1");
        var outcome = await ShellProcess.RunAsync("-File", script, "-Task", "Pack", "-Configuration", ShellProcess.Configuration);
        Assert.True(outcome.ExitCode == 0, outcome.Output + outcome.Errors);
    }

    private static string[] Files(string below) =>
        [.. Directory.GetFiles(below, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(below, file)).Order(StringComparer.Ordinal)];
}
