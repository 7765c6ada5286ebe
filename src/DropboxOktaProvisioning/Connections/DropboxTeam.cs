using System.Security;
using DropboxOktaProvisioning.Engine.Dropbox;

namespace DropboxOktaProvisioning;

/// <summary>A signed-in Dropbox team. Immutable and safe to share between runspaces; holds no secret that can be seen.</summary>
public sealed class DropboxTeam
{
    private SecureString? _refreshToken;

    internal DropboxTeam(DropboxTeamClient client, string signIn, TimeProvider time, SecureString? refreshToken = null)
    {
        _refreshToken = refreshToken;
        Client = client;
        Time = time;
        SignIn = signIn;
        ConnectedOn = time.GetUtcNow();
    }

    /// <summary>The team's id (<c>dbtid:…</c>).</summary>
    public string TeamId => Client.Team.TeamId;

    /// <summary>The team's name.</summary>
    public string Name => Client.Team.Name;

    /// <summary>The admin on whose behalf the token acts, null if Dropbox does not say.</summary>
    public string? Admin => Client.Admin?.Email;

    /// <summary>How it is signed in: <c>RefreshToken</c>, <c>AccessToken</c>, <c>SignIn</c> or <c>Sandbox</c>.</summary>
    public string SignIn { get; }

    /// <summary>What the token may do, as Dropbox said; empty for an access token that was handed in, of which Dropbox does not tell.</summary>
    public IReadOnlyList<string> Scopes => Client.Scopes.ToArray();

    /// <summary>When the connection was made, UTC.</summary>
    public DateTimeOffset ConnectedOn { get; }

    /// <summary>When the access token in use ends, UTC; null if that is not known. A refresh token renews it.</summary>
    public DateTimeOffset? TokenExpires => Client.TokenExpires;

    /// <summary>Hands out the refresh token of Connect-DropboxTeam -SignIn, once: keep it in a vault, such as with Set-Secret.</summary>
    /// <exception cref="InvalidOperationException">It was taken before, or the connection was not made with -SignIn.</exception>
    public SecureString TakeRefreshToken() => Interlocked.Exchange(ref _refreshToken, null)
        ?? throw new InvalidOperationException("There is no refresh token to take: it is handed out once, by a connection of Connect-DropboxTeam -SignIn.");

    /// <summary>How many licences the team had when the connection was made.</summary>
    public int LicensedUsers => Client.Team.LicensedUsers;

    /// <summary>How many licences were taken when the connection was made.</summary>
    public int UsedLicenses => Client.Team.UsedLicenses;

    /// <summary>How many requests were answered over this connection, repeated ones included.</summary>
    public int RequestCount => Client.RequestCount;

    internal DropboxTeamClient Client { get; }

    internal TimeProvider Time { get; }

    /// <summary>The sandbox that this is the team of, in whichever runspace it is used; null for a real team.</summary>
    internal ProvisioningSandbox? Sandbox { get; set; }

    internal bool IsClosed { get; private set; }

    internal void Close()
    {
        IsClosed = true;
        Client.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
