using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Tests.Http;
using DropboxOktaProvisioning.Engine.Tests.Journal;
using Microsoft.Data.Sqlite;
using static DropboxOktaProvisioning.Engine.Tests.Journal.JournalFixture;

namespace DropboxOktaProvisioning.Engine.Tests.Notices;

public sealed class NoticeServiceTests : IDisposable
{
    private readonly JournalFixture _fixture = new();
    private readonly Mailbox _mailbox = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task A_plan_keeps_the_order_gives_each_person_a_reason_and_writes_nothing()
    {
        var people = new[]
        {
            Waiting(1),
            Waiting(2) with { Stage = ProvisioningStage.Active },
            Waiting(3) with { Email = "not an address" },
            Waiting(4) with { OktaUserId = "00u1" },
            Waiting(5),
        };

        var plan = await NewRun().Service.PlanAsync(people, Run.Options, CancellationToken.None);

        Assert.Equal(
            [NoticeState.Planned, NoticeState.Skipped, NoticeState.Failed, NoticeState.Skipped, NoticeState.Planned],
            plan.Select(planned => planned.Notice.State));
        Assert.Equal(people.Select(person => person.Email), plan.Select(planned => planned.Notice.Email));
        Assert.Contains("Active", plan[1].Notice.Reason, StringComparison.Ordinal);
        Assert.Contains("not an address", plan[2].Notice.Reason, StringComparison.Ordinal);
        Assert.Contains("twice", plan[3].Notice.Reason, StringComparison.Ordinal);
        Assert.NotEmpty(plan[0].Notice.Subject);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_fixture.Folder));
    }

    [Fact]
    public async Task What_is_not_to_be_sent_comes_out_as_it_is_without_a_journal_or_a_transport()
    {
        var notices = await NewRun(diesAt: 1).SendAsync([Waiting(1) with { Stage = ProvisioningStage.Active }]);
        Assert.Equal(NoticeState.Skipped, Assert.Single(notices).State);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_fixture.Folder));
    }

    [Fact]
    public async Task A_second_run_tells_nobody_again_and_says_when_they_were_told()
    {
        var people = Enumerable.Range(1, 20).Select(Waiting).ToList();
        var first = await NewRun().SendAsync(people);
        _fixture.Clock.Advance(TimeSpan.FromDays(30));
        var second = await NewRun().SendAsync(people, Run.Options with { ResendUnknown = true });

        Assert.All(first, notice => Assert.Equal(NoticeState.Sent, notice.State));
        Assert.All(first, notice => Assert.Equal(_fixture.Clock.GetUtcNow() - TimeSpan.FromDays(30), notice.SentOn));
        Assert.All(second, notice => Assert.Equal(NoticeState.Skipped, notice.State));
        Assert.All(second, notice => Assert.Contains("2026-03-02", notice.Reason, StringComparison.Ordinal));
        Assert.Equal(people.Select(person => person.Email), _mailbox.Emails);
    }

    [Fact]
    public async Task A_journal_that_was_not_there_before_is_told_once_and_one_in_memory_never()
    {
        var heard = new EventLog();
        for (var i = 1; i <= 2; i++) await NewRun().SendAsync([Waiting(i)], progress: heard);
        var inMemory = new Run(_fixture, _mailbox, journal: new JournalSettings { Path = Guid.NewGuid().ToString("N"), InMemory = true });
        await inMemory.SendAsync([Waiting(3)], progress: heard);

        Assert.Equal($"The journal {_fixture.Path} is new: nobody counts as told yet.", Assert.Single(heard.Events.OfType<Caution>()).Message);
    }

    [Fact]
    public async Task Two_runs_at_once_tell_each_person_once()
    {
        var people = Enumerable.Range(1, 60).Select(Waiting).ToList();
        var runs = Enumerable.Range(0, 4).Select(_ => NewRun()).ToList();
        // All of them plan before the first one sends, so that the claims alone decide.
        var plans = new List<IReadOnlyList<PlannedNotice>>();
        foreach (var run in runs) plans.Add(await run.Service.PlanAsync(people, Run.Options, CancellationToken.None));

        var results = await Task.WhenAll(runs.Select((run, i) => Task.Run(async () =>
        {
            var notices = new List<ActivationNotice>();
            await foreach (var notice in run.Service.SendAsync(plans[i], null, CancellationToken.None)) notices.Add(notice);
            return notices;
        })));

        Assert.Equal(people.Select(person => person.Email).Order(), _mailbox.Emails.Order());
        Assert.Equal(60, results.SelectMany(notices => notices).Count(notice => notice.State == NoticeState.Sent));
        Assert.Equal(180, results.SelectMany(notices => notices).Count(notice => notice.State == NoticeState.Skipped));
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, null)]
    [InlineData(false, "100/min,100/day")]
    public async Task Wherever_a_run_dies_the_next_one_tells_nobody_twice_and_forgets_nobody(bool transportRemembers, string? limit)
    {
        var options = Run.Options with { SenderLimit = limit is null ? null : SenderLimit.Parse(limit) };
        var people = Enumerable.Range(1, 3).Select(Waiting).ToList();
        var deaths = 0;
        for (var step = 1; ; step++)
        {
            using var fixture = new JournalFixture();
            var mailbox = new Mailbox();
            var doomed = new Run(fixture, mailbox, step);
            await doomed.SendAsync(people, options);
            if (!doomed.Died) break;
            deaths++;

            var second = await new Run(fixture, mailbox) { Remembers = transportRemembers }.SendAsync(people, options);

            Assert.Equal(mailbox.Emails.Distinct(), mailbox.Emails);
            await using var journal = await fixture.OpenAsync();
            var states = (await AllAsync(journal)).ToDictionary(notice => notice.Email, notice => notice.State);
            foreach (var person in people)
            {
                // Told, or shown as open; a transport that remembers leaves nobody open who was told.
                var told = mailbox.Emails.Contains(person.Email);
                var state = states[person.Email];
                Assert.True(told ? state == NoticeState.Sent || (state == NoticeState.Unknown && !transportRemembers) : state == NoticeState.Unknown,
                    $"step {step}: {person.Email} is {state}, told: {told}");
            }

            // One connection, so one mail at most was being handed over.
            Assert.InRange(states.Values.Count(state => state == NoticeState.Unknown), 0, 1);
            Assert.Equal(people.Count, second.Count);
            var third = await new Run(fixture, mailbox).SendAsync(people);
            Assert.Equal(mailbox.Emails.Distinct(), mailbox.Emails);
            Assert.All(third, notice => Assert.Equal(NoticeState.Skipped, notice.State));
        }

        Assert.True(deaths >= 3 * 5, $"only {deaths} steps were tried");
    }

    [Fact]
    public async Task What_a_dead_run_left_open_is_shown_and_sent_again_only_when_asked_for()
    {
        var doomed = NewRun();
        doomed.Script = (_, _) => throw new ProcessDiedException();
        await doomed.SendAsync([Waiting(1)]);

        var careful = await NewRun().SendAsync([Waiting(1)]);
        Assert.Equal(NoticeState.Skipped, careful[0].State);
        Assert.Contains("may have left", careful[0].Reason, StringComparison.Ordinal);
        var asked = await NewRun().SendAsync([Waiting(1)], Run.Options with { ResendUnknown = true });

        Assert.Equal((NoticeState.Sent, 2), (asked[0].State, asked[0].Attempts));
        Assert.Equal(["p1@contoso.example"], _mailbox.Emails);
    }

    [Fact]
    public async Task What_the_transport_finds_delivered_is_sent_and_not_unknown()
    {
        // Opens, looks for what is open, claims, begins, delivers, and dies with the mail in the box.
        var doomed = NewRun(diesAt: 8);
        await doomed.SendAsync([Waiting(1)]);
        Assert.True(doomed.Died);
        Assert.Equal(["p1@contoso.example"], _mailbox.Emails);

        var left = _fixture.Clock.GetUtcNow();
        _fixture.Clock.Advance(TimeSpan.FromDays(1));
        var careful = await new Run(_fixture, _mailbox) { Remembers = true }.SendAsync([Waiting(1)]);
        var asked = await new Run(_fixture, _mailbox) { Remembers = true }.SendAsync([Waiting(1)], Run.Options with { ResendUnknown = true });

        Assert.Equal(NoticeState.Skipped, careful[0].State);
        Assert.Equal(NoticeState.Skipped, asked[0].State);
        Assert.Contains("Already told", careful[0].Reason, StringComparison.Ordinal);
        await using var journal = await _fixture.OpenAsync();
        var notice = Assert.Single(await AllAsync(journal));
        Assert.Equal((NoticeState.Sent, left), (notice.State, notice.SentOn));
        Assert.Equal(["p1@contoso.example"], _mailbox.Emails);
    }

    [Fact]
    public async Task What_is_asked_for_again_and_then_found_delivered_is_not_sent_again()
    {
        await NewRun(diesAt: 8).SendAsync([Waiting(1)]);

        var asked = await new Run(_fixture, _mailbox) { Remembers = true }.SendAsync([Waiting(1)], Run.Options with { ResendUnknown = true });

        Assert.Equal(NoticeState.Skipped, asked[0].State);
        Assert.Equal(["p1@contoso.example"], _mailbox.Emails);
    }

    [Fact]
    public async Task A_failed_notice_is_tried_again_by_the_next_run_with_the_same_ids()
    {
        var refused = NewRun();
        refused.Script = (_, _) => DeliveryOutcome.Failed("550 no such person");
        var first = await refused.SendAsync([Waiting(1), Waiting(2)]);
        var second = await NewRun().SendAsync([Waiting(1), Waiting(2)]);

        Assert.All(first, notice => Assert.Equal((NoticeState.Failed, "550 no such person", 1), (notice.State, notice.Reason, notice.Attempts)));
        Assert.All(second, notice => Assert.Equal((NoticeState.Sent, 2), (notice.State, notice.Attempts)));
        Assert.Equal(first.Select(notice => (notice.Id, notice.MessageId)), second.Select(notice => (notice.Id, notice.MessageId)));
    }

    [Fact]
    public async Task When_the_transport_is_down_the_rest_is_not_tried_and_goes_out_with_the_next_run()
    {
        var tried = 0;
        var down = NewRun();
        down.Script = (_, _) => ++tried == 2 ? DeliveryOutcome.Failed("gone") with { IsDown = true } : null;
        var people = Enumerable.Range(1, 5).Select(Waiting).ToList();

        var first = await down.SendAsync(people);

        Assert.Equal(2, tried);
        Assert.Equal([NoticeState.Sent, .. Enumerable.Repeat(NoticeState.Failed, 4)], first.Select(notice => notice.State));
        Assert.All(first.Skip(2), notice => Assert.StartsWith("Not tried", notice.Reason, StringComparison.Ordinal));
        await using (var journal = await _fixture.OpenAsync()) Assert.Equal(2, (await AllAsync(journal)).Count);
        await NewRun().SendAsync(people);
        Assert.Equal(people.Select(person => person.Email), _mailbox.Emails);
    }

    [Theory]
    [InlineData(DeliveryState.Unknown, NoticeState.Unknown)]
    [InlineData(DeliveryState.Failed, NoticeState.Failed)]
    [InlineData(null, NoticeState.Unknown)]
    public async Task Cancelling_records_what_is_in_flight_and_sends_nothing_further(DeliveryState? outcome, NoticeState recorded)
    {
        using var cancellation = new CancellationTokenSource();
        var run = NewRun();
        run.Script = (_, token) =>
        {
            cancellation.Cancel();
            return outcome is { } state ? new DeliveryOutcome(state, "cancelled") : throw new OperationCanceledException(token);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.SendAsync([Waiting(1), Waiting(2)], cancellationToken: cancellation.Token));

        await using var journal = await _fixture.OpenAsync();
        Assert.Equal(recorded, Assert.Single(await AllAsync(journal)).State);
        Assert.Empty(_mailbox.Emails);
    }

    [Fact]
    public async Task A_cancelled_run_does_not_wait_long_for_a_journal_that_is_held_though_the_rehearsals_clock_stands_still()
    {
        using var cancellation = new CancellationTokenSource();
        await using var other = new SqliteConnection($"Data Source={_fixture.Path};Pooling=False");
        var run = NewRun();
        run.Script = (_, _) =>
        {
            other.Open();
            SqliteSchema.Execute(other, "BEGIN EXCLUSIVE");
            cancellation.Cancel();
            return null;
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => run.SendAsync([Waiting(1)], cancellationToken: cancellation.Token).WaitAsync(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task A_result_that_finds_no_room_on_the_disk_ends_the_run_and_the_notice_is_never_sent_again()
    {
        var journal = new JournalSettings { Path = _fixture.Path, MaximumPages = 180 };
        var run = new Run(_fixture, _mailbox, journal: journal);
        var people = Enumerable.Range(1, 1000).Select(Waiting).ToList();

        var problem = await Assert.ThrowsAsync<ProvisioningException>(() => run.SendAsync(people));
        Assert.Equal(ErrorIds.JournalFull, problem.ErrorId);
        Assert.InRange(_mailbox.Emails.Count, 1, 999);

        _fixture.Processes.Kill(run.Process);
        await NewRun().SendAsync(people);
        Assert.Equal(_mailbox.Emails.Distinct(), _mailbox.Emails);
    }

    [Fact]
    public async Task Nothing_leaves_when_the_journal_cannot_be_written()
    {
        await (await _fixture.OpenAsync()).DisposeAsync();
        var run = new Run(_fixture, _mailbox, journal: new JournalSettings { Path = _fixture.Path, WriteProtected = true });

        Assert.Equal(ErrorIds.JournalReadOnly, (await Assert.ThrowsAsync<ProvisioningException>(() => run.SendAsync([Waiting(1)]))).ErrorId);
        Assert.Empty(_mailbox.Emails);
    }

    [Fact]
    public async Task Through_the_public_door_with_an_outbox_and_a_journal_in_memory()
    {
        var name = Guid.NewGuid().ToString("N");
        await using var anchor = await NoticeJournal.OpenInMemoryAsync(name, _fixture.Clock, CancellationToken.None);
        await using var outbox = new OutboxTransport(_fixture.Clock);
        var service = new NoticeService(JournalLocation.InMemory(name), outbox, _fixture.Clock);
        for (var i = 0; i < 2; i++)
        {
            var plan = await service.PlanAsync([Waiting(1)], Run.Options, CancellationToken.None);
            await foreach (var notice in service.SendAsync(plan, null, CancellationToken.None))
            {
                Assert.Equal(i == 0 ? NoticeState.Sent : NoticeState.Skipped, notice.State);
            }
        }

        var message = Assert.Single(outbox.Messages);
        Assert.Equal(("p1@contoso.example", _fixture.Clock.GetUtcNow()), (message.To, message.SentOn));
        Assert.Contains("https://www.dropbox.com/sso", message.Text, StringComparison.Ordinal);
    }

    private Run NewRun(int diesAt = int.MaxValue) => new(_fixture, _mailbox, diesAt);

    private static DropboxUserStatus Waiting(int person) => Person($"00u{person}", $"dbmid:{person}", $"p{person}@contoso.example");
}
