using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Tests.Journal;
using static DropboxOktaProvisioning.Engine.Tests.Journal.JournalFixture;

namespace DropboxOktaProvisioning.Engine.Tests.Notices;

/// <summary>What waits for its hour.</summary>
public sealed class QuietHoursTests : ReminderWorld
{
    private static readonly DayOfWeek[] Weekdays = [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];

    [Fact]
    public async Task What_falls_into_the_quiet_hours_waits_in_the_journal_and_leaves_as_the_same_notice()
    {
        var options = Reminding("", new NoticeManners { Hours = SendingHours.Of("18:00-08:00", Weekdays), Clock = PersonClock.Of("UTC") });
        var (berlin, tokyo) = (Ada with { TimeZone = "Europe/Berlin" }, Ben with { CountryCode = "JP" });
        At(0, hour: 17); // Monday 18:00 in Berlin, Tuesday 02:00 in Tokyo
        var plan = (await NewRun().Service.PlanAsync([berlin, tokyo], options, default)).Select(planned => planned.Notice).ToList();
        Assert.Equal([Start.Date.AddDays(1).AddHours(7), Start.Date.AddDays(0).AddHours(23)], plan.Select(notice => notice.NotBefore!.Value.UtcDateTime));
        Assert.False(File.Exists(Fixture.Path));

        for (var tries = 0; tries < 2; tries++) Assert.All(await SendAsync([berlin, tokyo], options), notice => Assert.Equal(NoticeState.Waiting, notice.State));
        await using (var journal = await Fixture.OpenAsync())
        {
            var waiting = await AllAsync(journal, new NoticeFilter { States = [NoticeState.Waiting] });
            Assert.Equal(2, waiting.Count);
            Assert.All(waiting, notice => Assert.Equal((0, null), (notice.Attempts, notice.SentOn)));
            Assert.Empty(await ((INoticeClaims)journal).AbandonedAsync(default));
        }

        At(0, hour: 23);
        Assert.Equal([NoticeState.Waiting, NoticeState.Sent], (await SendAsync([berlin, tokyo], options)).Select(notice => notice.State));
        At(1, hour: 7);
        var sent = (await SendAsync([berlin, tokyo], options))[0];
        Assert.Equal((NoticeState.Sent, 1), (sent.State, sent.Attempts));
        Assert.Equal(["ben@contoso.example", "ada@contoso.example"], Mails.Select(mail => mail.To));
        await using var after = await Fixture.OpenAsync();
        Assert.Equal([(NoticeState.Sent, null), (NoticeState.Sent, null)], (await AllAsync(after)).Select(notice => (notice.State, notice.NotBefore)));
    }

    [Fact]
    public async Task Whoever_joins_while_a_notice_waits_is_not_told_and_the_notice_is_forgotten_but_for_its_history()
    {
        var options = Reminding("", new NoticeManners { Hours = SendingHours.Of("18:00-08:00", []), Clock = PersonClock.Of("UTC") });
        At(0, hour: 20);
        await SendAsync([Ada], options);
        At(1, hour: 9);
        Assert.Equal(NoticeState.Skipped, Assert.Single(await SendAsync([Ada with { Stage = ProvisioningStage.Active }], options)).State);
        Assert.Empty(Mails);
        await using var journal = await Fixture.OpenAsync();
        Assert.Empty(await AllAsync(journal));
    }

    [Fact]
    public async Task A_run_that_goes_on_into_the_quiet_hours_stops_there_and_leaves_no_claim_open()
    {
        var options = Reminding("", new NoticeManners { Hours = SendingHours.Of("18:00-08:00", []), Clock = PersonClock.Of("UTC") });
        Fixture.Clock.SetUtcNow(Start.Date.AddHours(17).AddMinutes(59));
        var run = NewRun();
        run.Script = (message, _) =>
        {
            Note(message);
            Fixture.Clock.Advance(TimeSpan.FromMinutes(2));
            return null;
        };
        var rows = await run.SendAsync([Ada, Ben], options);
        Assert.Equal([NoticeState.Sent, NoticeState.Waiting], rows.Select(row => row.State));
        Assert.Equal(Start.Date.AddDays(1).AddHours(8), rows[1].NotBefore!.Value.UtcDateTime);
        At(1, hour: 8);
        Assert.Equal([NoticeState.Skipped, NoticeState.Sent], (await SendAsync([Ada, Ben], options)).Select(row => row.State));
        Assert.Equal(2, Mails.Count);
    }

    [Fact]
    public async Task A_notice_that_may_have_left_stays_unknown_in_the_quiet_hours()
    {
        var run = NewRun();
        run.Script = (_, _) => DeliveryOutcome.Unknown("lost");
        await run.SendAsync([Ada], Reminding(""));
        var options = Reminding("", new NoticeManners { Hours = SendingHours.Of("18:00-08:00", []), Clock = PersonClock.Of("UTC") }) with { ResendUnknown = true };
        At(0, hour: 20);
        Assert.Equal(NoticeState.Skipped, Assert.Single(await SendAsync([Ada], options)).State);
        await using (var journal = await Fixture.OpenAsync()) Assert.Equal(NoticeState.Unknown, Assert.Single(await AllAsync(journal)).State);
        At(1);
        Assert.Equal(NoticeState.Sent, Assert.Single(await SendAsync([Ada], options)).State);
    }
}
