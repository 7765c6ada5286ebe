namespace DropboxOktaProvisioning.Tests.Shell;

/// <summary>Where each stream goes, and how it looks there.</summary>
public sealed class ShellStreamTests : IDisposable
{
    private const string AllStreams = """
        [CmdletBinding()] param()
        $WarningPreference = $VerbosePreference = $DebugPreference = $InformationPreference = 'Continue'
        'output: ü'
        $PSCmdlet.WriteWarning('careful')
        $PSCmdlet.WriteVerbose('detail')
        $PSCmdlet.WriteDebug('inside')
        $PSCmdlet.WriteInformation('by the way', @())
        $PSCmdlet.WriteProgress([Management.Automation.ProgressRecord]::new(1, 'Moving', 'on'))
        Get-Command no-such-command
        'end'
        """;

    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task Errors_go_to_stderr_and_all_else_to_stdout_in_order_and_progress_nowhere()
    {
        var outcome = await ShellProcess.RunAsync("-File", folder.Script(AllStreams));

        Assert.Equal("output: ü\nWARNING: careful\nVERBOSE: detail\nDEBUG: inside\nby the way\nend\n", outcome.Output);
        Assert.Contains("Get-Command:", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("'no-such-command' is not recognized", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_names_the_line_it_comes_from()
    {
        var outcome = await ShellProcess.RunAsync("-File", folder.Script("\n\nthrow 'bang'"));

        Assert.Equal("", outcome.Output);
        Assert.Contains("script.ps1:3", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("bang", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Objects_are_shown_as_a_table_without_colour_where_output_is_no_terminal()
    {
        var outcome = await ShellProcess.RunAsync("-Command", "[pscustomobject] @{ Name = 'Ann'; Days = 3 }");

        Assert.Equal("\nName Days\n---- ----\nAnn     3\n\n", outcome.Output);
    }

    [Fact]
    public async Task A_table_has_120_columns_where_output_is_no_terminal()
    {
        var outcome = await ShellProcess.RunAsync("-Command", "$Host.UI.RawUI.BufferSize.Width");

        Assert.Equal("120\n", outcome.Output);
    }

    [Theory]
    [InlineData("$Host.UI.ReadLine()")]
    [InlineData("$Host.UI.ReadLineAsSecureString()")]
    [InlineData("$Host.UI.PromptForCredential('', '', 'ann', '')")]
    [InlineData("$Host.UI.PromptForChoice('', 'Sure?', @([Management.Automation.Host.ChoiceDescription]::new('&Yes')), 0)")]
    [InlineData("& { [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')] param() $PSCmdlet.ShouldProcess('x') }")]
    public async Task A_question_fails_at_once_where_nobody_can_answer(string text)
    {
        var outcome = await ShellProcess.RunAsync("-Command", text);

        Assert.Equal("", outcome.Output);
        Assert.Contains("input is not a terminal", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_mandatory_parameter_is_an_error_and_no_question()
    {
        var outcome = await ShellProcess.RunAsync("-File", folder.Script("param([Parameter(Mandatory)] $Name) 'not reached'"));

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains("missing mandatory parameters: Name", outcome.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();
}
