using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning;

/// <summary>A signed-in Okta org. Immutable and safe to share between runspaces; holds no secret that can be seen.</summary>
public sealed class OktaOrg
{
    internal OktaOrg(OktaClient client, string signIn, TimeProvider time, string? clientId = null)
    {
        Client = client;
        Time = time;
        Domain = client.Origin;
        SignIn = signIn;
        ClientId = clientId;
        ConnectedOn = time.GetUtcNow();
    }

    /// <summary>The org's address.</summary>
    public Uri Domain { get; }

    /// <summary>How it is signed in: <c>ApiToken</c> or <c>ServiceApp</c>.</summary>
    public string SignIn { get; }

    /// <summary>The client id of the service app that is signed in; null for an API token.</summary>
    public string? ClientId { get; }

    /// <summary>What the token may do, as Okta said; empty for an API token, which has the rights of its admin.</summary>
    public IReadOnlyList<string> Scopes => Client.Scopes.ToArray();

    /// <summary>When the token in use ends, UTC; null for an API token. A service app's key renews it.</summary>
    public DateTimeOffset? TokenExpires => Client.TokenExpires;

    /// <summary>When the connection was made, UTC.</summary>
    public DateTimeOffset ConnectedOn { get; }

    /// <summary>How many requests were answered over this connection, repeated ones included.</summary>
    public int RequestCount => Client.RequestCount;

    internal OktaClient Client { get; }

    internal TimeProvider Time { get; }

    internal bool IsClosed { get; private set; }

    internal void Close()
    {
        IsClosed = true;
        Client.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => Domain.Host;
}
