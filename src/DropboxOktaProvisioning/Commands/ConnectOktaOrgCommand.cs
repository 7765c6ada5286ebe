using System.Management.Automation;
using System.Security;
using System.Security.Cryptography.X509Certificates;
using DropboxOktaProvisioning.Bridge;
using DropboxOktaProvisioning.Connections;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning.Commands;

/// <summary>
/// <para type="synopsis">Signs in to an Okta org and makes it this runspace's default.</para>
/// </summary>
[Cmdlet(VerbsCommunications.Connect, "OktaOrg", DefaultParameterSetName = ApiTokenSet, HelpUri = HelpPages.At + "Connect-OktaOrg.md")]
[RequiredScopes(Okta = ["okta.apps.read"])]
[OutputType(typeof(OktaOrg))]
public sealed class ConnectOktaOrgCommand : AsyncCommand
{
    private const string ApiTokenSet = "ApiToken";
    private const string KeySet = "PrivateKey";
    private const string KeyPathSet = "PrivateKeyPath";
    private const string CertificateSet = "Certificate";

    /// <summary>The org's address, such as contoso.okta.com. Without it: OKTA_CLIENT_ORGURL, or orgUrl in ~/.okta/okta.yaml.</summary>
    [Parameter(Position = 0)]
    public string? Domain { get; set; }

    /// <summary>The API token, or a script block that returns it. Without it, what the OKTA_CLIENT_ variables or ~/.okta/okta.yaml say.</summary>
    [Parameter(Position = 1, ParameterSetName = ApiTokenSet)]
    [Secret]
    public SecureString? ApiToken { get; set; }

    /// <summary>The client id of a service app (Okta: API Services), which signs in unattended with its private key.</summary>
    [Parameter(Mandatory = true, ParameterSetName = KeySet)]
    [Parameter(Mandatory = true, ParameterSetName = KeyPathSet)]
    [Parameter(Mandatory = true, ParameterSetName = CertificateSet)]
    public string? ClientId { get; set; }

    /// <summary>The app's private key as PEM or JWK, or a script block that returns it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = KeySet)]
    [Secret]
    public SecureString? PrivateKey { get; set; }

    /// <summary>A file with the app's private key, PEM or JWK.</summary>
    [Parameter(Mandatory = true, ParameterSetName = KeyPathSet)]
    public string? PrivateKeyPath { get; set; }

    /// <summary>The passphrase of an encrypted PEM, or a script block that returns it.</summary>
    [Parameter(ParameterSetName = KeySet)]
    [Parameter(ParameterSetName = KeyPathSet)]
    [Secret]
    public SecureString? PrivateKeyPassphrase { get; set; }

    /// <summary>A certificate with its private key, such as one of the certificate store; its public key is registered on the app.</summary>
    [Parameter(Mandatory = true, ParameterSetName = CertificateSet)]
    public X509Certificate2? Certificate { get; set; }

    /// <summary>What Okta knows the key by (kid). Needed where the app has several keys; a JWK brings its own.</summary>
    [Parameter(ParameterSetName = KeySet)]
    [Parameter(ParameterSetName = KeyPathSet)]
    [Parameter(ParameterSetName = CertificateSet)]
    public string? KeyId { get; set; }

    /// <summary>The scopes to ask for in place of okta.apps.read, okta.users.read and okta.groups.read. To set the switch: okta.apps.manage as well.</summary>
    [Parameter(ParameterSetName = KeySet)]
    [Parameter(ParameterSetName = KeyPathSet)]
    [Parameter(ParameterSetName = CertificateSet)]
    public string[]? Scope { get; set; }

    /// <summary>How much of each of Okta's rate limits to take, in percent. The usual 45 stays below the half that a token has.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int RateCeiling { get; set; } = ConnectionOptions.UsualCeiling;

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        var settings = new Lazy<OktaSettings>(() => OktaSettings.Load(Environment.GetEnvironmentVariable, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)));
        var domain = Domain ?? settings.Value.Domain
            ?? throw new ProvisioningException(ErrorIds.InvalidDomain, ProblemCategory.InvalidArgument, "No Okta domain was given.", null, "Give -Domain, or set OKTA_CLIENT_ORGURL.");
        var credential = Credential() ?? settings.Value.ToCredential()
            ?? throw new ProvisioningException(
                ErrorIds.InvalidToken, ProblemCategory.InvalidArgument, "Neither an API token nor a service app with its private key was given.", domain,
                "Give -ClientId with -PrivateKey, -PrivateKeyPath or -Certificate, or -ApiToken; or set OKTA_CLIENT_CLIENTID and OKTA_CLIENT_PRIVATEKEY, or OKTA_CLIENT_TOKEN.");

        var client = Await(cancel => OktaClient.ConnectAsync(domain, credential, new ConnectionOptions { AllowLoopbackHttp = true, CeilingPercent = RateCeiling }, Progress, cancel));
        var org = new OktaOrg(client, credential is OktaServiceAppCredential ? "ServiceApp" : ApiTokenSet, TimeProvider.System, (credential as OktaServiceAppCredential)?.ClientId);
        Session.Current.OktaOrg = org;
        WriteObject(org);
    }

    private OktaCredential? Credential()
    {
        if (ApiToken is not null) return new OktaApiTokenCredential(ApiToken);
        if (ClientId is null) return null;
        var key = PrivateKey is not null ? OktaPrivateKey.FromText(PrivateKey, PrivateKeyPassphrase, KeyId)
            : PrivateKeyPath is not null ? OktaPrivateKey.FromFile(DiskPath.Of(this, PrivateKeyPath), PrivateKeyPassphrase, KeyId)
            : OktaPrivateKey.FromCertificate(Certificate!, KeyId);
        return new OktaServiceAppCredential(ClientId, key) { Scopes = Scope ?? OktaServiceAppCredential.ReadScopes };
    }
}
