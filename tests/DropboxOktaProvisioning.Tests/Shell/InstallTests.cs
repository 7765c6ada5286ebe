using System.IO.Compression;

namespace DropboxOktaProvisioning.Tests.Shell;

/// <summary>Each form of the package in an empty place, where the quick start runs from it and from nothing else.</summary>
[Collection(nameof(PackedModule))]
public sealed class InstallTests(PackedModule packed) : IDisposable
{
    // What is loaded after the import, where the engine must not be yet, and from where all of it came after the quick start.
    private const string Script = """
        $ErrorActionPreference = 'Stop'
        Import-Module DropboxOktaProvisioning
        $loaded = { [Runtime.Loader.AssemblyLoadContext]::All | ForEach-Object { $_.Assemblies } | Where-Object { $_.GetName().Name -like 'DropboxOktaProvisioning*' -and $_.GetName().Name -ne 'DropboxOktaProvisioning.Shell' } }
        "import: $(& $loaded | ForEach-Object { $_.GetName().Name })"
        & "$((Get-Module DropboxOktaProvisioning).ModuleBase)/module/examples/QuickStart.ps1" -UserCount 60
        & $loaded | ForEach-Object { "from: $($_.Location)" }
        [Diagnostics.Process]::GetCurrentProcess().Modules | ForEach-Object { if ($_.FileName -match 'e_sqlite3') { "from: $($_.FileName)" } }
        """;

    private readonly TemporaryFolder _home = new();

    private string Modules => Path.Combine(_home.Path, "modules");

    public void Dispose() => _home.Dispose();

    [SkippableTheory]
    [InlineData("folder", false)]
    [InlineData("zip", false)]
    [InlineData("package", false)]
    [InlineData("folder", true)]
    [InlineData("zip", true)]
    public async Task It_runs_the_quick_start_where_it_is_unpacked(string form, bool inPwsh)
    {
        Skip.If(OperatingSystem.IsWindows(), "The user's folder cannot be put elsewhere.");
        var module = Path.Combine(Modules, PackedModule.Name);
        await UnpackAsync(form, module);
        await RunAsync(module, inPwsh);
    }

    [SkippableFact]
    public async Task A_PowerShell_repository_installs_it()
    {
        Skip.If(OperatingSystem.IsWindows(), "The user's folder cannot be put elsewhere.");
        var outcome = await Pwsh.RunAsync(_home.Path, Elsewhere, "-Command", $$"""
            $ErrorActionPreference = 'Stop'
            Register-PSResourceRepository Here '{{Path.GetDirectoryName(packed.Package)}}' -Trusted
            (Find-PSResource DropboxOktaProvisioning -Repository Here).Includes.Cmdlet.Count
            Install-PSResource DropboxOktaProvisioning -Repository Here
            (Get-InstalledPSResource DropboxOktaProvisioning).InstalledLocation
            """);
        Assert.Equal("", outcome.Errors);
        var lines = outcome.Output.Trim().Split('\n');
        Assert.True(int.Parse(lines[0], null) > 20, "The repository lists the commands.");
        await RunAsync(Directory.GetDirectories(Path.Combine(lines[^1], PackedModule.Name)).Single(), inPwsh: true);
    }

    private Dictionary<string, string?> Elsewhere => new() { ["HOME"] = _home.Path, ["XDG_DATA_HOME"] = null, ["PSModulePath"] = Modules, ["NO_COLOR"] = "1" };

    private async Task UnpackAsync(string form, string module)
    {
        if (form == "zip") await ZipFile.ExtractToDirectoryAsync(packed.Zip, Modules);
        else if (form == "package") await ZipFile.ExtractToDirectoryAsync(packed.Package, module);
        else
        {
            foreach (var file in PackedModule.Files(packed.Folder))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(module, file))!);
                File.Copy(Path.Combine(packed.Folder, file), Path.Combine(module, file));
            }
        }
    }

    private async Task RunAsync(string module, bool inPwsh)
    {
        var before = PackedModule.Files(module);
        ShellOutcome outcome;
        if (inPwsh) outcome = await Pwsh.RunAsync(_home.Path, Elsewhere, "-Command", Script);
        else
        {
            using var process = ShellProcess.Start(ShellProcess.Executable, ["-Command", Script], _home.Path, Elsewhere);
            outcome = await ShellProcess.FinishAsync(process);
        }

        Assert.True(outcome.ExitCode == 0, outcome.Output + outcome.Errors);
        var lines = outcome.Output.Split('\n');
        var imported = lines.Single(line => line.StartsWith("import: ", StringComparison.Ordinal));
        Assert.Contains("DropboxOktaProvisioning.Model", imported, StringComparison.Ordinal);
        Assert.DoesNotContain("Engine", imported, StringComparison.Ordinal);

        var from = lines.Where(line => line.StartsWith("from: ", StringComparison.Ordinal)).Select(line => line["from: ".Length..]).ToArray();
        Assert.All(from, file => Assert.StartsWith(module + Path.DirectorySeparatorChar, file, StringComparison.Ordinal));
        Assert.Equal(5, from.Length); // the cmdlets, the records, the engine, the sandbox, and SQLite's own library
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(_home.Path, ".local", "share", "DropboxOktaProvisioning", "quickstart", "outbox"), "*.eml"));
        Assert.Equal(before, PackedModule.Files(module));
    }
}
