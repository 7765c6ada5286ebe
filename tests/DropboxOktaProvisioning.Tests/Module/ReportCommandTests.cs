using System.Text.Json;

namespace DropboxOktaProvisioning.Tests;

/// <summary>The report as an admin has it written.</summary>
public sealed class ReportCommandTests : IDisposable
{
    private readonly ModuleSession _session = new();

    public void Dispose() => _session.Dispose();

    private string InFolder(string name) => Path.Combine(_session.Folder, name);

    [Fact]
    public void Everybody_goes_into_one_page_and_who_has_something_to_do_into_the_plan()
    {
        var output = _session.Run("""
            $null = Start-ProvisioningSandbox 200
            Export-ActivationReport $Folder/report -ActionPlanPath $Folder/plan -Explain
            @(Test-DropboxUserStatus).Count
            @(Test-DropboxUserStatus | Where-Object NextAction -ne None).Count
            """).Clean().Output;
        Assert.Equal([InFolder("report.html"), InFolder("plan.csv")], output.Take(2).Select(file => ((FileInfo)file.BaseObject).FullName));
        var html = File.ReadAllText(InFolder("report.html"));
        Assert.Contains("<h1>Contoso (sandbox)</h1>", html, StringComparison.Ordinal);
        Assert.Contains($"{output[2]} people", html, StringComparison.Ordinal);
        Assert.Contains("<th scope=\"row\">SSO required</th>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("the logs were not read", html, StringComparison.Ordinal);
        Assert.Equal((int)output[3].BaseObject, File.ReadAllLines(InFolder("plan.csv")).Length - 1);
        if (OperatingSystem.IsWindows()) return;
        foreach (var file in Directory.GetFiles(_session.Folder)) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public void The_difference_is_to_an_earlier_look_and_the_report_is_a_look_itself()
    {
        _session.Run("""
            $sandbox = Start-ProvisioningSandbox 200 -PassThru
            $null = Export-ActivationReport $Folder/first.html -SkipReadiness
            $sandbox.Advance('7.00:00:00')
            $sandbox.SignOn(@(Test-DropboxUserStatus | Where-Object Stage -eq AwaitingActivation)[0].Email)
            $null = Export-ActivationReport $Folder/second.html -SkipReadiness
            """).Clean();
        Assert.Contains("No earlier look was kept", File.ReadAllText(InFolder("first.html")), StringComparison.Ordinal);
        var second = File.ReadAllText(InFolder("second.html"));
        Assert.Contains("+1 active", System.Net.WebUtility.HtmlDecode(second), StringComparison.Ordinal);
        Assert.Contains("data-title=\"Awaiting activation → Active\"", second, StringComparison.Ordinal);
        Assert.Contains("Not looked at", second, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_there_stays_without_force_and_nobody_is_read_for_it()
    {
        File.WriteAllText(InFolder("report.html"), "mine");
        var result = _session.Run("""
            $sandbox = Start-ProvisioningSandbox 60 -PassThru
            $before = $sandbox.OktaOrg.RequestCount
            try { Export-ActivationReport $Folder/report.html } catch { $_.FullyQualifiedErrorId; "$($_.TargetObject)" }
            $sandbox.OktaOrg.RequestCount - $before
            """).Clean();
        Assert.Equal(["ReportExists,DropboxOktaProvisioning.Commands.ExportActivationReportCommand", InFolder("report.html"), "0"], result.Output.Select(one => one.ToString()));
        Assert.Equal("mine", File.ReadAllText(InFolder("report.html")));
        _session.Run("$null = Export-ActivationReport $Folder/report.html -Force").Clean();
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(InFolder("report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_of_it_writes_reads_and_keeps_nothing()
    {
        var output = _session.Run("""
            $sandbox = Start-ProvisioningSandbox 60 -PassThru
            $before = $sandbox.OktaOrg.RequestCount
            Export-ActivationReport $Folder/report.html -ActionPlanPath $Folder/plan.csv -WhatIf
            $sandbox.OktaOrg.RequestCount - $before
            $null -eq (Get-ActivationProgress -SkipObservation).ComparedWith
            """).Clean().Output;
        Assert.Equal(["0", "True"], output.Select(one => one.ToString()));
        Assert.Empty(Directory.GetFiles(_session.Folder));
    }

    [Fact]
    public void Rows_need_no_connection_and_as_json_they_read_back()
    {
        _session.Run("""
            $rows = [DropboxOktaProvisioning.DropboxUserStatus]@{ Email = 'ada@contoso.example'; Name = '=1+1'; AssignmentStatus = 'PROVISIONED'; Stage = 'CannotSignOn'; NextAction = 'FixInOkta'; Reason = 'Okta user is locked out.' }
            $null = $rows | Export-ActivationReport $Folder/some -AsJson -ActionPlanPath $Folder/plan.csv -Journal $Folder/journal.db -SkipObservation
            @() | Export-ActivationReport $Folder/nobody.html
            """).Clean();
        var report = JsonDocument.Parse(File.ReadAllText(InFolder("some.json"))).RootElement;
        Assert.Equal(("ada@contoso.example", "FixInOkta", 1, false), (
            report.GetProperty("People")[0].GetProperty("Email").GetString(), report.GetProperty("Obstacles")[0].GetProperty("NextAction").GetString(),
            report.GetProperty("Progress").GetProperty("Stuck").GetInt32(), report.GetProperty("Everyone").GetBoolean()));
        Assert.Contains("ada@contoso.example,'=1+1,", File.ReadAllText(InFolder("plan.csv")), StringComparison.Ordinal);
        Assert.Equal(["plan.csv", "some.json"], Directory.GetFiles(_session.Folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void What_the_journal_keeps_of_another_team_is_not_in_it()
    {
        // Of so many people some have the same address on both teams; those of the first were told, and looked at.
        var told = _session.Run("""
            $null = Start-ProvisioningSandbox 1500 -Seed 2
            Test-DropboxUserStatus | Send-ActivationNotice -Force -MaximumCount 5000 -Journal $Folder/j.db | Where-Object State -eq Sent
            $null = Export-ActivationReport $Folder/first -AsJson -SkipReadiness -Journal $Folder/j.db
            $null = Export-ActivationReport $Folder/other -AsJson -SkipReadiness -Journal $Folder/j.db
            $null = Start-ProvisioningSandbox 1500 -Seed 3
            $null = Export-ActivationReport $Folder/alone -AsJson -SkipReadiness -SkipObservation
            $null = Export-ActivationReport $Folder/shared -AsJson -SkipReadiness -SkipObservation -Journal $Folder/j.db
            """).Clean().Output;
        Assert.Equal(told.Count, Report("other").GetProperty("People").EnumerateArray().Count(person => person.GetProperty("FirstNotice").ValueKind is JsonValueKind.String));
        Assert.True(Report("other").GetProperty("Progress").TryGetProperty("ComparedWith", out var before) && before.ValueKind is JsonValueKind.String);
        var shared = Report("shared").GetProperty("People").EnumerateArray().Select(person => person.GetProperty("Email").GetString());
        Assert.NotEmpty(shared.Intersect(told.Select(notice => (string)notice.Properties["Email"].Value), StringComparer.OrdinalIgnoreCase));
        Assert.Equal(File.ReadAllText(InFolder("alone.json")), File.ReadAllText(InFolder("shared.json")));

        JsonElement Report(string name) => JsonDocument.Parse(File.ReadAllText(InFolder($"{name}.json"))).RootElement;
    }

    [Fact]
    public void Rows_of_another_team_have_neither_the_name_nor_the_prerequisites_of_the_one_that_is_connected()
    {
        var asked = _session.Run("""
            $null = Start-ProvisioningSandbox 60 -Seed 2
            $rows = Test-DropboxUserStatus
            $sandbox = Start-ProvisioningSandbox 60 -Seed 3 -PassThru
            $before = $sandbox.RequestCount
            $null = $rows | Export-ActivationReport $Folder/report.html -SkipObservation
            $sandbox.RequestCount - $before
            """).Clean().Output.Single().BaseObject;
        Assert.Equal(0L, asked);
        var html = File.ReadAllText(InFolder("report.html"));
        Assert.DoesNotContain("Contoso (sandbox)", html, StringComparison.Ordinal);
        Assert.DoesNotContain("SSO required", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Export-ActivationReport $Folder/same.csv -ActionPlanPath $Folder/same.csv", "ConflictingParameters")]
    [InlineData("Test-DropboxUserStatus | Export-ActivationReport $Folder/report.html -Explain", "ConflictingParameters")]
    [InlineData("Export-ActivationReport $Folder/no/such/folder/report.html", "ReportNotWritten")]
    public void What_is_wrong_is_said(string script, string errorId)
    {
        Assert.Equal(errorId, _session.Run($"$null = Start-ProvisioningSandbox 60; {script}").ErrorId);
        Assert.Empty(Directory.GetFiles(_session.Folder));
    }

    [Fact]
    public void Without_a_connection_and_rows_the_error_says_how_to_connect() =>
        Assert.Equal("NotConnected", _session.Run("Export-ActivationReport $Folder/report.html -Journal $Folder/j.db").ErrorId);
}
