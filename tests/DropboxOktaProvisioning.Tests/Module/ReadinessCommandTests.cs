namespace DropboxOktaProvisioning.Tests;

/// <summary>The prerequisites as an admin asks for them, and what they stop, on the sandbox.</summary>
public sealed class ReadinessCommandTests : IDisposable
{
    private readonly ModuleSession _session = new();

    public void Dispose() => _session.Dispose();

    private string[] Outcomes(string script) =>
        [.. _session.Run($"{script} | ForEach-Object {{ \"$($_.Name) $($_.Outcome) $($_.Basis)\" }}").Clean().Output.Select(row => row.ToString())];

    [Fact]
    public void The_sandbox_is_ready_but_for_its_switch()
    {
        var rows = Outcomes("Start-ProvisioningSandbox; Test-DropboxUserStatus | Test-SilentProvisioningReadiness");
        Assert.Equal(["SilentProvisioning Failed Api"], rows.Where(row => !row.Contains(" Passed ", StringComparison.Ordinal)));
        Assert.DoesNotContain("SilentProvisioning Failed Api", Outcomes("$null = Enable-SilentProvisioning -BackupPath $Folder; Test-SilentProvisioningReadiness"));
    }

    [Theory]
    [InlineData("$sandbox.ChangeTeam('SsoOptional')", "SsoRequired Warning EventLog")]
    [InlineData("$sandbox.ChangeTeam('PasswordLogIn')", "SsoRequired Warning EventLog")]
    [InlineData("$sandbox.ChangeTeam('SsoOff')", "SsoRequired Failed EventLog")]
    [InlineData("$sandbox.ChangeTeam('CertificateEnds')", "SsoCertificate Failed EventLog")]
    [InlineData("$sandbox.ChangeTeam('DomainRemoved')", "VerifiedDomain Failed EventLog")]
    [InlineData("$sandbox.ChangeTeam('CaptureOff')", "AccountCapture Warning EventLog")]
    [InlineData("$sandbox.ChangeApp('Deactivated')", "App Failed Api")]
    [InlineData("$sandbox.ChangeApp('PasswordSignOn')", "SamlSignOn Warning Api")]
    [InlineData("$sandbox.ChangeApp('ProvisioningOff')", "ProvisioningFeatures Failed Api")]
    [InlineData("$sandbox.ChangeApp('TileHidden')", "Tile Warning Api")]
    [InlineData("$sandbox.ChangeApp('UserNameIsLogin')", "UserNameFormat Warning Api")]
    [InlineData("$sandbox.Licences = 1", "Seats Warning Api")]
    public void What_is_changed_in_a_console_shows(string change, string row) =>
        Assert.Contains(row, Outcomes($"$sandbox = Start-ProvisioningSandbox -PassThru; {change}; Test-SilentProvisioningReadiness"));

    [Theory]
    [InlineData("ChangeTeam('SsoOff')")]
    [InlineData("ChangeTeam('CertificateEnds')")]
    [InlineData("ChangeApp('Deactivated')")]
    public void A_notice_that_would_be_a_lie_stops_before_anything_is_changed_and_Force_sends_it(string change)
    {
        _session.Run($"$sandbox = Start-ProvisioningSandbox -PassThru; $people = Test-DropboxUserStatus; $sandbox.{change}").Clean();
        Assert.Equal("NotReady", _session.Run("Invoke-SilentProvisioning -BackupPath $Folder").ErrorId);
        Assert.Equal("NotReady", _session.Run("$people | Send-ActivationNotice").ErrorId);
        Assert.Equal(["Disabled", "0"], _session.Run("\"$((Get-SilentProvisioning).SilentProvisioning)\"; \"$($sandbox.Outbox.Count)\"").Clean().Output.Select(one => one.ToString()));

        var plan = _session.Run("$people | Send-ActivationNotice -WhatIf").Clean();
        Assert.Contains(plan.Warnings, warning => warning.Contains("could not do what the notice says", StringComparison.Ordinal));
        _session.Run("$null = $people | Send-ActivationNotice -Force").Clean();
        Assert.NotEqual("0", _session.Run("\"$($sandbox.Outbox.Count)\"").Clean().Output.Single().ToString());
    }

    [Fact]
    public void A_warning_alone_stops_nobody_and_a_ready_tenant_is_told_of_nothing()
    {
        var result = _session.Run("$sandbox = Start-ProvisioningSandbox -PassThru; $sandbox.ChangeTeam('SsoOptional'); Invoke-SilentProvisioning -BackupPath $Folder").Clean();
        Assert.Empty(result.Warnings);
        Assert.True((int)result.Output.Single().Properties["Sent"].Value > 0);
    }

    [Fact]
    public void Without_the_log_there_is_one_warning_and_statements_are_kept_and_take_its_place()
    {
        using var host = new SandboxProcess("--users", "60", "--dropbox-scopes", "team_info.read,members.read");
        _session.Run(host.Connect("okta.apps.read,okta.users.read,okta.apps.manage")).Clean();
        const string send = "Invoke-SilentProvisioning -From it@contoso.example -PickupDirectory $Folder/out -Journal $Folder/journal.db -BackupPath $Folder -KeepSwitch";
        var warned = _session.Run(send).Clean().Warnings.Where(warning => warning.StartsWith("Nothing tells", StringComparison.Ordinal));
        Assert.Contains("SsoRequired, SsoCertificate, VerifiedDomain, AccountCapture.", Assert.Single(warned), StringComparison.Ordinal);

        const string test = "Test-SilentProvisioningReadiness -Journal $Folder/journal.db";
        Assert.Contains("SsoRequired Unknown Unknown", Outcomes(test));
        var stated = Outcomes($"{test} -SsoRequired -VerifiedDomain contoso.example -AccountCapture InvitedUsers -StatedBy kim@contoso.example");
        foreach (var rows in new[] { stated, Outcomes(test) }) // a later run finds them in the journal
        {
            Assert.Contains("SsoRequired Passed AdminStatement", rows);
            Assert.Contains("VerifiedDomain Passed AdminStatement", rows);
            Assert.Contains("AccountCapture Passed AdminStatement", rows);
        }

        Assert.Contains("SsoRequired Passed AdminStatement", Outcomes($"{test} -WithdrawStatement -SsoRequired -StatedBy kim@contoso.example"));
        Assert.Contains("VerifiedDomain Unknown Unknown", Outcomes(test));
        Assert.Equal("kim@contoso.example", _session.Run($"({test} | Where-Object Name -eq SsoRequired).Actor").Clean().Output.Single().ToString());
    }

    [Fact]
    public void Without_Okta_Dropbox_is_checked_all_the_same()
    {
        _session.Run("$sandbox = Start-ProvisioningSandbox -PassThru; $people = Test-DropboxUserStatus; Disconnect-OktaOrg").Clean();
        var sent = _session.Run("$people | Send-ActivationNotice").Clean();
        Assert.Contains("App", Assert.Single(sent.Warnings), StringComparison.Ordinal);
        Assert.NotEmpty(sent.Output);
        Assert.Equal("NotReady", _session.Run("$sandbox.ChangeTeam('SsoOff'); $people | Send-ActivationNotice").ErrorId);
    }

    [Fact]
    public void What_the_org_lets_nobody_see_stops_no_sending()
    {
        var result = _session.Run("""
            $sandbox = Start-ProvisioningSandbox -PassThru; $people = Test-DropboxUserStatus
            $sandbox.AddFault('ServerError', '/api/v1/apps', 1, 1000)
            $people | Send-ActivationNotice
            """).Clean();
        Assert.NotEmpty(result.Output);
        Assert.Contains(result.Warnings, warning => warning.StartsWith("Nothing tells", StringComparison.Ordinal));
    }

    [Fact]
    public void Too_few_seats_are_a_warning_of_the_whole_run()
    {
        var result = _session.Run("$sandbox = Start-ProvisioningSandbox -PassThru; $sandbox.Licences = 1; Invoke-SilentProvisioning -BackupPath $Folder").Clean();
        Assert.Contains("would not fit", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-Since '2999-01-01'", "ConflictingParameters")]
    [InlineData("-VerifiedDomain 'not a domain'", "ParameterArgumentValidationError")]
    public void Bad_input_is_told(string parameters, string id) =>
        Assert.Equal(id, _session.Run($"Start-ProvisioningSandbox; Test-SilentProvisioningReadiness {parameters}").ErrorId);
}
