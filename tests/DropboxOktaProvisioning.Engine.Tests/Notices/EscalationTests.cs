using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Tests.Journal;
using static DropboxOktaProvisioning.Engine.Tests.Journal.JournalFixture;

namespace DropboxOktaProvisioning.Engine.Tests.Notices;

/// <summary>Mails about others: to managers, and to the helpdesk.</summary>
public sealed class EscalationTests : ReminderWorld
{
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

        var mail = Assert.Single(Mails, mail => mail.To == "cara@contoso.example");
        Assert.Equal((7, "2 people in your team have not signed on to Dropbox yet"), (mail.Day, mail.Subject));
        Assert.Contains("ada@contoso.example, first told on March 2, 2026", mail.Text, StringComparison.Ordinal);
        Assert.Contains("ben@contoso.example", mail.Text, StringComparison.Ordinal);
        Assert.Equal((3 * 3) + 1, Mails.Count);

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
        Assert.Equal(["first", "last", "One person in your team has not signed on to Dropbox yet"], Mails.Select(mail => Word(mail.Subject)));
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
        await using (var journal = await Fixture.OpenAsync()) Assert.Equal(rows[1].Id, Assert.Single(await AllAsync(journal, new NoticeFilter { States = [NoticeState.Waiting] })).Id);
        Assert.Equal(rows[1].Id, (await SendAsync([ada], Reminding("3", manners)))[1].Id);
        At(3, hour: 23);
        var told = (await SendAsync([ada], Reminding("3", manners)))[1];
        Assert.Equal((NoticeState.Sent, rows[1].Id), (told.State, told.Id));
        Assert.Equal(3, Mails.Count);
    }

    [Theory]
    [InlineData("3", "3,7")]
    [InlineData("3,7", "3,7,14")]
    [InlineData("3,7,14", "3")]
    public async Task A_manager_is_told_of_a_person_once_though_two_jobs_have_other_lists_of_reminders(string one, string other)
    {
        var ada = Ada with { ManagerId = "00um" };
        for (var day = 0; day < 20; day++)
        {
            At(day);
            await SendAsync([ada], Escalating(one));
            await SendAsync([ada], Escalating(other));
        }

        Assert.Single(Mails, mail => mail.To == Cara.Email);
    }

    [Fact]
    public async Task Who_is_left_out_of_a_mail_to_a_manager_has_no_part_in_it()
    {
        DropboxUserStatus[] people = [Ada with { ManagerId = "00um" }, Ben with { ManagerId = "00um" }];
        await SendAsync(people, Escalating(""));
        At(40);
        await SendAsync(people, Reminding("3"));
        At(60);
        var service = NewRun().Service;

        var plan = await service.PlanAsync(people, Escalating("3"), planned => planned.Notice.About == Ada.Email ? planned.Skip("Left out.") : planned, looksAhead: false, default);
        var alone = Letters(await service.PlanAsync(people[1..], Escalating("3"), default)).Single();

        var letters = Letters(plan).ToArray();
        Assert.Equal([NoticeState.Skipped, NoticeState.Planned], letters.Select(letter => letter.State));
        Assert.NotEqual(letters[0].MessageId, letters[1].MessageId);
        Assert.Equal(alone.Subject, letters[1].Subject);

        static IEnumerable<ActivationNotice> Letters(IReadOnlyList<PlannedNotice> plan) => plan.Select(planned => planned.Notice).Where(notice => notice.Kind == NoticeKind.ManagerEscalation);
    }

    [Fact]
    public async Task Of_two_jobs_with_other_lists_of_reminders_that_planned_at_once_one_tells_the_manager()
    {
        var ben = Ben with { ManagerId = "00um" };
        await SendAsync([ben], Escalating(""));
        At(40);
        await SendAsync([ben], Reminding("3"));
        At(60);
        var (first, second) = (NewRun(), NewRun());
        var plans = (await first.Service.PlanAsync([ben], Escalating("3"), default), await second.Service.PlanAsync([ben], Escalating("3,7"), default));
        Assert.Equal(((NoticeKind.ManagerEscalation, 1), (NoticeKind.ManagerEscalation, 2)), (Slot(plans.Item1), Slot(plans.Item2)));
        await foreach (var _ in first.Service.SendAsync(plans.Item1, null, default)) { }
        await foreach (var _ in second.Service.SendAsync(plans.Item2, null, default)) { }
        Assert.Single(Mails, mail => mail.To == Cara.Email);

        static (NoticeKind, int) Slot(IReadOnlyList<PlannedNotice> plan) => plan.Where(planned => planned.WillSend).Select(planned => (planned.Notice.Kind, planned.Notice.Step)).Last();
    }

    [Fact]
    public async Task A_mail_to_a_manager_that_is_unclear_is_not_sent_again_by_a_job_with_another_list_but_where_that_is_asked_for()
    {
        var ada = Ada with { ManagerId = "00um" };
        await SendAsync([ada], Escalating("3"));
        At(3);
        var run = NewRun();
        run.Script = (message, _) => message.To.Mailboxes.Single().Address == Cara.Email ? DeliveryOutcome.Unknown("lost") : null;
        var unclear = (await run.SendAsync([ada], Escalating("3")))[1];
        At(7);
        Assert.Equal([NoticeState.Sent, NoticeState.Skipped], (await SendAsync([ada], Escalating("3,7"))).Select(row => row.State));
        var again = (await SendAsync([ada], Escalating("3,7") with { ResendUnknown = true }))[1];
        Assert.Equal((unclear.Id, NoticeState.Sent, 2), (again.Id, again.State, again.Attempts));
        Assert.Single(Mails, mail => mail.To == Cara.Email);
    }

    [Theory]
    [InlineData("CARA@contoso.example")]
    [InlineData("00um")]
    // By what only the manager's own row among the people at hand knows.
    [InlineData("dbmid:m")]
    [InlineData("cara.alias@contoso.example")]
    public async Task A_manager_who_opted_out_is_told_of_nobody_until_the_entry_is_gone(string entry)
    {
        var row = Person("00um", "dbmid:m", Cara.Email!) with { Stage = ProvisioningStage.Active, FurtherEmails = ["cara.alias@contoso.example"] };
        DropboxUserStatus[] people = [Ada with { ManagerId = "00um" }, row];
        var options = Escalating("3");
        var without = options with { Manners = options.Manners with { OptOut = await OptOutAsync(entry) } };
        await SendAsync(people, without);
        At(3);
        var rows = await SendAsync(people, without);
        Assert.Equal((NoticeState.Skipped, "The manager stands on the opt-out list."), (rows[^1].State, rows[^1].Reason));
        Assert.Equal(["first", "last"], Mails.Select(mail => Word(mail.Subject)));

        At(4);
        await SendAsync(people, options);
        Assert.Equal((4, Cara.Email), (Mails[^1].Day, Mails[^1].To));
    }

    [Fact]
    public async Task What_waits_for_a_manager_who_opted_out_meanwhile_is_forgotten()
    {
        var options = Escalating("3");
        options = options with { Manners = options.Manners with { Hours = SendingHours.Of("18:00-08:00", []) } };
        var ada = Ada with { ManagerId = "00um" };
        await SendAsync([ada], options);
        At(3);
        await SendAsync([ada], options with { Manners = options.Manners with { Managers = null } });
        At(3, hour: 20);
        Assert.Equal(NoticeState.Waiting, (await SendAsync([ada], options))[1].State);
        await SendAsync([ada], options with { Manners = options.Manners with { OptOut = await OptOutAsync("00um") } });
        await using (var journal = await Fixture.OpenAsync()) Assert.DoesNotContain(await AllAsync(journal), notice => notice.Kind == NoticeKind.ManagerEscalation);
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

        var mails = Mails.Where(mail => mail.To == "help@contoso.example").ToList();
        Assert.Equal(["Dropbox sign-on, March 2, 2026: 1 told, 1 stuck", "Dropbox sign-on, March 3, 2026: 0 told, 1 stuck", "Dropbox sign-on, March 4, 2026: 0 told, 1 stuck"], mails.Select(mail => mail.Subject));
        Assert.Contains("- ada@contoso.example, first notice", mails[0].Text, StringComparison.Ordinal);
        Assert.Contains("- no address, 'no address' is not a mail address.", mails[0].Text, StringComparison.Ordinal);
        Assert.Contains("- Eve <eve@contoso.example>, CannotSignOn: Okta user is locked out.", mails[0].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("first notice", mails[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_helpdesk_reads_of_people_who_were_told_and_apart_from_them_whose_manager_was_or_was_not()
    {
        var options = Escalating("3");
        options = options with { Manners = options.Manners with { DigestTo = "help@contoso.example" } };
        DropboxUserStatus[] people = [Ada with { ManagerId = "00um" }, Ben];
        await SendAsync(people, options);
        At(3);
        var run = NewRun();
        run.Script = (message, _) =>
        {
            Note(message);
            return message.To.Mailboxes.Single().Address == Cara.Email ? DeliveryOutcome.Failed("mailbox full") : null;
        };
        await run.SendAsync(people, options);
        await SendAsync(people, options);

        var mails = Mails.Where(mail => mail.To == "help@contoso.example").ToList();
        Assert.Equal(["2 told", "2 told", "0 told"], mails.Select(mail => mail.Subject.Split(": ")[1].Split(',')[0]));
        Assert.Equal(["Told: 2, Manager told: 0, Failed or unclear: 0, Stuck: 0", "Told: 2, Manager told: 0, Failed or unclear: 1, Stuck: 1", "Told: 0, Manager told: 1, Failed or unclear: 0, Stuck: 2"], mails.Select(mail => Figures(mail.Text)));
        Assert.Contains("- ada@contoso.example, mailbox full", mails[1].Text, StringComparison.Ordinal);
        Assert.Matches("- ben@contoso.example, AwaitingActivation: Already told .* Okta names no manager\\.", mails[2].Text);
        Assert.Contains("Manager told\n\n  - ada@contoso.example\n", mails[2].Text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wherever_a_run_with_mails_to_managers_dies_they_are_told_of_nobody_twice()
    {
        for (var diesAt = 1; diesAt < 40; diesAt++)
        {
            var journal = new JournalSettings { Path = Guid.NewGuid().ToString("N"), InMemory = true };
            await using var anchor = await Fixture.OpenAsync(Fixture.Processes.Start(), journal);
            Mails.Clear();
            DropboxUserStatus[] people = [Ada with { ManagerId = "00um" }, Ben with { ManagerId = "00um" }];
            var options = Reminding("3", new NoticeManners { Managers = new ManagerDirectory((_, _) => Task.FromResult<OktaUser?>(Cara)), DigestTo = "help@contoso.example" });
            At(diesAt * 10);
            await SendAsync(people, options, journal);
            At((diesAt * 10) + 3);
            await SendAsync(people, options, journal, diesAt);
            for (var runs = 0; runs < 3; runs++)
            {
                Fixture.Clock.Advance(NoticeJournal.Lease);
                await SendAsync(people, options, journal);
            }

            var told = Mails.Where(mail => mail.To == "cara@contoso.example").SelectMany(mail => new[] { "ada@", "ben@" }.Where(name => mail.Text.Contains(name, StringComparison.Ordinal))).ToList();
            Assert.True(told.Count == told.Distinct().Count(), $"died at {diesAt}: {string.Join(", ", told)}");
            var open = (await AllAsync(anchor)).Count(notice => notice.State == NoticeState.Unknown && notice.Kind is not NoticeKind.HelpdeskDigest);
            Assert.True(told.Count + open >= 2, $"died at {diesAt}: forgotten");
            foreach (var person in people) Assert.InRange(Mails.Count(mail => mail.To == person.Email && Word(mail.Subject) == "last"), 0, 1);
        }
    }
    private static string Figures(string digest) => string.Join(", ", digest.ReplaceLineEndings("\n").Split('\n').Where(line => line.StartsWith("  ", StringComparison.Ordinal) && (line.Contains("old: ", StringComparison.Ordinal) || line.Contains("Failed", StringComparison.Ordinal) || line.Contains("Stuck", StringComparison.Ordinal))).Select(line => line.Trim()));
}
