using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Tests.Journal;
using MimeKit;
using static DropboxOktaProvisioning.Engine.Tests.Journal.JournalFixture;

namespace DropboxOktaProvisioning.Engine.Tests.Notices;

public sealed class ReminderTests : IDisposable
{
    private static readonly DayOfWeek[] Weekdays = [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];

    private readonly JournalFixture _fixture = new();
    private readonly List<(int Day, string To, string Subject, string Text)> _mails = [];
    private readonly DateTimeOffset _start;
    private readonly string _optOut;

    public ReminderTests()
    {
        _start = _fixture.Clock.GetUtcNow();
        _optOut = Path.Combine(_fixture.Folder, "optout.csv");
    }

    public void Dispose() => _fixture.Dispose();

    private static DropboxUserStatus Ada { get; } = Person("00u1", "dbmid:1");

    private static DropboxUserStatus Ben { get; } = Person("00u2", "dbmid:2", "ben@contoso.example");

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

        Assert.Equal(mails, string.Join(',', _mails.Select(mail => $"{mail.Day} {Word(mail.Subject)}")));
    }

    [Fact]
    public async Task Days_are_those_of_the_persons_calendar()
    {
        // 23:30 in Tokyo is the day before 00:30, though it is one day in UTC.
        _fixture.Clock.SetUtcNow(new DateTimeOffset(2026, 3, 2, 14, 30, 0, TimeSpan.Zero));
        var tokyo = Ada with { TimeZone = "Asia/Tokyo" };
        await SendAsync([tokyo], Reminding("1"));
        _fixture.Clock.SetUtcNow(new DateTimeOffset(2026, 3, 2, 15, 30, 0, TimeSpan.Zero));
        await SendAsync([tokyo], Reminding("1"));
        Assert.Equal(["first", "last"], _mails.Select(mail => Word(mail.Subject)));
        Assert.Contains("March 2, 2026", _mails[1].Text, StringComparison.Ordinal);
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
        var rows = await SendAsync([Ada with { Stage = stage }, Ben with { JoinedOn = _start.AddDays(4) }], options);
        Assert.All(rows, row => Assert.Equal(NoticeState.Skipped, row.State));
        Assert.Equal(2, _mails.Count);
    }

    [Fact]
    public async Task Whose_first_notice_is_unclear_is_not_reminded_on_top_of_it()
    {
        var run = NewRun();
        run.Script = (_, _) => DeliveryOutcome.Unknown("lost");
        await run.SendAsync([Ada], Reminding("3"));
        At(5);
        Assert.Equal(NoticeState.Skipped, Assert.Single(await SendAsync([Ada], Reminding("3"))).State);
        Assert.Empty(_mails);
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
        Assert.Single(_mails);
        At(7);
        await SendAsync([Ada], Reminding("3,7"));
        Assert.Equal(["first", "last"], _mails.Select(mail => Word(mail.Subject)));
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
        Assert.Equal(["first", "last"], _mails.Select(mail => Word(mail.Subject)));
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

        Assert.Equal(["first", "reminder", "last"], _mails.Select(mail => Word(mail.Subject)));
        At(31);
        await SendAsync([Ada], Reminding("3,7,14"));
        Assert.Equal((31, "last"), (_mails[^1].Day, Word(_mails[^1].Subject)));
        Assert.Equal(4, _mails.Count);
    }

    [Fact]
    public async Task Who_opted_out_gets_neither_a_notice_nor_a_reminder_and_what_waited_is_forgotten()
    {
        var hours = new NoticeManners { Hours = SendingHours.Of("10:00-08:00", []), Clock = PersonClock.Of("UTC") };
        await SendAsync([Ada], Reminding("3", hours));
        At(3, hour: 12);
        Assert.Equal(NoticeState.Waiting, Assert.Single(await SendAsync([Ada], Reminding("3", hours))).State);

        File.WriteAllText(_optOut, "Email\nADA@contoso.example\nben@contoso.example\n");
        var optOut = hours with { OptOut = await OptOutList.ReadAsync(_optOut, default) };
        At(4);
        var rows = await SendAsync([Ada, Ben], Reminding("3", optOut));
        Assert.All(rows, row => Assert.Equal((NoticeState.Skipped, "Stands on the opt-out list."), (row.State, row.Reason)));
        Assert.Single(_mails);
        await using var journal = await _fixture.OpenAsync();
        Assert.Equal(NoticeState.Sent, Assert.Single(await AllAsync(journal)).State);
    }

    [Fact]
    public async Task What_falls_into_the_quiet_hours_waits_in_the_journal_and_leaves_as_the_same_notice()
    {
        var options = Reminding("", new NoticeManners { Hours = SendingHours.Of("18:00-08:00", Weekdays), Clock = PersonClock.Of("UTC") });
        var (berlin, tokyo) = (Ada with { TimeZone = "Europe/Berlin" }, Ben with { CountryCode = "JP" });
        At(0, hour: 17); // Monday 18:00 in Berlin, Tuesday 02:00 in Tokyo
        var plan = (await NewRun().Service.PlanAsync([berlin, tokyo], options, default)).Select(planned => planned.Notice).ToList();
        Assert.Equal([_start.Date.AddDays(1).AddHours(7), _start.Date.AddDays(0).AddHours(23)], plan.Select(notice => notice.NotBefore!.Value.UtcDateTime));
        Assert.False(File.Exists(_fixture.Path));

        for (var tries = 0; tries < 2; tries++) Assert.All(await SendAsync([berlin, tokyo], options), notice => Assert.Equal(NoticeState.Waiting, notice.State));
        await using (var journal = await _fixture.OpenAsync())
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
        Assert.Equal(["ben@contoso.example", "ada@contoso.example"], _mails.Select(mail => mail.To));
        await using var after = await _fixture.OpenAsync();
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
        Assert.Empty(_mails);
        await using var journal = await _fixture.OpenAsync();
        Assert.Empty(await AllAsync(journal));
    }

    [Fact]
    public async Task A_run_that_goes_on_into_the_quiet_hours_stops_there_and_leaves_no_claim_open()
    {
        var options = Reminding("", new NoticeManners { Hours = SendingHours.Of("18:00-08:00", []), Clock = PersonClock.Of("UTC") });
        _fixture.Clock.SetUtcNow(_start.Date.AddHours(17).AddMinutes(59));
        var run = NewRun();
        run.Script = (message, _) =>
        {
            Note(message);
            _fixture.Clock.Advance(TimeSpan.FromMinutes(2));
            return null;
        };
        var rows = await run.SendAsync([Ada, Ben], options);
        Assert.Equal([NoticeState.Sent, NoticeState.Waiting], rows.Select(row => row.State));
        Assert.Equal(_start.Date.AddDays(1).AddHours(8), rows[1].NotBefore!.Value.UtcDateTime);
        At(1, hour: 8);
        Assert.Equal([NoticeState.Skipped, NoticeState.Sent], (await SendAsync([Ada, Ben], options)).Select(row => row.State));
        Assert.Equal(2, _mails.Count);
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
        await using (var journal = await _fixture.OpenAsync()) Assert.Equal(NoticeState.Unknown, Assert.Single(await AllAsync(journal)).State);
        At(1);
        Assert.Equal(NoticeState.Sent, Assert.Single(await SendAsync([Ada], options)).State);
    }

    [Fact]
    public async Task A_manager_is_told_once_of_all_people_whose_last_reminder_has_left()
    {
        var options = Escalating("3,7");
        DropboxUserStatus[] people = [Ada with { ManagerId = "00um" }, Ben with { ManagerId = "cara@contoso.example" }, Person("00u3", "dbmid:3", "eve@contoso.example") with { ManagerId = "E-17" }];
        foreach (var day in new[] { 0, 3, 7, 8, 30 })
        {
            At(day);
            await SendAsync(people, options);
        }

        var mail = Assert.Single(_mails, mail => mail.To == "cara@contoso.example");
        Assert.Equal((7, "2 people in your team have not signed on to Dropbox yet"), (mail.Day, mail.Subject));
        Assert.Contains("ada@contoso.example, first told on March 2, 2026", mail.Text, StringComparison.Ordinal);
        Assert.Contains("ben@contoso.example", mail.Text, StringComparison.Ordinal);
        Assert.Equal((3 * 3) + 1, _mails.Count);

        var unresolved = Assert.Single(await SendAsync(people, options), row => row.Kind == NoticeKind.ManagerEscalation);
        Assert.Equal((NoticeState.Skipped, "eve@contoso.example"), (unresolved.State, unresolved.About));
        Assert.Contains("E-17", unresolved.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_manager_is_told_only_if_the_last_reminder_leaves_and_then_by_the_next_run()
    {
        var options = Escalating("3");
        var ada = Ada with { ManagerId = "00um" };
        await SendAsync([ada], options);
        At(3);
        var run = NewRun();
        run.Script = (_, _) => DeliveryOutcome.Failed("refused");
        Assert.Equal([NoticeState.Failed, NoticeState.Skipped], (await run.SendAsync([ada], options)).Select(row => row.State));
        At(4);
        Assert.Equal([NoticeState.Sent, NoticeState.Sent], (await SendAsync([ada], options)).Select(row => row.State));
        Assert.Equal(["first", "last", "One person in your team has not signed on to Dropbox yet"], _mails.Select(mail => Word(mail.Subject)));
    }

    [Fact]
    public async Task A_manager_who_could_not_be_looked_up_is_told_by_a_later_run_and_one_in_quiet_hours_waits()
    {
        var down = true;
        var manners = new NoticeManners
        {
            Managers = new ManagerDirectory((_, _) => down ? throw new ProvisioningException("ServiceUnavailable", ProblemCategory.ConnectionError, "Okta is down.", null, "Wait.") : Task.FromResult<OktaUser?>(Cara with { TimeZone = "Asia/Tokyo" })),
            Hours = SendingHours.Of("18:00-08:00", []), Clock = PersonClock.Of("UTC"),
        };
        var ada = Ada with { ManagerId = "00um" };
        await SendAsync([ada], Reminding("3", manners));
        At(3);
        Assert.Equal([NoticeState.Sent, NoticeState.Failed], (await SendAsync([ada], Reminding("3", manners))).Select(row => row.State));
        down = false;
        manners = manners with { Managers = new ManagerDirectory((_, _) => Task.FromResult<OktaUser?>(Cara with { TimeZone = "Asia/Tokyo" })) };
        var rows = await SendAsync([ada], Reminding("3", manners));
        Assert.Equal((NoticeState.Waiting, NoticeKind.ManagerEscalation), (rows[1].State, rows[1].Kind));
        await using (var journal = await _fixture.OpenAsync()) Assert.Equal(rows[1].Id, Assert.Single(await AllAsync(journal, new NoticeFilter { States = [NoticeState.Waiting] })).Id);
        Assert.Equal(rows[1].Id, (await SendAsync([ada], Reminding("3", manners)))[1].Id);
        At(3, hour: 23);
        var told = (await SendAsync([ada], Reminding("3", manners)))[1];
        Assert.Equal((NoticeState.Sent, rows[1].Id), (told.State, told.Id));
        Assert.Equal(3, _mails.Count);
    }

    [Fact]
    public async Task The_helpdesk_gets_one_mail_a_run_that_says_what_became_of_everybody()
    {
        var options = Reminding("3", new NoticeManners { DigestTo = "Helpdesk <help@contoso.example>" });
        DropboxUserStatus stuck = Person("00u3", "dbmid:3", "eve@contoso.example") with { Name = "Eve", Stage = ProvisioningStage.CannotSignOn, Reason = "Okta user is locked out." };
        for (var day = 0; day < 3; day++)
        {
            At(day);
            var rows = await SendAsync([Ada, Ben with { Email = "no address" }, stuck], options);
            Assert.Equal((NoticeKind.HelpdeskDigest, NoticeState.Sent), (rows[^1].Kind, rows[^1].State));
        }

        var mails = _mails.Where(mail => mail.To == "help@contoso.example").ToList();
        Assert.Equal(["Dropbox sign-on, March 2, 2026: 1 told, 1 stuck", "Dropbox sign-on, March 3, 2026: 0 told, 1 stuck", "Dropbox sign-on, March 4, 2026: 0 told, 1 stuck"], mails.Select(mail => mail.Subject));
        Assert.Contains("- ada@contoso.example, first notice", mails[0].Text, StringComparison.Ordinal);
        Assert.Contains("- no address, 'no address' is not a mail address.", mails[0].Text, StringComparison.Ordinal);
        Assert.Contains("- Eve <eve@contoso.example>, CannotSignOn: Okta user is locked out.", mails[0].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("first notice", mails[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wherever_a_run_with_mails_to_managers_dies_they_are_told_of_nobody_twice()
    {
        for (var diesAt = 1; diesAt < 40; diesAt++)
        {
            var journal = new JournalSettings { Path = Guid.NewGuid().ToString("N"), InMemory = true };
            await using var anchor = await _fixture.OpenAsync(_fixture.Processes.Start(), journal);
            _mails.Clear();
            DropboxUserStatus[] people = [Ada with { ManagerId = "00um" }, Ben with { ManagerId = "00um" }];
            var options = Reminding("3", new NoticeManners { Managers = new ManagerDirectory((_, _) => Task.FromResult<OktaUser?>(Cara)), DigestTo = "help@contoso.example" });
            At(diesAt * 10);
            await SendAsync(people, options, journal);
            At((diesAt * 10) + 3);
            await SendAsync(people, options, journal, diesAt);
            for (var runs = 0; runs < 3; runs++)
            {
                _fixture.Clock.Advance(NoticeJournal.Lease);
                await SendAsync(people, options, journal);
            }

            var told = _mails.Where(mail => mail.To == "cara@contoso.example").SelectMany(mail => new[] { "ada@", "ben@" }.Where(name => mail.Text.Contains(name, StringComparison.Ordinal))).ToList();
            Assert.True(told.Count == told.Distinct().Count(), $"died at {diesAt}: {string.Join(", ", told)}");
            var open = (await AllAsync(anchor)).Count(notice => notice.State == NoticeState.Unknown && notice.Kind is not NoticeKind.HelpdeskDigest);
            Assert.True(told.Count + open >= 2, $"died at {diesAt}: forgotten");
            foreach (var person in people) Assert.InRange(_mails.Count(mail => mail.To == person.Email && Word(mail.Subject) == "last"), 0, 1);
        }
    }

    private static OktaUser Cara { get; } = new() { Id = "00um", Status = "ACTIVE", Email = "cara@contoso.example", FirstName = "Cara", LastName = "Example" };

    private static NoticeOptions Reminding(string after, NoticeManners? manners = null) => Run.Options with
    {
        Manners = (manners ?? new NoticeManners { Clock = PersonClock.Of("UTC") }) with { ReminderAfter = [.. after.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)] },
    };

    private static NoticeOptions Escalating(string after) =>
        Reminding(after, new NoticeManners { Clock = PersonClock.Of("UTC"), Managers = new ManagerDirectory((_, _) => Task.FromResult<OktaUser?>(Cara)) });

    private static string Word(string subject) => subject.StartsWith("Your", StringComparison.Ordinal) ? "first" : subject.StartsWith("Reminder", StringComparison.Ordinal) ? "reminder" : subject.StartsWith("Last", StringComparison.Ordinal) ? "last" : subject;

    private void At(int day, int hour = 9) => _fixture.Clock.SetUtcNow(new DateTimeOffset(_start.Date.AddDays(day).AddHours(hour), TimeSpan.Zero));

    private void Note(MimeMessage message)
    {
        lock (_mails) _mails.Add(((_fixture.Clock.GetUtcNow().Date - _start.Date).Days, message.To.Mailboxes.Single().Address, message.Subject!, message.TextBody!));
    }

    private Run NewRun(JournalSettings? journal = null, int diesAt = int.MaxValue) => new(_fixture, new Mailbox(), diesAt, journal)
    {
        Script = (message, _) =>
        {
            Note(message);
            return null;
        },
    };

    private Task<List<ActivationNotice>> SendAsync(IReadOnlyList<DropboxUserStatus> people, NoticeOptions options, JournalSettings? journal = null, int diesAt = int.MaxValue) =>
        NewRun(journal, diesAt).SendAsync(people, options);

    private async Task<ActivationNotice> PlanAsync(IReadOnlyList<DropboxUserStatus> people, NoticeOptions options) =>
        Assert.Single(await NewRun().Service.PlanAsync(people, options, default)).Notice;
}
