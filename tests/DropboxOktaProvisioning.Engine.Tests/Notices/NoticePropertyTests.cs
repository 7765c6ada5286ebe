using CsCheck;
using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Tests.Journal;
using static DropboxOktaProvisioning.Engine.Tests.Journal.JournalFixture;

namespace DropboxOktaProvisioning.Engine.Tests.Notices;

public sealed class NoticePropertyTests
{
    // Several runs over the same eight people, in any order, each knowing other keys of them; each may die at any step.
    [Fact]
    public void Runs_that_die_anywhere_and_know_people_by_different_keys_tell_nobody_twice()
    {
        var person = Gen.Select(Gen.Int[0, 7], Gen.Int[0, 3]);
        var run = Gen.Select(person.Array[1, 10], Gen.Int[1, 60], Gen.Bool);
        run.Array[1, 6].Sample(runs => PlayAsync(runs).GetAwaiter().GetResult(), iter: 150, threads: 1);
    }

    private static async Task PlayAsync(((int Person, int Keys)[] People, int DiesAt, bool LeaseEnds)[] runs)
    {
        using var fixture = new JournalFixture();
        var journal = new JournalSettings { Path = Guid.NewGuid().ToString("N"), InMemory = true };
        await using var anchor = await fixture.OpenAsync(fixture.Processes.Start(), journal);
        var mailbox = new List<string>();
        foreach (var (people, diesAt, leaseEnds) in runs)
        {
            await new Run(fixture, mailbox, diesAt, journal).SendAsync([.. people.Select(entry => Known(entry.Person, entry.Keys))]);
            if (leaseEnds) fixture.Clock.Advance(NoticeJournal.Lease);
        }

        Assert.Equal(mailbox.Distinct(), mailbox);
        var told = (await AllAsync(anchor)).Where(notice => notice.State == NoticeState.Sent).Select(notice => notice.Email);
        Assert.Subset(mailbox.ToHashSet(), told.ToHashSet());
    }

    private static DropboxUserStatus Known(int person, int keys) => Person(
        (keys & 1) != 0 ? $"00u{person}" : null, (keys & 2) != 0 ? $"dbmid:{person}" : null, $"p{person}@contoso.example");
}
