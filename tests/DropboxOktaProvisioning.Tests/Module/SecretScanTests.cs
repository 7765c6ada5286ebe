using System.Collections;
using System.Management.Automation;
using System.Security.Cryptography;
using System.Text;

namespace DropboxOktaProvisioning.Tests;

/// <summary>Runs the commands with known secrets, well and badly, and looks for the secrets in all that comes out.</summary>
public sealed class SecretScanTests
{
    private const string ApiToken = "00secretApiTokenForTheScan";
    private const string RefreshToken = "secretRefreshTokenForTheScan";
    private const string AppSecret = "secretAppSecretForTheScan";
    private const string AccessToken = "sl.secretAccessTokenForTheScan";
    private const string Passphrase = "secretPassphraseForTheScan";
    private const string IssuedToken = "secretIssuedTokenForTheScan";
    private const string Password = "secretMailPasswordForTheScan";
    private const string MailToken = "secretGraphTokenForTheScan";
    private const string Hook = "secretWebhookPathForTheScan";

    private const string Script = $$"""
        $ErrorActionPreference = 'Continue'; $VerbosePreference = 'Continue'; $DebugPreference = 'Continue'; $InformationPreference = 'Continue'
        function Protect($Text) { $s = [Security.SecureString]::new(); foreach ($c in $Text.ToCharArray()) { $s.AppendChar($c) }; , $s }
        $api = Protect '{{ApiToken}}'; $refresh = Protect '{{RefreshToken}}'; $appSecret = Protect '{{AppSecret}}'; $access = Protect '{{AccessToken}}'; $passphrase = '{{Passphrase}}'
        $login = [pscredential]::new('it@contoso.example', (Protect '{{Password}}'))

        # Refused, unreachable, and not a service at all.
        Connect-OktaOrg -Domain nobody.contoso.invalid -ApiToken $api
        Connect-OktaOrg -Domain "http://127.0.0.1:1" -ApiToken $api
        Connect-OktaOrg -Domain $RefusingAddress -ApiToken $api
        Connect-OktaOrg -Domain $RefusingAddress -ApiToken { $api }
        Connect-OktaOrg -Domain $RefusingAddress -ClientId 0oaApp1 -PrivateKey { $Pem } -PrivateKeyPassphrase { $passphrase }
        Connect-OktaOrg -Domain $Address -ClientId 0oaApp1 -PrivateKey { $Pem } -PrivateKeyPassphrase { 'wrong' }
        Connect-OktaOrg -Domain $Address -ClientId 0oaApp1 -PrivateKey { $Pem.Substring(0, 400) } -PrivateKeyPassphrase { $passphrase }
        Connect-DropboxTeam -AppKey key -RefreshToken $refresh -AppSecret $appSecret -ServiceUri 'http://127.0.0.1:1'
        Connect-DropboxTeam -AppKey key -RefreshToken $refresh -AppSecret $appSecret -ServiceUri $RefusingAddress
        Connect-DropboxTeam -AccessToken $access -ServiceUri $RefusingAddress

        # Signed in, and at work.
        $app = Connect-OktaOrg -Domain $Address -ClientId 0oaApp1 -PrivateKey { $Pem } -PrivateKeyPassphrase { $passphrase }; $app
        $org = Connect-OktaOrg -Domain $Address -ApiToken $api; $org
        $team = Connect-DropboxTeam -AccessToken $access -ServiceUri $Address; $team
        Get-SilentProvisioning -App none

        # The whole workflow on the sandbox, with a mail server that is not there.
        $sandbox = Start-ProvisioningSandbox -PassThru; $sandbox
        $sandbox.OktaOrg; $sandbox.DropboxTeam
        Get-SilentProvisioning; Enable-SilentProvisioning -BackupPath $Folder/backup; Disable-SilentProvisioning -BackupPath $Folder/backup
        $rows = Test-DropboxUserStatus
        $rows | Send-ActivationNotice -From it@contoso.example -SmtpServer 127.0.0.1 -Port 1 -Credential $login -Journal $Folder/journal.db
        $rows | Send-ActivationNotice -From it@contoso.example -SmtpServer 127.0.0.1 -Port 1 -OAuthCredential $login -Journal $Folder/journal.db
        $graph = Protect '{{MailToken}}'; $hook = Protect "$RefusingAddress/services/{{Hook}}"; $elsewhere = Protect 'https://contoso.example/{{Hook}}'
        $rows | Send-ActivationNotice -From it@contoso.example -GraphToken $graph -GraphUri $RefusingAddress -Journal $Folder/journal.db
        $rows | Send-ActivationNotice -From it@contoso.example -GraphToken { $graph } -GraphUri 'http://127.0.0.1:1' -Journal $Folder/journal.db
        $rows | Send-ActivationNotice -From it@contoso.example -GraphToken { [pscustomobject]@{ Token = $graph; ExpiresOn = [DateTime]::UtcNow } } -GraphUri $RefusingAddress -Journal $Folder/journal.db
        $rows | Send-ActivationNotice -PickupDirectory $Folder/out -Journal $Folder/journal.db -WebhookUrl $hook -WebhookKind Teams -FirstWave 1
        $rows | Send-ActivationNotice -PickupDirectory $Folder/out -Journal $Folder/journal.db -WebhookUrl { $hook } -WebhookKind Slack -FirstWave 1
        $rows | Send-ActivationNotice -PickupDirectory $Folder/out -Journal $Folder/journal.db -WebhookUrl { $elsewhere }
        $rows | Send-ActivationNotice -PickupDirectory $Folder/out -Journal $Folder/journal.db
        [IO.File]::WriteAllText("$Folder/list.csv", "Email`na@contoso.example`nbroken`n")
        Import-DropboxDomainInsight $Folder/list.csv | Get-DropboxPersonalAccount contoso.example
        Get-ActivationNotice -Journal $Folder/journal.db
        Invoke-SilentProvisioning -Journal $Folder/journal.db -BackupPath $Folder/backup
        $sandbox.AddFault('ServerError', '', 1, 1000)
        Test-DropboxUserStatus
        Get-DropboxPersonalAccount contoso.example
        Stop-ProvisioningSandbox; Disconnect-OktaOrg; Disconnect-DropboxTeam
        """;

    [Fact]
    public void No_secret_comes_out_of_any_command()
    {
        using var service = new ScriptedService(request => request.Contains("/apps?", StringComparison.Ordinal) ? (200, "[]") : (200, $$"""{"team_id":"dbtid:x","name":"Contoso","access_token":"{{IssuedToken}}","token_type":"Bearer","expires_in":3600}"""));
        using var refusing = new ScriptedService(request => (401, $$"""{"errorCode":"E0000011","errorSummary":"{{Echo(request)}}","error":"invalid_grant","error_description":"{{Echo(request)}}","error_summary":"invalid_access_token/"}"""));
        using var session = new ModuleSession();
        using var key = RSA.Create(2048);
        var pem = key.ExportEncryptedPkcs8PrivateKeyPem(Passphrase, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
        var keyLine = pem.Split('\n')[5];
        session.Runspace.SessionStateProxy.SetVariable("Pem", pem);
        session.Runspace.SessionStateProxy.SetVariable("Address", service.Address);
        session.Runspace.SessionStateProxy.SetVariable("RefusingAddress", refusing.Address);

        var result = session.Run(Script);
        Assert.Null(result.Terminating);
        Assert.True(result.Output.Count > 100 && result.Errors.Count >= 8 && result.Verbose.Count > 20, $"{result.Output.Count} {result.Errors.Count} {result.Verbose.Count}");
        Assert.True(refusing.SawSecret && service.SawSecret, "the services were meant to be handed the secrets");

        var everything = new StringBuilder();
        foreach (var item in result.Output) Describe(everything, item, 0);
        foreach (var error in result.Errors.Concat(session.Run("$Error").Output.Select(error => error.BaseObject).OfType<ErrorRecord>()))
        {
            Describe(everything, PSObject.AsPSObject(error), 0);
            everything.AppendLine(error.Exception.ToString()).AppendLine(error.ErrorDetails?.ToString());
        }

        foreach (var line in result.Verbose.Concat(result.Warnings).Concat(result.Progress.Select(record => record.ToString()))) everything.AppendLine(line);
        foreach (var file in Directory.EnumerateFiles(session.Folder, "*", SearchOption.AllDirectories)) everything.AppendLine(Encoding.Latin1.GetString(File.ReadAllBytes(file)));

        foreach (var secret in new[] { ApiToken, RefreshToken, AppSecret, AccessToken, Password, MailToken, Hook, Passphrase, IssuedToken, keyLine })
            foreach (var form in new[] { secret, Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)) })
                Assert.DoesNotContain(form, everything.ToString(), StringComparison.Ordinal);
    }

    // A service that quotes what it was sent is the worst case for an error text.
    private static string Echo(string request) => new(request.Where(letter => letter is not ('"' or '\\' or '\r' or '\n')).ToArray());

    private static void Describe(StringBuilder text, PSObject? item, int depth)
    {
        if (item is null || depth > 4) return;
        text.AppendLine(item.ToString());
        if (item.BaseObject is string or ValueType or Exception) return;
        if (item.BaseObject is IEnumerable list)
        {
            foreach (var one in list) Describe(text, one is null ? null : PSObject.AsPSObject(one), depth + 1);
            return;
        }

        foreach (var property in item.Properties)
        {
            try
            {
                if (property.Value is { } value) Describe(text, PSObject.AsPSObject(value), depth + 1);
            }
            catch (GetValueException)
            {
                // A property that cannot be read shows nothing.
            }
        }
    }
}
