using System.Management.Automation;
using System.Security;
using DropboxOktaProvisioning.Bridge;
using DropboxOktaProvisioning.Connections;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning.Commands;

/// <summary>
/// <para type="synopsis">Signs in to an Okta org and makes it this runspace's default.</para>
/// </summary>
[Cmdlet(VerbsCommunications.Connect, "OktaOrg")]
[OutputType(typeof(OktaOrg))]
public sealed class ConnectOktaOrgCommand : AsyncCommand
{
    /// <summary>The org's address, such as contoso.okta.com. Without it: OKTA_CLIENT_ORGURL.</summary>
    [Parameter(Position = 0)]
    public string? Domain { get; set; }

    /// <summary>The API token. Without it: OKTA_CLIENT_TOKEN.</summary>
    [Parameter(Position = 1)]
    public SecureString? ApiToken { get; set; }

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        var domain = Domain ?? Environment.GetEnvironmentVariable("OKTA_CLIENT_ORGURL")
            ?? throw new ProvisioningException(ErrorIds.InvalidDomain, ProblemCategory.InvalidArgument, "No Okta domain was given.", null, "Give -Domain, or set OKTA_CLIENT_ORGURL.");
        var token = ApiToken ?? Secret.FromEnvironment("OKTA_CLIENT_TOKEN")
            ?? throw new ProvisioningException(ErrorIds.InvalidToken, ProblemCategory.InvalidArgument, "No API token was given.", domain, "Give -ApiToken as a SecureString, or set OKTA_CLIENT_TOKEN.");

        var client = Await(cancel => OktaClient.ConnectAsync(domain, token, new ConnectionOptions { AllowLoopbackHttp = true }, Progress, cancel));
        var org = new OktaOrg(client, nameof(ApiToken), TimeProvider.System);
        Session.Current.OktaOrg = org;
        WriteObject(org);
    }
}
