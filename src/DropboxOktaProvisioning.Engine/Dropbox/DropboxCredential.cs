using System.Security;
using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Dropbox;

/// <summary>How to sign in to Dropbox. Holds the caller's secrets only; the connection makes its own copies.</summary>
public abstract class DropboxCredential
{
    private protected DropboxCredential()
    {
    }

    /// <summary>Checks the secrets and makes the source of tokens from copies of them.</summary>
    internal abstract Func<ServiceConnection, ITokenSource> ToSource(TimeProvider time);
}

/// <summary>A team-linked access token. It cannot be renewed, and ends within four hours.</summary>
/// <param name="accessToken">The token.</param>
public sealed class AccessTokenCredential(SecureString accessToken) : DropboxCredential
{
    internal override Func<ServiceConnection, ITokenSource> ToSource(TimeProvider time)
    {
        SecureString token = SecretText.Check(accessToken, "Dropbox access token");
        return _ => new FixedTokenSource("Bearer", token);
    }
}

/// <summary>An app's refresh token, from which access tokens are made for as long as it is not revoked.</summary>
/// <param name="appKey">The app's key.</param>
/// <param name="refreshToken">The refresh token.</param>
/// <param name="appSecret">The app's secret; null for an app that was linked by PKCE.</param>
public sealed class RefreshTokenCredential(string appKey, SecureString refreshToken, SecureString? appSecret = null) : DropboxCredential
{
    internal override Func<ServiceConnection, ITokenSource> ToSource(TimeProvider time)
    {
        if (string.IsNullOrEmpty(appKey) || !appKey.All(char.IsAsciiLetterOrDigit))
        {
            throw new ProvisioningException(ErrorIds.InvalidToken, ProblemCategory.InvalidArgument,
                "The Dropbox app key is empty, or holds something other than letters and digits.",
                null, "Copy the app key again from the app's page in the Dropbox App Console.");
        }

        SecureString refresh = SecretText.Check(refreshToken, "Dropbox refresh token");
        SecureString? secret = appSecret is null ? null : SecretText.Check(appSecret, "Dropbox app secret");
        return connection => new RefreshingTokenSource(connection, appKey, refresh, secret, time);
    }
}
