using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning;

/// <summary>A signed-in Okta org. Immutable and safe to share between runspaces; holds no secret that can be seen.</summary>
public sealed class OktaOrg
{
    internal OktaOrg(OktaClient client, string signIn, TimeProvider time)
    {
        Client = client;
        Time = time;
        Domain = client.Origin;
        SignIn = signIn;
        ConnectedOn = time.GetUtcNow();
    }

    /// <summary>The org's address.</summary>
    public Uri Domain { get; }

    /// <summary>How it is signed in: <c>ApiToken</c>.</summary>
    public string SignIn { get; }

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
