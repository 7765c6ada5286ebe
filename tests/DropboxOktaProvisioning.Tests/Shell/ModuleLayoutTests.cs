namespace DropboxOktaProvisioning.Tests.Shell;

/// <summary>The build refuses assemblies in the engine's folder that the shared framework has too.</summary>
public sealed class ModuleLayoutTests : IDisposable
{
    private readonly TemporaryFolder engine = new();

    [Theory]
    [InlineData("Contoso.Mail.dll", true)]
    [InlineData("System.Formats.Asn1.dll", true)] // tolerated, for the reason that the targets file gives
    [InlineData("System.Diagnostics.DiagnosticSource.dll", false)]
    [InlineData("System.Linq.AsyncEnumerable.dll", false)] // of .NET 10, not of .NET 8
    public async Task A_framework_assembly_in_the_engines_folder_breaks_the_build(string file, bool accepted)
    {
        await File.WriteAllBytesAsync(Path.Combine(engine.Path, file), []);

        using var process = ShellProcess.Start(
            "dotnet",
            [
                "msbuild", Path.Combine(ShellProcess.Root, "src", "DropboxOktaProvisioning"),
                "-t:RefuseFrameworkAssemblies", $"-p:EngineOutput={engine.Path}/",
            ],
            ShellProcess.Root);
        var outcome = await ShellProcess.FinishAsync(process);

        Assert.Equal(accepted, outcome.ExitCode == 0);
        Assert.Equal(!accepted, outcome.Output.Contains("error DOP0001", StringComparison.Ordinal));
    }

    public void Dispose() => engine.Dispose();
}
