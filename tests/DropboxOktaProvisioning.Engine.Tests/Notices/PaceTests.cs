using System.Globalization;
using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Tests.Http;
using DropboxOktaProvisioning.Engine.Tests.Journal;
using Microsoft.Data.Sqlite;
using MimeKit;
using static DropboxOktaProvisioning.Engine.Tests.Journal.JournalFixture;

namespace DropboxOktaProvisioning.Engine.Tests.Notices;

/// <summary>Limits of senders, and senders in turns, on a clock whose waits are over at once.</summary>
public sealed class PaceTests : IDisposable
{
    private readonly JournalFixture _fixture = new();
    private readonly InstantTime _clock = new();
    private readonly EventLog _log = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task No_minute_holds_more_than_the_limit_and_the_wait_says_why_and_until_when(int connections)
    {
        var mails = new Recorder { Connections = connections };

        var notices = await SendAsync(mails, People(100), Limited("30/min"));

        Assert.All(notices, notice => Assert.Equal(NoticeState.Sent, notice.State));
        Assert.Equal(100, mails.All.Select(mail => mail.To).Distinct().Count());
        AssertWithin(30, TimeSpan.FromMinutes(1));
        if (connections == 1) Assert.InRange(_clock.GetUtcNow() - InstantTime.Start, TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(3.1));
        var wait = _log.Events.OfType<Waiting>().First();
        Assert.Equal("it@contoso.example has its 30 mails of a minute.", wait.Reason);
        Assert.Equal(InstantTime.Start.AddMinutes(1).AddMilliseconds(1), wait.Until);
        if (connections == 1) Assert.Equal(3, _log.Events.OfType<Waiting>().Count());
    }

    [Fact]
    public async Task Two_runs_on_one_journal_keep_the_minute_together()
    {
        var mails = new Recorder();
        var people = People(90);

        var both = await Task.WhenAll(
            Task.Run(() => SendAsync(mails, [.. people.Where((_, i) => i % 2 == 0)], Limited("20/min"))),
            Task.Run(() => SendAsync(mails, [.. people.Where((_, i) => i % 2 == 1)], Limited("20/min"))));

        Assert.Equal(90, both.SelectMany(notices => notices).Count(notice => notice.State == NoticeState.Sent));
        AssertWithin(20, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task What_does_not_fit_the_day_waits_for_a_later_run_and_is_not_in_the_journal()
    {
        var mails = new Recorder();
        var people = People(25);

        var today = await SendAsync(mails, people, Limited("10/day"));

        Assert.Equal(10, today.Count(notice => notice.State == NoticeState.Sent));
        Assert.All(today.Skip(10), notice => Assert.Equal((NoticeState.Skipped, "It waits for a later run: it@contoso.example has its 10 mails of 24 hours."), (notice.State, notice.Reason)));
        Assert.Equal(10, (await JournalAsync()).Count);
        _clock.Advance(TimeSpan.FromHours(23));
        var tooSoon = await SendAsync(mails, people, Limited("10/day"));
        Assert.DoesNotContain(tooSoon, notice => notice.State == NoticeState.Sent);
        Assert.Equal("It waits for a later run: it@contoso.example has its 10 mails of 24 hours. There is room again from 2026-03-03 09:00 UTC on.", tooSoon[^1].Reason);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(10, (await SendAsync(mails, people, Limited("10/day"))).Count(notice => notice.State == NoticeState.Sent));
        Assert.Equal(5, (await SendAsync(mails, people, Limited("1000/day"))).Count(notice => notice.State == NoticeState.Sent));
        Assert.Equal(25, mails.All.Select(mail => mail.To).Distinct().Count());
    }

    [Fact]
    public async Task Two_runs_that_planned_at_once_keep_the_day_together_and_none_of_it_failed()
    {
        var mails = new Recorder();
        var people = People(60);
        var (first, second) = (Service(mails), Service(mails));
        var plans = new[]
        {
            await first.PlanAsync([.. people.Take(30)], Limited("25/day"), CancellationToken.None),
            await second.PlanAsync([.. people.Skip(30)], Limited("25/day"), CancellationToken.None),
        };
        Assert.All(plans, plan => Assert.Equal(25, plan.Count(planned => planned.WillSend)));

        var both = (await Task.WhenAll(Task.Run(() => SendAsync(first, plans[0])), Task.Run(() => SendAsync(second, plans[1])))).SelectMany(notices => notices).ToList();

        Assert.Equal(25, mails.All.Count);
        Assert.Equal(25, both.Count(notice => notice.State == NoticeState.Sent));
        Assert.Equal(35, both.Count(notice => notice.State == NoticeState.Skipped && notice.Reason.StartsWith("It waits for a later run", StringComparison.Ordinal)));
        Assert.Equal(25, (await JournalAsync()).Count);
    }

    [Fact]
    public async Task What_failed_takes_no_room_of_the_day()
    {
        var mails = new Recorder { Outcome = _ => DeliveryOutcome.Failed("no such person") };
        await SendAsync(mails, People(10), Limited("10/day"));
        mails.Outcome = _ => DeliveryOutcome.Sent("");

        Assert.All(await SendAsync(mails, People(10), Limited("10/day")), notice => Assert.Equal(NoticeState.Sent, notice.State));
    }

    [Fact]
    public async Task Senders_take_turns_and_each_has_a_limit_of_its_own()
    {
        var mails = new Recorder();
        var options = Limited("2/day") with { MoreSenders = ["Help <Help@contoso.example>", "it@contoso.example", "desk@contoso.example"] };

        var notices = await SendAsync(mails, People(8), options);

        string[] turns = ["it@contoso.example", "Help@contoso.example", "desk@contoso.example"];
        Assert.Equal([.. turns, .. turns], mails.All.Select(mail => mail.From));
        Assert.Equal(
            ["It waits for a later run: each sender has its 2 mails of 24 hours."], notices.Skip(6).Select(notice => notice.Reason).Distinct());
        Assert.Equal(["desk@contoso.example", "help@contoso.example", "it@contoso.example"], (await JournalAsync()).Select(notice => notice.Sender).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_sender_whose_day_is_full_is_passed_over()
    {
        var mails = new Recorder();
        await SendAsync(mails, People(3), Limited("3/day"));

        await SendAsync(mails, [.. People(7).Skip(3)], Limited("3/day") with { MoreSenders = ["desk@contoso.example"] });

        Assert.Equal(["it@contoso.example", "desk@contoso.example"], mails.All.Skip(2).Select(mail => mail.From).Distinct());
        Assert.Equal((3, 3), (mails.All.Count(mail => mail.From == "it@contoso.example"), mails.All.Count(mail => mail.From == "desk@contoso.example")));
    }

    [Fact]
    public async Task A_later_try_keeps_the_message_id_also_when_another_sender_has_the_turn()
    {
        var mails = new Recorder { Outcome = _ => DeliveryOutcome.Failed("not now") };
        await SendAsync(mails, People(1), Limited("5/day"));
        mails.Outcome = _ => DeliveryOutcome.Sent("");

        await SendAsync(mails, People(1), Limited("5/day") with { From = "desk@fabrikam.example" });

        Assert.Equal(["it@contoso.example", "desk@fabrikam.example"], mails.All.Select(mail => mail.From));
        Assert.Single(mails.All.Select(mail => mail.MessageId).Distinct());
    }

    [Fact]
    public async Task A_run_that_is_stopped_while_it_waits_gives_back_what_it_claimed()
    {
        var mails = new Recorder();
        using var stop = new CancellationTokenSource();
        var service = Service(mails);
        var plan = await service.PlanAsync(People(30), Limited("10/min"), CancellationToken.None);
        var left = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var notice in service.SendAsync(plan, new Stopper(stop), stop.Token)) left += notice.State == NoticeState.Sent ? 1 : 0;
        });

        Assert.InRange(left, 1, 10);
        Assert.All(await JournalAsync(), notice => Assert.Equal(NoticeState.Sent, notice.State));
        Assert.Equal(mails.All.Count, (await JournalAsync()).Count);
    }

    [Fact]
    public async Task What_a_service_only_accepted_counts_as_told()
    {
        var mails = new Recorder { Outcome = _ => DeliveryOutcome.Accepted("202") };

        var notice = Assert.Single(await SendAsync(mails, People(1), Limited("5/day")));

        Assert.Equal((NoticeState.Accepted, "202", InstantTime.Start), (notice.State, notice.Reason, notice.SentOn));
        var kept = Assert.Single(await JournalAsync());
        Assert.Equal((NoticeState.Accepted, InstantTime.Start), (kept.State, kept.SentOn));
        var again = Assert.Single(await SendAsync(mails, People(1), Limited("5/day") with { ResendUnknown = true }));
        Assert.Equal((NoticeState.Skipped, "Already told on 2026-03-02 09:00 UTC."), (again.State, again.Reason));
        await using var journal = await OpenAsync(readOnly: true);
        Assert.Equal(InstantTime.Start, (await journal.IndexAsync(CancellationToken.None)).LastNotice(People(1)[0]));
        Assert.Single(await AllAsync(journal, new NoticeFilter { States = [NoticeState.Accepted] }));
        Assert.Empty(await AllAsync(journal, new NoticeFilter { States = [NoticeState.Sent] }));
    }

    private static NoticeOptions Limited(string limit) => new() { From = "it@contoso.example", SenderLimit = SenderLimit.Parse(limit) };

    private static List<DropboxUserStatus> People(int count) => [.. Enumerable.Range(0, count).Select(i => Person($"00u{i}", email: $"p{i}@contoso.example"))];

    private NoticeService Service(Recorder mails) => new(_ => OpenAsync(readOnly: true), async _ => await OpenAsync(), mails, _clock);

    private Task<NoticeJournal> OpenAsync(bool readOnly = false) => NoticeJournal.OpenAsync(
        new JournalSettings { Path = _fixture.Path, ReadOnly = readOnly }, _clock, _fixture.Processes.Start(), CancellationToken.None);

    private async Task<List<ActivationNotice>> SendAsync(Recorder mails, IReadOnlyList<DropboxUserStatus> people, NoticeOptions options)
    {
        var service = Service(mails);
        return await SendAsync(service, await service.PlanAsync(people, options, CancellationToken.None));
    }

    private async Task<List<ActivationNotice>> SendAsync(NoticeService service, IReadOnlyList<PlannedNotice> plan)
    {
        var notices = new List<ActivationNotice>();
        await foreach (var notice in service.SendAsync(plan, _log, CancellationToken.None)) notices.Add(notice);
        return notices;
    }

    private async Task<List<ActivationNotice>> JournalAsync()
    {
        await using var journal = await OpenAsync(readOnly: true);
        return await AllAsync(journal);
    }

    private void AssertWithin(int most, TimeSpan span)
    {
        using var connection = new SqliteConnection($"Data Source={_fixture.Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT handed_on FROM notices ORDER BY handed_on";
        using var reader = command.ExecuteReader();
        var times = new List<DateTimeOffset>();
        while (reader.Read()) times.Add(DateTimeOffset.Parse(reader.GetString(0), CultureInfo.InvariantCulture));
        Assert.True(times.Count > most);
        for (var i = most; i < times.Count; i++) Assert.True(times[i] - times[i - most] >= span, $"{most + 1} mails from {times[i - most]:O} to {times[i]:O}");
    }

    private sealed class Stopper(CancellationTokenSource stop) : IProgress<RunEvent>
    {
        public void Report(RunEvent value)
        {
            if (value is Waiting) stop.Cancel();
        }
    }

    internal sealed record Mail(string From, string To, string? MessageId, string? Subject);

    internal sealed class Recorder : INoticeTransport
    {
        private readonly List<Mail> _mails = [];

        public string Name => "Test";

        public int Connections { get; init; } = 1;

        public Func<MimeMessage, DeliveryOutcome> Outcome { get; set; } = _ => DeliveryOutcome.Sent("");

        public IReadOnlyList<Mail> All
        {
            get
            {
                lock (_mails) return [.. _mails];
            }
        }

        public Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<DeliveryOutcome> DeliverAsync(MimeMessage message, string noticeId, CancellationToken cancellationToken)
        {
            lock (_mails) _mails.Add(new Mail(message.From.Mailboxes.Single().Address, message.To.Mailboxes.Single().Address, message.MessageId, message.Subject));
            return Task.FromResult(Outcome(message));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
