using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Readiness;

namespace DropboxOktaProvisioning.Sandbox.Tests.Workflow;

/// <summary>Reading the prerequisites off both services, in good weather and bad.</summary>
public sealed class ReadinessTests
{
    private static async Task<string[]> RowsAsync(SandboxConnections on, bool lenient = false) =>
        [.. ReadinessTable.Judge(await new ReadinessReader(on.Okta, on.Dropbox, on.World.Clock) { IsLenient = lenient }.ReadAsync(null, TimeSpan.FromDays(30), [], null, default))
            .Select(row => $"{row.Name} {row.Outcome}")];

    [Fact]
    public async Task It_costs_one_request_to_Okta_and_six_to_Dropbox()
    {
        using var on = await SandboxConnections.OpenAsync(100);
        var (okta, dropbox) = (on.Okta.RequestCount, on.Dropbox.RequestCount);
        Assert.Contains("SsoRequired Passed", await RowsAsync(on));
        Assert.Equal((1, 6), (on.Okta.RequestCount - okta, on.Dropbox.RequestCount - dropbox));
    }

    [Fact]
    public async Task An_admin_who_is_none_any_more_is_a_row_and_no_error()
    {
        using var on = await SandboxConnections.OpenAsync(100);
        on.World.DropboxAdminIsActive = false;
        Assert.Contains("DropboxAdmin Failed", await RowsAsync(on));
    }

    [Fact]
    public async Task A_log_that_may_not_be_read_leaves_its_rows_unknown_and_the_others_as_they_are()
    {
        using var on = await SandboxConnections.OpenAsync(100);
        on.World.DropboxScopes = new HashSet<string>(["team_info.read"]);
        var rows = await RowsAsync(on);
        Assert.Equal(["SsoRequired Unknown", "SsoCertificate Unknown", "VerifiedDomain Unknown", "AccountCapture Unknown", "Seats Unknown"], rows.Where(row => row.EndsWith("Unknown", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Storms_change_no_row_and_break_only_as_one_error()
    {
        using var on = await SandboxConnections.OpenAsync(100);
        var calm = await RowsAsync(on);
        for (var seed = 1; seed <= 40; seed++)
        {
            on.World.Faults.Apply($"429:0.1,500:0.1,reset:0.05,truncate:0.05,empty:0.05,logreset:0.05,seed:{seed}");
            try
            {
                Assert.Equal(calm, await RowsAsync(on));
            }
            catch (ProvisioningException broke)
            {
                Assert.False(string.IsNullOrEmpty(broke.RecommendedAction), $"seed {seed}: {broke.Message}");
            }

            Assert.Equal(calm.Length, (await RowsAsync(on, lenient: true)).Length);
        }
    }

    [Fact]
    public async Task Two_apps_are_an_error_to_who_asks_and_unknown_to_who_only_sends()
    {
        using var on = await SandboxConnections.OpenAsync(100);
        on.World.AddSecondApp();
        Assert.Equal(ErrorIds.AppAmbiguous, (await Assert.ThrowsAsync<ProvisioningException>(() => RowsAsync(on))).ErrorId);
        Assert.Contains("App Unknown", await RowsAsync(on, lenient: true));
    }
}
