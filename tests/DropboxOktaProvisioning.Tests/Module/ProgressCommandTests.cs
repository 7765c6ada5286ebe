using System.Management.Automation;

namespace DropboxOktaProvisioning.Tests;

/// <summary>How far a roll-out is, as an admin asks for it.</summary>
public sealed class ProgressCommandTests : IDisposable
{
    private readonly ModuleSession _session = new();

    public void Dispose() => _session.Dispose();

    private static object? Value(PSObject item, string property) => item.Properties[property].Value;

    [Fact]
    public void Everybody_is_read_and_the_counts_are_those_of_the_rows()
    {
        var rows = _session.Run("""
            $null = Start-ProvisioningSandbox 300
            Get-ActivationProgress
            @(Test-DropboxUserStatus | Where-Object AssignmentStatus)
            """).Clean().Output;
        var (progress, people) = (rows[0], rows.Skip(1).ToArray());
        Assert.Equal(people.Length, Value(progress, "Assigned"));
        Assert.Equal(people.Count(person => Value(person, "Stage")!.ToString() == "Active"), Value(progress, "Active"));
        Assert.Equal(0, Value(progress, "Told"));
        Assert.Null(Value(progress, "Tried")); // no log was looked at
        Assert.Null(Value(progress, "MedianDays")); // nobody was told yet
    }

    [Fact]
    public void Who_is_told_after_the_rows_were_read_counts_and_explained_rows_tell_who_tried()
    {
        var output = _session.Run("""
            $sandbox = Start-ProvisioningSandbox 400 -PassThru
            $rows = Test-DropboxUserStatus -Explain -Since $sandbox.Now.AddDays(-90)
            $sent = @($rows | Send-ActivationNotice | Where-Object State -eq Sent)
            $sent.Count
            $rows | Get-ActivationProgress
            """).Clean().Output;
        var (sent, progress) = ((int)output[0].BaseObject, output[1]);
        Assert.True(sent > 0);
        Assert.InRange((int)Value(progress, "Told")!, 1, sent);
        Assert.True((int)Value(progress, "Tried")! > (int)Value(progress, "Active")!);
    }

    [Theory]
    [InlineData("Domain", 1)]
    [InlineData("NoticeMonth", 2)]
    [InlineData("Department", null)]
    [InlineData("InvitationMonth", null)]
    public void The_groups_add_up_to_everybody(string by, int? rows)
    {
        var output = _session.Run($$"""
            $null = Start-ProvisioningSandbox 300
            $null = Test-DropboxUserStatus | Send-ActivationNotice
            $rows = Test-DropboxUserStatus
            $groups = @($rows | Get-ActivationProgress -By {{by}})
            $all = $rows | Get-ActivationProgress
            $groups.Count
            foreach ($count in 'Assigned', 'Provisioned', 'Told', 'Active') { $sum = 0; foreach ($group in $groups) { $sum += $group.$count }; $sum -eq $all.$count }
            """).Clean().Output;
        if (rows is not null) Assert.Equal(rows, (int)output[0].BaseObject);
        Assert.True((int)output[0].BaseObject > 1 || by == "Domain");
        Assert.All(output.Skip(1), equal => Assert.True((bool)equal.BaseObject));
    }

    [Fact]
    public void Days_run_from_the_notice_to_the_day_of_joining()
    {
        var progress = _session.Run("""
            $sandbox = Start-ProvisioningSandbox 300 -PassThru
            $sent = @(Test-DropboxUserStatus | Send-ActivationNotice | Where-Object State -eq Sent)
            $sandbox.Advance('2.00:00:00'); $sandbox.SignOn($sent[0].Email); $sandbox.SignOn($sent[1].Email)
            $sandbox.Advance('4.00:00:00'); $sandbox.SignOn($sent[2].Email)
            Get-ActivationProgress
            """).Clean().Output.Single();
        Assert.Equal((2.0, 6.0), ((double)Value(progress, "MedianDays")!, (double)Value(progress, "Percentile90Days")!));
    }

    [Fact]
    public void An_empty_pipeline_asks_for_nobody_and_rows_need_no_connection()
    {
        var output = _session.Run("@() | Get-ActivationProgress -Journal $Folder/j.db; [DropboxOktaProvisioning.DropboxUserStatus]@{ Email = 'a@contoso.example'; AssignmentStatus = 'PROVISIONED' } | Get-ActivationProgress -Journal $Folder/j.db -SkipObservation").Clean().Output;
        Assert.Equal(1, Value(Assert.Single(output), "Assigned"));
        Assert.Empty(Directory.GetFiles(_session.Folder));
    }

    [Fact]
    public void A_later_look_begins_with_what_changed_and_one_that_is_not_kept_is_compared_with_by_nobody()
    {
        var output = _session.Run("""
            $sandbox = Start-ProvisioningSandbox 300 -PassThru
            $first = Get-ActivationProgress
            $null -eq $first.ComparedWith -and $null -eq $first.Change
            $sandbox.Advance('2.00:00:00')
            $sandbox.SignOn((Test-DropboxUserStatus | Where-Object Stage -eq AwaitingActivation)[0].Email)
            $skipped = Get-ActivationProgress -SkipObservation
            $skipped.ActiveChange
            $sandbox.Advance('2.00:00:00')
            $second = Get-ActivationProgress -By Domain
            $second.ActiveChange
            $second.ComparedWith -lt $sandbox.Now.AddDays(-3)
            $sandbox.Advance('2.00:00:00')
            (Get-ActivationProgress).Change
            (Get-ActivationProgress -ChangedSince $sandbox.Now.AddDays(-5)).Change
            """).Clean().Output;
        Assert.Equal(["True", "1", "1", "True", "nothing", "+1 active"], output.Select(item => item.ToString().Split(',')[0]));
    }

    [Fact]
    public void The_workflow_leaves_a_look_behind_unless_it_is_only_a_plan()
    {
        var output = _session.Run("""
            $sandbox = Start-ProvisioningSandbox 200 -PassThru
            $null = Invoke-SilentProvisioning -BackupPath $Folder -WhatIf
            $null -eq (Get-ActivationProgress -SkipObservation).ComparedWith
            $null = Invoke-SilentProvisioning -BackupPath $Folder -SkipObservation
            $null -eq (Get-ActivationProgress -SkipObservation).ComparedWith
            $done = Invoke-SilentProvisioning -BackupPath $Folder
            $progress = Get-ActivationProgress
            $progress.ComparedWith -ge $done.StartedOn
            $progress.ToldChange -eq 0 -and $progress.Told -gt 0
            """).Clean().Output;
        Assert.All(output, one => Assert.True((bool)one.BaseObject));
        Assert.Equal(4, output.Count);
    }

    [Fact]
    public void Groups_have_a_row_each_and_who_is_in_two_counts_in_both()
    {
        var output = _session.Run("""
            $null = Start-ProvisioningSandbox 300
            $rows = Test-DropboxUserStatus
            ($rows | Get-ActivationProgress -By Group -SkipObservation).Group
            foreach ($row in $rows | Get-ActivationProgress -Group 'Dropbox pilot', Sales, 'No such group' -SkipObservation -ErrorAction SilentlyContinue -ErrorVariable missing) {
                $row.Assigned -eq @(Test-DropboxUserStatus -Group $row.Group | Where-Object AssignmentStatus).Count
            }
            $missing.FullyQualifiedErrorId
            """).Output;
        Assert.Equal(["Dropbox Pilot", "True", "True", "GroupNotFound,DropboxOktaProvisioning.Commands.GetActivationProgressCommand"], output.Select(item => item.ToString()));
    }

    [Fact]
    public void The_month_of_the_invitation_is_remembered_of_who_joined_since()
    {
        var output = _session.Run("""
            $sandbox = Start-ProvisioningSandbox 300 -PassThru
            $null = Get-ActivationProgress
            $person = (Test-DropboxUserStatus | Where-Object Stage -eq AwaitingActivation)[0]
            $month = $person.InvitedOn.UtcDateTime.ToString('yyyy-MM', [cultureinfo]::InvariantCulture)
            $sandbox.SignOn($person.Email)
            $joined = Test-DropboxUserStatus $person.Email
            $null -eq $joined.InvitedOn
            ($joined | Get-ActivationProgress -By InvitationMonth).Group -eq $month
            """).Clean().Output;
        Assert.Equal([true, true], output.Select(one => (bool)one.BaseObject));
    }

    [Fact]
    public void Parameters_that_contradict_each_other_are_refused()
    {
        Assert.Equal("ConflictingParameters", _session.Run("$null = Start-ProvisioningSandbox 60; Get-ActivationProgress -Group Sales -By Domain").ErrorId);
        Assert.Equal("ConflictingParameters", _session.Run("Test-DropboxUserStatus | Get-ActivationProgress -Explain").ErrorId);
    }

    [Fact]
    public void Without_a_connection_and_rows_the_error_says_how_to_connect() =>
        Assert.StartsWith("NotConnected,", _session.Run("Get-ActivationProgress -Journal $Folder/j.db").AllErrors.Single().FullyQualifiedErrorId, StringComparison.Ordinal);
}
