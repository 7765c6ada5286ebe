namespace DropboxOktaProvisioning.Tests.Shell;

/// <summary>How arguments reach a script, and what a script finds around it.</summary>
public sealed class ShellFileTests : IDisposable
{
    private const string Echo = """
        param([string] $Name, [int] $Count = 1, [switch] $Loud, [Parameter(ValueFromRemainingArguments)] [string[]] $Rest)
        "name=$Name count=$Count loud=$Loud rest=$($Rest -join ',')"
        """;

    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("name= count=1 loud=False rest=")]
    [InlineData("name=Ann count=3 loud=True rest=", "-Name", "Ann", "-Count", "3", "-Loud")]
    [InlineData("name=Ann count=3 loud=True rest=", "-Loud", "-Count:3", "-Name:Ann")]
    [InlineData("name=Ann count=2 loud=False rest=more,words", "Ann", "2", "more", "words")]
    [InlineData("name=Ann count=1 loud=False rest=", "-Name", "Ann", "-Loud:$false")]
    [InlineData("name=Ann Lee $x count=1 loud=False rest=", "-Name", "Ann Lee $x")]
    [InlineData("name=007 count=1 loud=False rest=", "-Name", "007")]
    [InlineData("name=https://contoso.example count=1 loud=False rest=", "-Name", "https://contoso.example")]
    public async Task Arguments_are_bound_to_the_scripts_parameters(string expected, params string[] arguments)
    {
        var outcome = await ShellProcess.RunAsync(["-File", folder.Script(Echo), .. arguments]);

        Assert.Equal(("", expected + "\n"), (outcome.Errors, outcome.Output));
    }

    [Fact]
    public async Task A_value_that_does_not_fit_is_an_error_that_names_the_parameter()
    {
        var outcome = await ShellProcess.RunAsync("-File", folder.Script(Echo), "-Count", "many");

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains("'Count'", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_without_parameters_finds_its_arguments_in_args()
    {
        var outcome = await ShellProcess.RunAsync("-File", folder.Script("$args -join '|'"), "1", "", "two words");

        Assert.Equal("1||two words\n", outcome.Output);
    }

    [Fact]
    public async Task A_script_finds_its_own_folder_the_working_folder_programs_and_the_environment()
    {
        folder.Script("""
            $PSScriptRoot
            "$PWD"
            [bool] $env:PATH
            dotnet --version
            """);

        var outcome = await ShellProcess.RunInAsync(folder.Path, "-File", "script.ps1");

        var lines = outcome.Output.Split('\n');
        Assert.Equal("", outcome.Errors);
        Assert.EndsWith(Path.GetFileName(folder.Path), lines[0], StringComparison.Ordinal);
        Assert.EndsWith(Path.GetFileName(folder.Path), lines[1], StringComparison.Ordinal);
        Assert.Equal("True", lines[2]);
        Assert.Matches(@"^\d+\.\d+\.\d+", lines[3]);
    }

    [Fact]
    public async Task Without_arguments_the_quick_start_of_the_repository_runs_from_any_folder()
    {
        // A copy of the host in a made-up repository, so that this is about finding the script and not about what it does.
        var bin = Path.Combine(folder.Path, "src", "bin");
        Copy(Path.GetDirectoryName(ShellProcess.Executable)!, bin);
        var host = Path.Combine(bin, Path.GetFileName(ShellProcess.Executable));
        var withoutModule = await RunAsync(host);

        File.WriteAllText(Path.Combine(folder.Path, "DropboxOktaProvisioning.psd1"), "@{}");
        Directory.CreateDirectory(Path.Combine(folder.Path, "module", "examples"));
        folder.Script("\"quick start in $PSScriptRoot\"", Path.Combine("module", "examples", "QuickStart.ps1"));
        var withModule = await RunAsync(host);

        Assert.Equal((1, ""), (withoutModule.ExitCode, withoutModule.Output));
        Assert.Contains("The quick start was not found", withoutModule.Errors, StringComparison.Ordinal);
        Assert.Equal((0, ""), (withModule.ExitCode, withModule.Errors));
        Assert.StartsWith("quick start in ", withModule.Output, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private static async Task<ShellOutcome> RunAsync(string host)
    {
        using var process = ShellProcess.Start(host, [], Path.GetTempPath());
        return await ShellProcess.FinishAsync(process);
    }

    private static void Copy(string source, string target)
    {
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
