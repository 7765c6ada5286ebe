using System.Net.Http;
using System.Runtime.CompilerServices;
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

    public static async Task<SandboxConnections> OpenAsync(int users = 200, int seed = 1, bool autoAdvance = true, Func<SandboxHandler, HttpMessageHandler>? network = null)
    {
        var world = new ProvisioningWorld(new SandboxOptions { UserCount = users, Seed = seed, AutoAdvance = autoAdvance });
        return await OpenAsync(world, seed, network);
    }

    /// <summary>A world in which time changes nothing any more: every push has landed, and who was removed is gone for good.</summary>
    public static async Task<SandboxConnections> OpenSettledAsync(int users, int seed = 1, Func<SandboxHandler, HttpMessageHandler>? network = null)
    {
        var world = new ProvisioningWorld(new SandboxOptions { UserCount = users, Seed = seed });
        world.Advance(TimeSpan.FromDays(10));
        return await OpenAsync(world, seed, network);
    }

    public async Task<(IReadOnlyList<DropboxUserStatus> Rows, IReadOnlyList<ProvisioningException> Problems)> VerifyAsync(
        VerificationScope? scope = null, string[]? personal = null, CancellationToken cancel = default)
    {
        var statuses = new List<DropboxUserStatus>();
        var problems = new List<ProvisioningException>();
        await foreach (var outcome in OutcomesAsync(scope, personal, cancel))
        {
            if (outcome.Status is { } status) statuses.Add(status);
            if (outcome.Problem is { } problem) problems.Add(problem);
        }

        return (statuses, problems);
    }

    /// <summary>Verifies everyone, and returns what came out until the end or the error.</summary>
    public async Task<Reading> ReadAsync(VerificationScope? scope = null, IProgress<RunEvent>? progress = null)
    {
        var rows = new List<DropboxUserStatus>();
        try
        {
            // The days of waiting are the one field that the clock moves.
            await foreach (var outcome in OutcomesAsync(scope, null, default, progress)) rows.Add(outcome.Status! with { DaysWaiting = null });
            return new Reading(rows, null);
        }
        catch (ProvisioningException error)
        {
            return new Reading(rows, error);
        }
    }

    public void Dispose()
    {
        Okta.Dispose();
        Dropbox.Dispose();
        World.Dispose();
    }

    private static async Task<SandboxConnections> OpenAsync(ProvisioningWorld world, int seed, Func<SandboxHandler, HttpMessageHandler>? network)
    {
        var options = new ConnectionOptions
        {
            Time = world.Clock,
            PrimaryHandler = () => network is null ? new SandboxHandler(world) : network(new SandboxHandler(world)),
            Retry = new RetryOptions { Seed = seed },
        };
        var okta = await OktaClient.ConnectAsync(world.OktaOrigin.AbsoluteUri, Secret(world.OktaApiToken), options, null, default);
        var dropbox = await DropboxTeamClient.ConnectAsync(
            new RefreshTokenCredential(world.DropboxAppKey, Secret(world.DropboxRefreshToken), null), options, null, default);
        return new SandboxConnections(world, okta, dropbox);
    }

    private async IAsyncEnumerable<VerificationOutcome> OutcomesAsync(
        VerificationScope? scope, string[]? personal, [EnumeratorCancellation] CancellationToken cancel, IProgress<RunEvent>? progress = null)
    {
        var app = await DropboxApps.FindOneAsync(Okta, null, null, cancel);
        var rows = new StatusRows(new PersonalAccounts(personal ?? []), DashboardTile.Of(app), Dropbox.Team.TeamId, World.Clock.GetUtcNow(), _ => null);
        await foreach (var outcome in new Verifier(Okta, Dropbox, app, rows).RunAsync(scope ?? new VerificationScope.Everyone(), progress, cancel)) yield return outcome;
    }

    private static SecureString Secret(string text)
    {
        var secret = new SecureString();
        foreach (var letter in text) secret.AppendChar(letter);
        return secret;
    }
}

/// <summary>What came out of a verification: the rows, and the error that ended it if one did.</summary>
internal sealed record Reading(IReadOnlyList<DropboxUserStatus> Rows, ProvisioningException? Error)
{
    /// <summary>Why this is neither the same rows nor an error without rows; null where it is one of them.</summary>
    public string? Flaw(Reading whole)
    {
        if (Error is not null) return Rows.Count == 0 ? null : $"{Rows.Count} rows came out before {Error.ErrorId}";
        if (Rows.SequenceEqual(whole.Rows, RowContent.Comparer)) return null;
        return $"{Rows.Count} rows in place of {whole.Rows.Count}, {whole.Rows.Except(Rows, RowContent.Comparer).Count()} of them missing or different";
    }

    /// <summary>Rows by all that is in them: records compare their lists by reference.</summary>
    private sealed class RowContent : IEqualityComparer<DropboxUserStatus>
    {
        public static readonly RowContent Comparer = new();

        public bool Equals(DropboxUserStatus? left, DropboxUserStatus? right) =>
            left is null || right is null ? ReferenceEquals(left, right)
            : left.Evidence.SequenceEqual(right.Evidence) && left.FurtherEmails.SequenceEqual(right.FurtherEmails)
                && left with { Evidence = [], FurtherEmails = [] } == right with { Evidence = [], FurtherEmails = [] };

        public int GetHashCode(DropboxUserStatus row) => StringComparer.Ordinal.GetHashCode(row.Email);
    }
}
