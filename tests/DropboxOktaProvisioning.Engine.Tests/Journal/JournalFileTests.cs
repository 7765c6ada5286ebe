using DropboxOktaProvisioning.Engine.Journal;
using Microsoft.Data.Sqlite;
using static DropboxOktaProvisioning.Engine.Tests.Journal.JournalFixture;

namespace DropboxOktaProvisioning.Engine.Tests.Journal;

public sealed class JournalFileTests : IDisposable
{
    private readonly JournalFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task A_journal_that_is_not_there_reads_as_empty_and_stays_not_there()
    {
        await using var journal = await NoticeJournal.OpenReadOnlyAsync(_fixture.Path, _fixture.Clock, CancellationToken.None);

        Assert.Empty(await AllAsync(journal));
        Assert.Null((await journal.IndexAsync(CancellationToken.None)).Find(Person("00u1")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_fixture.Folder));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_named_journal_whose_folder_is_missing_is_refused_and_not_begun_anew(bool readOnly)
    {
        var folder = Path.Combine(_fixture.Folder, "not-mounted");
        var path = Path.Combine(folder, "journal.db");

        var problem = await Assert.ThrowsAsync<ProvisioningException>(() => readOnly
            ? NoticeJournal.OpenReadOnlyAsync(path, _fixture.Clock, CancellationToken.None)
            : NoticeJournal.OpenAsync(path, _fixture.Clock, CancellationToken.None));

        Assert.Equal(ErrorIds.JournalUnavailable, problem.ErrorId);
        Assert.Contains($"The folder '{folder}' is not there.", problem.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_fixture.Folder));
    }

    [SkippableFact]
    public async Task File_and_folder_are_created_for_their_owner_alone()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no Unix modes.");
        var path = Path.Combine(_fixture.Folder, "deep", "journal.db");
        await using var journal = await _fixture.OpenAsync(_fixture.Processes.Start(), new JournalSettings { Path = path, CreatesFolder = true });
        await ((INoticeClaims)journal).ClaimAsync(Notice(), false, CancellationToken.None);

        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(owner | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(path)!));
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(path)!)) Assert.Equal(owner, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task A_journal_in_memory_is_shared_by_name_until_the_last_one_closes_it()
    {
        var first = await NoticeJournal.OpenInMemoryAsync("rehearsal", _fixture.Clock, CancellationToken.None);
        await using (var second = await NoticeJournal.OpenInMemoryAsync("rehearsal", _fixture.Clock, CancellationToken.None))
        {
            await ((INoticeClaims)second).ClaimAsync(Notice("00u1"), false, CancellationToken.None);
        }

        Assert.Single(await AllAsync(first));
        await first.DisposeAsync();
        await using var third = await NoticeJournal.OpenInMemoryAsync("rehearsal", _fixture.Clock, CancellationToken.None);
        Assert.Empty(await AllAsync(third));
    }

    [Fact]
    public async Task A_locked_journal_is_waited_for_and_then_reported()
    {
        await using var journal = await _fixture.OpenAsync();
        await using var other = await HoldAsync("BEGIN EXCLUSIVE");

        var problem = await Assert.ThrowsAsync<ProvisioningException>(
            () => _fixture.LetTimePassAsync(((INoticeClaims)journal).ClaimAsync(Notice(), false, CancellationToken.None)));

        Assert.Equal(ErrorIds.JournalLocked, problem.ErrorId);
        Assert.Contains(_fixture.Path, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lock_that_is_released_in_time_costs_nothing_but_the_wait()
    {
        await using var journal = await _fixture.OpenAsync();
        await using var other = await HoldAsync("BEGIN EXCLUSIVE");
        var claim = ((INoticeClaims)journal).ClaimAsync(Notice(), false, CancellationToken.None);
        _fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(claim.IsCompleted);

        SqliteSchema.Execute(other, "ROLLBACK");

        Assert.NotNull((await _fixture.LetTimePassAsync(claim)).Claim);
    }

    [Fact]
    public async Task Cancelling_ends_the_wait_for_a_locked_journal()
    {
        await using var journal = await _fixture.OpenAsync();
        await using var other = await HoldAsync("BEGIN EXCLUSIVE");
        using var cancellation = new CancellationTokenSource();
        var claim = ((INoticeClaims)journal).ClaimAsync(Notice(), false, cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => claim);
    }

    [Fact]
    public async Task A_journal_closes_while_another_one_on_the_same_file_waits_for_a_lock()
    {
        await using var waiting = await _fixture.OpenAsync();
        var closing = await _fixture.OpenAsync();
        await using var other = await HoldAsync("BEGIN EXCLUSIVE");
        var claim = ((INoticeClaims)waiting).ClaimAsync(Notice(), false, CancellationToken.None);

        await closing.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1));

        Assert.False(claim.IsCompleted);
        SqliteSchema.Execute(other, "ROLLBACK");
        Assert.NotNull((await _fixture.LetTimePassAsync(claim)).Claim);
    }

    [Fact]
    public async Task A_journal_that_was_closed_while_it_waited_says_so()
    {
        var journal = await _fixture.OpenAsync();
        await using var other = await HoldAsync("BEGIN EXCLUSIVE");
        var claim = ((INoticeClaims)journal).ClaimAsync(Notice(), false, CancellationToken.None);
        await journal.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => _fixture.LetTimePassAsync(claim));
    }

    [Fact]
    public void The_turn_of_a_journal_is_shared_by_its_users_and_forgotten_when_the_last_one_leaves()
    {
        var first = JournalTurn.Join("made up");
        var second = JournalTurn.Join("made up");
        Assert.Same(first, second);
        first.Dispose();
        Assert.Same(first, JournalTurn.Join("made up"));
        first.Dispose();
        second.Dispose();
        using var later = JournalTurn.Join("made up");
        Assert.NotSame(first, later);
    }

    [Fact]
    public async Task A_journal_that_cannot_be_written_is_refused_before_anything_is_sent()
    {
        await (await _fixture.OpenAsync()).DisposeAsync();

        var problem = await Assert.ThrowsAsync<ProvisioningException>(
            () => _fixture.OpenAsync(_fixture.Processes.Start(), new JournalSettings { Path = _fixture.Path, WriteProtected = true }));

        Assert.Equal(ErrorIds.JournalReadOnly, problem.ErrorId);
    }

    [Fact]
    public async Task A_journal_where_no_file_can_be_is_unavailable()
    {
        await File.WriteAllTextAsync(Path.Combine(_fixture.Folder, "file"), "");

        var problem = await Assert.ThrowsAsync<ProvisioningException>(() => _fixture.OpenAsync(
            _fixture.Processes.Start(), new JournalSettings { Path = Path.Combine(_fixture.Folder, "file", "journal.db") }));

        Assert.Equal(ErrorIds.JournalUnavailable, problem.ErrorId);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_journal_of_a_newer_version_is_refused_for_writing_and_for_reading(bool readOnly)
    {
        await (await _fixture.OpenAsync()).DisposeAsync();
        await using (var connection = await HoldAsync("PRAGMA user_version = 99"))
        {
        }

        var problem = await Assert.ThrowsAsync<ProvisioningException>(
            () => _fixture.OpenAsync(_fixture.Processes.Start(), new JournalSettings { Path = _fixture.Path, ReadOnly = readOnly }));

        Assert.Equal(ErrorIds.JournalTooNew, problem.ErrorId);
        Assert.Contains("99", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Garbage_a_torn_journal_and_another_programs_database_are_refused_and_left_as_they_are()
    {
        await File.WriteAllTextAsync(_fixture.Path, string.Join(' ', Enumerable.Repeat("this is no database", 300)));
        await RefusedAsync();

        File.Delete(_fixture.Path);
        await using (var journal = await _fixture.OpenAsync())
        {
            for (var i = 0; i < 200; i++) await ((INoticeClaims)journal).ClaimAsync(Notice(email: $"p{i}@contoso.example"), false, CancellationToken.None);
        }

        var whole = await File.ReadAllBytesAsync(_fixture.Path);
        whole.AsSpan(4096 * 3, 4096 * 4).Fill(0xAB);
        await File.WriteAllBytesAsync(_fixture.Path, whole);
        await RefusedAsync();

        File.Delete(_fixture.Path);
        await using (var connection = await HoldAsync("CREATE TABLE theirs (a)"))
        {
        }

        await RefusedAsync();

        async Task RefusedAsync()
        {
            var before = await File.ReadAllBytesAsync(_fixture.Path);
            var problem = await Assert.ThrowsAsync<ProvisioningException>(() => _fixture.OpenAsync());
            Assert.Equal(ErrorIds.JournalCorrupt, problem.ErrorId);
            if (before.Length < 20_000) Assert.Equal(before, await File.ReadAllBytesAsync(_fixture.Path));
        }
    }

    [Fact]
    public async Task A_full_disk_is_named_and_the_claim_that_did_not_fit_is_not_there()
    {
        await using var journal = await _fixture.OpenAsync(_fixture.Processes.Start(), new JournalSettings { Path = _fixture.Path, MaximumPages = 20 });
        var claimed = 0;

        var problem = await Assert.ThrowsAsync<ProvisioningException>(async () =>
        {
            for (; claimed < 1000; claimed++)
            {
                await ((INoticeClaims)journal).ClaimAsync(Notice(email: $"p{claimed}@contoso.example"), false, CancellationToken.None);
            }
        });

        Assert.Equal(ErrorIds.JournalFull, problem.ErrorId);
        Assert.True(claimed > 0);
        Assert.Equal(claimed, (await AllAsync(journal)).Count);
    }

    public static TheoryData<int> Versions => [.. Enumerable.Range(1, SqliteSchema.Current)];

    [Theory, MemberData(nameof(Versions))]
    public async Task A_journal_of_each_version_is_upgraded_with_all_that_it_knows(int version)
    {
        await using (var connection = await HoldAsync("PRAGMA journal_mode = WAL"))
        {
            SqliteSchema.Upgrade(connection, [.. SqliteSchema.Steps.Take(version)]);
            SqliteSchema.Execute(connection, OldJournal.Rows(version));
        }

        await using (var looks = await _fixture.OpenAsync(_fixture.Processes.Start(), new JournalSettings { Path = _fixture.Path, ReadOnly = true })) await OldJournal.JudgeAsync(looks, version);
        Assert.Equal((long)version, await ReadAsync("PRAGMA user_version"));

        await using (var upgraded = await _fixture.OpenAsync()) await OldJournal.JudgeAsync(upgraded, version);
        Assert.Equal((long)SqliteSchema.Current, await ReadAsync("PRAGMA user_version"));
        Assert.Equal(OldJournal.Changes, await ReadAsync("SELECT count(*) FROM history WHERE reason = 'of old'"));
        Assert.Equal(OldJournal.Looks(version).Answer, await ReadAsync(OldJournal.Looks(version).Question));

        await using var again = await _fixture.OpenAsync();
        await OldJournal.TellAgainAsync(again);
    }

    [Fact]
    public async Task Of_mails_to_managers_that_an_earlier_version_kept_by_reminder_one_a_person_counts()
    {
        await using (var connection = await HoldAsync("PRAGMA journal_mode = WAL"))
        {
            SqliteSchema.Upgrade(connection, [.. SqliteSchema.Steps.Take(SqliteSchema.WithOneEscalation - 1)]);
            SqliteSchema.Execute(connection, OldJournal.Escalations);
        }

        await using var journal = await _fixture.OpenAsync();
        Assert.Equal(OldJournal.GivenUp.Answer, await ReadAsync(OldJournal.GivenUp.Question));
        await OldJournal.EscalateAgainAsync(journal);
        Assert.Contains("earlier version", (await Assert.ThrowsAsync<SqliteException>(() => ReadAsync(OldJournal.LateEscalation))).Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task A_step_that_fails_changes_nothing_and_what_a_later_module_wrote_is_refused(int version)
    {
        var old = new JournalSettings { Path = _fixture.Path, Steps = [.. SqliteSchema.Steps.Take(version)] };
        await using (var journal = await _fixture.OpenAsync(_fixture.Processes.Start(), old)) await ((INoticeClaims)journal).ClaimAsync(Notice("00u1"), false, CancellationToken.None);

        var next = old with { Steps = [.. SqliteSchema.Steps, "ALTER TABLE notices ADD COLUMN made_up TEXT"] };
        var broken = old with { Steps = [.. next.Steps, "CREATE TABLE half (a); SELECT nonsense"] };
        await Assert.ThrowsAsync<ProvisioningException>(() => _fixture.OpenAsync(_fixture.Processes.Start(), broken));
        Assert.Equal((long)version, await ReadAsync("PRAGMA user_version"));
        await using (var unchanged = await _fixture.OpenAsync(_fixture.Processes.Start(), old with { Steps = SqliteSchema.Steps })) Assert.Single(await AllAsync(unchanged));
        await using (var upgraded = await _fixture.OpenAsync(_fixture.Processes.Start(), next)) Assert.Single(await AllAsync(upgraded));
        Assert.Equal(ErrorIds.JournalTooNew, (await Assert.ThrowsAsync<ProvisioningException>(() => _fixture.OpenAsync(_fixture.Processes.Start(), old))).ErrorId);
    }

    [Fact]
    public async Task The_list_is_newest_first_over_many_pages_and_filtered()
    {
        await using var journal = await _fixture.OpenAsync();
        INoticeClaims claims = journal;
        for (var i = 0; i < 1203; i++)
        {
            _fixture.Clock.Advance(TimeSpan.FromMilliseconds(i % 2));
            var claim = (await claims.ClaimAsync(Notice(email: $"p{i}@contoso.example", team: i % 3 == 0 ? "dbtid:two" : "dbtid:one"), false, CancellationToken.None)).Claim!;
            if (i % 5 == 0) await claims.RecordAsync(claim, NoticeState.Sent, "", _fixture.Clock.GetUtcNow(), CancellationToken.None);
        }

        var all = await AllAsync(journal);
        Assert.Equal(Enumerable.Range(0, 1203).Reverse().Select(i => $"p{i}@contoso.example"), all.Select(notice => notice.Email));
        Assert.Equal(241, (await AllAsync(journal, new NoticeFilter { States = [NoticeState.Sent] })).Count);
        Assert.Equal(401, (await AllAsync(journal, new NoticeFilter { TeamId = "dbtid:two" })).Count);
        Assert.Equal(["p7@contoso.example"], (await AllAsync(journal, new NoticeFilter { Emails = ["P7@contoso.example"] })).Select(notice => notice.Email));
        var since = all[9].IntendedOn;
        Assert.Equal(all.Count(notice => notice.IntendedOn >= since), (await AllAsync(journal, new NoticeFilter { Since = since })).Count);
    }

    [Fact]
    public async Task What_changed_since_a_moment_is_listed_though_its_intent_is_older()
    {
        await using var journal = await _fixture.OpenAsync();
        INoticeClaims claims = journal;
        var changed = (await claims.ClaimAsync(Notice(email: "changed@contoso.example"), false, CancellationToken.None)).Claim!;
        await claims.ClaimAsync(Notice(email: "old@contoso.example"), false, CancellationToken.None);
        _fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        var since = _fixture.Clock.GetUtcNow();
        await claims.RecordAsync(changed, NoticeState.Failed, "made up", null, CancellationToken.None);
        await claims.ClaimAsync(Notice(email: "new@contoso.example"), false, CancellationToken.None);

        var listed = await AllAsync(journal, new NoticeFilter { Since = since });

        Assert.Equal(["new@contoso.example", "changed@contoso.example"], listed.Select(notice => notice.Email));
        Assert.Empty(await AllAsync(journal, new NoticeFilter { Since = since.AddMilliseconds(1) }));
    }

    [Fact]
    public async Task The_index_knows_when_somebody_was_told_by_any_key()
    {
        await using var journal = await _fixture.OpenAsync();
        INoticeClaims claims = journal;
        var claim = (await claims.ClaimAsync(Notice("00u1", "dbmid:1"), false, CancellationToken.None)).Claim!;
        Assert.Null((await journal.IndexAsync(CancellationToken.None)).LastNotice(Person("00u1")));
        _fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        await claims.RecordAsync(claim, NoticeState.Sent, "", _fixture.Clock.GetUtcNow(), CancellationToken.None);

        var index = await journal.IndexAsync(CancellationToken.None);

        var told = _fixture.Clock.GetUtcNow();
        Assert.Equal(told, index.LastNotice(Person("00u1", email: "x@contoso.example")));
        Assert.Equal(told, index.LastNotice(Person(null, "dbmid:1", "x@contoso.example")));
        Assert.Equal(told, index.LastNotice(Person()));
        Assert.Null(index.LastNotice(Person("00u9", email: "x@contoso.example")));
        Assert.Null(index.LastNotice(Person(team: "dbtid:two")));
    }

    [Fact]
    public void This_process_lives_and_one_that_started_at_another_time_does_not()
    {
        var probe = ProcessProbe.Instance;
        Assert.False(probe.IsGone(probe.Current));
        Assert.True(probe.IsGone(probe.Current with { StartedOn = probe.Current.StartedOn.AddHours(-1) }));
        Assert.True(probe.IsGone(probe.Current with { ProcessId = int.MaxValue }));
        Assert.False(probe.IsGone(new ProcessIdentity("another-host", int.MaxValue, DateTimeOffset.UnixEpoch)));
    }

    private async Task<object?> ReadAsync(string sql)
    {
        await using var connection = await HoldAsync("");
        return SqliteSchema.Scalar(connection, sql);
    }

    private async Task<SqliteConnection> HoldAsync(string sql)
    {
        var connection = new SqliteConnection($"Data Source={_fixture.Path};Pooling=False");
        await connection.OpenAsync();
        SqliteSchema.Execute(connection, sql);
        return connection;
    }
}
