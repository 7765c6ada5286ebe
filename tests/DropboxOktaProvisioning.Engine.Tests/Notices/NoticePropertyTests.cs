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
}
