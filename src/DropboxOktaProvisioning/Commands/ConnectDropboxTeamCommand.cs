using System.Management.Automation;
using System.Security;
using DropboxOktaProvisioning.Bridge;
using DropboxOktaProvisioning.Connections;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Commands;

/// <summary>
/// <para type="synopsis">Signs in to a Dropbox team and makes it this runspace's default.</para>
/// </summary>
[Cmdlet(VerbsCommunications.Connect, "DropboxTeam", DefaultParameterSetName = RefreshSet)]
[RequiredScopes(Dropbox = ["team_info.read"])]
[OutputType(typeof(DropboxTeam))]
public sealed class ConnectDropboxTeamCommand : AsyncCommand
{
    private const string RefreshSet = "RefreshToken";
    private const string AccessSet = "AccessToken";

    /// <summary>The Dropbox app's key. Without it: DROPBOX_APP_KEY.</summary>
    [Parameter(Position = 0, ParameterSetName = RefreshSet)]
    public string? AppKey { get; set; }

    /// <summary>The refresh token of a team link. Without it: DROPBOX_REFRESH_TOKEN.</summary>
    [Parameter(Position = 1, ParameterSetName = RefreshSet)]
    [Secret]
    public SecureString? RefreshToken { get; set; }

    /// <summary>The app's secret; an app that was linked with PKCE needs none. Without it: DROPBOX_APP_SECRET, if set.</summary>
    [Parameter(ParameterSetName = RefreshSet)]
    [Secret]
    public SecureString? AppSecret { get; set; }

    /// <summary>A team access token as it is; it ends after four hours. Without it, and without a refresh token: DROPBOX_ACCESS_TOKEN.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AccessSet)]
    [Secret]
    public SecureString? AccessToken { get; set; }

    /// <summary>Another address that speaks the same protocol, such as the sandbox host on loopback.</summary>
    [Parameter]
    public Uri? ServiceUri { get; set; }

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        var credential = Credential();
        var options = new ConnectionOptions { Origin = ServiceUri, AllowLoopbackHttp = true };
        var client = Await(cancel => DropboxTeamClient.ConnectAsync(credential, options, Progress, cancel));
        var team = new DropboxTeam(client, credential is AccessTokenCredential ? AccessSet : RefreshSet, TimeProvider.System);
        Session.Current.DropboxTeam = team;
        WriteObject(team);
    }

    private DropboxCredential Credential()
    {
        if (AccessToken is not null) return new AccessTokenCredential(AccessToken);

        var key = AppKey ?? Environment.GetEnvironmentVariable("DROPBOX_APP_KEY");
        var refresh = RefreshToken ?? Secret.FromEnvironment("DROPBOX_REFRESH_TOKEN");
        if (!string.IsNullOrEmpty(key) && refresh is not null)
            return new RefreshTokenCredential(key, refresh, AppSecret ?? Secret.FromEnvironment("DROPBOX_APP_SECRET"));
        if (AppKey is null && RefreshToken is null && Secret.FromEnvironment("DROPBOX_ACCESS_TOKEN") is { } access)
            return new AccessTokenCredential(access);

        var missing = string.IsNullOrEmpty(key) ? "app key" : "refresh token";
        throw new ProvisioningException(
            ErrorIds.InvalidToken, ProblemCategory.InvalidArgument, $"No {missing} was given.", null,
            "Give -AppKey and -RefreshToken, or -AccessToken, or set DROPBOX_APP_KEY and DROPBOX_REFRESH_TOKEN, or DROPBOX_ACCESS_TOKEN.");
    }
}
