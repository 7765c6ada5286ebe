namespace DropboxOktaProvisioning.Tests;

/// <summary>Why people are stuck, as an admin asks for it.</summary>
public sealed class ExplainTests : IDisposable
{
    private readonly ModuleSession _session = new();

    public void Dispose() => _session.Dispose();

    private string[] Lines(string script) => [.. _session.Run(script).Clean().Output.Select(line => line.ToString()!)];

    [Fact]
    public void Named_people_are_explained_by_themselves_and_everybody_with_Explain()
    {
        _session.Run("$sandbox = Start-ProvisioningSandbox 400 -PassThru; $plain = Test-DropboxUserStatus; $all = Test-DropboxUserStatus -Explain -Since $sandbox.Now.AddDays(-90)").Clean();
        var failed = Lines("$all | Where-Object SyncState -eq ERROR | ForEach-Object { $_.Reason }");
        Assert.Contains(failed, reason => reason.Contains("ended as FAILURE (", StringComparison.Ordinal));
        Assert.NotEmpty(Lines("$all | Where-Object NextAction -eq FixSignOn | ForEach-Object { $_.Email }"));
        Assert.DoesNotContain(Lines("$plain | ForEach-Object { $_.Reason }"), reason => reason.Contains("Okta's push on", StringComparison.Ordinal));
        Assert.Equal(Lines("$plain | ForEach-Object { $_.Email }"), Lines("$all | ForEach-Object { $_.Email }"));

        const string one = "($all | Where-Object NextAction -eq FixSignOn | Select-First 1)";
        Assert.Contains("Clicked the tile on", Lines($"Test-DropboxUserStatus {one}.Email -Since $sandbox.Now.AddDays(-90) | ForEach-Object {{ $_.Reason }}").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("Clicked", Lines($"Test-DropboxUserStatus {one}.Email -Explain:$false | ForEach-Object {{ $_.Reason }}").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_without_its_scope_is_a_warning_to_who_asked_for_it_and_a_remark_to_who_did_not()
    {
        using var host = new SandboxProcess("--users", "100", "--okta-scopes", "okta.apps.read,okta.users.read", "--dropbox-scopes", "team_info.read,members.read");
        _session.Run($"{host.Connect("okta.apps.read,okta.users.read")}; $rows = Test-DropboxUserStatus").Clean();
        var asked = _session.Run("Test-DropboxUserStatus -Explain").Clean();
        Assert.Equal(2, asked.Warnings.Count);
        Assert.Contains(asked.Warnings, warning => warning.Contains("okta.logs.read", StringComparison.Ordinal));
        Assert.Contains(asked.Warnings, warning => warning.Contains("events.read", StringComparison.Ordinal));
        Assert.Equal(_session.Run("$rows.Count").Clean().Output.Single().ToString(), asked.Output.Count.ToString(System.Globalization.CultureInfo.InvariantCulture));

        var named = _session.Run("Test-DropboxUserStatus ($rows | Where-Object Stage -eq AwaitingActivation | Select-First 1).Email").Clean();
        Assert.Empty(named.Warnings);
        Assert.Single(named.Output);
    }

    [Theory]
    [InlineData("(Get-Date).AddYears(-1)")]
    [InlineData("'2999-01-01'")]
    public void A_time_that_no_log_reaches_is_told(string since) =>
        Assert.Equal("ConflictingParameters", _session.Run($"$sandbox = Start-ProvisioningSandbox 60 -PassThru; Test-DropboxUserStatus -Explain -Since {(since[0] == '(' ? "$sandbox.Now.AddYears(-1)" : since)}").ErrorId);
}
