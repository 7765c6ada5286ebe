using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Notices;
using Microsoft.Extensions.Time.Testing;
using static DropboxOktaProvisioning.Engine.Tests.Journal.JournalFixture;

namespace DropboxOktaProvisioning.Engine.Tests.Notices;

/// <summary>Mails to managers within a sender's limit.</summary>
public sealed class EscalationPaceTests : ReminderWorld
{
    private static readonly DropboxUserStatus[] People = [Ada with { ManagerId = "00um" }, Ben with { ManagerId = "00um" }, Person("00u3", "dbmid:3", "eve@contoso.example") with { ManagerId = "00um" }];

    [Fact]
    public async Task A_mail_to_a_manager_keeps_the_day_though_another_run_has_the_first_person_in_it()
    {
        var (ours, plan) = await PlanAfterAnotherRunAsync("1/day");

        Assert.Equal(
            ["Already told on 2026-03-07 09:00 UTC.", "It waits for a later run: it@contoso.example has its 1 mails of 24 hours. There is room again from 2026-03-08 09:00 UTC on."],
            (await SendAsync(ours.Service, plan)).Select(notice => notice.Reason).Distinct());
        Assert.Single(Mails, mail => mail.To == Cara.Email);

        At(6);
        Assert.Equal([NoticeState.Sent, NoticeState.Sent], Escalations(await SendAsync(People, Limited("1/day"))).Select(notice => notice.State));
        Assert.Equal(2, Mails.Count(mail => mail.To == Cara.Email));
    }

    [Fact]
    public async Task A_mail_to_a_manager_waits_for_its_minute_though_another_run_has_the_first_person_in_it()
    {
        var (ours, plan) = await PlanAfterAnotherRunAsync("1/min");

        var impatient = new NoticeService(async _ => await Fixture.OpenAsync(), async _ => await Fixture.OpenAsync(), ours, new SkippingTime(Fixture.Clock));
        var sent = await SendAsync(impatient, plan);

        Assert.Equal([NoticeState.Skipped, NoticeState.Sent, NoticeState.Sent], sent.Select(notice => notice.State));
        Assert.Equal(Start.AddDays(5).AddMinutes(1).AddMilliseconds(1), sent[1].SentOn);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("100/day")]
    public async Task A_mail_to_a_manager_is_one_mail_of_its_sender_whoever_is_left_out_of_it(string? limit)
    {
        var options = limit is null ? Escalating("3") : Limited(limit);
        await SendAsync(People, options);
        At(3);
        var run = NewRun();
        run.Script = (message, _) =>
        {
            Note(message);
            return message.To.Mailboxes.Single().Address == Ada.Email ? DeliveryOutcome.Failed("mailbox full") : null;
        };

        var rows = await run.SendAsync(People, options);

        Assert.Equal([NoticeState.Skipped, NoticeState.Sent, NoticeState.Sent], Escalations(rows).Select(notice => notice.State));
        Assert.All(Escalations(rows).Skip(1), notice => Assert.Equal("it@contoso.example", notice.Sender));
        await using var journal = await Fixture.OpenAsync();
        // Two reminders and the one mail about both.
        Assert.Equal(3, (await journal.IndexAsync(CancellationToken.None)).Handovers["it@contoso.example"].Count());
    }

    [Fact]
    public async Task A_mail_to_a_manager_is_counted_also_where_another_run_takes_its_first_person_over_while_it_waits()
    {
        var (ours, plan) = await PlanAsync("1/min");
        await SendAsync([Person("00u9", "dbmid:9", "dan@contoso.example")], Limited("1/min"));
        var first = plan.First(planned => planned.WillSend).Notice;
        async Task TakeOverAsync()
        {
            Fixture.Clock.Advance(NoticeJournal.Lease);
            await using var journal = await Fixture.OpenAsync();
            INoticeClaims other = journal;
            Assert.NotNull((await other.ClaimAsync([new ClaimRequest(first with { Sender = null }, false)], CancellationToken.None))[0].Claim);
        }

        var impatient = new NoticeService(async _ => await Fixture.OpenAsync(), async _ => await Fixture.OpenAsync(), ours, new SkippingTime(Fixture.Clock, TakeOverAsync));
        var sent = await SendAsync(impatient, plan);

        Assert.Equal([NoticeState.Skipped, NoticeState.Sent, NoticeState.Sent], sent.Select(notice => notice.State));
        Assert.StartsWith("Another run took it over", sent[0].Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("ada@", Assert.Single(Mails, mail => mail.To == Cara.Email).Text, StringComparison.Ordinal);
        await using var after = await Fixture.OpenAsync();
        Assert.Equal(2, (await after.IndexAsync(CancellationToken.None)).Handovers["it@contoso.example"].Count());
    }

    private static NoticeOptions Limited(string limit) => Escalating("3") with { SenderLimit = SenderLimit.Parse(limit) };

    private static IEnumerable<ActivationNotice> Escalations(IEnumerable<ActivationNotice> rows) => rows.Where(row => row.Kind == NoticeKind.ManagerEscalation);

    // A run that planned as we did has told the manager of the first person, and with that the sender is at the limit.
    private async Task<(Run Ours, IReadOnlyList<PlannedNotice> Plan)> PlanAfterAnotherRunAsync(string limit)
    {
        var planned = await PlanAsync(limit);
        Assert.Equal(NoticeState.Sent, (await SendAsync([People[0]], Limited(limit)))[1].State);
        return planned;
    }

    // Everybody has had the last reminder, two days ago.
    private async Task<(Run Ours, IReadOnlyList<PlannedNotice> Plan)> PlanAsync(string limit)
    {
        foreach (var day in new[] { 0, 3 })
        {
            At(day);
            await SendAsync(People, Reminding("3"));
        }

        At(5);
        var ours = NewRun();
        var plan = await ours.Service.PlanAsync(People, Limited(limit), CancellationToken.None);
        Assert.Equal(3, plan.Count(planned => planned.WillSend));
        return (ours, plan);
    }

    private static async Task<List<ActivationNotice>> SendAsync(NoticeService service, IReadOnlyList<PlannedNotice> plan)
    {
        var notices = new List<ActivationNotice>();
        await foreach (var notice in service.SendAsync(plan, null, CancellationToken.None)) notices.Add(notice);
        return [.. Escalations(notices)];
    }

    /// <summary>The clock of the fixture, on which a wait is over at once, or as soon as something has happened meanwhile.</summary>
    private sealed class SkippingTime(FakeTimeProvider clock, Func<Task>? meanwhile = null) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            clock.Advance(dueTime);
            _ = Task.Run(async () =>
            {
                try
                {
                    if (meanwhile is not null) await meanwhile();
                }
                finally
                {
                    callback(state);
                }
            });
            return clock.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
