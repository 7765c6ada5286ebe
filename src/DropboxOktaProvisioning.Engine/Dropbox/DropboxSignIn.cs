using System.Security;
using System.Security.Cryptography;
using System.Text;
using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Dropbox;

/// <summary>A person links an app to the team in a browser: OAuth's authorization code with PKCE (S256) and offline access, without the app's secret.</summary>
/// <remarks>Sources: Dropbox's OAuth guide, RFC 7636. The verifier and the state never leave this object but to Dropbox.</remarks>
public sealed class DropboxSignIn
{
    private static readonly Uri Pages = new("https://www.dropbox.com");
    private static readonly Uri Api = new("https://api.dropboxapi.com");
    private readonly string _appKey;
    private readonly IReadOnlyList<string> _scopes;
    private readonly Uri? _redirect;
    private readonly string _verifier = Random(48);
    private readonly string _state = Random(24);

    /// <summary>Begins.</summary>
    /// <param name="appKey">The app's key.</param>
    /// <param name="scopes">What to ask for: no more than the app is to have.</param>
    /// <param name="redirect">Where the browser brings the code, registered with the app to the letter; null shows the person a code to paste.</param>
    /// <param name="origin">Another address that speaks the same protocol, such as the sandbox host; null for Dropbox itself.</param>
    /// <exception cref="ProvisioningException"><see cref="ErrorIds.InvalidToken"/> or <see cref="ErrorIds.InvalidScope"/>.</exception>
    public DropboxSignIn(string appKey, IReadOnlyList<string> scopes, Uri? redirect = null, Uri? origin = null)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        if (string.IsNullOrEmpty(appKey) || !appKey.All(char.IsAsciiLetterOrDigit))
        {
            throw new ProvisioningException(ErrorIds.InvalidToken, ProblemCategory.InvalidArgument,
                "The Dropbox app key is empty, or holds something other than letters and digits.",
                null, "Copy the app key again from the app's page in the Dropbox App Console.");
        }

        if (scopes.Count == 0 || scopes.Any(s => s.Length == 0 || !s.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_')))
        {
            throw new ProvisioningException(ErrorIds.InvalidScope, ProblemCategory.InvalidArgument,
                "A scope is empty or holds a character that no scope has.", scopes, "Give scopes such as team_info.read, members.read, events.read.");
        }

        (_appKey, _scopes, _redirect) = (appKey, scopes, redirect);
        string challenge = Base64Url(SHA256.HashData(Encoding.ASCII.GetBytes(_verifier)));
        string query = $"client_id={appKey}&response_type=code&token_access_type=offline&code_challenge_method=S256&code_challenge={challenge}"
            + $"&scope={Uri.EscapeDataString(string.Join(' ', scopes))}&state={_state}"
            + (redirect is null ? "" : $"&redirect_uri={Uri.EscapeDataString(redirect.OriginalString)}");
        Address = new Uri(origin ?? Pages, "/oauth2/authorize?" + query);
    }

    /// <summary>The page that the person opens, signs in at, and allows the app on.</summary>
    public Uri Address { get; }

    /// <summary>Whether an answer is to this sign-in and to no other.</summary>
    public bool IsOurs(string? state) =>
        state is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(state), Encoding.UTF8.GetBytes(_state));

    /// <summary>Turns the code into a refresh token. A code is good for one time.</summary>
    /// <param name="code">The code.</param>
    /// <param name="options">How to behave.</param>
    /// <param name="progress">Who wants to hear of it.</param>
    /// <param name="cancel">Ends it at once.</param>
    /// <exception cref="ProvisioningException">
    /// <see cref="ErrorIds.CodeRefused"/>, <see cref="ErrorIds.NotATeamToken"/>, <see cref="ErrorIds.ScopeNotGranted"/>, or what the service says.
    /// </exception>
    public async Task<DropboxLink> RedeemAsync(SecureString code, ConnectionOptions options, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        string text = SecretText.Reveal(SecretText.Check(code, "authorization code"));
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code", ["code"] = text, ["client_id"] = _appKey, ["code_verifier"] = _verifier,
        };
        if (_redirect is not null) form["redirect_uri"] = _redirect.OriginalString;
        var request = new ServiceRequest(HttpMethod.Post, DropboxErrors.TokenRoute)
        {
            About = "the authorization code",
            Permission = "offline access",
            Anonymous = true,
            Safe = false,
            Content = () => new FormUrlEncodedContent(form),
            Secrets = [text, _verifier],
        };
        Uri origin = options.Origin is { } other ? Origins.Check(other, options.AllowLoopbackHttp) : Api;
        using var connection = new ServiceConnection(DropboxErrors.Service, origin, _ => new FixedTokenSource("none", new SecureString()), DropboxErrors.Read, options);
        try
        {
            using Answer answer = await connection.SendAsync(request, progress, cancel);
            return ToLink(answer, answer.Read(DropboxJson.Default.TokenJson));
        }
        catch (ServiceException refused) when (refused.ErrorId is ErrorIds.RefreshTokenRefused)
        {
            throw new ServiceException(ErrorIds.CodeRefused, ProblemCategory.AuthenticationError, DropboxErrors.Service,
                $"Dropbox refused the authorization code. {refused.Message}",
                "Sign in again: a code is good for one time and a short while. Check the app key, and that the redirect address is registered with the app to the letter.")
            {
                StatusCode = refused.StatusCode, ServiceCode = refused.ServiceCode, RequestId = refused.RequestId,
            };
        }
    }

    private DropboxLink ToLink(Answer answer, TokenJson token)
    {
        if (string.IsNullOrEmpty(token.TeamId))
        {
            throw new ProvisioningException(ErrorIds.NotATeamToken, ProblemCategory.AuthenticationError,
                "The app was linked to one user and not to a team.", _appKey,
                "Sign in as a team admin, and give the app team scopes (team_info.read, members.read) in the App Console.");
        }

        if (string.IsNullOrEmpty(token.RefreshToken)) throw answer.Malformed("it holds no refresh token");
        string[] granted = token.Scope?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        string[] missing = [.. _scopes.Except(granted)];
        if (granted.Length > 0 && missing.Length > 0)
        {
            throw new ProvisioningException(ErrorIds.ScopeNotGranted, ProblemCategory.PermissionDenied,
                $"Dropbox did not grant {string.Join(", ", missing)}.", missing,
                "Tick these scopes under Permissions in the Dropbox App Console and sign in again, or ask for less with -Scope.");
        }

        return new DropboxLink(SecretText.Protect(token.RefreshToken), token.TeamId, granted);
    }

    private static string Random(int bytes) => Base64Url(RandomNumberGenerator.GetBytes(bytes));

    private static string Base64Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}

/// <summary>An app's link to a team.</summary>
/// <param name="refreshToken">Good until it is revoked.</param>
/// <param name="teamId">The team.</param>
/// <param name="scopes">What was granted.</param>
public sealed class DropboxLink(SecureString refreshToken, string teamId, IReadOnlyList<string> scopes)
{
    /// <summary>The refresh token: keep it in a vault.</summary>
    public SecureString RefreshToken { get; } = refreshToken;

    /// <summary>The team's id (<c>dbtid:…</c>).</summary>
    public string TeamId { get; } = teamId;

    /// <summary>What was granted.</summary>
    public IReadOnlyList<string> Scopes { get; } = scopes;
}
