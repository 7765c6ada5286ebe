using System.Management.Automation;

namespace DropboxOktaProvisioning.Tests;

/// <summary>Readings that are kept, by command.</summary>
public sealed class RefreshCommandTests : IDisposable
{
    private readonly ModuleSession _session = new();

    public void Dispose() => _session.Dispose();

    private static string Texts(IEnumerable<PSObject> rows) => string.Join('\n', rows.Select(row => $"{row.Properties["Email"].Value} {row.Properties["Stage"].Value} {row.Properties["Reason"].Value}").Order(StringComparer.Ordinal));

    private long Requests => (long)_session.Run("$sandbox.RequestCount").Clean().Output.Single().BaseObject;

    [Fact]
    public void A_second_look_costs_four_requests_and_says_so_and_the_rows_are_those_of_a_whole_reading()
    {
        _session.Run("$sandbox = Start-ProvisioningSandbox 3000 -PassThru; $sandbox.Advance('10.00:00'); $null = Test-DropboxUserStatus -Refresh Incremental; $sandbox.Advance('2:00')").Clean();
        var before = Requests;
        var second = _session.Run("Test-DropboxUserStatus -Refresh Incremental -Verbose").Clean();
        Assert.Equal(4, Requests - before);
        Assert.Contains(second.Verbose, line => line.StartsWith("The reading of ", StringComparison.Ordinal) && line.Contains("0 people of Okta and 0 members of Dropbox were read again", StringComparison.Ordinal));
        Assert.Equal(Texts(_session.Run("Test-DropboxUserStatus").Clean().Output), Texts(second.Output));
    }

    [Fact]
    public void The_whole_workflow_brings_the_reading_up_to_date_too()
    {
        const string Invoke = "Invoke-SilentProvisioning -BackupPath $Folder -Refresh Incremental";
        // The first one sets the switch, which is a change of the app; that makes the second read whole once more.
        _session.Run($"$sandbox = Start-ProvisioningSandbox 1000 -PassThru; $sandbox.Advance('10.00:00'); $null = {Invoke}; $sandbox.Advance('3:00'); $null = {Invoke}; $sandbox.Advance('3:00')").Clean();
        var waiting = _session.Run("(Test-DropboxUserStatus | Where-Object Stage -eq AwaitingActivation)[0].Email").Clean().Output.Single().ToString();
        var result = _session.Run($"$sandbox.SignOn('{waiting}'); {Invoke}").Clean().Output[^1];
        Assert.True((int)result.Properties["Requests"].Value < 20, $"{result.Properties["Requests"].Value} requests"); // with those of the prerequisites
        Assert.Equal(0, result.Properties["Sent"].Value);
        var now = _session.Run("@(Test-DropboxUserStatus | Where-Object Stage -eq Active).Count").Clean().Output.Single().BaseObject;
        Assert.Equal(now, ((IReadOnlyDictionary<string, int>)result.Properties["ByStage"].Value)["Active"]);
    }

    [Fact]
    public void A_run_with_a_kept_reading_stands_beside_its_forecast_and_one_that_reads_whole_again_too()
    {
        var runs = _session.Run("""
            $sandbox = Start-ProvisioningSandbox 1600 -PassThru; $sandbox.Advance('10.00:00')
            $null = Invoke-SilentProvisioning -BackupPath $Folder -MaximumCount 5000
            foreach ($days in 1, 1, 8) {
                $sandbox.Advance([timespan]::FromDays($days))
                # A run connects anew; here days pass over one connection, whose token is renewed first.
                $null = Test-DropboxUserStatus -Email nobody@contoso.example -ErrorAction Ignore
                Invoke-SilentProvisioning -BackupPath $Folder -Refresh Incremental -SkipObservation
            }
            """).Clean().Output;
        var (first, quiet, due) = (Efforts(runs[0]), Efforts(runs[1]), Efforts(runs[2]));
        Assert.All([first, quiet, due], run => Assert.Equal(run.Forecast, run.Actual));
        Assert.Equal(first.Forecast, due.Forecast);
        Assert.True(quiet.Forecast.Okta < due.Forecast.Okta && quiet.Forecast.Dropbox < due.Forecast.Dropbox, $"{quiet.Forecast} and {due.Forecast}");

        static ((int Okta, int Dropbox) Forecast, (int Okta, int Dropbox) Actual) Efforts(PSObject run) => (Requests(run, "Forecast"), Requests(run, "Actual"));
        static (int, int) Requests(PSObject run, string which)
        {
            var effort = PSObject.AsPSObject(run.Properties[which].Value);
            return ((int)effort.Properties["OktaRequests"].Value, (int)effort.Properties["DropboxRequests"].Value);
        }
    }

    [Fact]
    public void The_forecast_of_a_plan_is_what_doing_it_with_the_same_reading_takes()
    {
        var result = _session.Run("""
            $sandbox = Start-ProvisioningSandbox 1600 -PassThru; $sandbox.Advance('10.00:00')
            $plan = New-ProvisioningPlan -Refresh Incremental -KeepSwitch -MaximumCount 5000 -WarningAction SilentlyContinue
            $sandbox.Advance('3:00')
            $done = Invoke-SilentProvisioning -Plan $plan -Refresh Incremental -MaximumCount 5000 -WarningAction SilentlyContinue
            $plan.Forecast.OktaRequests + $plan.Forecast.DropboxRequests; $done.Forecast.OktaRequests + $done.Forecast.DropboxRequests; $done.Requests
            """).Clean().Output.Select(number => (int)number.BaseObject).ToArray();
        Assert.Equal([result[2], result[2]], result[..2]);
    }

    [Theory]
    [InlineData("Get-ActivationProgress -SkipObservation")]
    [InlineData("Export-ActivationReport $Folder/report.html -Force -SkipReadiness -SkipObservation")]
    [InlineData("New-ProvisioningPlan -Force -KeepSwitch")]
    public void Each_command_that_reads_everybody_brings_the_one_reading_up_to_date(string command)
    {
        const string Start = "$sandbox = Start-ProvisioningSandbox 3000 -PassThru; $sandbox.Advance('10.00:00');";
        _session.Run($"{Start} $null = Test-DropboxUserStatus -Refresh Incremental; $sandbox.Advance('2:00')").Clean();
        var before = Requests;
        var shared = _session.Run($"{command} -Refresh Incremental -Verbose").Clean();
        Assert.Equal(4, Requests - before);
        Assert.Contains(shared.Verbose, line => line.StartsWith("The reading of ", StringComparison.Ordinal));

        // And the other way about: what it keeps itself serves the others.
        _session.Run($"Stop-ProvisioningSandbox; {Start} $null = {command} -Refresh Incremental; $sandbox.Advance('2:00')").Clean();
        before = Requests;
        _session.Run("$null = Test-DropboxUserStatus -Refresh Incremental").Clean();
        Assert.Equal(4, Requests - before);
        Assert.Contains("is deleted", string.Join('\n', _session.Run($"$null = {command} -Refresh Forget -Verbose").Clean().Verbose), StringComparison.Ordinal);
    }

    [Fact]
    public void What_came_of_an_incremental_reading_is_what_a_whole_one_tells()
    {
        var output = _session.Run("""
            $sandbox = Start-ProvisioningSandbox 300 -PassThru; $sandbox.Advance('10.00:00')
            $first = Get-ActivationProgress -Refresh Incremental
            $sandbox.Advance('3:00'); $sandbox.SignOn(@(Test-DropboxUserStatus | Where-Object Stage -eq AwaitingActivation)[0].Email); $sandbox.Advance('2:00')
            $second = Get-ActivationProgress -Refresh Incremental -SkipObservation
            $second.Active - $first.Active
            (Get-ActivationProgress -SkipObservation).Active - $second.Active
            (New-ProvisioningPlan -Refresh Incremental).ByStage['Active'] - (New-ProvisioningPlan).ByStage['Active']
            """).Clean().Output;
        Assert.Equal([1, 0, 0], output.Select(one => (int)one.BaseObject));
    }

    [Theory]
    [InlineData("Get-ActivationProgress", "-Refresh Incremental")]
    [InlineData("Get-ActivationProgress", "-Refresh Forget")]
    [InlineData("Export-ActivationReport $Folder/report.html", "-FullReadAfter 7.00:00")]
    public void Rows_that_are_handed_in_are_not_read_again(string command, string parameters)
    {
        var result = _session.Run($"$sandbox = Start-ProvisioningSandbox 60 -PassThru; $rows = Test-DropboxUserStatus; $before = $sandbox.RequestCount; $rows | {command} {parameters}");
        Assert.Equal("ConflictingParameters", result.ErrorId);
        Assert.Contains("rows were handed in", result.AllErrors.Single().ToString(), StringComparison.Ordinal);
        Assert.Equal(0L, _session.Run("$sandbox.RequestCount - $before").Clean().Output.Single().BaseObject);
        Assert.Empty(Directory.GetFiles(_session.Folder));
    }

    [Fact]
    public void With_WhatIf_nothing_is_kept_and_nothing_deleted()
    {
        const string Invoke = "$null = Invoke-SilentProvisioning -WhatIf -Journal $Folder/w.db -Refresh";
        _session.Run($"$sandbox = Start-ProvisioningSandbox 60 -PassThru; {Invoke} Incremental; {Invoke} Forget").Clean();
        Assert.False(File.Exists(Path.Combine(_session.Folder, "w.db")));
        _session.Run($"$null = Test-DropboxUserStatus -Refresh Incremental -Journal $Folder/w.db; {Invoke} Forget").Clean();
        Assert.Contains("brought up to date", string.Join('\n', _session.Run("$null = Test-DropboxUserStatus -Refresh Incremental -Journal $Folder/w.db -Verbose").Clean().Verbose), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_kept_lies_in_the_journal_that_is_named_and_is_deleted_by_a_word()
    {
        _session.Run("$sandbox = Start-ProvisioningSandbox 60 -PassThru; $null = Test-DropboxUserStatus -Refresh Forget -Journal $Folder/none.db").Clean();
        Assert.False(File.Exists(Path.Combine(_session.Folder, "none.db")));
        var kept = _session.Run("$null = Test-DropboxUserStatus -Refresh Incremental -Journal $Folder/j.db").Clean();
        Assert.Contains(kept.Warnings, warning => warning.Contains("is new: nobody counts as told yet", StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_session.Folder, "j.db")));
        Assert.Contains("brought up to date", string.Join('\n', _session.Run("$null = Test-DropboxUserStatus -Refresh Incremental -Journal $Folder/j.db -Verbose").Clean().Verbose), StringComparison.Ordinal);
        Assert.Contains("is deleted", string.Join('\n', _session.Run("$null = Test-DropboxUserStatus -Refresh Forget -Journal $Folder/j.db -Verbose").Clean().Verbose), StringComparison.Ordinal);
        Assert.Contains("none is kept yet", string.Join('\n', _session.Run("$null = Test-DropboxUserStatus -Refresh Incremental -Journal $Folder/j.db -Verbose").Clean().Verbose), StringComparison.Ordinal);
    }

    [Fact]
    public void After_so_many_days_everybody_is_read_whole()
    {
        _session.Run("$sandbox = Start-ProvisioningSandbox 60 -PassThru; $null = Test-DropboxUserStatus -Refresh Incremental; $sandbox.Advance('2.00:00')").Clean();
        Assert.Contains("the last whole reading is of 2026-01-05 09:00Z", string.Join('\n', _session.Run("$null = Test-DropboxUserStatus -Refresh Incremental -FullReadAfter 1.00:00 -Verbose").Clean().Verbose), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-FullReadAfter 7.00:00", "none is kept")]
    [InlineData("-Refresh Forget -FullReadAfter 7.00:00", "none is kept")]
    [InlineData("-Refresh Incremental -FullReadAfter 7", "from a second to 60 days")]
    [InlineData("-Refresh Incremental -FullReadAfter 61.00:00", "from a second to 60 days")]
    [InlineData("-Refresh Incremental -FullReadAfter -1.00:00", "from a second to 60 days")]
    public void What_makes_no_sense_is_an_error_before_anything_is_read(string parameters, string says)
    {
        _session.Run("$sandbox = Start-ProvisioningSandbox 60 -PassThru").Clean();
        var before = Requests;
        foreach (var command in new[]
                 {
                     "Test-DropboxUserStatus", "Invoke-SilentProvisioning -BackupPath $Folder", "New-ProvisioningPlan", "Get-ActivationProgress", "Export-ActivationReport $Folder/report.html",
                 })
        {
            var result = _session.Run($"{command} {parameters}");
            Assert.Equal("ConflictingParameters", result.ErrorId);
            Assert.Contains(says, result.AllErrors.Single().ToString(), StringComparison.Ordinal);
        }

        Assert.Equal(before, Requests);
    }

    [Theory]
    [InlineData("okta.apps.read,okta.users.read", "team_info.read,members.read,events.read", "okta.logs.read")]
    [InlineData("okta.apps.read,okta.users.read,okta.logs.read", "team_info.read,members.read", "events.read")]
    public void Without_the_right_to_a_log_everybody_is_read_and_a_warning_names_the_scope(string okta, string dropbox, string lacking)
    {
        using var host = new SandboxProcess("--users", "60", "--age", "20", "--okta-scopes", okta, "--dropbox-scopes", dropbox);
        _session.Run(host.Connect(okta)).Clean();
        const string Look = "Test-DropboxUserStatus -Refresh Incremental -Journal $Folder/j.db";
        var (first, second) = (_session.Run(Look).Clean(), _session.Run(Look).Clean());
        Assert.NotEmpty(second.Output);
        Assert.Equal(Texts(first.Output), Texts(second.Output));
        Assert.Contains(second.Warnings, warning => warning.Contains(lacking, StringComparison.Ordinal));
    }
}
