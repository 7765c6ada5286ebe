using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Tests.Journal;
using Xunit.Abstractions;

namespace DropboxOktaProvisioning.RealParts.Tests;

/// <summary>Runs that are killed while they send through a real mail server.</summary>
public sealed class NeverTwiceTests(Database database, ITestOutputHelper output) : IClassFixture<Database>
{
    private const int People = 2000;

    // Each connection has begun one group at most.
    private static readonly int MostOpen = new SmtpOptions { Host = "127.0.0.1", Port = 25 }.Connections * NoticeSender.LargestGroup;

    [SkippableTheory]
    [InlineData(false, 200)]
    [InlineData(true, 50)]
    public async Task Kills_in_runs_of_two_thousand_leave_everybody_with_one_mail_or_unknown(bool isShared, int kills)
    {
        RealPart.Require(MailServer.Program, "exim4-daemon-light");
        const int seed = 20261124;
        var random = new Random(seed);
        output.WriteLine($"seed {seed}");
        for (var done = 0; done < kills;) done += await KillUntilAllAreToldAsync(isShared, random);
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Several_processes_at_once_on_one_journal_of_which_some_are_killed_tell_nobody_twice(bool isShared)
    {
        RealPart.Require(MailServer.Program, "exim4-daemon-light");
        await using var server = await MailServer.StartAsync();
        using var fixture = new JournalFixture();
        var journal = isShared ? await database.NewAsync() : fixture.Path;
        const int seed = 4711;
        var random = new Random(seed);
        output.WriteLine($"seed {seed}");
        for (var round = 0; round < 5; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Worker.RunAsync(journal, server.Port, People, (random.Next(1, 150), random.Next(0, 3000)))));
            Assert.InRange(await OpenAsync(journal), 0, 3 * MostOpen);
        }

        var last = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Worker.RunAsync(journal, server.Port, People)));
        output.WriteLine($"sent by the last two: {string.Join(", ", last.Select(run => run.Sent))}");
        await Worker.RunAsync(journal, server.Port, People);

        await JudgeAsync(server, journal);
    }

    // Killed again and again, mostly soon, and now and then when groups have long grown, until a run has nobody left to tell.
    private async Task<int> KillUntilAllAreToldAsync(bool isShared, Random random)
    {
        await using var server = await MailServer.StartAsync();
        using var fixture = new JournalFixture();
        var journal = isShared ? await database.NewAsync() : fixture.Path;
        var open = new List<int>();
        while ((await Worker.RunAsync(journal, server.Port, People, (random.Next(10) == 0 ? random.Next(100, 500) : random.Next(1, 12), random.Next(0, 3000)))).IsKilled)
        {
            open.Add(await OpenAsync(journal));
            Assert.InRange(open[^1], 0, MostOpen);
        }

        output.WriteLine($"{open.Count} kills, each left open: {string.Join(' ', open)}");
        await JudgeAsync(server, journal);
        return open.Count;
    }

    // Of how many mails a run that is gone does not tell whether they left.
    private static async Task<int> OpenAsync(string journal)
    {
        await using var opened = await Location(journal).OpenReadOnlyAsync(TimeProvider.System, CancellationToken.None);
        return (await ((INoticeClaims)opened).AbandonedAsync(CancellationToken.None)).Count(notice => notice.State == NoticeState.Unknown);
    }

    private static JournalLocation Location(string journal) => JournalLocation.IsDatabase(journal) ? JournalLocation.Database(journal) : JournalLocation.File(journal);

    private async Task JudgeAsync(MailServer server, string journal)
    {
        var mails = (await server.AcceptedAsync()).ToLookup(to => to);
        Assert.All(mails, to => Assert.Single(to));
        await using var opened = await Location(journal).OpenReadOnlyAsync(TimeProvider.System, CancellationToken.None);
        var states = (await JournalFixture.AllAsync(opened)).ToDictionary(notice => notice.Email, notice => notice.State);
        Assert.Equal(People, states.Count);
        Assert.All(states, state => Assert.True(
            state.Value == NoticeState.Sent ? mails.Contains(state.Key) : state.Value == NoticeState.Unknown, $"{state.Key}: {state.Value}, {mails[state.Key].Count()} mails"));
        output.WriteLine($"{mails.Count} mails for {People} people, {states.Values.Count(state => state == NoticeState.Unknown)} unknown");
    }
}
