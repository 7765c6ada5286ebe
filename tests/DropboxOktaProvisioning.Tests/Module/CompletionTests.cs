namespace DropboxOktaProvisioning.Tests;

/// <summary>What the Tab key offers, as PowerShell itself asks for it.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly ModuleSession _session = new();

    public void Dispose() => _session.Dispose();

    private string[] Complete(string line)
    {
        _session.Runspace.SessionStateProxy.SetVariable("Line", line);
        return [.. _session.Run("[Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null).CompletionMatches | ForEach-Object { $_.CompletionText }").Clean().Output.Select(text => text.ToString())];
    }

    [Theory]
    [InlineData("Get-SilentProvisioning -App D", "'Dropbox Business'")]
    [InlineData("Get-SilentProvisioning 'drop", "'Dropbox Business'")]
    [InlineData("Enable-SilentProvisioning -App business", "'Dropbox Business'")]
    [InlineData("Invoke-SilentProvisioning -Group ev", "Everyone")]
    [InlineData("Grant-DropboxAccess -Group \"Dropbox P", "'Dropbox Pilot'")]
    [InlineData("Test-DropboxUserStatus -Group Everyone, all", "'All Dropbox Users'")]
    [InlineData("Test-DropboxUserStatus -Domain con", "contoso.example")]
    [InlineData("Get-DropboxPersonalAccount c", "contoso.example")]
    [InlineData("Test-SilentProvisioningReadiness -VerifiedDomain c", "contoso.example")]
    [InlineData("Send-ActivationNotice -Stage Aw", "AwaitingActivation")]
    [InlineData("Send-ActivationNotice -Stage Active, NotP", "NotProvisioned")]
    [InlineData("Get-ActivationNotice -State Unk", "Unknown")]
    [InlineData("Export-ActivationTemplate words -Name ActivationPersonalAccount.h", "ActivationPersonalAccount.html.liquid")]
    [InlineData("Export-ActivationTemplate words subject", "Activation.subject.liquid")]
    public void It_completes_what_the_sandbox_has(string line, string expected)
    {
        _session.Run("Start-ProvisioningSandbox 60").Clean();
        Assert.Equal(expected, Complete(line)[0]);
    }

    [Fact]
    public void Everything_is_offered_for_an_empty_word_and_what_begins_with_the_word_comes_first()
    {
        _session.Run("Start-ProvisioningSandbox 60").Clean();
        var all = Complete("Test-DropboxUserStatus -Group ");
        Assert.Contains("Everyone", all);
        Assert.Contains("'Dropbox Pilot'", all);
        var names = all.Where(text => !text.StartsWith("00g", StringComparison.Ordinal)).Select(text => text.Trim('\''));
        Assert.Equal(names.Order(StringComparer.OrdinalIgnoreCase), names);
        Assert.Equal(["contoso.example", "mail.contoso.example"], Complete("Test-DropboxUserStatus -Domain contoso"));
    }

    [Fact]
    public void A_name_with_a_quote_is_put_so_that_it_is_read_back()
    {
        _session.Run("Start-ProvisioningSandbox 60 -WithoutApp; $null = New-DropboxBusinessApp -Label \"IT's `$Dropbox\" -BackupPath $Folder").Clean();
        var offered = Assert.Single(Complete("Get-SilentProvisioning -App IT"));
        Assert.Equal("IT's $Dropbox", _session.Run($"(Get-SilentProvisioning -App {offered}).Label").Clean().Output.Single().ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("Start-ProvisioningSandbox 60; Disconnect-OktaOrg; Disconnect-DropboxTeam")]
    [InlineData("$s = Start-ProvisioningSandbox 60 -PassThru; $s.AddFault('429:1,seed:1')")]
    [InlineData("$s = Start-ProvisioningSandbox 60 -PassThru; $s.AddFault('html:1,seed:1')")]
    [InlineData("$s = Start-ProvisioningSandbox 60 -PassThru; $s.AddFault('hang:1,seed:1')")] // nothing but the budget ends this one
    public void It_is_quiet_where_nothing_can_be_asked(string setup)
    {
        if (setup.Length > 0) _session.Run(setup).Clean();
        _session.Run("$Error.Clear()").Clean();
        Assert.DoesNotContain(Complete("Get-SilentProvisioning -App D"), text => text.Contains("Dropbox", StringComparison.Ordinal));
        Assert.DoesNotContain(Complete("Test-DropboxUserStatus -Domain c"), text => text.Contains("contoso", StringComparison.Ordinal));
        Assert.Equal("0", _session.Run("$Error.Count").Clean().Output.Single().ToString());
    }

    [Fact]
    public void A_connection_on_the_line_is_asked_and_pressing_Tab_again_costs_nothing()
    {
        _session.Run("$org = (Start-ProvisioningSandbox 60 -PassThru).OktaOrg; Disconnect-DropboxTeam; $null = Start-ProvisioningSandbox 60 -WithoutApp").Clean();
        Assert.DoesNotContain(Complete("Get-SilentProvisioning -App D"), text => text.Contains("Dropbox", StringComparison.Ordinal));

        _session.Run("$sandbox = Start-ProvisioningSandbox 60 -PassThru").Clean();
        Complete("Get-SilentProvisioning -App D");
        var before = _session.Run("$sandbox.RequestCount").Clean().Output.Single().ToString();
        Assert.Equal(["'Dropbox Business'"], Complete("Get-SilentProvisioning -App Dr"));
        Assert.Equal(before, _session.Run("$sandbox.RequestCount").Clean().Output.Single().ToString());
    }
}
