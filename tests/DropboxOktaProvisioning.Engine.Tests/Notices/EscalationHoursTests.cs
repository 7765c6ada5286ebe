using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Okta;
using static DropboxOktaProvisioning.Engine.Tests.Journal.JournalFixture;

namespace DropboxOktaProvisioning.Engine.Tests.Notices;

/// <summary>Mails to a manager where it is night, about people where it is day.</summary>
public sealed class EscalationHoursTests : ReminderWorld
{
    private const string LaterWave = "Waits for a later wave.", NotReminded = "The person's last reminder does not leave.";

    private static readonly DropboxUserStatus[] People = [Ada with { ManagerId = "00um" }, Ben with { ManagerId = "00um" }];

    private static readonly NoticeOptions Options = Reminding("3", new NoticeManners
    {
        Managers = new ManagerDirectory((_, _) => Task.FromResult<OktaUser?>(Cara with { TimeZone = "Asia/Tokyo" })),
        Hours = SendingHours.Of("18:00-08:00", []), Clock = PersonClock.Of("UTC"), DigestTo = "help@contoso.example",
    });

    [Fact]
    public async Task A_manager_does_not_wait_to_hear_of_who_was_left_out_of_the_plan()
    {
        await SendAsync(People, Options);
        At(3);
        var run = NewRun();
        var plan = await run.Service.PlanAsync(People, Options, CancellationToken.None);
        Assert.Equal([NoticeState.Planned, NoticeState.Planned, NoticeState.Waiting, NoticeState.Waiting, NoticeState.Planned], plan.Select(planned => planned.Notice.State));
        plan = NoticeService.LeaveOutFollowing([plan[0], plan[1].Skip(LaterWave), .. plan.Skip(2)]);
        Assert.Equal(["", NotReminded], plan.Where(planned => planned.Notice.Kind == NoticeKind.ManagerEscalation).Select(planned => planned.Waits ? "" : planned.Notice.Reason));

        await foreach (var notice in run.Service.SendAsync(plan, null, CancellationToken.None)) Assert.NotEqual(NoticeState.Failed, notice.State);
        await JudgeWaitingAsync("ada@contoso.example");
        await AtNightAsync("ada@contoso.example");
    }

    [Fact]
    public async Task A_manager_does_not_wait_to_hear_of_whose_reminder_did_not_leave_after_all()
    {
        await SendAsync(People, Options);
        At(3);
        var run = NewRun();
        run.Script = (message, _) =>
        {
            Note(message);
            return message.To.Mailboxes.Single().Address == Ben.Email ? DeliveryOutcome.Failed("mailbox full") : null;
        };
        var rows = await run.SendAsync(People, Options);
        Assert.Equal([NoticeState.Sent, NoticeState.Failed, NoticeState.Waiting, NoticeState.Skipped, NoticeState.Sent], rows.Select(row => row.State));
        Assert.Equal(NotReminded, rows[3].Reason);
        await JudgeWaitingAsync("ada@contoso.example");
        await AtNightAsync("ada@contoso.example");
    }

    [Fact]
    public async Task Wherever_a_run_dies_a_manager_who_sleeps_hears_of_everybody_once()
    {
        for (var diesAt = 1; diesAt < 30; diesAt++)
        {
            var journal = new JournalSettings { Path = Guid.NewGuid().ToString("N"), InMemory = true };
            await using var anchor = await Fixture.OpenAsync(Fixture.Processes.Start(), journal);
            Mails.Clear();
            At(diesAt * 10);
            await SendAsync(People, Options, journal);
            At((diesAt * 10) + 3);
            await SendAsync(People, Options, journal, diesAt);
            Fixture.Clock.Advance(NoticeJournal.Lease);
            await SendAsync(People, Options, journal);
            At((diesAt * 10) + 3, hour: 23);
            await SendAsync(People, Options, journal);

            var reminded = People.Select(person => person.Email).Where(email => Mails.Any(mail => mail.To == email && Word(mail.Subject) == "last")).ToList();
            var open = (await AllAsync(anchor)).Where(notice => notice.State == NoticeState.Unknown).Select(notice => notice.About ?? notice.Email).ToHashSet();
            foreach (var email in reminded.Where(email => !open.Contains(email)))
                Assert.Equal((diesAt, email, 1), (diesAt, email, Mails.Count(mail => mail.To == Cara.Email && mail.Text.Contains(email, StringComparison.Ordinal))));
        }
    }

    // What the journal and the helpdesk know of.
    private async Task JudgeWaitingAsync(string about)
    {
        await using var journal = await Fixture.OpenAsync();
        Assert.Equal(about, Assert.Single(await AllAsync(journal, new NoticeFilter { States = [NoticeState.Waiting] })).About);
        Assert.Contains("  Waiting for their working hours: 1\n", Mails.Last(mail => mail.To == "help@contoso.example").Text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    // Where the manager's day begins, and it is night for the people.
    private async Task AtNightAsync(string about)
    {
        At(3, hour: 23);
        await SendAsync(People, Options);
        var mail = Assert.Single(Mails, mail => mail.To == Cara.Email).Text;
        Assert.Equal([about], People.Select(person => person.Email).Where(email => mail.Contains(email, StringComparison.Ordinal)));
    }
}
