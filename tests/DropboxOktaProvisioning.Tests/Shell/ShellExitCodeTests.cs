namespace DropboxOktaProvisioning.Tests.Shell;

/// <summary>The exit codes of pwsh.</summary>
public sealed class ShellExitCodeTests : IDisposable
{
    private const string FailingProgram = "dotnet no-such-command *> $null";
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("'fine'", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("exit 0", 0)]
    [InlineData("function Leave { exit 9 }; Leave; 'not reached'", 9)]
    [InlineData("throw 'bang'", 1)]
    [InlineData("if (", 1)]
    [InlineData("Get-Command no-such-command", 0)]
    [InlineData("$ErrorActionPreference = 'Stop'; Get-Command no-such-command; 'not reached'", 1)]
    [InlineData(FailingProgram, 0)]
    [InlineData(FailingProgram + "; exit $LASTEXITCODE", 1)]
    public async Task A_script_file_ends_with_what_it_exits_with_or_with_1_after_an_uncaught_error(string text, int expected)
    {
        var outcome = await ShellProcess.RunAsync("-File", folder.Script(text));

        Assert.Equal(expected, outcome.ExitCode);
        Assert.DoesNotContain("not reached", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'fine'", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("throw 'bang'", 1)]
    [InlineData("if (", 1)]
    [InlineData("Get-Command no-such-command", 1)]
    [InlineData(FailingProgram, 1)]
    [InlineData(FailingProgram + "; 'fine again'", 0)]
    public async Task Text_ends_with_what_it_exits_with_or_with_1_if_its_last_statement_failed(string text, int expected) =>
        Assert.Equal(expected, (await ShellProcess.RunAsync("-Command", text)).ExitCode);

    [Fact]
    public async Task The_exit_of_a_called_script_goes_to_its_caller()
    {
        folder.Script("exit 5", "called.ps1");

        var outcome = await ShellProcess.RunAsync("-File", folder.Script("& \"$PSScriptRoot/called.ps1\"; \"called: $LASTEXITCODE\""));

        Assert.Equal((0, "called: 5\n"), (outcome.ExitCode, outcome.Output));
    }

    [Fact]
    public async Task A_script_that_is_not_there_is_a_bad_command_line()
    {
        var outcome = await ShellProcess.RunAsync("-File", "no-such-file.ps1");

        Assert.Equal((64, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains("'no-such-file.ps1' is not recognized as the name of a script file", outcome.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-Bogus")]
    [InlineData("-File")]
    [InlineData("-Command")]
    public async Task An_unknown_or_incomplete_option_is_a_bad_command_line(string option)
    {
        var outcome = await ShellProcess.RunAsync(option);

        Assert.Equal((64, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains(option, outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_names_every_option()
    {
        var outcome = await ShellProcess.RunAsync("-Help");

        Assert.Equal(0, outcome.ExitCode);
        Assert.All(["-File PATH", "-Command TEXT", "-Help"], option => Assert.Contains(option, outcome.Output, StringComparison.Ordinal));
    }

    public void Dispose() => folder.Dispose();
}
