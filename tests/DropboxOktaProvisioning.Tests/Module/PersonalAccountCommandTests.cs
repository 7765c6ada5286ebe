using System.Management.Automation;

namespace DropboxOktaProvisioning.Tests;

/// <summary>Personal accounts as an admin asks for them, on the sandbox.</summary>
public sealed class PersonalAccountCommandTests : IDisposable
{
    private readonly ModuleSession _session = new();

    public void Dispose() => _session.Dispose();

    private static object? Value(PSObject item, string property) => item.Properties[property].Value;

    private string File(string text)
    {
        var path = Path.Combine(_session.Folder, "list.csv");
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    [Fact]
    public void Each_address_has_one_row_with_its_reasons()
    {
        var rows = _session.Run("Start-ProvisioningSandbox; Get-DropboxPersonalAccount -Domain contoso.example -Since '2025-01-01'").Clean().Output;
        Assert.NotEmpty(rows);
        Assert.Equal(rows.Count, rows.Select(row => Value(row, "Email")).Distinct().Count());
        Assert.Contains(rows, row => Value(row, "Likelihood")!.ToString() == "Confirmed");
        Assert.Contains(rows, row => Value(row, "Contradiction") is not null);
        Assert.All(rows, row => Assert.NotEmpty((System.Collections.IEnumerable)Value(row, "Evidence")!));
    }

    [Fact]
    public void A_list_goes_through_the_pipeline_and_comes_out_as_evidence()
    {
        File("\uFEFFAddress;Plan\nsomebody@contoso.example;Basic\nsomebody@contoso.example;Basic\nelse@example.com;Pro\nbroken\n");
        var result = _session.Run("""
            Start-ProvisioningSandbox
            $list = Import-DropboxDomainInsight $Folder/list.csv -Domain contoso.example -WarningAction SilentlyContinue
            $list
            $list | Get-DropboxPersonalAccount contoso.example | Where-Object Email -eq somebody@contoso.example
            """).Clean();
        Assert.Equal(("somebody@contoso.example", 2), ((string)Value(result.Output[0], "Email")!, (int)Value(result.Output[0], "Line")!));
        Assert.Equal(("Confirmed", "Basic"), (Value(result.Output[1], "Likelihood")!.ToString(), Value(result.Output[1], "AccountType")!.ToString()));
    }

    [Fact]
    public void What_was_left_out_of_a_list_is_told_and_a_clean_list_warns_of_nothing()
    {
        File("Email\na@contoso.example\nA@contoso.example\nbroken\n");
        var result = _session.Run("Import-DropboxDomainInsight $Folder/list.csv -Verbose").Clean();
        Assert.Single(result.Output);
        Assert.Contains("1 addresses taken; left out: 1 that came twice, 0 on other domains, 0 rows without one, 1 rows that cannot be used (line 4)", Assert.Single(result.Warnings), StringComparison.Ordinal);

        File("Email\na@contoso.example\n");
        Assert.Empty(_session.Run("Import-DropboxDomainInsight $Folder/list.csv").Clean().Warnings);
    }

    [Theory]
    [InlineData("$person.Email")]
    [InlineData("([pscustomobject]@{ Email = $person.Email })")]
    [InlineData("(Import-DropboxDomainInsight $Folder/list.csv)")]
    [InlineData("(Import-DropboxDomainInsight $Folder/list.csv | Get-DropboxPersonalAccount contoso.example)")]
    public void The_status_takes_its_flag_from_addresses_and_from_rows(string personal)
    {
        var result = _session.Run($$"""
            Start-ProvisioningSandbox
            $person = Test-DropboxUserStatus | Where-Object { $_.Stage -eq 'AwaitingActivation' -and $_.PersonalAccount -eq 'None' } | Select-First 1
            [IO.File]::WriteAllText("$Folder/list.csv", "Email`n$($person.Email)`n")
            (Test-DropboxUserStatus $person.Email -PersonalAccount {{personal}}).PersonalAccount
            (Test-DropboxUserStatus $person.Email).PersonalAccount
            """).Clean();
        Assert.Equal(["Confirmed", "None"], result.Output.Select(value => value.ToString()));
    }

    [Fact]
    public void The_status_costs_no_further_request_for_it()
    {
        var result = _session.Run("""
            $sandbox = Start-ProvisioningSandbox -PassThru
            $rows = Get-DropboxPersonalAccount contoso.example
            $before = $sandbox.RequestCount; $null = Test-DropboxUserStatus; $plain = $sandbox.RequestCount - $before
            $before = $sandbox.RequestCount; $null = Test-DropboxUserStatus -PersonalAccount $rows
            $plain, ($sandbox.RequestCount - $before)
            """).Clean();
        Assert.Equal(result.Output[0].BaseObject, result.Output[1].BaseObject);
    }

    [Fact]
    public void People_with_a_personal_account_in_the_rows_get_the_other_words()
    {
        var result = _session.Run("""
            Start-ProvisioningSandbox
            $rows = Get-DropboxPersonalAccount contoso.example
            $told = Test-DropboxUserStatus -PersonalAccount $rows | Send-ActivationNotice | Where-Object State -eq Sent
            @($told | Where-Object { $_.PersonalAccount -ne 'None' }).Count
            """).Clean();
        Assert.True((int)result.Output.Single().BaseObject > 0);
    }

    [Fact]
    public void Addresses_elsewhere_are_left_out_with_a_warning()
    {
        var result = _session.Run("Start-ProvisioningSandbox; 'a@example.com' | Get-DropboxPersonalAccount contoso.example -SkipLog").Clean();
        Assert.Contains("1 of 1 addresses", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.DoesNotContain(result.Output, row => Equals(Value(row, "Email"), "a@example.com"));
    }

    [Fact]
    public void A_log_that_breaks_gives_one_error_and_no_rows()
    {
        var result = _session.Run("$s = Start-ProvisioningSandbox -PassThru; $s.AddFault('ServerError', 'get_events', 1, 1000); Get-DropboxPersonalAccount contoso.example");
        Assert.Empty(result.Output);
        Assert.Equal("ServiceFailed", result.ErrorId);
    }

    [Theory]
    [InlineData("Get-DropboxPersonalAccount contoso.example", "NotConnected", ErrorCategory.ConnectionError)]
    [InlineData("Start-ProvisioningSandbox; Get-DropboxPersonalAccount contoso.example -SkipLog -WholeLog", "ConflictingParameters", ErrorCategory.InvalidArgument)]
    [InlineData("Import-DropboxDomainInsight $Folder/none.csv", "FileNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("[IO.File]::WriteAllText(\"$Folder/x.csv\", \"Name`nPat`n\"); Import-DropboxDomainInsight $Folder/x.csv", "ColumnNotFound", ErrorCategory.InvalidData)]
    [InlineData("[IO.File]::WriteAllText(\"$Folder/x.csv\", \"Email`na@contoso.example`n\"); Import-DropboxDomainInsight $Folder/x.csv -EmailColumn Mailbox", "ColumnNotFound", ErrorCategory.InvalidData)]
    [InlineData("Start-ProvisioningSandbox; Test-DropboxUserStatus -PersonalAccount ([datetime]::Now)", "InvalidAddress", ErrorCategory.InvalidArgument)]
    public void What_is_wrong_is_said_with_what_to_do(string script, string id, ErrorCategory category)
    {
        var result = _session.Run(script);
        Assert.Empty(result.Output);
        var error = Assert.Single(result.AllErrors);
        Assert.Equal((id, category), (result.ErrorId, error.CategoryInfo.Category));
        Assert.False(string.IsNullOrWhiteSpace(error.ErrorDetails?.RecommendedAction));
    }

    [Fact]
    public void A_file_that_cannot_be_used_does_not_stop_the_next_one()
    {
        File("Email\na@contoso.example\n");
        var result = _session.Run("\"$Folder/none.csv\", \"$Folder/list.csv\" | Import-DropboxDomainInsight");
        Assert.Single(result.Output);
        Assert.Equal("FileNotFound", result.ErrorId);
    }

    [Fact]
    public void An_object_without_an_address_fails_alone()
    {
        var result = _session.Run("Start-ProvisioningSandbox; [datetime]::Now, 'x@contoso.example' | Get-DropboxPersonalAccount contoso.example -SkipLog | Where-Object Email -eq x@contoso.example");
        Assert.Single(result.Output);
        Assert.Equal("InvalidAddress", result.ErrorId);
    }
}
