using DropboxOktaProvisioning.Packer;

namespace DropboxOktaProvisioning.Tests.Shell;

/// <summary>What keeps a package from being made.</summary>
public sealed class PackerTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void The_changelog_has_an_entry_for_the_version_of_the_manifest()
    {
        Assert.NotEmpty(Manifest.Read(ShellProcess.Root).ReleaseNotes);

        Write("Some.psd1", "@{ ModuleVersion = '1.2.0'; Author = 'A'; Copyright = 'C'; Description = 'D'; CmdletsToExport = @('Get-One', 'Get-Two'), 'Get-Three' }");
        Write("module/CHANGELOG.md", "# Changelog\n\n## [1.3.0]\n\n- New.\n\n## [1.2.0] - 2026-01-01\n\n- Old.\n- Older.\n");
        var manifest = Manifest.Read(_root.Path);
        Assert.Equal("- Old.\n- Older.", manifest.ReleaseNotes);
        Assert.Equal(["Get-One", "Get-Two", "Get-Three"], manifest.Commands);

        Write("module/CHANGELOG.md", "# Changelog\n\n## [1.3.0]\n\n- New.\n");
        Assert.Contains("no entry for 1.2.0", Assert.Throws<PackException>(() => Manifest.Read(_root.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@{ ModuleVersion = '1.2.0' }", "has no Author")]
    [InlineData("'no table'", "is no manifest")]
    [InlineData("@{ ModuleVersion = ", "is no manifest")]
    public void A_manifest_that_says_too_little_is_refused(string text, string problem)
    {
        Write("Some.psd1", text);
        Assert.Contains(problem, Assert.Throws<PackException>(() => Manifest.Read(_root.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_that_was_not_built_is_refused() =>
        Assert.Contains("build the module first", Assert.Throws<PackException>(() => ShippedFiles.Find(_root.Path, "Some")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_of_which_no_package_is_known_is_refused()
    {
        var shipped = ShippedFiles.Find(ShellProcess.Root, PackedModule.Name);
        Assert.NotEmpty(Library.ReadAll(ShellProcess.Root, shipped));
        var problem = Assert.Throws<PackException>(() => Library.ReadAll(ShellProcess.Root, [.. shipped, "module/bin/engine/Stray.dll"]));
        Assert.Equal("No package is known for module/bin/engine/Stray.dll.", problem.Message);
    }

    [Fact]
    public void A_licence_whose_text_is_nowhere_is_refused()
    {
        var manifest = Manifest.Read(ShellProcess.Root);
        var library = new Library("Some.Library", "1.0.0", "00", ["module/bin/engine/Some.dll"], "MS-PL OR Apache-2.0", null, null, null, "(c) Somebody", null);
        Assert.Contains("Apache License", Notices.Write(manifest, [library]), StringComparison.Ordinal);
        Assert.Contains("Some.Library 1.0.0 is under MS-PL,", Assert.Throws<PackException>(() => Notices.Write(manifest, [library with { Licence = "MS-PL" }])).Message, StringComparison.Ordinal);
        Assert.Contains("Its words.", Notices.Write(manifest, [library with { Licence = "MS-PL", LicenceText = "Its words." }]), StringComparison.Ordinal);
    }

    private void Write(string file, string text)
    {
        var path = Path.Combine(_root.Path, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
