using System.Management.Automation;

namespace DropboxOktaProvisioning.Tests;

/// <summary>What a person gets to see for wrong input: a stable id, the right category, the thing asked for, and what to do.</summary>
public sealed class BadInputTests : IDisposable
{
    private const string Secret = "function Protect($Text) { $s = [Security.SecureString]::new(); foreach ($c in $Text.ToCharArray()) { $s.AppendChar($c) }; , $s }\n";

    private readonly ModuleSession _session = new();

    public void Dispose() => _session.Dispose();

    private ErrorRecord OnlyError(string script)
    {
        var result = _session.Run(script);
        Assert.Empty(result.Output);
        return OnlyErrorOf(result);
    }

    private static ErrorRecord OnlyErrorOf(ScriptResult result)
    {
        var error = Assert.Single(result.AllErrors);
        Assert.False(string.IsNullOrWhiteSpace(error.ErrorDetails?.RecommendedAction), "says nothing about what to do");
        Assert.DoesNotContain(error.ErrorDetails!.RecommendedAction, error.ToString(), StringComparison.Ordinal); // this engine shows it by itself
        return error;
    }

    private static string Id(ErrorRecord error) => error.FullyQualifiedErrorId.Split(',')[0];

    [Theory]
    [InlineData("http://contoso.okta.com", "InvalidDomain")]
    [InlineData("https://contoso.okta.com/app/x", "InvalidDomain")]
    [InlineData("contoso-admin.okta.com", "InvalidDomain")]
    [InlineData("", "InvalidDomain")]
    public void A_domain_that_is_none_is_refused_before_anything_is_sent(string domain, string id)
    {
        var error = OnlyError($"{Secret} Connect-OktaOrg -Domain '{domain}' -ApiToken (Protect 'not-a-token')");
        Assert.Equal((id, ErrorCategory.InvalidArgument), (Id(error), error.CategoryInfo.Category));
    }

    [Theory]
    [InlineData("abc`ndef")]
    [InlineData("abc`r")]
    [InlineData(" abc")]
    public void A_token_with_a_line_break_or_a_space_is_refused_and_not_shown(string token)
    {
        var error = OnlyError($"{Secret} Connect-OktaOrg -Domain contoso.okta.com -ApiToken (Protect \"{token}\")");
        Assert.Equal("InvalidToken", Id(error));
        Assert.DoesNotContain("abc", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_no_host_has_is_told_as_such()
    {
        var error = OnlyError($"{Secret} Connect-OktaOrg -Domain nobody.contoso.invalid -ApiToken (Protect 'not-a-token')");
        Assert.Equal(("ServiceUnreachable", ErrorCategory.ConnectionError), (Id(error), error.CategoryInfo.Category));
    }

    [Theory]
    [InlineData("Get-SilentProvisioning")]
    [InlineData("Enable-SilentProvisioning")]
    [InlineData("Test-DropboxUserStatus")]
    [InlineData("'a@contoso.example' | Test-DropboxUserStatus")]
    [InlineData("Invoke-SilentProvisioning -From it@contoso.example")]
    public void Without_a_connection_a_command_says_how_to_make_one(string command)
    {
        var error = OnlyError(command);
        Assert.Equal(("NotConnected", ErrorCategory.ConnectionError), (Id(error), error.CategoryInfo.Category));
        Assert.Contains("Connect-OktaOrg", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void A_closed_connection_is_told_as_such()
    {
        var error = OnlyError("$s = Start-ProvisioningSandbox -PassThru; $org = $s.OktaOrg; Disconnect-OktaOrg $org; Get-SilentProvisioning -OktaOrg $org");
        Assert.Equal("ConnectionClosed", Id(error));
    }

    [Theory]
    [InlineData("Get-SilentProvisioning -App 0oaNotThere", "AppNotFound", ErrorCategory.ObjectNotFound, "0oaNotThere")]
    [InlineData("Test-DropboxUserStatus -App 'No such app'", "AppNotFound", ErrorCategory.ObjectNotFound, "No such app")]
    [InlineData("Test-DropboxUserStatus -Group 'No such group'", "GroupNotFound", ErrorCategory.ObjectNotFound, "No such group")]
    [InlineData("Test-DropboxUserStatus -Group Marketing", "GroupAmbiguous", ErrorCategory.InvalidArgument, "Marketing")]
    [InlineData("Test-DropboxUserStatus -Email no-address", "InvalidAddress", ErrorCategory.InvalidArgument, "no-address")]
    [InlineData("Test-DropboxUserStatus -Email nobody@contoso.example", "PersonNotFound", ErrorCategory.ObjectNotFound, "nobody@contoso.example")]
    [InlineData("'' | Test-DropboxUserStatus", "InvalidAddress", ErrorCategory.InvalidArgument, "")]
    [InlineData("Send-ActivationNotice -Preview -PreviewPath $Folder/samples -QuietHours 9-9", "InvalidQuietHours", ErrorCategory.InvalidArgument, "9-9")]
    [InlineData("Send-ActivationNotice -Preview -PreviewPath $Folder/samples -SenderTimeZone Nowhere/Town", "InvalidTimeZone", ErrorCategory.InvalidArgument, "Nowhere/Town")]
    public void A_name_that_is_not_there_is_the_target_of_its_error(string command, string id, ErrorCategory category, string target)
    {
        var error = OnlyError($"Start-ProvisioningSandbox; {command}");
        Assert.Equal((id, category, target), (Id(error), error.CategoryInfo.Category, error.TargetObject?.ToString()));
    }

    [Fact]
    public void One_bad_name_does_not_stop_the_others()
    {
        var result = _session.Run("""
            Start-ProvisioningSandbox
            $all = @(Test-DropboxUserStatus)
            $all[0].Email, 'nobody@contoso.example', 'no-address', $all[1].Email | Test-DropboxUserStatus
            """);
        Assert.Null(result.Terminating);
        Assert.Equal(2, result.Output.Count);
        Assert.Equal(["InvalidAddress", "PersonNotFound"], result.Errors.Select(Id).Order());
    }

    [Fact]
    public void Stopping_on_the_first_error_is_the_callers_choice()
    {
        var result = _session.Run("Start-ProvisioningSandbox; Test-DropboxUserStatus -Email nobody@contoso.example -ErrorAction Stop; 'went on'");
        Assert.Empty(result.Output);
        Assert.IsType<ActionPreferenceStopException>(result.Terminating);
    }

    [Theory]
    [InlineData("Name;Department`nPat;Sales`n", "ColumnNotFound")]
    [InlineData("Email`n`\"a@contoso.example`n", "InvalidCsv")]
    public void A_file_that_cannot_be_used_is_named(string text, string id)
    {
        var error = OnlyError($"Start-ProvisioningSandbox; [IO.File]::WriteAllText(\"$Folder/people.csv\", \"{text}\"); Test-DropboxUserStatus -Path $Folder/people.csv");
        Assert.Equal(id, Id(error));
        Assert.Equal(Path.Combine(_session.Folder, "people.csv"), error.TargetObject);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() => Assert.Equal("FileNotFound", Id(OnlyError("Start-ProvisioningSandbox; Test-DropboxUserStatus -Path $Folder/none.csv")));

    [Theory]
    [InlineData("Test-DropboxUserStatus -Path $Folder", "FileNotFound", "is a folder")]
    [InlineData("Import-DropboxDomainInsight $Folder", "FileNotFound", "is a folder")]
    [InlineData("Invoke-SilentProvisioning -Plan $Folder", "FileNotFound", "is a folder")]
    [InlineData("Send-ActivationNotice ([DropboxOktaProvisioning.DropboxUserStatus]@{ Email = 'a@contoso.example' }) -OptOutPath $Folder", "FileNotFound", "is a folder")]
    [InlineData("Connect-OktaOrg contoso.okta.com -ClientId id -PrivateKeyPath $Folder", "FileNotFound", "is a folder")]
    [InlineData("Test-DropboxUserStatus -Journal $Folder", "JournalUnavailable", "It is a folder")]
    [InlineData("Get-ActivationNotice -Journal $Folder", "JournalUnavailable", "It is a folder")]
    [InlineData("Export-ActivationReport $Folder/folder.html -Force", "ReportNotWritten", "It is a folder")]
    [InlineData("Export-ActivationReport $Folder/none/report.html", "ReportNotWritten", "Its folder is not there")]
    [InlineData("New-ProvisioningPlan $Folder -Force", "PlanUnwritable", "It is a folder")]
    [InlineData("Export-ActivationTemplate $Folder/file", "TemplateNotFound", "cannot be written")]
    public void A_folder_for_a_file_or_a_file_for_a_folder_is_said_and_nobody_is_asked(string command, string id, string says)
    {
        Directory.CreateDirectory(Path.Combine(_session.Folder, "folder.html"));
        File.WriteAllText(Path.Combine(_session.Folder, "file"), "");
        _session.Run("$sandbox = Start-ProvisioningSandbox 60 -PassThru").Clean();
        var before = (long)_session.Run("$sandbox.RequestCount").Clean().Output.Single().BaseObject;
        var error = OnlyError(command);
        Assert.Equal(id, Id(error));
        Assert.Contains(says, error.ToString(), StringComparison.Ordinal);
        Assert.StartsWith(_session.Folder, error.TargetObject?.ToString(), StringComparison.Ordinal);
        if (id is not "JournalUnavailable") Assert.Equal(before, _session.Run("$sandbox.RequestCount").Clean().Output.Single().BaseObject);
    }

    [Theory]
    [InlineData("Export-ActivationReport Env:/report.html")]
    [InlineData("Export-ActivationTemplate Env:/templates")]
    [InlineData("Get-ActivationNotice -Journal Env:/notices.db")]
    [InlineData("Test-DropboxUserStatus -Path Env:/people.csv")]
    [InlineData("Enable-SilentProvisioning -BackupPath Env:/backups")]
    [InlineData("Send-ActivationNotice -Preview -PreviewPath Env:/samples")]
    [InlineData("$null = $ExecutionContext.SessionState.Path.SetLocation('Env:/'); Export-ActivationReport report.html")]
    public void A_path_that_is_none_of_the_file_system_is_refused_in_place_of_a_file_somewhere(string command)
    {
        var error = OnlyError($"Start-ProvisioningSandbox 60; {command}");
        Assert.Equal(("InvalidPath", ErrorCategory.InvalidArgument), (Id(error), error.CategoryInfo.Category));
        Assert.Contains("Environment", error.ToString(), StringComparison.Ordinal);
        Assert.Contains($"'{error.TargetObject}'", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Test-DropboxUserStatus -Domain 'not a domain'", "not a domain")]
    [InlineData("Wait-DropboxActivation -Domain '@@'", "@@")]
    [InlineData("Invoke-SilentProvisioning -Domain contoso.example, 'a b'", "a b")]
    [InlineData("New-ProvisioningPlan -Domain https://contoso.example", "https://contoso.example")]
    [InlineData("Get-DropboxPersonalAccount 'ada@contoso.example'", "ada@contoso.example")]
    public void What_is_no_domain_has_not_just_nobody_on_it(string command, string target)
    {
        var error = OnlyError($"Start-ProvisioningSandbox 60; {command}");
        Assert.Equal(("InvalidDomain", target), (Id(error), error.TargetObject));
        Assert.Equal("Disabled", _session.Run("(Get-SilentProvisioning).SilentProvisioning").Clean().Output.Single().ToString());
    }

    [Theory]
    [InlineData("Connect-DropboxTeam -AccessToken { 'x' } -ServiceUri http://contoso.example/path", "InvalidDomain", "http://contoso.example")]
    [InlineData("Connect-DropboxTeam -AccessToken { 'x' } -ServiceUri contoso", "InvalidDomain", "contoso")]
    [InlineData("Get-ActivationNotice -Journal postgresql://", "JournalUnavailable", null)]
    [InlineData("Get-ActivationNotice -Journal postgresql:///provisioning", "JournalUnavailable", null)]
    [InlineData("'x' | Get-DropboxPersonalAccount contoso.example -SkipLog", "InvalidAddress", "x")]
    [InlineData("Test-DropboxUserStatus -PersonalAccount 'x'", "InvalidAddress", "x")]
    public void Other_texts_that_are_not_what_they_should_be_are_named(string command, string id, string? target)
    {
        var error = OnlyErrorOf(_session.Run($"Start-ProvisioningSandbox 60; {command}"));
        Assert.Equal((id, target), (Id(error), error.TargetObject?.ToString()));
        if (target is not null) Assert.Contains(target, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_personal_accounts_without_one_is_a_warning()
    {
        File.WriteAllText(Path.Combine(_session.Folder, "empty.csv"), "");
        Assert.Contains("Check that it is the right file.", Assert.Single(_session.Run("Import-DropboxDomainInsight $Folder/empty.csv").Clean().Warnings), StringComparison.Ordinal);
    }

    private const string Row = "$row = [DropboxOktaProvisioning.DropboxUserStatus]@{ Email = 'a@contoso.example'; Stage = 'AwaitingActivation'; TeamId = 'dbtid:1' };";

    [Theory]
    [InlineData("-PickupDirectory $Folder/out", "SenderMissing")]
    [InlineData("-From it@contoso.example", "TransportMissing")]
    [InlineData("-From it@contoso.example -PickupDirectory $Folder/out -SmtpServer mail.contoso.example", "ConflictingParameters")]
    [InlineData("-From it@contoso.example -PickupDirectory $Folder/out -Credential $login", "ConflictingParameters")]
    [InlineData("-From 'not an address' -PickupDirectory $Folder/out", "InvalidSender")]
    [InlineData("-From it@contoso.example -PickupDirectory $Folder/out -SsoUrl https://www.dropbox.com.example/sso", "InvalidSsoUrl")]
    [InlineData("-From it@contoso.example -PickupDirectory $Folder/out -SsoUrl http://www.dropbox.com/sso", "InvalidSsoUrl")]
    [InlineData("-From it@contoso.example -PickupDirectory $Folder/out -TemplatePath $Folder/none", "TemplateNotFound")]
    [InlineData("-From it@contoso.example -PickupDirectory $Folder/out -TemplatePath $Folder/broken", "TemplateInvalid")]
    [InlineData("-From it@contoso.example -PickupDirectory $Folder/file/out", "PickupUnavailable")]
    [InlineData("-From it@contoso.example -SmtpServer 127.0.0.1 -Port 1", "MailServerUnreachable")]
    [InlineData("-From it@contoso.example -SmtpServer 'no such host'", "MailServerUnreachable")]
    [InlineData("-From it@contoso.example -SmtpServer smtp.contoso.example:587", "MailServerUnreachable")]
    [InlineData("-From it@contoso.example -SmtpServer smtp://smtp.contoso.example", "MailServerUnreachable")]
    public void Wrong_ways_to_send_are_refused_and_nobody_is_told(string parameters, string id)
    {
        Directory.CreateDirectory(Path.Combine(_session.Folder, "broken"));
        File.WriteAllText(Path.Combine(_session.Folder, "broken", "Activation.text.liquid"), "Hello\n{% if person.name %}{{ person.name }\n");
        File.WriteAllText(Path.Combine(_session.Folder, "file"), "");

        var error = OnlyError($"{Secret} $login = [pscredential]::new('it', (Protect 'x')); {Row} $row | Send-ActivationNotice -Journal $Folder/journal.db {parameters}");
        Assert.Equal(id, Id(error));
        Assert.Empty(_session.Run("Get-ActivationNotice -Journal $Folder/journal.db").Clean().Output);
        if (id == "TemplateInvalid") Assert.Matches(@"Activation\.text\.liquid.*line 2.*column", error.ToString());
    }

    [Fact]
    public void A_journal_that_is_no_database_is_named_and_nobody_is_told()
    {
        File.WriteAllText(Path.Combine(_session.Folder, "journal.db"), new string('x', 5000));
        var error = OnlyError($"{Row} $row | Send-ActivationNotice -Journal $Folder/journal.db -From it@contoso.example -PickupDirectory $Folder/out");
        Assert.Equal("JournalCorrupt", Id(error));
        Assert.False(Directory.Exists(Path.Combine(_session.Folder, "out")) && Directory.EnumerateFiles(Path.Combine(_session.Folder, "out")).Any());
    }

    [Fact]
    public void An_address_that_is_none_fails_alone()
    {
        var result = _session.Run($$"""
            {{Row}}
            $bad = [DropboxOktaProvisioning.DropboxUserStatus]@{ Email = 'no-address'; Stage = 'AwaitingActivation'; TeamId = 'dbtid:1' }
            $bad, $row | Send-ActivationNotice -Journal $Folder/journal.db -From it@contoso.example -PickupDirectory $Folder/out
            """);
        Assert.Equal(["Failed", "Sent"], result.Output.Select(notice => notice.Properties["State"].Value.ToString()));
        Assert.Equal(("NoticeFailed", "no-address"), (result.ErrorId, result.Errors[0].TargetObject));
    }

    [Theory]
    [InlineData("-Group Engineering -Domain contoso.example")]
    [InlineData("-Email a@contoso.example -Group Engineering")]
    [InlineData("-EmailColumn Email")]
    public void Parameters_that_exclude_each_other_are_refused(string parameters) =>
        Assert.Equal("ConflictingParameters", Id(OnlyError($"Start-ProvisioningSandbox; Invoke-SilentProvisioning {parameters}")));

    [Theory]
    [InlineData("-From 'not an address'")]
    [InlineData("-SsoUrl https://example.com/sso")]
    [InlineData("-TemplatePath $Folder/none")]
    [InlineData("-SmtpServer mail.contoso.example -PickupDirectory $Folder")]
    [InlineData("-Group Engineering -Domain contoso.example")]
    public void What_is_wrong_with_the_parameters_is_found_before_the_switch_is_touched(string parameters)
    {
        OnlyError($"Start-ProvisioningSandbox; Invoke-SilentProvisioning {parameters}");
        Assert.Equal("Disabled", _session.Run("(Get-SilentProvisioning).SilentProvisioning").Clean().Output.Single().ToString());
    }

    [Theory]
    [InlineData("Invoke-SilentProvisioning -Group @()")]
    [InlineData("Invoke-SilentProvisioning -Group $null")]
    [InlineData("Invoke-SilentProvisioning -Domain @()")]
    [InlineData("Invoke-SilentProvisioning -Domain ''")]
    [InlineData("Invoke-SilentProvisioning -Path ''")]
    [InlineData("Invoke-SilentProvisioning -Email $null")]
    [InlineData("Test-DropboxUserStatus -Group @()")]
    [InlineData("Test-DropboxUserStatus -Domain $null")]
    [InlineData("Test-DropboxUserStatus -PersonalAccount $null")]
    [InlineData("Get-ActivationNotice -State $null")]
    [InlineData("Get-ActivationNotice -Email $null")]
    [InlineData("Test-DropboxUserStatus | Send-ActivationNotice -Stage $null")]
    [InlineData("Test-DropboxUserStatus | Send-ActivationNotice -Stage @()")]
    [InlineData("Start-ProvisioningSandbox -Domain 'not a domain'")]
    [InlineData("Test-DropboxUserStatus -Journal ''")]
    [InlineData("Get-ActivationNotice -Journal $null")]
    [InlineData("Test-DropboxUserStatus | Send-ActivationNotice -PickupDirectory ''")]
    [InlineData("Test-DropboxUserStatus | Send-ActivationNotice -SmtpServer ''")]
    [InlineData("Test-DropboxUserStatus | Send-ActivationNotice -TemplatePath ''")]
    [InlineData("Enable-SilentProvisioning -BackupPath ''")]
    [InlineData("Invoke-SilentProvisioning -BackupPath ''")]
    [InlineData("New-DropboxBusinessApp -Force -BackupPath ''")]
    public void An_empty_name_is_refused_by_the_binding_and_never_means_everybody_or_the_current_folder(string command)
    {
        var result = _session.Run($"$sandbox = Start-ProvisioningSandbox -PassThru; {command}");
        Assert.All(result.AllErrors, error => Assert.StartsWith("ParameterArgument", error.FullyQualifiedErrorId, StringComparison.Ordinal));
        Assert.NotEmpty(result.AllErrors);
        Assert.Empty(result.Output);
        Assert.Equal(0, _session.Run("$sandbox.Outbox.Count").Clean().Output.Single().BaseObject);
    }

    [Fact]
    public void A_sandbox_that_does_not_run_cannot_be_stopped() => Assert.Equal("SandboxNotRunning", Id(OnlyError("Stop-ProvisioningSandbox")));
}
