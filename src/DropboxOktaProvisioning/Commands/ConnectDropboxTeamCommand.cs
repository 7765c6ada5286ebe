using System.Management.Automation;
using System.Management.Automation.Host;
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
[Cmdlet(VerbsCommunications.Connect, "DropboxTeam", DefaultParameterSetName = RefreshSet, HelpUri = HelpPages.At + "Connect-DropboxTeam.md")]
[RequiredScopes(Dropbox = ["team_info.read"])]
[OutputType(typeof(DropboxTeam))]
public sealed class ConnectDropboxTeamCommand : AsyncCommand
{
    private const string RefreshSet = "RefreshToken";
    private const string AccessSet = "AccessToken";
    private const string SignInSet = "SignIn";

    /// <summary>The Dropbox app's key. Without it: DROPBOX_APP_KEY.</summary>
    [Parameter(Position = 0, ParameterSetName = RefreshSet)]
    [Parameter(Position = 0, ParameterSetName = SignInSet)]
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

    /// <summary>Signs a team admin in with the browser; the refresh token is then taken once from the team with its TakeRefreshToken().</summary>
    [Parameter(Mandatory = true, ParameterSetName = SignInSet)]
    public SwitchParameter SignIn { get; set; }

    /// <summary>Opens no browser: shows the address, and asks for the code that Dropbox shows there. For a machine without a browser.</summary>
    [Parameter(ParameterSetName = SignInSet)]
    public SwitchParameter NoBrowser { get; set; }

    /// <summary>Opens the address in place of the system's own browser; gets the address as its argument.</summary>
    [Parameter(ParameterSetName = SignInSet)]
    [ValidateNotNull]
    public ScriptBlock? Browser { get; set; }

    /// <summary>The port of the redirect URI http://127.0.0.1:PORT/, which must be registered with the app to the letter.</summary>
    [Parameter(ParameterSetName = SignInSet)]
    [ValidateRange(1024, 65535)]
    public int RedirectPort { get; set; } = 53117;

    /// <summary>The scopes to ask for in place of those that the commands need.</summary>
    [Parameter(ParameterSetName = SignInSet)]
    [ValidateNotNullOrEmpty]
    public string[]? Scope { get; set; }

    /// <summary>How many minutes to wait for the browser.</summary>
    [Parameter(ParameterSetName = SignInSet)]
    [ValidateRange(0.01, 60)]
    public double TimeoutMinutes { get; set; } = 5;

    /// <summary>Another address that speaks the same protocol, such as the sandbox host on loopback.</summary>
    [Parameter]
    public Uri? ServiceUri { get; set; }

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        var options = new ConnectionOptions { Origin = ServiceUri, AllowLoopbackHttp = true };
        var link = SignIn ? Link(options) : null;
        var credential = link is null ? Credential() : new RefreshTokenCredential(Key()!, link.RefreshToken);
        var client = Await(cancel => DropboxTeamClient.ConnectAsync(credential, options, Progress, cancel));
        var how = link is not null ? SignInSet : credential is AccessTokenCredential ? AccessSet : RefreshSet;
        var team = new DropboxTeam(client, how, TimeProvider.System, link?.RefreshToken);
        Session.Current.DropboxTeam = team;
        WriteObject(team);
    }

    private string? Key() => AppKey ?? Environment.GetEnvironmentVariable("DROPBOX_APP_KEY");

    private DropboxLink Link(ConnectionOptions options)
    {
        IReadOnlyList<string> scopes = Scope ?? [.. CommandScopes.All.SelectMany(one => one.Scopes.Dropbox).Append(DropboxTeamClient.EventsRead).Distinct().Order(StringComparer.Ordinal)];
        if (NoBrowser && Browser is not null)
            throw new ProvisioningException(ErrorIds.ConflictingParameters, ProblemCategory.InvalidArgument, "-NoBrowser and -Browser were both given.", null, "Give one of them, or none.");
        if (NoBrowser)
        {
            var pasted = new DropboxSignIn(Key() ?? "", scopes, null, ServiceUri);
            var code = Ask(pasted.Address);
            return Await(cancel => pasted.RedeemAsync(code, options, Progress, cancel));
        }

        using var listener = new LoopbackListener(RedirectPort);
        var signIn = new DropboxSignIn(Key() ?? "", scopes, listener.Redirect, ServiceUri);
        return Await(async cancel =>
        {
            // The wait begins before the browser can answer.
            var answer = listener.WaitAsync(signIn, TimeSpan.FromMinutes(TimeoutMinutes), Progress, cancel);
            Open(signIn.Address);
            return await signIn.RedeemAsync(await answer, options, Progress, cancel);
        });
    }

    private void Open(Uri address)
    {
        if (Browser is not null)
        {
            Browser.Invoke(address);
            return;
        }

        Tell($"Sign in as a team admin in the browser. If none opens, go to {address}");
        if (!SystemBrowser.TryOpen(address.AbsoluteUri)) WriteWarning("This machine opened no browser. -NoBrowser asks for a code in place of it.");
    }

    private SecureString Ask(Uri address)
    {
        Tell($"Open this address on any machine, sign in as a team admin, choose Allow, and copy the code: {address}");
        try
        {
            Host.UI.Write("Code: ");
            return Host.UI.ReadLineAsSecureString();
        }
        catch (Exception none) when (none is HostException or NotImplementedException or PSInvalidOperationException or NullReferenceException)
        {
            throw new ProvisioningException(
                ErrorIds.SignInNeedsPerson, ProblemCategory.InvalidOperation, "There is nobody here to paste the code.", null,
                "Sign in once at a prompt, keep the refresh token in a vault, and give it here with -RefreshToken { Get-Secret dropbox }.");
        }
    }

    private void Tell(string message) => WriteInformation(new HostInformationMessage { Message = message }, ["PSHOST"]);

    private DropboxCredential Credential()
    {
        if (AccessToken is not null) return new AccessTokenCredential(AccessToken);

        var key = Key();
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
