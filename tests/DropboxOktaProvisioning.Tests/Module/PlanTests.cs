using System.Management.Automation;

namespace DropboxOktaProvisioning.Tests;

/// <summary>Plan, look, apply: as an admin types it, on the sandbox.</summary>
public sealed class PlanTests : IDisposable
{
    private readonly ModuleSession _session = new();

    public PlanTests() => _session.Run("$sandbox = Start-ProvisioningSandbox 200 -PassThru").Clean();

    public void Dispose() => _session.Dispose();

    private int Number(string script) => (int)_session.Run(script).Clean().Output.Single().BaseObject;

    private string PlanFile => Path.Combine(_session.Folder, "plan.json");

    private static int Count(PSObject result, string property) => (int)result.Properties[property].Value;

    [Fact]
    public void A_plan_says_who_gets_what_and_changes_nothing()
    {
        var result = _session.Run("""
            $people = @(Test-DropboxUserStatus)
            $plan = New-ProvisioningPlan $Folder/plan.json
            $plan
            (Get-SilentProvisioning).SilentProvisioning
            $sandbox.Outbox.Count
            @(Get-ActivationNotice).Count
            """).Clean();
        var plan = result.Output[0];
        Assert.Equal(("Disabled", 0, 0), (result.Output[1].ToString(), (int)result.Output[2].BaseObject, (int)result.Output[3].BaseObject));
        Assert.Equal(Number("@($people | Where-Object Stage -eq AwaitingActivation).Count"), plan.Properties["Planned"].Value);
        Assert.Equal(Number("$people.Count"), Number("$plan.People.Count"));
        Assert.Equal(PlanFile, plan.Properties["Path"].Value);
        Assert.Equal("Disabled, would be Enabled", plan.Properties["Switch"].Value.ToString());
        Assert.Equal(3, Number("@($plan.Samples | Where-Object { $_.Subject -and $_.Text -match 'dropbox.com/sso' -and $_.Html -match '<' }).Count"));
        Assert.Equal(plan.Properties["Hash"].Value, _session.Run("[Text.Json.JsonDocument]::Parse([IO.File]::ReadAllText(\"$Folder/plan.json\")).RootElement.GetProperty('hash').GetString()").Clean().Output.Single().ToString());
    }

    [Fact]
    public void Samples_show_every_kind_of_words()
    {
        var kinds = _session.Run("""
            $waiting = @(Test-DropboxUserStatus | Where-Object Stage -eq AwaitingActivation)
            (New-ProvisioningPlan -PersonalAccount $waiting[7].Email).Samples.PersonalAccount
            """).Clean().Output.Select(kind => kind.ToString()).ToArray();
        Assert.Equal(3, kinds.Length);
        Assert.Equal(2, kinds.Distinct().Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-KeepSwitch")]
    public void The_forecast_is_what_doing_the_plan_takes(string switches)
    {
        var result = _session.Run($"""
            $plan = New-ProvisioningPlan {switches}
            $done = Invoke-SilentProvisioning -Plan $plan -BackupPath $Folder/b -WarningAction SilentlyContinue
            $plan.Forecast.OktaRequests + $plan.Forecast.DropboxRequests; $plan.Forecast.Notices; $done.Requests; $done.Sent
            """).Clean().Output.Select(number => (int)number.BaseObject).ToArray();
        Assert.Equal((result[0], result[1]), (result[2], result[3]));
    }

    [Fact]
    public void The_file_is_its_owners_and_holds_no_secret()
    {
        var secret = "made-up-4711";
        _session.Run($$"""
            $password = [Security.SecureString]::new(); '{{secret}}'.ToCharArray() | ForEach-Object { $password.AppendChar($_) }
            $null = New-ProvisioningPlan $Folder/plan.json -SmtpServer smtp.contoso.example -Credential ([pscredential]::new('it', $password))
            """).Clean();
        Assert.DoesNotContain(secret, File.ReadAllText(PlanFile), StringComparison.Ordinal);
        Assert.DoesNotContain("sandbox-not-real", File.ReadAllText(PlanFile), StringComparison.Ordinal);
        Assert.Equal([PlanFile], Directory.GetFileSystemEntries(_session.Folder));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(PlanFile));
    }

    [Fact]
    public void WhatIf_writes_no_file_and_a_file_that_is_there_stays_unless_Force_says_otherwise()
    {
        Assert.NotNull(_session.Run("New-ProvisioningPlan $Folder/plan.json -WhatIf").Clean().Output.Single().Properties["Hash"].Value);
        Assert.Empty(Directory.GetFileSystemEntries(_session.Folder));
        var first = _session.Run("(New-ProvisioningPlan $Folder/plan.json).Hash").Clean().Output.Single().ToString();
        Assert.Equal("PlanExists", _session.Run("New-ProvisioningPlan $Folder/plan.json").ErrorId);
        Assert.Contains(first, File.ReadAllText(PlanFile), StringComparison.Ordinal);
        var second = _session.Run("(New-ProvisioningPlan $Folder/plan.json -Force).Hash").Clean().Output.Single().ToString();
        Assert.Contains(second, File.ReadAllText(PlanFile), StringComparison.Ordinal);
        Assert.Equal("PlanUnwritable", _session.Run("New-ProvisioningPlan $Folder/none/plan.json").ErrorId);
    }

    [Theory]
    [InlineData("$Folder/plan.json")]
    [InlineData("$plan")]
    [InlineData("([IO.FileInfo]\"$Folder/plan.json\")")]
    public void A_plan_is_done_and_nothing_else_and_a_second_time_tells_nobody(string given)
    {
        var planned = Number("$plan = New-ProvisioningPlan $Folder/plan.json; $plan.Planned");
        var first = _session.Run($"Invoke-SilentProvisioning -Plan {given} -BackupPath $Folder/b").Clean().Output.Single();
        Assert.Equal((planned, 0, 0), (Count(first, "Sent"), Count(first, "Moved"), Count(first, "ToldBefore")));
        Assert.Equal(_session.Run("$plan.Hash").Output.Single().ToString(), first.Properties["PlanHash"].Value);
        Assert.Equal(
            _session.Run("$plan.People | Where-Object State -eq Planned | ForEach-Object Email").Clean().Output.Select(email => email.ToString()).Order(StringComparer.Ordinal),
            _session.Run("$sandbox.Outbox.To").Clean().Output.Select(email => email.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal("Enabled", _session.Run("(Get-SilentProvisioning).SilentProvisioning").Clean().Output.Single().ToString());

        var second = _session.Run($"Invoke-SilentProvisioning -Plan {given} -BackupPath $Folder/b").Clean().Output.Single();
        Assert.Equal((0, planned, 0), (Count(second, "Sent"), Count(second, "ToldBefore"), Count(second, "Moved")));
    }

    [Fact]
    public void The_switch_is_left_alone_where_the_plan_does_so()
    {
        var planned = Number("$plan = New-ProvisioningPlan -KeepSwitch; $plan.Planned");
        Assert.Equal(planned, Number("(Invoke-SilentProvisioning -Plan $plan -WarningAction SilentlyContinue).Sent"));
        Assert.Equal("Disabled", _session.Run("(Get-SilentProvisioning).SilentProvisioning").Clean().Output.Single().ToString());
    }

    [Fact]
    public void Waves_of_one_plan_follow_each_other_though_those_who_were_told_have_signed_on()
    {
        var planned = Number("$plan = New-ProvisioningPlan; $plan.Planned");
        Assert.Equal(20, Number("(Invoke-SilentProvisioning -Plan $plan -FirstWave 20 -BackupPath $Folder/b).Sent"));
        _session.Run("foreach ($mail in @($sandbox.Outbox)) { $sandbox.SignOn($mail.To) }").Clean();
        var rest = _session.Run("Invoke-SilentProvisioning -Plan $plan -Tolerance 0 -BackupPath $Folder/b").Clean().Output.Single();
        Assert.Equal((planned - 20, 0), (Count(rest, "Sent"), Count(rest, "Moved")));
        Assert.Equal(planned, Number("@($sandbox.Outbox.To | Where-Object { $_ }).Count"));
    }

    [Fact]
    public void A_plan_of_more_than_a_sender_may_send_in_a_day_goes_on_the_next_days()
    {
        // By then whoever was being provisioned is, so that nobody moves by himself.
        var planned = Number("$sandbox.Advance('1.00:00'); $plan = New-ProvisioningPlan -SenderLimit 20/day; $plan.Planned");
        Assert.Equal((planned, (planned - 1) / 20), (Number("$plan.Forecast.Notices"), Number("[int]$plan.Forecast.Sending.TotalDays")));
        for (var told = 0; told < planned; told += 20)
        {
            var day = _session.Run("$day = Invoke-SilentProvisioning -Plan $plan -PlanHash $plan.Hash -Tolerance 0 -BackupPath $Folder/b; $day").Clean().Output.Single();
            Assert.Equal((Math.Min(20, planned - told), 0, planned - told), (Count(day, "Sent"), Count(day, "Moved"), Number("$day.Forecast.Notices")));
            _session.Run("foreach ($mail in @($sandbox.Outbox)) { $sandbox.SignOn($mail.To) }; $sandbox.Advance('1.00:00')").Clean();
        }

        Assert.Equal(planned, Number("@($sandbox.Outbox.To | Where-Object { $_ }).Count"));
    }

    [Fact]
    public void Who_moved_since_is_left_out_and_above_the_tolerance_nothing_is_done()
    {
        var planned = Number("$plan = New-ProvisioningPlan; $told = @($plan.People | Where-Object State -eq Planned); $plan.Planned");
        _session.Run("foreach ($person in $told[0..4]) { $sandbox.SignOn($person.Email) }").Clean();

        var refused = _session.Run("Invoke-SilentProvisioning -Plan $plan -Tolerance 1 -BackupPath $Folder/b");
        Assert.Equal("PlanOutdated", refused.ErrorId);
        Assert.Empty(refused.Output);
        Assert.Contains("5 people are not as the plan of 190 saw them", refused.AllErrors.Single().ToString(), StringComparison.Ordinal);
        Assert.Contains("was AwaitingActivation and is Active", refused.AllErrors.Single().ToString(), StringComparison.Ordinal);
        Assert.Equal((0, "Disabled"), (Number("$sandbox.Outbox.Count"), _session.Run("(Get-SilentProvisioning).SilentProvisioning").Clean().Output.Single().ToString()));
        Assert.Empty(Directory.GetFileSystemEntries(_session.Folder));

        var done = _session.Run("Invoke-SilentProvisioning -Plan $plan -BackupPath $Folder/b").Clean().Output.Single();
        Assert.Equal((planned - 5, 5), (Count(done, "Sent"), Count(done, "Moved")));
    }

    [Fact]
    public void Who_came_since_is_not_told()
    {
        var planned = Number("$plan = New-ProvisioningPlan; $plan.Planned");
        _session.Run("$new = (Test-DropboxUserStatus -Domain contoso.example | Where-Object Stage -eq NotAssigned | Select-First 1).Email; $sandbox.Assign($new); $sandbox.Advance('01:00:00')").Clean();
        Assert.Equal(planned, Number("(Invoke-SilentProvisioning -Plan $plan -BackupPath $Folder/b).Sent"));
        Assert.Equal(0, Number("@($sandbox.Outbox | Where-Object To -eq $new).Count"));
        Assert.Equal(1, Number("@(Invoke-SilentProvisioning -Email $new -BackupPath $Folder/b).Sent"));
    }

    [Fact]
    public void Unattended_only_the_hash_of_the_plan_lifts_the_limits()
    {
        var planned = Number("$plan = New-ProvisioningPlan; $plan.Planned");
        var held = _session.Run("Invoke-SilentProvisioning -Plan $plan -MaximumCount 3 -Force -BackupPath $Folder/b");
        Assert.Equal("TooManyNotices", held.ErrorId);
        Assert.Equal((0, planned), (Count(held.Output.Single(), "Sent"), Count(held.Output.Single(), "Held")));

        Assert.Equal("PlanChanged", _session.Run("Invoke-SilentProvisioning -Plan $plan -PlanHash ('0' * 64) -MaximumCount 3").ErrorId);
        Assert.Equal("ConflictingParameters", _session.Run("Invoke-SilentProvisioning -PlanHash $plan.Hash").ErrorId);
        Assert.Equal(planned, Number("(Invoke-SilentProvisioning -Plan $plan -PlanHash $plan.Hash -MaximumCount 3 -MaximumPercent 1 -BackupPath $Folder/b).Sent"));
    }

    [Theory]
    [InlineData("-Email a@contoso.example")]
    [InlineData("-Group Engineering")]
    [InlineData("-Domain contoso.example")]
    [InlineData("-Stage Active")]
    [InlineData("-KeepSwitch")]
    public void What_the_plan_says_is_not_said_beside_it(string parameter) =>
        Assert.Equal("ConflictingParameters", _session.Run($"$plan = New-ProvisioningPlan; Invoke-SilentProvisioning -Plan $plan {parameter}").ErrorId);

    [Theory]
    [InlineData("7", "PlanInvalid")]
    [InlineData("$Folder/none.json", "FileNotFound")]
    [InlineData("$Folder/text.json", "PlanInvalid")]
    [InlineData("$Folder/changed.json", "PlanChanged")]
    [InlineData("$Folder/new.json", "PlanTooNew")]
    [InlineData("$Folder/old.json", "PlanInvalid")]
    public void A_plan_that_cannot_be_used_is_refused_before_anything_is_done(string given, string id)
    {
        _session.Run("$null = New-ProvisioningPlan $Folder/plan.json").Clean();
        var text = File.ReadAllText(PlanFile);
        File.WriteAllText(Path.Combine(_session.Folder, "text.json"), "hello");
        File.WriteAllText(Path.Combine(_session.Folder, "changed.json"), text.Replace("\"state\": \"Skipped\"", "\"state\": \"Planned\"", StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(_session.Folder, "new.json"), text.Replace("\"version\": 2", "\"version\": 3", StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(_session.Folder, "old.json"), text.Replace("\"version\": 2", "\"version\": 1", StringComparison.Ordinal));

        var requests = _session.Run("$sandbox.RequestCount").Output.Single().ToString();
        var result = _session.Run($"Invoke-SilentProvisioning -Plan {given}");
        Assert.Equal(id, result.ErrorId);
        Assert.Equal((requests, 0), (_session.Run("$sandbox.RequestCount").Output.Single().ToString(), Number("$sandbox.Outbox.Count")));
    }

    [Fact]
    public void Other_words_another_team_and_an_old_plan_are_refused()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_session.Folder, "words")).FullName;
        File.WriteAllText(Path.Combine(folder, "Activation.subject.liquid"), "First words");
        _session.Run("$plan = New-ProvisioningPlan -TemplatePath $Folder/words").Clean();
        Assert.Equal("First words", _session.Run("$plan.Samples[0].Subject").Clean().Output.Single().ToString());
        File.WriteAllText(Path.Combine(folder, "Activation.subject.liquid"), "Other words");
        Assert.Equal("PlanChanged", _session.Run("Invoke-SilentProvisioning -Plan $plan").ErrorId);
        File.WriteAllText(Path.Combine(folder, "Activation.subject.liquid"), "First words");
        Assert.Equal("ConflictingParameters", _session.Run("Invoke-SilentProvisioning -Plan $plan -From other@contoso.example").ErrorId);
        Assert.Equal("PlanForeign", _session.Run("Invoke-SilentProvisioning -Plan $plan -App 'Another app'").ErrorId);

        Assert.True(Number("(Invoke-SilentProvisioning -Plan $plan -WhatIf).Planned") > 0);
        _session.Run("$sandbox.Advance('7.00:00:01')").Clean();
        Assert.Equal("PlanExpired", _session.Run("Invoke-SilentProvisioning -Plan $plan").ErrorId);
        Assert.True(Number("(Invoke-SilentProvisioning -Plan $plan -MaximumPlanDays 8 -WhatIf).Planned") >= 0);
        Assert.Equal(0, Number("$sandbox.Outbox.Count"));
    }

    [Fact]
    public void A_switch_that_was_turned_off_since_is_not_turned_on_by_a_plan_that_does_not_say_so()
    {
        _session.Run("$null = Enable-SilentProvisioning -BackupPath $Folder/b; $plan = New-ProvisioningPlan; $null = Disable-SilentProvisioning -BackupPath $Folder/b").Clean();
        Assert.Equal("PlanOutdated", _session.Run("Invoke-SilentProvisioning -Plan $plan").ErrorId);
        Assert.Equal(0, Number("$sandbox.Outbox.Count"));
    }
}
