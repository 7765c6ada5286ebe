using System.Management.Automation;

namespace DropboxOktaProvisioning.Tests;

/// <summary>Adding the app and assigning it, from a company that has not begun to people on the team.</summary>
public sealed class AccessCommandTests : IDisposable
{
    private readonly ModuleSession _session = new();

    public void Dispose() => _session.Dispose();

    private static string Text(PSObject row, string property) => row.Properties[property].Value.ToString()!;

    private string[] Lines(string script) => [.. _session.Run(script).Clean().Output.Select(line => line.ToString())];

    [Fact]
    public void From_nothing_to_people_on_the_team_without_a_welcome_mail()
    {
        var result = _session.Run("$sandbox = Start-ProvisioningSandbox 60 -WithoutApp -PassThru; New-DropboxBusinessApp -BackupPath $Folder").Clean();
        var app = result.Output.Single();
        Assert.Equal(("Enabled", "ACTIVE"), (Text(app, "SilentProvisioning"), Text(app, "Status")));
        Assert.Contains(((IEnumerable<string>)app.Properties["ManualSteps"].Value), step => step.Contains("Authenticate with Dropbox Business", StringComparison.Ordinal));
        Assert.Contains("ManualSteps", Assert.Single(result.Warnings), StringComparison.Ordinal);

        Assert.Equal(["NotAssigned"], Lines("Test-DropboxUserStatus -Domain contoso.example | Where-Object { $_.Stage -ne 'Unmanaged' } | Select-First 1 | ForEach-Object { $_.Stage }"));
        Assert.Equal(["All Dropbox Users Group Assigned"], Lines("Grant-DropboxAccess -Group 'all dropbox users' | ForEach-Object { \"$($_.Name) $($_.Kind) $($_.Outcome)\" }"));
        Assert.Equal(
            ["AwaitingActivation"],
            Lines("$sandbox.Advance('0:10'); $rows = Test-DropboxUserStatus -Group 'All Dropbox Users'; $rows.Stage | ForEach-Object { \"$_\" }").Distinct());
        Assert.Equal(["0"], Lines("\"$($sandbox.WelcomeMails.Count)\""));
    }

    [Fact]
    public void An_app_that_is_there_is_not_added_twice_and_WhatIf_adds_none()
    {
        _session.Run("$sandbox = Start-ProvisioningSandbox 60 -PassThru").Clean();
        var error = Assert.Single(_session.Run("New-DropboxBusinessApp").AllErrors);
        Assert.StartsWith("AppExists", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(_session.Run("(Get-SilentProvisioning).AppId").Clean().Output.Single().ToString(), error.TargetObject.ToString());

        _session.Run("$sandbox = Start-ProvisioningSandbox 60 -WithoutApp -PassThru; New-DropboxBusinessApp -WhatIf").Clean();
        Assert.Equal("AppNotFound", _session.Run("Get-SilentProvisioning").ErrorId);
    }

    [Fact]
    public void A_catalog_without_Dropbox_is_told_with_the_way_by_hand()
    {
        var error = Assert.Single(_session.Run("$sandbox = Start-ProvisioningSandbox 60 -WithoutApp -PassThru; $sandbox.CatalogHasDropbox = $false; New-DropboxBusinessApp").AllErrors);
        Assert.StartsWith("AppNotAdded", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("not in the catalog", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Browse App Catalog", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AnswerLost")]
    [InlineData("ServerError")]
    public void A_lost_answer_about_the_app_is_looked_up_and_never_makes_two(string fault)
    {
        var result = _session.Run($"$sandbox = Start-ProvisioningSandbox 60 -WithoutApp -PassThru; $sandbox.AddFault('{fault}', 'apps?activate', 1, 1); New-DropboxBusinessApp -BackupPath $Folder");
        var apps = _session.Run("Get-SilentProvisioning").Output.Count;
        Assert.Equal(result.Output.Count, apps);
        Assert.Equal(apps == 0, result.AllErrors.Any());
    }

    [Fact]
    public void People_are_assigned_once_in_order_and_one_bad_name_stops_nobody()
    {
        var result = _session.Run("""
            $sandbox = Start-ProvisioningSandbox 200 -PassThru
            $rows = Test-DropboxUserStatus -Group 'All Dropbox Users'
            $new = ($rows | Where-Object Stage -eq NotAssigned).Email
            $old = ($rows | Where-Object Stage -eq Active | Select-First 1).Email
            $before = $sandbox.RequestCount
            $new[0], 'nobody@contoso.example', '', $old, $new[1], $new[0].ToUpper() | Grant-DropboxAccess
            """);
        Assert.Equal(["PersonNotFound", "InvalidAddress"], result.AllErrors.Select(error => error.FullyQualifiedErrorId.Split(',')[0]));
        Assert.Equal("nobody@contoso.example", result.Errors[0].TargetObject);
        Assert.Equal(["Assigned", "AlreadyAssigned", "Assigned"], result.Output.Select(row => Text(row, "Outcome")));
        Assert.Equal(["AlreadyAssigned", "AlreadyAssigned"], Lines("Grant-DropboxAccess $new[0..1] | ForEach-Object { \"$($_.Outcome)\" }"));
        Assert.Equal(["AwaitingActivation"], Lines("$sandbox.Advance('0:10'); Test-DropboxUserStatus $new[0..1] | ForEach-Object { \"$($_.Stage)\" }").Distinct());
    }

    [Fact]
    public void WhatIf_plans_and_changes_nothing()
    {
        _session.Run("$sandbox = Start-ProvisioningSandbox 200 -PassThru; $new = (Test-DropboxUserStatus -Group 'All Dropbox Users' | Where-Object Stage -eq NotAssigned).Email").Clean();
        Assert.Equal(["Planned", "Planned"], Lines("$new[0..1] | Grant-DropboxAccess -WhatIf | ForEach-Object { \"$($_.Outcome)\" }"));
        Assert.Equal(["Planned"], Lines("Grant-DropboxAccess -Group Contractors -WhatIf | ForEach-Object { \"$($_.Outcome)\" }"));
        Assert.Equal(["NotAssigned"], Lines("$sandbox.Advance('0:10'); Test-DropboxUserStatus $new[0..1] | ForEach-Object { \"$($_.Stage)\" }").Distinct());
    }

    [Fact]
    public void Somebody_deactivated_and_a_group_that_fits_twice_are_told()
    {
        _session.Run("$sandbox = Start-ProvisioningSandbox 200 -PassThru; $gone = Test-DropboxUserStatus | Where-Object OktaStatus -eq DEPROVISIONED | Select-First 1").Clean();
        Assert.Equal("GroupAmbiguous", _session.Run("Grant-DropboxAccess -Group Marketing").ErrorId);
        Assert.Equal("GroupNotFound", _session.Run("Grant-DropboxAccess -Group Nowhere").ErrorId);
        // Who is deactivated and still assigned is assigned already; in an org without the app nobody is.
        Assert.Equal(["AlreadyAssigned"], Lines("Grant-DropboxAccess $gone.OktaUserId | ForEach-Object { \"$($_.Outcome)\" }"));
    }

    [Theory]
    [InlineData("AnswerLost")]
    [InlineData("RateLimited")]
    [InlineData("Reset")]
    public void After_trouble_with_an_assignment_the_row_tells_what_is(string fault)
    {
        var result = _session.Run($$"""
            $sandbox = Start-ProvisioningSandbox 200 -PassThru
            $new = (Test-DropboxUserStatus -Group 'All Dropbox Users' | Where-Object Stage -eq NotAssigned).Email
            $app = (Get-SilentProvisioning).AppId
            $sandbox.AddFault('{{fault}}', "apps/$app/users", 2, 1)
            Grant-DropboxAccess $new[0]
            """);
        var assigned = Lines("Grant-DropboxAccess $new[0] -WhatIf | ForEach-Object { \"$($_.Outcome)\" }").Single() == "AlreadyAssigned";
        Assert.Equal(assigned, result.Output.Any(row => Text(row, "Outcome") == "Assigned"));
        if (!assigned) Assert.Equal("AssignmentUnclear", result.ErrorId);
    }

    [Fact]
    public void Many_people_are_worth_a_word_about_groups()
    {
        var result = _session.Run("Start-ProvisioningSandbox 200; (Test-DropboxUserStatus).Email | Where-Object { $_ } | Grant-DropboxAccess -WhatIf -ErrorAction SilentlyContinue");
        Assert.Contains("put them in a group and give -Group", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }
}
