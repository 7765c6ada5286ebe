using DropboxOktaProvisioning.Tests.Shell;

namespace DropboxOktaProvisioning.Tests;

/// <summary>What a person reads: through the Shell host, whose width is 120 where there is no terminal.</summary>
public sealed class FormatTests
{
    private static async Task<string[]> ShowAsync(string command)
    {
        var outcome = await ShellProcess.RunAsync("-Command", $"Import-Module '{Repository.Manifest}'; $sandbox = Start-ProvisioningSandbox -PassThru; {command}");
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        var lines = outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd()).Where(line => line.Length > 0).ToArray();
        Assert.All(lines, line => Assert.True(line.Length <= 120, line));
        Assert.DoesNotContain(lines, line => line.Contains('\u001b', StringComparison.Ordinal));
        return lines;
    }

    [Theory]
    [InlineData("Test-DropboxUserStatus", "Email Stage Days Personal Next Told Reason")]
    [InlineData("Test-DropboxUserStatus | Send-ActivationNotice", "Email Name Kind State SentOn Tries Reason")]
    [InlineData("Get-DropboxPersonalAccount contoso.example", "Email Likelihood Type LastSeen Why")]
    [InlineData("Get-SilentProvisioning", "Label AppId Status SignOn Silent Changed Reason")]
    [InlineData("Get-ActivationProgress -By Domain", "Group Assigned Provisioned Told Tried Active Days Done")]
    [InlineData("$sandbox.OktaOrg", "Domain SignIn ConnectedOn Requests")]
    [InlineData("$sandbox.DropboxTeam", "Name TeamId Admin SignIn Requests")]
    [InlineData("$sandbox", "Okta Team People Now Mails")]
    public async Task A_table_has_its_columns_and_fits_120_characters(string command, string columns)
    {
        var lines = await ShowAsync(command);
        // What changed stands above the table.
        Assert.Equal(columns.Split(' '), lines.SkipWhile(line => line.TrimStart().StartsWith("Changed:", StringComparison.Ordinal)).First().Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.True(lines.Length > 2);
    }

    [Fact]
    public async Task The_result_of_a_run_is_a_list_of_counts()
    {
        using var folder = new TemporaryFolder();
        var lines = await ShowAsync($"Invoke-SilentProvisioning -BackupPath '{folder.Path}'");
        Assert.Contains(lines, line => line.StartsWith("Sent", StringComparison.Ordinal) && !line.EndsWith(": 0", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("Planned", StringComparison.Ordinal) && line.EndsWith(": 0", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("Stages", StringComparison.Ordinal) && line.Contains("AwaitingActivation", StringComparison.Ordinal));
    }
}
