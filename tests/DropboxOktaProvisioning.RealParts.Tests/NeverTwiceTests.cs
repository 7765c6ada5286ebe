using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Tests.Journal;
using Xunit.Abstractions;

namespace DropboxOktaProvisioning.RealParts.Tests;

/// <summary>Runs that are killed while they send through a real mail server.</summary>
public sealed class NeverTwiceTests(Database database, ITestOutputHelper output) : IClassFixture<Database>
{
    private const int People = 2000, Kills = 200;

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_hundred_kills_in_a_run_of_two_thousand_leave_everybody_with_one_mail_or_unknown(bool isShared)
    {
        RealPart.Require(MailServer.Program, "exim4-daemon-light");
        await using var server = await MailServer.StartAsync();
        using var fixture = new JournalFixture();
        var journal = isShared ? await database.NewAsync() : fixture.Path;
        const int seed = 20261124;
        var random = new Random(seed);
        output.WriteLine($"seed {seed}");
        for (var i = 0; i < Kills; i++) await Worker.RunAsync(journal, server.Port, People, (random.Next(1, 12), random.Next(0, 3000)));

        var mails = await server.AcceptedAsync();
        Assert.InRange(mails.Count, Kills, People - 1);
        await Worker.RunAsync(journal, server.Port, People);

        await JudgeAsync(server, journal);
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
        }

        var lines = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Worker.RunAsync(journal, server.Port, People)));
        output.WriteLine($"sent by the last two: {string.Join(", ", lines.Select(of => of.Count(line => line.StartsWith("Sent ", StringComparison.Ordinal))))}");
        await Worker.RunAsync(journal, server.Port, People);

        await JudgeAsync(server, journal);
    }

    private async Task JudgeAsync(MailServer server, string journal)
    {
        var mails = (await server.AcceptedAsync()).ToLookup(to => to);
        Assert.All(mails, to => Assert.Single(to));
        var location = JournalLocation.IsDatabase(journal) ? JournalLocation.Database(journal) : JournalLocation.File(journal);
        await using var opened = await location.OpenReadOnlyAsync(TimeProvider.System, CancellationToken.None);
        var states = (await JournalFixture.AllAsync(opened)).ToDictionary(notice => notice.Email, notice => notice.State);
        Assert.Equal(People, states.Count);
        Assert.All(states, state => Assert.True(
            state.Value == NoticeState.Sent ? mails.Contains(state.Key) : state.Value == NoticeState.Unknown, $"{state.Key}: {state.Value}, {mails[state.Key].Count()} mails"));
        output.WriteLine($"{mails.Count} mails for {People} people, {states.Values.Count(state => state == NoticeState.Unknown)} unknown");
    }
}
