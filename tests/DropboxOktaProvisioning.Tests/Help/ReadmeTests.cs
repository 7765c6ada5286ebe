using System.Text.RegularExpressions;
using DropboxOktaProvisioning.Tests.Shell;

namespace DropboxOktaProvisioning.Tests.Help;

/// <summary>The README shows what the commands really print.</summary>
public sealed partial class ReadmeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Readme => Path.Combine(_folder.Path, "README.md");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Its_print_outs_are_what_comes_out_of_their_commands()
    {
        var now = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"));
        Assert.True(now == await MakeAsync(now), "The print-outs of README.md are stale: run ./build.ps1 -Task Readme, and look at what changed.");
        Assert.Contains("\nPS> $people = Test-DropboxUserStatus\n", now, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_picture_is_of_the_report_as_it_is_now()
    {
        var region = Region().Match(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md")));
        Assert.True(region.Success, "README.md shows no picture of the report.");
        Assert.Equal("PNG"u8.ToArray(), (await File.ReadAllBytesAsync(Path.Combine(Repository.Root, region.Groups["picture"].Value)))[1..4]);
        // A report that has changed would have another hash, and where there is a Chromium another picture.
        Assert.True(region.Value == await MakeAsync(region.Value), "The picture in README.md is stale: run ./build.ps1 -Task Readme, and look at it.");
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "module")));
    }

    [Fact]
    public async Task A_stale_print_out_is_made_anew_from_its_commands_and_nothing_else_changes()
    {
        var made = await MakeAsync("before\n<!-- begin: session -->\n```powershell\nPS> $a = 'it''s', 2\nstale\nPS> $a\nPS> $a[1] + 1\n```\n<!-- end: session -->\nafter PS> 1\n");
        Assert.Equal("before\n<!-- begin: session -->\n```powershell\nPS> $a = 'it''s', 2\nPS> $a\nit's\n2\n\nPS> $a[1] + 1\n3\n```\n<!-- end: session -->\nafter PS> 1\n", made);
    }

    [Fact]
    public async Task A_command_that_fails_leaves_the_README_as_it_is()
    {
        const string Text = "<!-- begin: session -->\n```powershell\nPS> No-SuchCommand\n```\n<!-- end: session -->\n";
        await Assert.ThrowsAsync<Xunit.Sdk.TrueException>(() => MakeAsync(Text));
        Assert.Equal(Text, await File.ReadAllTextAsync(Readme));
    }

    [GeneratedRegex(@"<!-- begin: report \w+ -->\n!\[[^\]]+\]\((?<picture>[^)]+)\)\n<!-- end: report -->\n")]
    private static partial Regex Region();

    private async Task<string> MakeAsync(string text)
    {
        await File.WriteAllTextAsync(Readme, text);
        var script = Path.Combine(Repository.Root, "src", "DropboxOktaProvisioning.HelpBuilder", "Readme.ps1");
        var outcome = await ShellProcess.RunAsync("-File", script, "-Path", Readme, "-Shell", Path.Combine(Path.GetDirectoryName(ShellProcess.Executable)!, "DropboxOktaProvisioning.Shell.dll"));
        Assert.True(outcome.ExitCode == 0, outcome.Output + outcome.Errors);
        return await File.ReadAllTextAsync(Readme);
    }
}
