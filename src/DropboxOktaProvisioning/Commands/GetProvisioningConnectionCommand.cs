using System.Management.Automation;
using DropboxOktaProvisioning.Bridge;
using DropboxOktaProvisioning.Connections;
using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Commands;

/// <summary>
/// <para type="synopsis">Shows what this runspace is connected to, what the tokens may do, which commands lack a scope, and the rate limits seen. Asks no service.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "ProvisioningConnection", HelpUri = HelpPages.At + "Get-ProvisioningConnection.md")]
[OutputType(typeof(ProvisioningConnection))]
public sealed class GetProvisioningConnectionCommand : AsyncCommand
{
    /// <summary>The org; without it the one that Connect-OktaOrg made this runspace's default.</summary>
    [Parameter]
    public OktaOrg? OktaOrg { get; set; }

    /// <summary>The team; without it the one that Connect-DropboxTeam made this runspace's default.</summary>
    [Parameter]
    public DropboxTeam? DropboxTeam { get; set; }

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        WriteObject((OktaOrg ?? Session.Current.OktaOrg) is { IsClosed: false } org ? Of(org) : None("Okta", "Connect-OktaOrg"));
        WriteObject((DropboxTeam ?? Session.Current.DropboxTeam) is { IsClosed: false } team ? Of(team) : None("Dropbox", "Connect-DropboxTeam"));
    }

    private static ProvisioningConnection Of(OktaOrg org)
    {
        // An API token has no scopes: it may do what its admin may.
        IReadOnlyList<string>? scopes = org.Scopes.Count == 0 ? null : org.Scopes;
        var lacking = CommandScopes.Lacking(scopes, needed => needed.Okta);
        return new ProvisioningConnection
        {
            Service = "Okta",
            IsConnected = true,
            Name = org.Domain.Host,
            SignedInAs = org.ClientId,
            SignIn = org.SignIn,
            Scopes = scopes,
            Lacking = lacking,
            TokenExpires = org.TokenExpires,
            ConnectedOn = org.ConnectedOn,
            RequestCount = org.RequestCount,
            RateLimits = Limits(org.Client.RateLimits),
            Remedy = Remedy(lacking, "Grant them to the app (Applications > the app > Okta API Scopes), and ask for them with Connect-OktaOrg -Scope."),
        };
    }

    private static ProvisioningConnection Of(DropboxTeam team)
    {
        IReadOnlyList<string>? scopes = team.Scopes.Count == 0 ? null : team.Scopes;
        var lacking = CommandScopes.Lacking(scopes, needed => needed.Dropbox);
        return new ProvisioningConnection
        {
            Service = "Dropbox",
            IsConnected = true,
            Name = $"{team.Name} ({team.TeamId})",
            SignedInAs = team.Admin,
            SignIn = team.SignIn,
            Scopes = scopes,
            Lacking = lacking,
            TokenExpires = team.TokenExpires,
            ConnectedOn = team.ConnectedOn,
            RequestCount = team.RequestCount,
            RateLimits = Limits(team.Client.RateLimits),
            Remedy = Remedy(lacking, "Tick them under Permissions in the Dropbox App Console and link the app again: a token does not gain scopes that are ticked later."),
        };
    }

    private static ProvisioningConnection None(string service, string how) => new() { Service = service, Remedy = $"Run {how}, or rehearse with Start-ProvisioningSandbox." };

    private static string? Remedy(IReadOnlyList<LackingScope>? lacking, string how) =>
        lacking is null or [] ? null : $"Missing: {string.Join(", ", lacking.Select(one => one.Scope).Distinct().Order(StringComparer.Ordinal))}. {how}";

    private static IReadOnlyList<ServiceRateLimit> Limits(RateLimitsSeen seen) =>
        [.. seen.Now.Select(limit => new ServiceRateLimit(limit.Bucket, limit.Limit, limit.Remaining, limit.Resets, limit.Refusals) { Ceiling = limit.Ceiling, Taken = limit.Taken })];
}
