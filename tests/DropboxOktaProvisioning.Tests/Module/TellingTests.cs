using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;

namespace DropboxOktaProvisioning.Tests;

/// <summary>What a command tells beside its rows: information, progress, verbose.</summary>
public sealed class TellingTests : IDisposable
{
    private readonly ModuleSession _session = new();

    public void Dispose() => _session.Dispose();

    private string[] Information(string script)
    {
        using var shell = _session.Create($"$null = & {{ {script} }}");
        shell.Invoke();
        Assert.Empty(shell.Streams.Error);
        return [.. shell.Streams.Information.Where(one => one.Tags.Contains("DropboxOktaProvisioning")).Select(one => one.ToString())];
    }

    [Theory]
    [InlineData("Test-DropboxUserStatus", @"^\d+ people: \d+ Active, \d+ AwaitingActivation, .*\.$")]
    [InlineData("Test-DropboxUserStatus | Send-ActivationNotice", @"^\d+ notices: (\d+ \w+, )*\d+ Sent, \d+ Skipped\.$")]
    [InlineData("Test-SilentProvisioningReadiness", @"^\d+ prerequisites: .*\d+ Passed.*\.$")]
    [InlineData("Get-DropboxPersonalAccount contoso.example", @"^\d+ addresses: .*\d+ Confirmed\.$")]
    [InlineData("Grant-DropboxAccess leila.silva@contoso.example", "^1 assignments: 1 AlreadyAssigned\\.$")]
    [InlineData("Invoke-SilentProvisioning -BackupPath $Folder", "^Silent provisioning of 'Dropbox Business' is Enabled, changed now\\.$")]
    public void The_last_lines_say_what_came_of_it(string script, string pattern)
    {
        _session.Run("Start-ProvisioningSandbox 60").Clean();
        Assert.Contains(Information(script), line => Regex.IsMatch(line, pattern));
    }

    [Fact]
    public void Information_counts_what_came_out()
    {
        _session.Run("Start-ProvisioningSandbox 60").Clean();
        var rows = _session.Run("Test-DropboxUserStatus | Where-Object Stage -eq Active").Clean().Output.Count;
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $" {rows} Active,"), Assert.Single(Information("Test-DropboxUserStatus")), StringComparison.Ordinal);
    }

    [Fact]
    public void Progress_tells_how_far_how_fast_and_how_long_still()
    {
        _session.Run("$null = Start-ProvisioningSandbox -UserCount 40000").Clean();
        var bars = _session.Run("$null = Test-DropboxUserStatus | Send-ActivationNotice -MaximumCount 40000").Clean().Progress.Where(bar => bar.RecordType == ProgressRecordType.Processing && bar.Activity == "Sending notices").ToArray();
        Assert.NotEmpty(bars);
        Assert.All(bars, bar => Assert.Matches(@"^\d+ of \d+(, \d+ a (second|minute))?$", bar.StatusDescription));
        Assert.All(bars, bar => Assert.InRange(bar.PercentComplete, 0, 100));
        Assert.All(bars.Where(bar => bar.StatusDescription.Contains(" a ", StringComparison.Ordinal)), bar => Assert.True(bar.SecondsRemaining >= 0));
    }

    [Fact]
    public void A_runbook_has_no_bar()
    {
        _session.Run("$sandbox = Start-ProvisioningSandbox -UserCount 40000 -PassThru").Clean();
        Assert.NotEmpty(_session.Run("$null = Test-DropboxUserStatus").Clean().Progress);
        Assert.Empty(_session.Run("$PSPrivateMetadata = @{ JobId = 1 }; $null = Test-DropboxUserStatus").Clean().Progress);
    }

    [Fact]
    public void Verbose_tells_each_request_in_a_line_and_no_secret()
    {
        _session.Run("$sandbox = Start-ProvisioningSandbox 60 -PassThru").Clean();
        var result = _session.Run("$before = $sandbox.RequestCount; $null = Test-DropboxUserStatus -Verbose; $sandbox.RequestCount - $before").Clean();
        var requests = result.Verbose.Where(line => Regex.IsMatch(line, @"^(Okta|Dropbox): (GET|POST) /\S+ -> \d{3} in \d+ ms$")).ToArray();
        Assert.Equal(result.Output.Single().ToString(), requests.Length.ToString(CultureInfo.InvariantCulture));
        Assert.All(result.Verbose, line => Assert.DoesNotContain("sandbox-not-real", line, StringComparison.Ordinal));
    }
}
