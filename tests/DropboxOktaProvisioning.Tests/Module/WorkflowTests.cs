using System.Management.Automation;

namespace DropboxOktaProvisioning.Tests;

/// <summary>The three steps as an admin types them, on the sandbox.</summary>
public sealed class WorkflowTests : IDisposable
{
    private readonly ModuleSession _session = new();

    public void Dispose() => _session.Dispose();

    private static object? Value(PSObject item, string property) => item.Properties[property].Value;

    private static int Sum(PSObject result, params string[] counts) => counts.Sum(count => (int)Value(result, count)!);

    [Fact]
    public void A_run_stands_beside_its_forecast()
    {
        var result = _session.Run("""
            $sandbox = Start-ProvisioningSandbox -UserCount 2600 -PassThru
            $sandbox.Advance('10.00:00:00') # nobody joins any more while the list is read, which would be read once more
            $null = Invoke-SilentProvisioning -BackupPath $Folder -MaximumCount 5000
            $sandbox.LimitRequests('Okta', 8)
            $null = Test-DropboxUserStatus -Email nobody@contoso.example -ErrorAction Ignore
            $run = Invoke-SilentProvisioning -BackupPath $Folder -WhatIf -SenderLimit 30/min,10000/day -InformationVariable told
            $run.Forecast, $run.Actual, "$told", ($run.Forecast.Basis.Name -join ' ')
            """).Clean();
        var (forecast, actual) = (result.Output[0], result.Output[1]);
        var (expected, took) = ((TimeSpan)Value(forecast, "Reading")!, (TimeSpan)Value(actual, "Reading")!);

        Assert.Equal(Value(forecast, "OktaRequests"), Value(actual, "OktaRequests"));
        Assert.Equal(Value(forecast, "DropboxRequests"), Value(actual, "DropboxRequests"));
        // Three of eight requests a minute: two minutes are waited for at least, and one more where one had begun.
        Assert.InRange(expected, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(3));
        Assert.InRange(took, TimeSpan.FromMinutes(2), expected + TimeSpan.FromSeconds(65));
        Assert.Equal("OktaRequests DropboxRequests Reading Sending", result.Output[3].ToString());
        Assert.Contains("Forecast: 18 requests, about 2 minutes.", result.Output[2].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void One_command_does_all_of_it_and_a_second_run_changes_nothing_and_mails_nobody()
    {
        var result = _session.Run("""
            $sandbox = Start-ProvisioningSandbox -PassThru
            Invoke-SilentProvisioning -BackupPath $Folder
            $mails = $sandbox.Outbox.Count
            Invoke-SilentProvisioning -BackupPath $Folder
            $mails, $sandbox.Outbox.Count
            """).Clean();
        var (first, second) = (result.Output[0], result.Output[1]);
        var (mails, mailsAfter) = ((int)result.Output[2].BaseObject, (int)result.Output[3].BaseObject);

        Assert.True(mails > 0);
        Assert.Equal(mails, mailsAfter);
        Assert.Equal((mails, 0, 0), (Sum(first, "Sent"), Sum(first, "Failed", "Unknown"), Sum(second, "Sent", "Failed", "Unknown", "Planned")));
        Assert.Equal(Value(first, "People"), Sum(first, "Sent", "Skipped"));
        Assert.True((bool)((PSObject)PSObject.AsPSObject(Value(first, "App")!)).Properties["Changed"].Value);
        Assert.False((bool)((PSObject)PSObject.AsPSObject(Value(second, "App")!)).Properties["Changed"].Value);
        Assert.Single(Directory.GetFiles(_session.Folder, "*.json"));
    }

    [Fact]
    public void What_nobody_foresaw_has_an_id_and_leaves_the_counts_of_who_was_told()
    {
        using var shell = _session.Create("Start-ProvisioningSandbox; Invoke-SilentProvisioning -BackupPath $Folder");
        shell.Streams.Information.DataAdded += (_, added) =>
        {
            // The line that counts the notices is told once all have left.
            if ($"{shell.Streams.Information[added.Index]}".Contains("Sent", StringComparison.Ordinal)) throw new NotSupportedException("A fault of this test's.");
        };
        var output = new PSDataCollection<PSObject>();

        shell.Invoke(null, output);

        var error = Assert.Single(shell.Streams.Error);
        Assert.Equal("UnexpectedFailure,DropboxOktaProvisioning.Commands.InvokeSilentProvisioningCommand", error.FullyQualifiedErrorId);
        Assert.Equal("The command met what it was not made for: A fault of this test's (NotSupportedException).", error.Exception.Message);
        Assert.Contains("report it", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.True(Sum(Assert.Single(output), "Sent") > 0);
    }

    [Fact]
    public void WhatIf_shows_the_whole_plan_and_touches_nothing()
    {
        var result = _session.Run("""
            $sandbox = Start-ProvisioningSandbox -PassThru
            Invoke-SilentProvisioning -Journal $Folder/journal.db -PickupDirectory $Folder/out -BackupPath $Folder/backup -WhatIf
            (Get-SilentProvisioning).SilentProvisioning
            $sandbox.Outbox.Count
            """).Clean();
        Assert.True(Sum(result.Output[0], "Planned") > 0);
        Assert.Equal(0, Sum(result.Output[0], "Sent"));
        Assert.Equal(("Disabled", 0), (result.Output[1].ToString(), (int)result.Output[2].BaseObject));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_session.Folder));
    }

    [Theory]
    [InlineData("Enable-SilentProvisioning -WhatIf")]
    [InlineData("Enable-SilentProvisioning -BackupPath $Folder; Disable-SilentProvisioning -WhatIf")]
    public void WhatIf_leaves_the_switch_as_it_is(string command)
    {
        var result = _session.Run($"Start-ProvisioningSandbox; {command}; (Get-SilentProvisioning).SilentProvisioning").Clean();
        Assert.Equal(command.Contains("Disable", StringComparison.Ordinal) ? "Enabled" : "Disabled", result.Output[^1].ToString());
    }

    [Fact]
    public void WhatIf_lists_who_would_get_what()
    {
        var result = _session.Run("Start-ProvisioningSandbox; Test-DropboxUserStatus | Send-ActivationNotice -WhatIf").Clean();
        var planned = result.Output.Where(notice => Value(notice, "State")!.ToString() == "Planned").ToArray();
        Assert.NotEmpty(planned);
        Assert.All(planned, notice => Assert.NotEqual("", Value(notice, "Subject")));
    }

    [Fact]
    public void The_switch_decides_whether_Dropbox_mails_the_people_who_are_added()
    {
        var result = _session.Run("""
            $sandbox = Start-ProvisioningSandbox -PassThru
            $person = Test-DropboxUserStatus -Domain contoso.example | Where-Object Stage -eq NotAssigned | Select-First 2
            $sandbox.Assign($person[0].Email); $sandbox.Advance('01:00:00'); $loud = @($sandbox.WelcomeMails)
            $null = Enable-SilentProvisioning -BackupPath $Folder
            $sandbox.Assign($person[1].Email); $sandbox.Advance('01:00:00')
            $loud -contains $person[0].Email; $sandbox.WelcomeMails -contains $person[1].Email
            ($person | Test-DropboxUserStatus).Stage
            """).Clean();
        Assert.Equal(["True", "False", "AwaitingActivation", "AwaitingActivation"], result.Output.Select(value => value.ToString()));
    }

    [Theory]
    [InlineData("$all[0..2].Email | Test-DropboxUserStatus")]
    [InlineData("$all[0..2] | Test-DropboxUserStatus")]
    [InlineData("Test-DropboxUserStatus -Email $all[0..2].Email")]
    [InlineData("$all[0..2] | ForEach-Object { [pscustomobject]@{ Login = $_.Email; Department = 'Sales' } } | Test-DropboxUserStatus")]
    [InlineData("$all[0..2] | ForEach-Object { [pscustomobject]@{ Email = $_.Email } } | Test-DropboxUserStatus")]
    [InlineData("[IO.File]::WriteAllLines(\"$Folder/p.csv\", [string[]](@('Name;Email') + @($all[0..2] | ForEach-Object { 'x;' + $_.Email }))); Test-DropboxUserStatus -Path $Folder/p.csv")]
    public void People_come_in_every_form(string command)
    {
        var result = _session.Run($"Start-ProvisioningSandbox; $all = @(Test-DropboxUserStatus); {command}; $all[0..2]").Clean();
        Assert.Equal(result.Output.Skip(3).Select(row => $"{Value(row, "Email")} {Value(row, "Stage")}"), result.Output.Take(3).Select(row => $"{Value(row, "Email")} {Value(row, "Stage")}"));
    }

    [Theory]
    [InlineData("@() | Test-DropboxUserStatus")]
    [InlineData("Test-DropboxUserStatus -Email @()")]
    [InlineData("Get-ActivationNotice -Email @()")]
    [InlineData("@() | Send-ActivationNotice")]
    public void An_empty_pipeline_is_nobody_and_not_everybody(string command) =>
        Assert.Empty(_session.Run($"Start-ProvisioningSandbox; {command}").Clean().Output);

    [Theory]
    [InlineData("@() | Invoke-SilentProvisioning -KeepSwitch")]
    [InlineData("Invoke-SilentProvisioning -KeepSwitch -Email @()")]
    public void Nobody_asked_for_in_the_whole_workflow_is_nobody(string command)
    {
        var result = _session.Run($"Start-ProvisioningSandbox; {command}").Clean();
        Assert.Equal(0, Sum(result.Output.Single(), "People", "Sent"));
        Assert.Contains("Disabled", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_sandboxs_team_in_another_runspace_keeps_to_the_sandboxs_journal_and_outbox()
    {
        var sandbox = _session.Run("($sandbox = Start-ProvisioningSandbox -PassThru)").Clean().Output.Single();
        using var other = new ModuleSession();
        other.Runspace.SessionStateProxy.SetVariable("sandbox", sandbox);
        var result = other.Run("""
            $rows = Test-DropboxUserStatus -OktaOrg $sandbox.OktaOrg -DropboxTeam $sandbox.DropboxTeam
            @($rows | Send-ActivationNotice -DropboxTeam $sandbox.DropboxTeam | Where-Object State -eq Sent).Count
            """).Clean();
        Assert.Equal(result.Output.Single().BaseObject, _session.Run("$sandbox.Outbox.Count").Clean().Output.Single().BaseObject);
        Assert.Equal(result.Output.Single().BaseObject, _session.Run("@(Get-ActivationNotice -State Sent).Count").Clean().Output.Single().BaseObject);
    }

    [Theory]
    [InlineData("[Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($rows))")]
    [InlineData("$rows | ForEach-Object { $o = [pscustomobject]@{}; foreach ($p in $_.psobject.Properties) { $o.psobject.Properties.Add([psnoteproperty]::new($p.Name, \"$($p.Value)\")) }; $o }")]
    public void Rows_that_went_through_a_job_or_a_file_are_told_as_well_and_count_as_the_same_people(string detour)
    {
        var result = _session.Run($$"""
            Start-ProvisioningSandbox
            $rows = @(Test-DropboxUserStatus)
            $sent = @({{detour}} | Send-ActivationNotice | Where-Object State -eq Sent)
            $sent.Count
            @($rows | Send-ActivationNotice | Where-Object State -eq Sent).Count
            @($sent | Where-Object { $_.OktaUserId -and $_.TeamMemberId -and $_.TeamId }).Count
            """).Clean();
        var counts = result.Output.Select(count => (int)count.BaseObject).ToArray();
        Assert.True(counts[0] > 0);
        Assert.Equal((0, counts[0]), (counts[1], counts[2]));
    }

    [Fact]
    public void What_is_no_row_is_refused_as_such()
    {
        var result = _session.Run("Start-ProvisioningSandbox; 'a@contoso.example', [pscustomobject]@{ Email = 'b@contoso.example'; Stage = 'Nonsense' } | Send-ActivationNotice");
        Assert.Equal(["InputObjectNotBound", "InputObjectNotBound"], result.Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0]));
        Assert.Empty(result.Output);
    }

    [Fact]
    public void The_journal_tells_who_was_told_and_the_status_shows_it()
    {
        var result = _session.Run("""
            Start-ProvisioningSandbox
            $sent = @(Test-DropboxUserStatus | Send-ActivationNotice | Where-Object State -eq Sent)
            $sent.Count
            @(Get-ActivationNotice -State Sent).Count
            @(Test-DropboxUserStatus | Where-Object { $_.LastNotice }).Count
            (Get-ActivationNotice -Email $sent[0].Email).MessageId -eq $sent[0].MessageId
            """).Clean();
        var counts = result.Output.Take(3).Select(count => (int)count.BaseObject).ToArray();
        Assert.True(counts[0] > 0 && counts.All(count => count == counts[0]), string.Join(' ', counts));
        Assert.True((bool)result.Output[3].BaseObject);
    }

    [Fact]
    public void Mails_in_the_pickup_folder_are_as_many_as_people_told()
    {
        var result = _session.Run("""
            Start-ProvisioningSandbox
            $rows = Test-DropboxUserStatus
            $mail = @{ From = 'it@contoso.example'; PickupDirectory = "$Folder/out"; Journal = "$Folder/journal.db" }
            @($rows | Send-ActivationNotice @mail | Where-Object State -eq Sent).Count
            @($rows | Send-ActivationNotice @mail | Where-Object State -eq Sent).Count
            """).Clean();
        Assert.Equal([Directory.GetFiles(Path.Combine(_session.Folder, "out"), "*.eml").Length, 0], result.Output.Select(count => (int)count.BaseObject));
    }

    [Fact]
    public void Connections_are_the_runspaces_own()
    {
        _session.Run("Start-ProvisioningSandbox").Clean();
        using var other = new ModuleSession();
        Assert.Equal("NotConnected", other.Run("Get-SilentProvisioning").ErrorId);

        other.Runspace.SessionStateProxy.SetVariable("org", _session.Run("(Start-ProvisioningSandbox -PassThru).OktaOrg").Clean().Output.Single());
        Assert.Single(other.Run("Get-SilentProvisioning -OktaOrg $org").Clean().Output);
        other.Run("Disconnect-OktaOrg").Clean();
        Assert.Single(_session.Run("Get-SilentProvisioning").Clean().Output);
    }

    [Fact]
    public void A_fault_that_stays_gives_one_error_and_no_rows()
    {
        var result = _session.Run("Start-ProvisioningSandbox; $s = Start-ProvisioningSandbox -UserCount 3000 -PassThru; $s.AddFault('ServerError', 'list/continue', 1, 100); Test-DropboxUserStatus");
        Assert.Empty(result.Output);
        Assert.Equal("ServiceFailed", result.ErrorId);
    }

    [Fact]
    public void Verbose_tells_each_request_in_a_line()
    {
        var result = _session.Run("Start-ProvisioningSandbox; $null = Test-DropboxUserStatus -Verbose").Clean();
        Assert.Contains(result.Verbose, line => line.StartsWith("Okta: GET /api/v1/apps/", StringComparison.Ordinal));
        Assert.Contains(result.Verbose, line => line.StartsWith("Dropbox: POST /2/team/members/list_v2 -> 200", StringComparison.Ordinal));
    }

    [Fact]
    public void People_of_a_real_team_are_not_told_by_a_rehearsal()
    {
        var result = _session.Run("""
            $sandbox = Start-ProvisioningSandbox -PassThru
            $row = [DropboxOktaProvisioning.DropboxUserStatus]@{ Email = 'a@contoso.example'; Stage = 'AwaitingActivation'; TeamId = 'dbtid:real' }
            $row | Send-ActivationNotice -From it@contoso.example -PickupDirectory $Folder/out
            """);
        Assert.Equal("ConflictingParameters", result.ErrorId);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_session.Folder));
    }
}
