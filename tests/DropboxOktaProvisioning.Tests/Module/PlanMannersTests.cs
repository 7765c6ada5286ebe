using System.Management.Automation;

namespace DropboxOktaProvisioning.Tests;

/// <summary>A plan keeps how often, when and whom else, and is done so without being asked again.</summary>
public sealed class PlanMannersTests : IDisposable
{
    private const string Do = "Invoke-SilentProvisioning -Plan $Folder/plan.json -BackupPath $Folder/b -WarningAction SilentlyContinue";

    private readonly ModuleSession _session = new();

    public PlanMannersTests() => _session.Run("$sandbox = Start-ProvisioningSandbox 200 -PassThru").Clean();

    public void Dispose() => _session.Dispose();

    private int Number(string script) => (int)_session.Run(script).Clean().Output.Single().BaseObject;

    private IEnumerable<string> Texts(string script) => _session.Run(script).Clean().Output.Select(text => text.ToString()).Order(StringComparer.Ordinal);

    private PSObject Plan(string manners) => _session.Run($"$plan = New-ProvisioningPlan $Folder/plan.json -Force {manners} -WarningAction SilentlyContinue; $plan").Clean().Output.Single();

    [Fact]
    public void The_quiet_hours_of_the_plan_hold_when_it_is_done_and_those_who_wait_are_told_when_they_have_passed()
    {
        Plan("-QuietHours 06:00-18:00 -SenderTimeZone UTC");
        var waiting = Number("@($plan.People | Where-Object State -eq Waiting).Count");
        Assert.NotEqual(0, waiting);
        // Whom it tells later it shows now.
        Assert.Equal((3, Number("$plan.Planned") + waiting), (Number("$plan.Samples.Count"), Number("$plan.Forecast.Notices")));
        Assert.Equal(waiting, Number($"({Do}).Waiting"));
        _session.Run("$sandbox.Advance('12:00')").Clean();
        Assert.NotEqual(0, Number($"({Do}).Sent"));
    }

    [Fact]
    public void Working_days_and_the_language_are_those_of_the_plan()
    {
        // The sandbox begins on a day of its own: of the six others none is today.
        var plan = Plan("-WorkingDay ([Enum]::GetValues([DayOfWeek]) | Where-Object { $_ -ne $sandbox.Now.DayOfWeek }) -SenderTimeZone UTC -Language de");
        Assert.Equal("de", plan.Properties["Manners"].Value.GetType().GetProperty("Language")!.GetValue(plan.Properties["Manners"].Value));
        Assert.Equal(0, Number($"({Do}).Sent"));
        _session.Run("$sandbox.Advance('2.00:00')").Clean();
        Assert.NotEqual(0, Number($"({Do}).Sent"));
        // Whose own language there are templates in keeps it; nobody else gets English.
        Assert.Equal(0, Number("@($rows = Test-DropboxUserStatus | Where-Object Language -notmatch '^(en|fr|es|ja)'; $sandbox.Outbox | Where-Object { $_.To -in $rows.Email -and $_.Subject -notmatch 'Ihr' }).Count"));
    }

    [Fact]
    public void Reminders_and_managers_are_told_as_the_plan_says_and_no_others()
    {
        _session.Run("$null = Invoke-SilentProvisioning -BackupPath $Folder/b -ReminderAfter 3 -WarningAction SilentlyContinue; $sandbox.Advance('3.00:00')").Clean();
        Plan("-ReminderAfter 3 -MaximumReminder 1 -EscalateToManager -DigestTo help@contoso.example -SenderTimeZone UTC");
        Assert.NotEqual(0, Number("@($plan.People | Where-Object { $_.Kind -eq 'Reminder' -and $_.State -eq 'Planned' }).Count"));
        Assert.NotEqual(0, Number("$plan.Managers.Count"));
        var before = Number("$sandbox.Outbox.Count");
        _session.Run($"$null = {Do}").Clean();
        Assert.Equal(Number("$plan.Planned + ([System.Collections.Generic.HashSet[string]]$plan.Managers.Email).Count + 1"), Number("$sandbox.Outbox.Count") - before);
        Assert.Equal(
            Texts("$plan.Managers | ForEach-Object { \"$($_.Email) $($_.About)\" }"),
            Texts("Get-ActivationNotice | Where-Object Kind -eq ManagerEscalation | ForEach-Object { \"$($_.Email) $($_.About)\" }"));
    }

    [Fact]
    public void What_is_given_again_may_be_written_otherwise_and_the_words_stay_those_that_the_plan_shows()
    {
        Plan("-QuietHours 18:00-08:00 -SenderTimeZone UTC -From it@contoso.example");
        Assert.NotEqual(0, Number($"({Do} -QuietHours 18:00-8:00 -SenderTimeZone Etc/UTC -SsoUrl https://www.dropbox.com/sso/ -From IT@contoso.example).Sent"));
    }

    [Theory]
    [InlineData("-QuietHours 18:00-08:00", "-QuietHours 20:00-06:00", "-QuietHours is 20:00-06:00, and the plan", "says 18:00-08:00")]
    [InlineData("", "-QuietHours 20:00-06:00", "-QuietHours is 20:00-06:00, and the plan", "says none")]
    [InlineData("-ReminderAfter 3,7", "-ReminderAfter 3,7,14", "-ReminderAfter is 3, 7, 14, and the plan", "says 3, 7")]
    [InlineData("-WorkingDay Monday,Tuesday", "-WorkingDay Monday", "-WorkingDay is Monday, and the plan", "says Monday, Tuesday")]
    [InlineData("-Language de", "-Language fr", "-Language is fr, and the plan", "says de")]
    [InlineData("-SenderLimit 30/min", "-SenderLimit 60/min", "-SenderLimit is 60/min, and the plan", "says 30/min")]
    [InlineData("-From it@contoso.example", "-From other@contoso.example", "-From is other@contoso.example, and the plan", "says it@contoso.example")]
    [InlineData("-ReminderAfter 3 -EscalateToManager", "-EscalateToManager:$false", "-EscalateToManager is off, and the plan", "says on")]
    public void What_is_given_again_must_be_as_the_plan_says(string planned, string given, string says, string and)
    {
        Plan(planned);
        var refused = _session.Run($"{Do} {given}");
        Assert.Equal("ConflictingParameters", refused.ErrorId);
        Assert.Contains(says, refused.AllErrors.Single().ToString(), StringComparison.Ordinal);
        Assert.Contains(and, refused.AllErrors.Single().ToString(), StringComparison.Ordinal);
        Assert.Equal(0, Number("$sandbox.Outbox.Count"));
    }

    [Fact]
    public void The_same_given_again_is_no_conflict()
    {
        const string Manners = "-QuietHours 18:00-08:00 -WorkingDay Friday,Monday,Tuesday,Wednesday,Thursday,Saturday,Sunday -SenderTimeZone UTC -Language de -SenderLimit 30/min,500/day -ReminderAfter 3,7";
        Plan(Manners);
        _session.Run($"$null = {Do} {Manners} -WhatIf").Clean();
    }

    [Fact]
    public void The_list_of_those_who_want_no_notice_is_read_again_and_may_lie_elsewhere()
    {
        File.WriteAllText(Path.Combine(_session.Folder, "no.csv"), "Email\nnobody@contoso.example\n");
        Plan("-OptOutPath $Folder/no.csv");
        foreach (var file in new[] { "other.csv", "no.csv" })
            File.WriteAllLines(Path.Combine(_session.Folder, file), ["Email", .. Texts("($plan.People | Where-Object State -eq Planned)[0..1].Email")]);
        var planned = Number("$plan.Planned");
        Assert.Equal(planned - 2, Number($"({Do} -OptOutPath $Folder/other.csv -WhatIf).Planned"));
        Assert.Equal(planned - 2, Number($"({Do}).Sent"));
    }

    [Fact]
    public void A_plan_says_its_manners_in_a_line()
    {
        var plan = Plan("-ReminderAfter 3,7 -MaximumReminder 1 -QuietHours 18:00-8:00 -WorkingDay Tuesday,Monday -SenderTimeZone UTC -DigestTo help@contoso.example");
        Assert.Equal("en; reminders after 3, 7 days, 1 at most; quiet 18:00-8:00; Monday, Tuesday; UTC; digest to help@contoso.example", plan.Properties["Manners"].Value.ToString());
    }
}
