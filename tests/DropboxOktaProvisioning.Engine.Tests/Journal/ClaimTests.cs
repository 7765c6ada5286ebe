using CsCheck;
using DropboxOktaProvisioning.Engine.Journal;
using Microsoft.Data.Sqlite;
using static DropboxOktaProvisioning.Engine.Tests.Journal.JournalFixture;

namespace DropboxOktaProvisioning.Engine.Tests.Journal;

public sealed class ClaimTests : IDisposable
{
    private readonly JournalFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Of_many_tasks_on_two_open_journals_exactly_one_wins_each_person()
    {
        await using var first = await _fixture.OpenAsync();
        await using var second = await _fixture.OpenAsync();
        const int people = 20, rivals = 8;
        var claims = Enumerable.Range(0, people * rivals).Select(i => Task.Run(() =>
        {
            var person = i % people;
            INoticeClaims journal = i % 2 == 0 ? first : second;
            // Each rival knows the person by other keys; all of them share the address.
            var notice = Notice(i % 3 == 0 ? null : $"00u{person}", i % 3 == 1 ? null : $"dbmid:{person}", $"P{person}@contoso.example");
            return journal.ClaimAsync(notice, false, CancellationToken.None);
        })).ToList();

        var results = await Task.WhenAll(claims);

        var winners = results.Select((result, i) => (result, person: i % people)).Where(pair => pair.result.Claim is not null).Select(pair => pair.person);
        Assert.Equal(Enumerable.Range(0, people), winners.Order());
    }

    [Fact]
    public async Task A_claim_that_is_begun_after_it_was_found_abandoned_stays_with_who_began_it()
    {
        await using var slow = await _fixture.OpenAsync();
        INoticeClaims owner = slow;
        var claim = (await owner.ClaimAsync(Notice("00u1"), false, CancellationToken.None)).Claim!;
        _fixture.Clock.Advance(NoticeJournal.Lease);
        await using var other = await _fixture.OpenAsync();
        INoticeClaims finder = other;
        Assert.Equal(NoticeState.Failed, Assert.Single(await finder.AbandonedAsync(CancellationToken.None)).State);

        // It was only slow, and hands its mail over before the other one has written what it found.
        Assert.True(await owner.BeginAsync(claim));
        await finder.AdvanceAsync([new ClaimOutcome(claim, NoticeState.Failed, "gone", null) { IfNeverBegun = true }], [], CancellationToken.None);

        Assert.Null((await finder.ClaimAsync(Notice("00u1"), false, CancellationToken.None)).Claim);
        await owner.RecordAsync(claim, NoticeState.Sent, "", _fixture.Clock.GetUtcNow(), CancellationToken.None);
        Assert.Equal(NoticeState.Sent, Assert.Single(await AllAsync(other)).State);
    }

    [Fact]
    public async Task What_an_earlier_version_sent_while_it_waited_is_sent_and_does_not_wait()
    {
        await using var journal = await _fixture.OpenAsync();
        var sent = await ((INoticeClaims)journal).HandOverAsync(Notice("00u1"));
        await ((INoticeClaims)journal).RecordAsync(sent, NoticeState.Sent, "", _fixture.Clock.GetUtcNow(), CancellationToken.None);
        await using (var connection = new SqliteConnection($"Data Source={_fixture.Path};Pooling=False"))
        {
            await connection.OpenAsync();
            SqliteSchema.Execute(connection, "UPDATE notices SET not_before = '2026-03-03T08:00:00.000Z'");
        }

        Assert.Equal(NoticeState.Sent, Assert.Single(await AllAsync(journal)).State);
        Assert.Null((await ((INoticeClaims)journal).ClaimAsync(Notice("00u1"), false, CancellationToken.None)).Claim);
    }

    [SkippableFact]
    public async Task Rivals_that_meet_only_in_the_file_as_other_processes_do_have_one_winner_too()
    {
        Skip.If(OperatingSystem.IsWindows(), "Making a symbolic link needs a right on Windows.");
        // In one process those who name the same file take turns; a file with several names brings them together in the database alone.
        var real = Directory.CreateDirectory(Path.Combine(_fixture.Folder, "real")).FullName;
        var journals = await Task.WhenAll(Enumerable.Range(0, 4).Select(async i =>
        {
            var link = Directory.CreateSymbolicLink(Path.Combine(_fixture.Folder, $"link{i}"), real).FullName;
            var settings = new JournalSettings { Path = Path.Combine(link, "journal.db"), Patience = TimeSpan.FromMinutes(2) };
            return await NoticeJournal.OpenAsync(settings, TimeProvider.System, _fixture.Processes.Start(), CancellationToken.None);
        }));
        const int people = 25;

        var results = await Task.WhenAll(journals.SelectMany(journal => Enumerable.Range(0, people).Select(person => Task.Run(async () =>
        {
            INoticeClaims claims = journal;
            var result = await claims.ClaimAsync(Notice($"00u{person}", email: $"p{person}@contoso.example"), false, CancellationToken.None);
            if (result.Claim is { } claim) await claims.RecordAsync(claim, NoticeState.Sent, "", DateTimeOffset.UnixEpoch, CancellationToken.None);
            return (person, won: result.Claim is not null);
        }))));

        Assert.Equal(Enumerable.Range(0, people), results.Where(result => result.won).Select(result => result.person).Order());
        foreach (var journal in journals) await journal.DisposeAsync();
    }

    [Theory]
    [InlineData("00u1", null, "other@contoso.example")]
    [InlineData(null, "dbmid:1", "other@contoso.example")]
    [InlineData(null, null, "ADA@Contoso.Example")]
    [InlineData("00u2", "dbmid:2", "ada@contoso.example")]
    public async Task Any_one_key_is_enough_to_know_a_person_again(string? okta, string? member, string email)
    {
        await using var journal = await _fixture.OpenAsync();
        INoticeClaims claims = journal;
        await SendAsync(claims, Notice("00u1", "dbmid:1"), NoticeState.Sent);

        var second = await claims.ClaimAsync(Notice(okta, member, email), true, CancellationToken.None);

        Assert.Null(second.Claim);
        Assert.Equal(NoticeState.Sent, second.Holder!.State);
    }

    [Fact]
    public async Task Reminders_and_what_waits_for_its_hour_are_kept_apart_by_step()
    {
        await using var first = await _fixture.OpenAsync();
        await using var second = await _fixture.OpenAsync();
        await HoldSteps.HoldClaimAndForgetAsync(first, second, _fixture.Clock.GetUtcNow());
    }

    [Fact]
    public async Task Another_team_is_another_matter_but_a_notice_without_a_team_counts_for_all()
    {
        await using var journal = await _fixture.OpenAsync();
        INoticeClaims claims = journal;
        await SendAsync(claims, Notice("00u1", team: "dbtid:one"), NoticeState.Sent);

        Assert.NotNull((await claims.ClaimAsync(Notice("00u1", team: "dbtid:two"), false, CancellationToken.None)).Claim);
        Assert.Null((await claims.ClaimAsync(Notice("00u1", team: null), false, CancellationToken.None)).Claim);
    }

    [Fact]
    public async Task What_failed_is_claimed_again_as_the_same_notice_with_the_next_attempt()
    {
        await using var journal = await _fixture.OpenAsync();
        INoticeClaims claims = journal;
        var notice = Notice("00u1");
        await SendAsync(claims, notice, NoticeState.Failed);

        var again = await claims.ClaimAsync(Notice("00u1") with { MessageId = "another@contoso.example" }, false, CancellationToken.None);

        Assert.Equal(new NoticeClaim(notice.Id, notice.MessageId!, 2), again.Claim);
        Assert.Equal(2, Assert.Single(await AllAsync(journal)).Attempts);
    }

    [Fact]
    public async Task Failed_notices_that_turn_out_to_be_for_one_person_become_one()
    {
        await using var journal = await _fixture.OpenAsync();
        INoticeClaims claims = journal;
        await SendAsync(claims, Notice("00u1", null, "old@contoso.example"), NoticeState.Failed);
        await SendAsync(claims, Notice(null, "dbmid:1", "new@contoso.example"), NoticeState.Failed);

        await SendAsync(claims, Notice("00u1", "dbmid:1", "third@contoso.example"), NoticeState.Sent);

        foreach (var email in new[] { "old@contoso.example", "new@contoso.example", "third@contoso.example" })
        {
            Assert.Null((await claims.ClaimAsync(Notice(email: email), false, CancellationToken.None)).Claim);
        }

        Assert.Single(await AllAsync(journal), notice => notice.State == NoticeState.Sent);
    }

    [Fact]
    public async Task A_claim_of_a_living_process_is_left_alone_until_its_lease_is_over()
    {
        await using var journal = await _fixture.OpenAsync();
        await using var other = await _fixture.OpenAsync();
        INoticeClaims claims = journal, rival = other;
        await claims.HandOverAsync(Notice("00u1"));

        _fixture.Clock.Advance(NoticeJournal.Lease - TimeSpan.FromSeconds(1));
        Assert.Equal(NoticeState.Sending, (await rival.ClaimAsync(Notice("00u1"), true, CancellationToken.None)).Holder!.State);
        Assert.Empty(await rival.AbandonedAsync(CancellationToken.None));

        _fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(NoticeState.Unknown, (await rival.ClaimAsync(Notice("00u1"), false, CancellationToken.None)).Holder!.State);
    }

    [Theory]
    [InlineData(false, NoticeState.Failed)]
    [InlineData(true, NoticeState.Unknown)]
    public async Task A_claim_of_a_dead_process_whose_mail_was_never_handed_over_did_not_leave_unless_the_power_was_lost(bool lostPower, NoticeState state)
    {
        var doomed = _fixture.Processes.Start();
        await using (var journal = await _fixture.OpenAsync(doomed)) await ((INoticeClaims)journal).ClaimAsync(Notice("00u1"), false, CancellationToken.None);
        _fixture.Processes.Kill(doomed);
        var process = _fixture.Processes.Start();
        process.LostPower = lostPower;
        await using var later = await _fixture.OpenAsync(process);

        Assert.Equal(state, Assert.Single(await AllAsync(later)).State);
        Assert.Equal(state == NoticeState.Failed, (await ((INoticeClaims)later).ClaimAsync(Notice("00u1"), false, CancellationToken.None)).Claim is not null);
    }

    [Fact]
    public async Task A_claim_that_waited_for_longer_than_its_lease_is_taken_over_and_cannot_be_begun_or_given_back_any_more()
    {
        await using var slow = await _fixture.OpenAsync();
        await using var other = await _fixture.OpenAsync();
        INoticeClaims claims = slow, rival = other;
        var late = (await claims.ClaimAsync(Notice("00u1"), false, CancellationToken.None)).Claim!;
        _fixture.Clock.Advance(NoticeJournal.Lease);

        var taken = (await rival.ClaimAsync(Notice("00u1"), false, CancellationToken.None)).Claim!;

        Assert.Equal(2, taken.Attempt);
        Assert.False(await claims.BeginAsync(late));
        await claims.ReleaseAsync([late], "made up", CancellationToken.None);
        Assert.True(await rival.BeginAsync(taken));
        Assert.False(await rival.BeginAsync(taken));
        await rival.ReleaseAsync([taken], "made up", CancellationToken.None);
        Assert.Equal(NoticeState.Sending, Assert.Single(await AllAsync(other)).State);
    }

    [Fact]
    public async Task A_claim_that_is_given_back_is_free_for_all_and_a_notice_that_was_never_tried_is_gone()
    {
        await using var journal = await _fixture.OpenAsync();
        INoticeClaims claims = journal;
        var claim = (await claims.ClaimAsync(Notice("00u1"), false, CancellationToken.None)).Claim!;

        await claims.ReleaseAsync([claim], "made up", CancellationToken.None);
        Assert.Empty(await AllAsync(journal));

        await claims.RecordAsync(await claims.HandOverAsync(Notice("00u1")), NoticeState.Failed, "550", null, CancellationToken.None);
        var second = (await claims.ClaimAsync(Notice("00u1"), false, CancellationToken.None)).Claim!;
        await claims.ReleaseAsync([second], "made up", CancellationToken.None);
        var notice = Assert.Single(await AllAsync(journal));
        Assert.Equal((NoticeState.Failed, "made up", 2), (notice.State, notice.Reason, notice.Attempts));
    }

    [Fact]
    public async Task A_claim_of_a_dead_process_is_unknown_and_sent_again_only_when_asked_for()
    {
        var doomed = _fixture.Processes.Start();
        await using (var journal = await _fixture.OpenAsync(doomed)) await ((INoticeClaims)journal).HandOverAsync(Notice("00u1"));
        _fixture.Processes.Kill(doomed);
        await using var later = await _fixture.OpenAsync();
        INoticeClaims claims = later;

        Assert.Equal(NoticeState.Unknown, Assert.Single(await AllAsync(later)).State);
        Assert.Equal(NoticeState.Unknown, (await claims.ClaimAsync(Notice("00u1"), false, CancellationToken.None)).Holder!.State);
        Assert.Equal(2, (await claims.ClaimAsync(Notice("00u1"), true, CancellationToken.None)).Claim!.Attempt);
    }

    [Fact]
    public async Task The_result_of_a_slow_process_still_counts_after_its_claim_became_unknown_but_not_after_it_was_taken_over()
    {
        await using var slow = await _fixture.OpenAsync();
        await using var other = await _fixture.OpenAsync();
        INoticeClaims claims = slow, rival = other;
        var kept = await claims.HandOverAsync(Notice("00u1", email: "a@contoso.example"));
        var lost = await claims.HandOverAsync(Notice("00u2", email: "b@contoso.example"));
        _fixture.Clock.Advance(NoticeJournal.Lease);
        await rival.ClaimAsync(Notice("00u1", email: "a@contoso.example"), false, CancellationToken.None);
        await rival.ClaimAsync(Notice("00u2", email: "b@contoso.example"), true, CancellationToken.None);

        await claims.RecordAsync(kept, NoticeState.Sent, "", null, CancellationToken.None);
        await claims.RecordAsync(lost, NoticeState.Failed, "", null, CancellationToken.None);

        var states = (await AllAsync(other)).ToDictionary(notice => notice.OktaUserId!, notice => notice.State);
        Assert.Equal(NoticeState.Sent, states["00u1"]);
        Assert.Equal(NoticeState.Sending, states["00u2"]);
    }

    [Fact]
    public async Task Every_change_of_state_is_in_the_history_and_the_history_cannot_be_changed()
    {
        await using var journal = await _fixture.OpenAsync();
        INoticeClaims claims = journal;
        await SendAsync(claims, Notice("00u1"), NoticeState.Failed);
        await SendAsync(claims, Notice("00u1"), NoticeState.Sent);

        await using var connection = new SqliteConnection($"Data Source={_fixture.Path};Pooling=False");
        await connection.OpenAsync();
        Assert.Equal(
            "Sending,Failed,Sending,Sent", SqliteSchema.Scalar(connection, "SELECT group_concat(to_state) FROM (SELECT to_state FROM history ORDER BY seq)"));
        Assert.Throws<SqliteException>(() => SqliteSchema.Execute(connection, "DELETE FROM history"));
        Assert.Throws<SqliteException>(() => SqliteSchema.Execute(connection, "UPDATE history SET reason = 'x'"));
    }

    // Six people with three keys each; runs that know any part of the keys, and end in any way.
    [Fact]
    public async Task Whatever_is_known_of_people_and_however_runs_end_nobody_is_sent_two_notices()
    {
        var step = Gen.Select(Gen.Int[0, 5], Gen.Int[1, 7], Gen.Int[0, 4], Gen.Bool);
        await step.Array[1, 40].SampleAsync(RunAsync, iter: 60, threads: 1);

        async Task RunAsync((int Person, int Keys, int End, bool NewProcess)[] steps)
        {
            var settings = new JournalSettings { Path = Guid.NewGuid().ToString("N"), InMemory = true };
            var process = _fixture.Processes.Start();
            await using var anchor = await _fixture.OpenAsync(process, settings);
            INoticeClaims claims = anchor;
            var left = new Dictionary<int, int>();
            var journals = new List<NoticeJournal>();
            foreach (var (person, keys, end, newProcess) in steps)
            {
                if (newProcess)
                {
                    process = _fixture.Processes.Start();
                    journals.Add(await _fixture.OpenAsync(process, settings));
                    claims = journals[^1];
                }

                // The address is the key that a notice always has, so a person keeps it here.
                var notice = Notice((keys & 1) != 0 ? $"00u{person}" : null, (keys & 2) != 0 ? $"dbmid:{person}" : null, $"p{person}@contoso.example");
                var result = await claims.ClaimAsync(notice, false, CancellationToken.None);
                if (result.Claim is not { } claim) continue;
                if (end == 4)
                {
                    // Dies before the mail is handed over: it did not leave.
                    _fixture.Processes.Kill(process);
                    continue;
                }

                Assert.True(await claims.BeginAsync(claim));
                if (end == 0)
                {
                    await claims.RecordAsync(claim, NoticeState.Failed, "", null, CancellationToken.None);
                    continue;
                }

                left[person] = left.GetValueOrDefault(person) + 1;
                if (end == 1) await claims.RecordAsync(claim, NoticeState.Sent, "", null, CancellationToken.None);
                if (end == 2) await claims.RecordAsync(claim, NoticeState.Unknown, "", null, CancellationToken.None);
                if (end == 3) _fixture.Processes.Kill(process);
            }

            foreach (var journal in journals) await journal.DisposeAsync();
            Assert.All(left, pair => Assert.Equal(1, pair.Value));
        }
    }

    private static async Task SendAsync(INoticeClaims claims, ActivationNotice notice, NoticeState state)
    {
        var result = await claims.ClaimAsync(notice, false, CancellationToken.None);
        await claims.RecordAsync(result.Claim!, state, "made up", null, CancellationToken.None);
    }
}
