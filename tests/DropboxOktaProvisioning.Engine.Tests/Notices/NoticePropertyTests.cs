using CsCheck;
using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Tests.Journal;
using static DropboxOktaProvisioning.Engine.Tests.Journal.JournalFixture;

namespace DropboxOktaProvisioning.Engine.Tests.Notices;

public sealed class NoticePropertyTests
{
    // Several runs over the same eight people, in any order, each knowing other keys of them; each may die at any step.
    [Fact]
    public async Task Runs_that_die_anywhere_and_know_people_by_different_keys_tell_nobody_twice()
    {
        var person = Gen.Select(Gen.Int[0, 7], Gen.Int[0, 3], Gen.Int[0, 99]);
        var run = Gen.Select(person.Array[1, 10], Gen.Int[1, 60], Gen.Bool, Gen.OneOfConst(1, 4), Gen.OneOfConst(null, "9999/min", "3/day"));
        await run.Array[1, 6].SampleAsync(PlayAsync, iter: 150, threads: 1);
    }

    private static async Task PlayAsync(((int Person, int Keys, int Alias)[] People, int DiesAt, bool LeaseEnds, int Connections, string? Limit)[] runs)
    {
        using var fixture = new JournalFixture();
        var journal = new JournalSettings { Path = Guid.NewGuid().ToString("N"), InMemory = true };
        await using var anchor = await fixture.OpenAsync(fixture.Processes.Start(), journal);
        var mailbox = new Mailbox();
        foreach (var (input, diesAt, leaseEnds, connections, limit) in runs)
        {
            var options = Run.Options with { SenderLimit = limit is null ? null : SenderLimit.Parse(limit) };
            await new Run(fixture, mailbox, diesAt, journal) { Connections = connections }.SendAsync([.. input.Select(entry => Known(entry.Person, entry.Keys, entry.Alias))], options);
            if (leaseEnds) fixture.Clock.Advance(NoticeJournal.Lease);
        }

        var people = mailbox.Emails.Select(PersonOf).ToList();
        Assert.Equal(people.Distinct(), people);
        var told = (await AllAsync(anchor)).Where(notice => notice.State == NoticeState.Sent).Select(notice => PersonOf(notice.Email));
        Assert.Subset(people.ToHashSet(), told.ToHashSet());
    }

    // At least two of the three keys are known each time, so that any two views of a person have one in common.
    private static DropboxUserStatus Known(int person, int missing, int alias) => Person(
        missing == 1 ? null : $"00u{person}", missing == 2 ? null : $"dbmid:{person}", missing == 3 ? $"p{person}.a{alias}@contoso.example" : $"p{person}@contoso.example");

    private static string PersonOf(string email) => email.Split('.', '@')[0];

    // Runs at any hour with reminders, quiet hours, opt-outs and managers; people join in between, and each run may die at any step.
    [Fact]
    public async Task Runs_at_any_hour_that_die_anywhere_remind_nobody_twice_nobody_who_joined_or_opted_out_and_nobody_at_night()
    {
        var run = Gen.Select(Gen.Select(Gen.Int[0, 5], Gen.Int[0, 3], Gen.Int[0, 99]).Array[1, 8], Gen.OneOf(Gen.Int[1, 40], Gen.Const(int.MaxValue)), Gen.Int[0, 60], Gen.Int[-12, 5], Gen.OneOfConst(1, 4));
        await run.Array[3, 14].SampleAsync(RemindAsync, iter: 120, threads: 1);
    }

    private static async Task RemindAsync(((int Person, int Keys, int Alias)[] People, int DiesAt, int Hours, int Joins, int Connections)[] runs)
    {
        string[] zones = ["Europe/Berlin", "Asia/Tokyo", "America/New_York", "Asia/Kolkata", "Europe/London", "UTC"];
        using var fixture = new JournalFixture();
        var journal = new JournalSettings { Path = Guid.NewGuid().ToString("N"), InMemory = true };
        await using var anchor = await fixture.OpenAsync(fixture.Processes.Start(), journal);
        var optOut = System.IO.Path.Combine(fixture.Folder, "out.csv");
        File.WriteAllText(optOut, "00u5\n");
        File.WriteAllText(System.IO.Path.Combine(fixture.Folder, "Reminder.subject.liquid"), "{{ reminder }}");
        File.WriteAllText(System.IO.Path.Combine(fixture.Folder, "LastReminder.subject.liquid"), "{{ reminder }}");
        var clock = PersonClock.Of("UTC");
        var options = Run.Options with
        {
            TemplatePath = fixture.Folder,
            Manners = new NoticeManners
            {
                ReminderAfter = [1, 2, 4], OptOut = await OptOutList.ReadAsync(optOut, default), Clock = clock, Hours = SendingHours.Of("18:00-08:00", []),
                Managers = new ManagerDirectory((id, _) => Task.FromResult<Engine.Okta.OktaUser?>(new() { Id = id, Status = "ACTIVE", Email = "boss@contoso.example", TimeZone = "UTC" })),
            },
        };
        var joined = new HashSet<int>();
        var mails = new List<(string To, string Subject, string Text)>();
        foreach (var (input, diesAt, hours, joins, connections) in runs)
        {
            fixture.Clock.Advance(TimeSpan.FromHours(hours));
            if (joins >= 0) joined.Add(joins);
            var now = fixture.Clock.GetUtcNow();
            bool IsNight(string zone) => TimeZoneInfo.ConvertTime(now, clock.Zones(zone, null)[0]).Hour is < 8 or >= 18;
            var process = new Run(fixture, new Mailbox(), diesAt, journal)
            {
                Connections = connections,
                Script = (message, _) =>
                {
                    var to = message.To.Mailboxes.Single().Address;
                    lock (mails) mails.Add((to, message.Subject!, message.TextBody!));
                    Assert.False(IsNight(to.StartsWith('p') ? zones[to[1] - '0'] : "UTC"), $"{to} at {now}");
                    Assert.False(to.StartsWith('p') && joined.Contains(to[1] - '0'), $"{to} has joined");
                    return null;
                },
            };
            await process.SendAsync([.. input.Select(entry => Known(entry.Person, entry.Keys == 1 && entry.Person == 5 ? 0 : entry.Keys, entry.Alias) with
            {
                TimeZone = zones[entry.Person], ManagerId = "00um", Stage = joined.Contains(entry.Person) ? ProvisioningStage.Active : ProvisioningStage.AwaitingActivation,
            })], options);
        }

        Assert.DoesNotContain(mails, mail => mail.To.StartsWith("p5", StringComparison.Ordinal));
        var toPeople = mails.Where(mail => mail.To.StartsWith('p')).Select(mail => $"{PersonOf(mail.To)} {mail.Subject}").ToList();
        Assert.Equal(toPeople.Distinct(), toPeople);
        var toManagers = mails.Where(mail => !mail.To.StartsWith('p')).SelectMany(mail => Enumerable.Range(0, 6).Where(person => mail.Text.Contains($"- p{person}", StringComparison.Ordinal))).ToList();
        Assert.Equal(toManagers.Distinct(), toManagers);
        // Nobody hears of a step before the first notice, and no manager before the last step.
        Assert.All(toPeople, mail => Assert.True(toPeople.FindIndex(one => one.StartsWith(mail[..3] + "Your", StringComparison.Ordinal)) is >= 0 and var first && first <= toPeople.IndexOf(mail)));
        Assert.All(toManagers, person => Assert.Contains($"p{person} 3", toPeople));
    }
}
