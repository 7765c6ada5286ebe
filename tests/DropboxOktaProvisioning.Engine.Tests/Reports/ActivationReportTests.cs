using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Reports;
using DropboxOktaProvisioning.Engine.Tests.Journal;
using static DropboxOktaProvisioning.Engine.Tests.Reports.ReportFixture;

namespace DropboxOktaProvisioning.Engine.Tests.Reports;

/// <summary>What a report counts.</summary>
public sealed class ActivationReportTests : IDisposable
{
    private readonly JournalFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    private static DropboxUserStatus Person(string name, ProvisioningStage stage, NextAction next = NextAction.None, string reason = "", int? joined = null) => new()
    {
        Email = $"{name}@contoso.example", AssignmentStatus = "PROVISIONED", Stage = stage, NextAction = next, Reason = reason,
        DropboxStatus = stage is ProvisioningStage.Active ? "active" : "invited", JoinedOn = joined is { } days ? Now.AddDays(-days) : null,
    };

    [Fact]
    public void Obstacles_are_put_together_whatever_day_they_name_the_most_common_first()
    {
        var report = Report(
        [
            Person("a", ProvisioningStage.Suspended, NextAction.Unsuspend, "Suspended on 2026-01-05."), Person("b", ProvisioningStage.Suspended, NextAction.Unsuspend, "Suspended on 2025-12-31."),
            Person("c", ProvisioningStage.NotProvisioned, NextAction.Provision, "Queued in Okta since 2026-01-05 10:12Z: the push to Dropbox has not run yet."), Person("d", ProvisioningStage.Active, NextAction.None, "Joined on 2026-01-01."),
        ]);
        Assert.Equal(
            [new Obstacle(ProvisioningStage.Suspended, "Suspended.", NextAction.Unsuspend, 2), new Obstacle(ProvisioningStage.NotProvisioned, "Queued in Okta: the push to Dropbox has not run yet.", NextAction.Provision, 1)],
            report.Obstacles);
        Assert.Equal(3, report.Progress.Stuck);
    }

    [Fact]
    public void The_active_add_up_by_the_day_of_joining()
    {
        var report = Report([Person("a", ProvisioningStage.Active, joined: 3), Person("b", ProvisioningStage.Active, joined: 9), Person("c", ProvisioningStage.Active, joined: 3), Person("d", ProvisioningStage.AwaitingActivation, NextAction.Notify)]);
        Assert.Equal([new JoinedByDay(new DateOnly(2026, 2, 21), 1), new JoinedByDay(new DateOnly(2026, 2, 27), 3)], report.Joined);
    }

    [Fact]
    public async Task Changes_are_who_came_from_which_stage_to_which_and_who_is_new_or_gone()
    {
        await using var journal = await _fixture.OpenAsync();
        await journal.ObserveAsync("dbtid:one", [Person("a", ProvisioningStage.AwaitingActivation), Person("b", ProvisioningStage.AwaitingActivation), Person("c", ProvisioningStage.Active), Person("gone", ProvisioningStage.NotProvisioned)], true, null, default);
        var memory = await journal.RecallAsync("dbtid:one", null, default);
        DropboxUserStatus[] people = [Person("a", ProvisioningStage.Active), Person("b", ProvisioningStage.Active), Person("c", ProvisioningStage.Active), Person("new", ProvisioningStage.AwaitingActivation)];
        Assert.Equal(
            [new StageChange(ProvisioningStage.AwaitingActivation, ProvisioningStage.Active, 2), new StageChange(null, ProvisioningStage.AwaitingActivation, 1), new StageChange(ProvisioningStage.NotProvisioned, null, 1)],
            ActivationReport.Of(people, memory, true, Now).Changes);
        Assert.DoesNotContain(ActivationReport.Of(people, memory, everyone: false, Now).Changes, change => change.To is null);
        Assert.Empty(ActivationReport.Of(people, TeamMemory.Empty, true, Now).Changes);
    }

    [Fact]
    public void Nobody_is_a_report_too()
    {
        var report = Report([]);
        Assert.Equal((0, 0), (report.Progress.Assigned, report.Progress.Active));
        Assert.Empty(report.Obstacles);
    }
}
