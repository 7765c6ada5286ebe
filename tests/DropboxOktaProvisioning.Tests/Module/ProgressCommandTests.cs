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
    public void The_groups_add_up_to_everybody(string by, int rows)
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
        Assert.Equal(rows, (int)output[0].BaseObject);
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
        var output = _session.Run("@() | Get-ActivationProgress -Journal $Folder/j.db; [DropboxOktaProvisioning.DropboxUserStatus]@{ Email = 'a@contoso.example'; AssignmentStatus = 'PROVISIONED' } | Get-ActivationProgress -Journal $Folder/j.db").Clean().Output;
        Assert.Equal(1, Value(Assert.Single(output), "Assigned"));
        Assert.Empty(Directory.GetFiles(_session.Folder));
    }

    [Fact]
    public void Without_a_connection_and_rows_the_error_says_how_to_connect() =>
        Assert.StartsWith("NotConnected,", _session.Run("Get-ActivationProgress -Journal $Folder/j.db").AllErrors.Single().FullyQualifiedErrorId, StringComparison.Ordinal);
}
