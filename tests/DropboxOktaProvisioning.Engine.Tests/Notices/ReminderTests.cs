using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Tests.Journal;
using static DropboxOktaProvisioning.Engine.Tests.Journal.JournalFixture;

namespace DropboxOktaProvisioning.Engine.Tests.Notices;

/// <summary>Who is reminded when, and who is not.</summary>
public sealed class ReminderTests : ReminderWorld
{
    [Theory]
    [InlineData("3,7,14", "0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,30", "0 first,3 reminder,7 reminder,14 last")]
    // Of those that fell due meanwhile the latest leaves, and the others never do.
    [InlineData("3,7,14", "0,7,14,21,28", "0 first,7 reminder,14 last")]
    [InlineData("3,7,14", "0,60,61,90", "0 first,60 last")]
    // One that came late keeps the next one at its distance.
    [InlineData("3,7,14", "0,10,14,15,16,17", "0 first,10 reminder,17 last")]
    [InlineData("1", "0,1,2,3", "0 first,1 last")]
    [InlineData("", "0,1,40", "0 first")]
    public async Task Reminders_leave_on_their_days_each_once_and_then_no_more(string after, string runs, string mails)
    {
        foreach (var day in runs.Split(',').Select(int.Parse))
        {
            At(day);
            await SendAsync([Ada], Reminding(after));
        }

        Assert.Equal(mails, string.Join(',', Mails.Select(mail => $"{mail.Day} {Word(mail.Subject)}")));
    }

    [Fact]
    public async Task Days_are_those_of_the_persons_calendar()
    {
        // 23:30 in Tokyo is the day before 00:30, though it is one day in UTC.
        Fixture.Clock.SetUtcNow(new DateTimeOffset(2026, 3, 2, 14, 30, 0, TimeSpan.Zero));
        var tokyo = Ada with { TimeZone = "Asia/Tokyo" };
        await SendAsync([tokyo], Reminding("1"));
        Fixture.Clock.SetUtcNow(new DateTimeOffset(2026, 3, 2, 15, 30, 0, TimeSpan.Zero));
        await SendAsync([tokyo], Reminding("1"));
        Assert.Equal(["first", "last"], Mails.Select(mail => Word(mail.Subject)));
        Assert.Contains("March 2, 2026", Mails[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_plan_says_when_the_next_one_is_due_and_that_none_is_left()
    {
        await SendAsync([Ada], Reminding("3,7"));
        At(1);
        Assert.EndsWith("Reminder 1 is due on 2026-03-05.", (await PlanAsync([Ada], Reminding("3,7"))).Reason, StringComparison.Ordinal);
        At(7);
        var reminder = Assert.Single(await SendAsync([Ada], Reminding("3,7")));
        Assert.Equal((NoticeKind.Reminder, 2, NoticeState.Sent), (reminder.Kind, reminder.Step, reminder.State));
        At(20);
        Assert.EndsWith("No reminder is left; the last one was on 2026-03-09.", (await PlanAsync([Ada], Reminding("3,7"))).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ProvisioningStage.Active)]
    [InlineData(ProvisioningStage.Suspended)]
    [InlineData(ProvisioningStage.NotProvisioned)]
    [InlineData(ProvisioningStage.CannotSignOn)]
    public async Task Whoever_does_not_wait_is_not_reminded_whatever_stages_are_told(ProvisioningStage stage)
    {
        var options = Reminding("3") with { Stages = Enum.GetValues<ProvisioningStage>() };
        await SendAsync([Ada, Ben], options);
        At(5);
        var rows = await SendAsync([Ada with { Stage = stage }, Ben with { JoinedOn = Start.AddDays(4) }], options);
        Assert.All(rows, row => Assert.Equal(NoticeState.Skipped, row.State));
        Assert.Equal(2, Mails.Count);
    }

    [Fact]
    public async Task Whose_first_notice_is_unclear_is_not_reminded_on_top_of_it()
    {
        var run = NewRun();
        run.Script = (_, _) => DeliveryOutcome.Unknown("lost");
        await run.SendAsync([Ada], Reminding("3"));
        At(5);
        Assert.Equal(NoticeState.Skipped, Assert.Single(await SendAsync([Ada], Reminding("3"))).State);
        Assert.Empty(Mails);
        Assert.Equal(NoticeKind.Activation, Assert.Single(await SendAsync([Ada], Reminding("3") with { ResendUnknown = true })).Kind);
        At(7);
        Assert.Equal(NoticeState.Skipped, Assert.Single(await SendAsync([Ada], Reminding("3"))).State);
        At(8);
        Assert.Equal(NoticeState.Sent, Assert.Single(await SendAsync([Ada], Reminding("3"))).State);
    }

    [Fact]
    public async Task A_reminder_that_is_unclear_is_not_sent_again_and_counts_as_one()
    {
        await SendAsync([Ada], Reminding("3,7"));
        At(3);
        var run = NewRun();
        run.Script = (_, _) => DeliveryOutcome.Unknown("lost");
        Assert.Equal(NoticeState.Unknown, Assert.Single(await run.SendAsync([Ada], Reminding("3,7"))).State);
        At(4);
        await SendAsync([Ada], Reminding("3,7"));
        Assert.Single(Mails);
        At(7);
        await SendAsync([Ada], Reminding("3,7"));
        Assert.Equal(["first", "last"], Mails.Select(mail => Word(mail.Subject)));
    }

    [Fact]
    public async Task A_reminder_that_is_unclear_is_sent_once_more_where_that_is_asked_for_also_the_last_one()
    {
        await SendAsync([Ada], Reminding("3"));
        At(3);
        var run = NewRun();
        run.Script = (_, _) => DeliveryOutcome.Unknown("lost");
        Assert.Equal(NoticeState.Unknown, Assert.Single(await run.SendAsync([Ada], Reminding("3"))).State);
        At(4);
        var again = Assert.Single(await SendAsync([Ada], Reminding("3") with { ResendUnknown = true }));
        Assert.Equal((NoticeState.Sent, NoticeKind.Reminder, 1), (again.State, again.Kind, again.Step));
        At(9);
        Assert.Equal(NoticeState.Skipped, Assert.Single(await SendAsync([Ada], Reminding("3") with { ResendUnknown = true })).State);
        Assert.Equal(["first", "last"], Mails.Select(mail => Word(mail.Subject)));
    }

    [Fact]
    public async Task There_are_at_most_so_many_and_a_longer_list_goes_on_where_the_shorter_one_ended()
    {
        var most = Reminding("3,7,14", new NoticeManners { MaximumReminders = 2 });
        foreach (var day in new[] { 0, 3, 7, 14, 30 })
        {
            At(day);
            await SendAsync([Ada], most);
        }

        Assert.Equal(["first", "reminder", "last"], Mails.Select(mail => Word(mail.Subject)));
        At(31);
        await SendAsync([Ada], Reminding("3,7,14"));
        Assert.Equal((31, "last"), (Mails[^1].Day, Word(Mails[^1].Subject)));
        Assert.Equal(4, Mails.Count);
    }

    [Fact]
    public async Task Who_opted_out_gets_neither_a_notice_nor_a_reminder_and_what_waited_is_forgotten()
    {
        var hours = new NoticeManners { Hours = SendingHours.Of("10:00-08:00", []), Clock = PersonClock.Of("UTC") };
        await SendAsync([Ada], Reminding("3", hours));
        At(3, hour: 12);
        Assert.Equal(NoticeState.Waiting, Assert.Single(await SendAsync([Ada], Reminding("3", hours))).State);

        var optOut = hours with { OptOut = await OptOutAsync("Email\nADA@contoso.example\nben@contoso.example\n") };
        At(4);
        var rows = await SendAsync([Ada, Ben], Reminding("3", optOut));
        Assert.All(rows, row => Assert.Equal((NoticeState.Skipped, "Stands on the opt-out list."), (row.State, row.Reason)));
        Assert.Single(Mails);
        await using var journal = await Fixture.OpenAsync();
        Assert.Equal(NoticeState.Sent, Assert.Single(await AllAsync(journal)).State);
    }
}
