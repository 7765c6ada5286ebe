using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>How to reach and sign in to Microsoft Graph.</summary>
public sealed record GraphOptions
{
    private static readonly string[] Clouds = ["graph.microsoft.com", "graph.microsoft.us", "dod-graph.microsoft.us", "microsoftgraph.chinacloudapi.cn"];

    /// <summary>Fetches an access token that may <c>Mail.Send</c>; called once before the first mail, and again when the token ends or is refused.</summary>
    public required Func<CancellationToken, Task<GraphToken>> Token { get; init; }

    /// <summary>The mailbox that sends, by id or user principal name; null for each mail's own sender.</summary>
    public string? Mailbox { get; init; }

    /// <summary>Graph's address: that of the world, or of a national cloud.</summary>
    public Uri Address { get; init; } = new("https://graph.microsoft.com");

    /// <summary>Who hears of requests and waits.</summary>
    public IProgress<RunEvent>? Progress { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Makes the handler that talks to the network; null for sockets.</summary>
    internal Func<HttpMessageHandler>? PrimaryHandler { get; init; }

    /// <summary>The address's origin, if it is one of Microsoft Graph, or on this machine for tests.</summary>
    /// <exception cref="ProvisioningException">It is another one (InvalidDomain).</exception>
    internal Uri Origin()
    {
        var origin = Origins.Check(Address, allowLoopbackHttp: true);
        if (origin.IsLoopback || (origin.IsDefaultPort && Clouds.Contains(origin.IdnHost, StringComparer.OrdinalIgnoreCase))) return origin;
        throw new ProvisioningException(
            ErrorIds.InvalidDomain, ProblemCategory.InvalidArgument, $"{origin.Host} is not an address of Microsoft Graph.", origin.Host,
            $"Give one of {string.Join(", ", Clouds.Select(cloud => "https://" + cloud))}.");
    }
}
