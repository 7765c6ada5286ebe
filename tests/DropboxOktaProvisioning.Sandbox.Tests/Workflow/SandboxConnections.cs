using System.Net.Http;
using System.Security;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Verification;
using DropboxOktaProvisioning.Engine.Workflow;

namespace DropboxOktaProvisioning.Sandbox.Tests.Workflow;

/// <summary>The real clients on a sandbox in memory.</summary>
internal sealed class SandboxConnections : IDisposable
{
    private SandboxConnections(ProvisioningWorld world, OktaClient okta, DropboxTeamClient dropbox)
    {
        World = world;
        Okta = okta;
        Dropbox = dropbox;
    }

    public ProvisioningWorld World { get; }

    public OktaClient Okta { get; }

    public DropboxTeamClient Dropbox { get; }

    public static async Task<SandboxConnections> OpenAsync(int users = 200, int seed = 1, bool autoAdvance = true)
    {
        var world = new ProvisioningWorld(new SandboxOptions { UserCount = users, Seed = seed, AutoAdvance = autoAdvance });
        var options = new ConnectionOptions { Time = world.Clock, PrimaryHandler = () => new SandboxHandler(world), Retry = new RetryOptions { Seed = seed } };
        var okta = await OktaClient.ConnectAsync(world.OktaOrigin.AbsoluteUri, Secret(world.OktaApiToken), options, null, default);
        var dropbox = await DropboxTeamClient.ConnectAsync(new RefreshTokenCredential(world.DropboxAppKey, Secret(world.DropboxRefreshToken), null), options, null, default);
        return new SandboxConnections(world, okta, dropbox);
    }

    public async Task<(IReadOnlyList<DropboxUserStatus> Rows, IReadOnlyList<ProvisioningException> Problems)> VerifyAsync(
        VerificationScope? scope = null, string[]? personal = null, CancellationToken cancel = default)
    {
        var app = await DropboxApps.FindOneAsync(Okta, null, null, cancel);
        var rows = new StatusRows(new PersonalAccounts(personal ?? []), DashboardTile.Of(app), Dropbox.Team.TeamId, World.Clock.GetUtcNow(), _ => null);
        var statuses = new List<DropboxUserStatus>();
        var problems = new List<ProvisioningException>();
        await foreach (var outcome in new Verifier(Okta, Dropbox, app, rows).RunAsync(scope ?? new VerificationScope.Everyone(), null, cancel))
        {
            if (outcome.Status is { } status) statuses.Add(status);
            if (outcome.Problem is { } problem) problems.Add(problem);
        }

        return (statuses, problems);
    }

    public void Dispose()
    {
        Okta.Dispose();
        Dropbox.Dispose();
        World.Dispose();
    }

    private static SecureString Secret(string text)
    {
        var secret = new SecureString();
        foreach (var letter in text) secret.AppendChar(letter);
        return secret;
    }
}
