using System.Text.RegularExpressions;
using DropboxOktaProvisioning.Tests.Shell;

namespace DropboxOktaProvisioning.Tests;

/// <summary>Two real processes with one journal, on one org over the network: together they stay below the ceiling of one.</summary>
public sealed partial class SharedBudgetTests : IDisposable
{
    private const int Limit = 60, Ceiling = 27;

    private readonly string _folder = Directory.CreateTempSubdirectory("dop-budget-").FullName;

    private string _named = "";

    private string Journal => Path.Combine(_folder, "journal.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_processes_with_one_journal_take_no_more_than_one_may(bool isNamed)
    {
        // The user's own need not be there yet.
        _named = isNamed ? $"-Journal '{Journal}'" : "";
        if (isNamed)
        {
            using var session = new ModuleSession();
            session.Run($"Start-ProvisioningSandbox; Test-SilentProvisioningReadiness -SsoRequired -Journal '{Journal}' | Out-Null; Stop-ProvisioningSandbox").Clean();
        }

        using var host = new SandboxProcess("--users", "50", "--okta-limit", $"{Limit}");

        var outcomes = await Task.WhenAll(RunAsync(host), RunAsync(host));

        var made = outcomes.Sum(outcome => outcome.Made);
        // A machine that is very busy may need more than one of the service's minutes.
        var windows = outcomes.SelectMany(outcome => outcome.Windows).Distinct().Count();
        Assert.InRange(made, Ceiling / 2, Ceiling * windows);
    }

    [Fact]
    public void The_ceiling_is_a_parameter_of_the_connection_and_shows_in_it()
    {
        using var host = new SandboxProcess("--users", "50", "--okta-limit", $"{Limit}");
        using var session = new ModuleSession();
        var seen = session.Run(
            $$"""
            $org = Connect-OktaOrg {{host["okta"]}} { '{{host["okta-token"]}}' } -RateCeiling 20
            $limit = (Get-ProvisioningConnection | Where-Object Service -eq Okta).RateLimits[0]
            $limit.Bucket, $limit.Limit, $limit.Ceiling, $limit.Taken, "$limit"
            """).Clean().Output.Select(one => one.BaseObject).ToArray();

        Assert.Equal(["/api/v1/apps", 60L, 12L, 1L, "/api/v1/apps: 59 of 60 left, 1 of 12 taken here"], seen);
    }

    // Each makes requests until the first wait for the next minute, and says how many it made and in which minutes.
    private async Task<(int Made, IReadOnlyList<string> Windows)> RunAsync(SandboxProcess host)
    {
        string[] arguments =
        [
            "-Command",
            $$"""
            Import-Module '{{Repository.Manifest}}'
            $made = 0; $windows = @()
            function Note { $script:windows = @($script:windows) + (Get-ProvisioningConnection | Where-Object Service -eq Okta).RateLimits.Where({ $_.Bucket -eq '/api/v1/apps' }).Resets.ToUnixTimeSeconds() }
            filter Watch {
                if ("$_" -match '^Okta: \S+ /api/v1/apps\S* -> (\d+)') { if ($Matches[1] -eq 429) { 'refused' }; $script:made++ }
                elseif ("$_" -match 'The ceiling of 45 percent is reached by all processes of this journal: {{Ceiling}} of the {{Limit}} requests') { Note; "made $script:made in $($script:windows -join ' ')"; exit 0 }
            }
            Connect-OktaOrg {{host["okta"]}} { '{{host["okta-token"]}}' } -Verbose 4>&1 | Watch
            Connect-DropboxTeam {{host["dropbox-app-key"]}} { '{{host["dropbox-refresh-token"]}}' } -ServiceUri {{host["dropbox"]}} | Out-Null
            while ($made -lt 500) {
                Note
                Test-DropboxUserStatus -Email nobody@contoso.example {{_named}} -ErrorAction SilentlyContinue -Verbose 4>&1 | Watch
            }
            """,
        ];
        using var process = ShellProcess.Start(ShellProcess.Executable, arguments, _folder, new Dictionary<string, string?> { ["XDG_DATA_HOME"] = _folder });
        var outcome = await ShellProcess.FinishAsync(process);
        Assert.True(outcome.ExitCode == 0, outcome.Output + outcome.Errors);
        Assert.DoesNotContain("refused", outcome.Output, StringComparison.Ordinal);
        var told = Told().Match(outcome.Output);
        Assert.True(told.Success, outcome.Output + outcome.Errors);
        return (int.Parse(told.Groups[1].Value, null), told.Groups[2].Value.Split(' '));
    }

    [GeneratedRegex(@"made (\d+) in ([\d ]+)")]
    private static partial Regex Told();
}
