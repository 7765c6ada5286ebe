using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Sandbox.Tests.Workflow;

/// <summary>Why people are stuck, off the sandbox's two logs.</summary>
public sealed class StuckTests
{
    private static async Task<(IReadOnlyList<DropboxUserStatus> Rows, List<ServiceException> Unread)> ExplainAsync(SandboxConnections on, IReadOnlyList<DropboxUserStatus> rows)
    {
        var unread = new List<ServiceException>();
        // The same period each time: waits move the sandbox's clock.
        var now = new SandboxOptions().Start.AddDays(9);
        var explained = await new StuckReader(on.Okta, on.Dropbox, on.World.App.Id).ExplainAsync(rows, now.AddDays(-90), now, unread.Add, null, default);
        return (explained, unread);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(3000)]
    public async Task Failed_pushes_and_refused_log_ins_are_quoted_for_few_and_for_many_alike(int users)
    {
        using var on = await SandboxConnections.OpenAsync(users);
        var rows = (await on.VerifyAsync()).Rows;
        var requests = on.Okta.RequestCount;
        var all = (await ExplainAsync(on, rows)).Rows;
        Assert.InRange(on.Okta.RequestCount - requests, 2, 12); // two lists, a page per 1,000 entries
        Assert.Equal(rows.Select(row => row.Email), all.Select(row => row.Email));

        var failed = all.Where(row => row.SyncState == "ERROR").ToArray();
        Assert.NotEmpty(failed);
        Assert.All(failed, row => Assert.Matches(@"Okta's push on \d{4}-\d\d-\d\d ended as FAILURE|Okta's log has no push of the person since", row.Reason));
        Assert.Contains(failed, row => row.Reason.Contains("ended as FAILURE", StringComparison.Ordinal));
        var refused = all.Where(row => row.NextAction is NextAction.FixSignOn).ToArray();
        Assert.NotEmpty(refused);
        Assert.All(refused, row => Assert.Contains("Clicked the tile on", row.Reason, StringComparison.Ordinal));
        Assert.Equal(rows.Where(row => !StuckReasons.MaySayMore(row)), all.Where(row => !StuckReasons.MaySayMore(row)));

        // One by one says the same.
        var some = failed.Take(4).Concat(refused.Take(4)).ToArray();
        var before = rows.Where(row => some.Any(one => one.Email == row.Email)).ToArray();
        var few = (await ExplainAsync(on, before)).Rows;
        Assert.Equal(all.Where(row => before.Any(one => one.Email == row.Email)).Select(row => row.Reason), few.Select(row => row.Reason));
    }

    [Fact]
    public async Task A_log_that_may_not_be_read_is_told_once_and_the_rest_is_said()
    {
        using var on = await SandboxConnections.OpenAsync();
        var rows = (await on.VerifyAsync()).Rows;
        on.World.DropboxScopes = new HashSet<string>(["team_info.read", "members.read"]);
        var (explained, unread) = await ExplainAsync(on, rows);
        Assert.Equal(ErrorIds.MissingScope, Assert.Single(unread).ErrorId);
        Assert.Contains(explained, row => row.Reason.Contains("Okta's push on", StringComparison.Ordinal));
        Assert.DoesNotContain(explained, row => row.NextAction is NextAction.FixSignOn);
    }

    [Fact]
    public async Task Storms_change_no_reason_and_break_only_as_one_error()
    {
        using var on = await SandboxConnections.OpenSettledAsync(200);
        var rows = (await on.VerifyAsync()).Rows;
        var calm = (await ExplainAsync(on, rows)).Rows.Select(row => row.Reason).ToArray();
        for (var seed = 1; seed <= 40; seed++)
        {
            on.World.Faults.Apply($"429:0.1,500:0.1,reset:0.05,truncate:0.05,cut:0.05,empty:0.1,logreset:0.05,seed:{seed}");
            try
            {
                Assert.Equal(calm, (await ExplainAsync(on, rows)).Rows.Select(row => row.Reason));
            }
            catch (ProvisioningException broke)
            {
                Assert.False(string.IsNullOrEmpty(broke.RecommendedAction), $"seed {seed}: {broke.Message}");
            }
        }
    }

    [Fact]
    public async Task What_happens_from_now_on_is_logged_too()
    {
        using var on = await SandboxConnections.OpenAsync();
        var (row, now) = ((await on.VerifyAsync()).Rows.First(one => one.Stage is ProvisioningStage.AwaitingActivation), on.World.Clock.GetUtcNow());
        on.World.SignOn(row.Email);
        var events = new List<string>();
        await foreach (var page in on.Okta.ListLogAsync(now.AddSeconds(-1), now.AddDays(1), $"actor.id eq \"{row.OktaUserId}\"", null, default)) events.AddRange(page.Select(one => one.Type));
        Assert.Equal(["user.authentication.sso"], events);
    }
}
