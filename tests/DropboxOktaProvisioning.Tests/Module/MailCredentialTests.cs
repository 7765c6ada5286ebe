namespace DropboxOktaProvisioning.Tests;

/// <summary>The mail server's sign-in as a script block fetches it.</summary>
public sealed class MailCredentialTests : IDisposable
{
    private const string Send = "Start-ProvisioningSandbox 60; Test-DropboxUserStatus | Send-ActivationNotice -Force -Journal $Folder/j.db -From it@contoso.example -SmtpServer 127.0.0.1 -Port 1 -SmtpTls None -Credential";
    private readonly ModuleSession _session = new();

    public void Dispose() => _session.Dispose();

    [Fact]
    public void A_script_block_is_run_and_a_credential_is_taken_as_it_is()
    {
        const string make = "$s = [Security.SecureString]::new(); 'hunter2'.ToCharArray() | ForEach-Object { $s.AppendChar($_) }; $login = [pscredential]::new('kim', $s);";
        foreach (var way in new[] { "{ $login }", "$login" })
        {
            // Nobody listens on that port: that it came so far shows that the sign-in was taken.
            var result = _session.Run($"{make} {Send} {way} -ErrorAction Stop");
            Assert.Contains(result.AllErrors, error => error.FullyQualifiedErrorId.StartsWith("MailServerUnreachable", StringComparison.Ordinal) || error.FullyQualifiedErrorId.StartsWith("NoticeFailed", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("{ 'hunter2' }")]
    [InlineData("{ }")]
    public void What_is_no_credential_is_told_without_its_text(string way)
    {
        var error = Assert.Single(_session.Run($"{Send} {way}").AllErrors);
        Assert.StartsWith("ParameterArgumentTransformationError", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }
}
