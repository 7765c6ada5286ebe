using System.Security;
using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Okta;

/// <summary>How to sign in to Okta. Holds the caller's secrets only; the connection makes its own copies.</summary>
public abstract class OktaCredential
{
    private protected OktaCredential()
    {
    }

    /// <summary>Checks the secrets and makes the source of tokens from copies of them.</summary>
    internal abstract Func<ServiceConnection, ITokenSource> ToSource(TimeProvider time);
}

/// <summary>An API token (SSWS) with the rights of the admin who made it.</summary>
/// <param name="apiToken">The token.</param>
public sealed class OktaApiTokenCredential(SecureString apiToken) : OktaCredential
{
    internal override Func<ServiceConnection, ITokenSource> ToSource(TimeProvider time)
    {
        SecureString token = SecretText.Check(apiToken, "Okta API token");
        return _ => new FixedTokenSource("SSWS", token);
    }
}

/// <summary>A service app (Okta: API Services) that signs in by itself with its private key, and with no more than the scopes asked for.</summary>
/// <param name="clientId">The app's client id.</param>
/// <param name="key">Its private key.</param>
public sealed class OktaServiceAppCredential(string clientId, OktaPrivateKey key) : OktaCredential
{
    /// <summary>What the commands need that only read.</summary>
    public static IReadOnlyList<string> ReadScopes { get; } = ["okta.apps.read", "okta.users.read", "okta.groups.read"];

    /// <summary>The app's client id.</summary>
    public string ClientId => clientId;

    /// <summary>The scopes to ask for.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = ReadScopes;

    internal override Func<ServiceConnection, ITokenSource> ToSource(TimeProvider time)
    {
        if (string.IsNullOrEmpty(clientId) || !clientId.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            throw new ProvisioningException(ErrorIds.InvalidToken, ProblemCategory.InvalidArgument,
                "The client id of the Okta app is empty, or holds something other than letters and digits.",
                null, "Copy the client id again from the app's General tab in the Okta Admin Console.");
        }

        if (Scopes.Count == 0 || Scopes.Any(s => s.Length == 0 || s.Any(c => c is <= ' ' or > '~' or '"' or '\\')))
        {
            throw new ProvisioningException(ErrorIds.InvalidScope, ProblemCategory.InvalidArgument,
                "A scope is empty or holds a character that no scope has.", Scopes, $"Give scopes such as {string.Join(", ", ReadScopes)}.");
        }

        SigningKey signing = key.Open();
        return connection => new OktaTokenSource(connection, clientId, signing, Scopes, time);
    }
}
