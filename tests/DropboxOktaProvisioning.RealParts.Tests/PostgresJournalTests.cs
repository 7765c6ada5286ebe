using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Readiness;
using DropboxOktaProvisioning.Engine.Refresh;
using DropboxOktaProvisioning.Engine.Tests;
using DropboxOktaProvisioning.Engine.Tests.Http;
using DropboxOktaProvisioning.Engine.Tests.Journal;
using DropboxOktaProvisioning.Engine.Verification;
using DropboxOktaProvisioning.Engine.Workflow;
using Npgsql;
using static DropboxOktaProvisioning.Engine.Tests.Journal.JournalFixture;

namespace DropboxOktaProvisioning.RealParts.Tests;

/// <summary>The journal's promises, in a real PostgreSQL.</summary>
public sealed class PostgresJournalTests(Database database) : IClassFixture<Database>, IDisposable
{
    private readonly JournalFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [SkippableFact]
    public async Task Of_many_workers_exactly_one_wins_each_person_whatever_keys_they_know()
    {
        var address = await database.NewAsync();
        var journals = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => OpenAsync(address)));
        const int people = 40;

        var wins = await Task.WhenAll(journals.Select((journal, i) => Task.Run(async () =>
        {
            INoticeClaims claims = journal;
            var requests = Enumerable.Range(0, people).Select(n => (i + n) % people).Select(person => new ClaimRequest(
                Notice((person + i) % 3 == 0 ? null : $"00u{person}", (person + i) % 3 == 1 ? null : $"dbmid:{person}", $"P{person}@contoso.example", i == 3 ? null : "dbtid:one"), false));
            var results = new List<ClaimResult>();
            foreach (var batch in requests.Chunk(10)) results.AddRange(await claims.ClaimAsync(batch, CancellationToken.None));
            return results.Select((result, n) => (result.Claim, Person: (i + n) % people)).Where(result => result.Claim is not null).Select(result => result.Person).ToList();
        })));

        Assert.Equal(Enumerable.Range(0, people), wins.SelectMany(won => won).Order());
        foreach (var journal in journals) await journal.DisposeAsync();
    }

    [SkippableFact]
    public async Task Reminders_and_what_waits_for_its_hour_are_kept_apart_by_step()
    {
        var address = await database.NewAsync();
        await using var far = await OpenAsync(address);
        await using var near = await OpenAsync(address);
        await HoldSteps.HoldClaimAndForgetAsync(far, near, _fixture.Clock.GetUtcNow());
    }

    [SkippableFact]
    public async Task A_dead_workers_lease_expires_and_what_was_handed_over_is_unknown_while_the_rest_goes_on()
    {
        var address = await database.NewAsync();
        await using var far = await OpenAsync(address);
        await using var near = await OpenAsync(address);
        INoticeClaims dead = far, alive = near;
        await dead.HandOverAsync(Notice("00u1", email: "a@contoso.example"));
        var waiting = (await dead.ClaimAsync(Notice("00u2", email: "b@contoso.example"), false, CancellationToken.None)).Claim!;

        Assert.Equal(NoticeState.Sending, (await alive.ClaimAsync(Notice("00u2", email: "b@contoso.example"), false, CancellationToken.None)).Holder!.State);
        Assert.Empty(await alive.AbandonedAsync(CancellationToken.None));
        _fixture.Clock.Advance(NoticeJournal.Lease);

        Assert.Equal(2, (await alive.AbandonedAsync(CancellationToken.None)).Count);
        Assert.Equal(NoticeState.Unknown, (await alive.ClaimAsync(Notice("00u1", email: "a@contoso.example"), false, CancellationToken.None)).Holder!.State);
        Assert.NotNull((await alive.ClaimAsync(Notice("00u2", email: "b@contoso.example"), false, CancellationToken.None)).Claim);
        Assert.False(await dead.BeginAsync(waiting));
    }

    [SkippableFact]
    public async Task A_person_whom_another_worker_is_busy_with_is_passed_over_without_a_wait()
    {
        var address = await database.NewAsync();
        await using var journal = await OpenAsync(address);
        INoticeClaims claims = journal;
        await claims.RecordAsync(await claims.HandOverAsync(Notice("00u1")), NoticeState.Failed, "made up", null, CancellationToken.None);
        await using var busy = new Npgsql.NpgsqlConnection(address + ";Pooling=false");
        await busy.OpenAsync();
        await using var transaction = await busy.BeginTransactionAsync();
        await using var hold = new Npgsql.NpgsqlCommand($"SELECT seq FROM {PostgresSchema.Name}.notices FOR UPDATE", busy, transaction);
        await hold.ExecuteNonQueryAsync();

        var result = await claims.ClaimAsync(Notice("00u1"), false, CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal((null, NoticeState.Sending), (result.Claim, result.Holder?.State));
        await transaction.RollbackAsync();
        Assert.NotNull((await claims.ClaimAsync(Notice("00u1"), false, CancellationToken.None)).Claim);
    }

    [SkippableFact]
    public async Task Lists_the_index_statements_and_the_history_are_as_in_a_file()
    {
        var address = await database.NewAsync();
        await using var journal = await OpenAsync(address);
        INoticeClaims claims = journal;
        for (var i = 0; i < 1003; i += 100)
        {
            _fixture.Clock.Advance(TimeSpan.FromMilliseconds(1));
            await claims.ClaimAsync([.. Enumerable.Range(i, Math.Min(100, 1003 - i)).Select(n => new ClaimRequest(Notice($"00u{n}", email: $"p{n}@contoso.example"), false))], CancellationToken.None);
        }

        var all = await AllAsync(journal);
        Assert.Equal(1003, all.Count);
        Assert.Equal(all.OrderByDescending(notice => notice.IntendedOn).Select(notice => notice.IntendedOn), all.Select(notice => notice.IntendedOn));
        Assert.Equal(["p7@contoso.example"], (await AllAsync(journal, new NoticeFilter { Emails = ["P7@contoso.example"] })).Select(notice => notice.Email));
        Assert.Equal(3, (await AllAsync(journal, new NoticeFilter { Since = _fixture.Clock.GetUtcNow() })).Count);
        Assert.Equal(NoticeState.Sending, (await journal.IndexAsync(CancellationToken.None)).Find(Person("00u5", email: "x@contoso.example"))!.State);

        await journal.StateAsync("dbtid:one", new AdminStatement("SsoRequired", "True", "ada", _fixture.Clock.GetUtcNow()), CancellationToken.None);
        Assert.Equal("ada", Assert.Single(await journal.StatementsAsync("dbtid:one", CancellationToken.None)).By);
        foreach (var change in new[] { "DELETE FROM", "TRUNCATE" })
            await Assert.ThrowsAsync<Npgsql.PostgresException>(() => Database.ExecuteAsync(address, $"{change} {PostgresSchema.Name}.history"));
    }

    [SkippableFact]
    public async Task Workers_that_come_first_at_once_make_the_tables_once_and_one_that_only_looks_makes_none()
    {
        var address = await database.NewAsync();
        await using (var looks = await JournalLocation.Database(address).OpenReadOnlyAsync(_fixture.Clock, CancellationToken.None)) Assert.Empty(await AllAsync(looks));
        Assert.Equal(0L, await Database.ExecuteAsync(address, $"SELECT count(*) FROM pg_namespace WHERE nspname = '{PostgresSchema.Name}'"));

        var journals = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => OpenAsync(address)));

        Assert.Contains(journals, journal => ((INoticeClaims)journal).NewFile is not null);
        foreach (var journal in journals) await journal.DisposeAsync();
        await using var again = await OpenAsync(address);
        Assert.Null(((INoticeClaims)again).NewFile);
        await Database.ExecuteAsync(address, $"UPDATE {PostgresSchema.Name}.journal_version SET version = 99");
        Assert.Equal(ErrorIds.JournalTooNew, (await Assert.ThrowsAsync<ProvisioningException>(() => OpenAsync(address))).ErrorId);
    }

    [SkippableFact]
    public async Task A_reading_is_kept_moved_and_forgotten_as_in_a_file_also_in_a_database_of_an_earlier_version()
    {
        var address = await database.NewAsync();
        var key = new ReadingKey("dbtid:one", "contoso.okta.example", "0oa1");
        byte[] content = [.. Enumerable.Range(0, 3_000_000).Select(i => (byte)(i * 7))];
        await MakeAsync(address, SqliteSchema.WithReadings - 1);
        await using (var looks = await JournalLocation.Database(address).OpenReadOnlyAsync(_fixture.Clock, CancellationToken.None)) Assert.Null(await looks.FindReadingAsync(key, default));

        await using var journal = await OpenAsync(address);
        await journal.KeepReadingAsync(key, new StoredReading("s1", "seal1", [1]), "d1", default);
        await journal.KeepReadingAsync(key, new StoredReading("s2", "seal2", content), "d2", default);
        await journal.MoveReadingAsync(key, "late", "late", "d1", default);
        await journal.MoveReadingAsync(key, "s3", "seal3", "d2", default);
        var kept = (await journal.FindReadingAsync(key, default))!;
        Assert.Equal(("s3", "seal3"), (kept.State, kept.Seal));
        Assert.Equal(content, kept.Content);
        Assert.True(await journal.HasReadingsAsync(default));
        await journal.ForgetReadingsAsync(key.TeamId, default);
        Assert.False(await journal.HasReadingsAsync(default));
    }

    public static TheoryData<int> Versions => [.. Enumerable.Range(PostgresSchema.First, PostgresSchema.Steps.Count)];

    [SkippableTheory, MemberData(nameof(Versions))]
    public async Task A_journal_of_each_version_is_upgraded_with_all_that_it_knows(int version)
    {
        var address = await database.NewAsync();
        var steps = PostgresSchema.Steps.Take(version - PostgresSchema.First + 1);
        await Database.ExecuteAsync(address, $"""
            CREATE SCHEMA {PostgresSchema.Name}; SET search_path TO {PostgresSchema.Name};
            {string.Join('\n', steps)}
            UPDATE journal_version SET version = {version}; {OldJournal.Rows(version)}
            """);

        await using (var looks = await JournalLocation.Database(address).OpenReadOnlyAsync(_fixture.Clock, CancellationToken.None)) await OldJournal.JudgeAsync(looks, version);
        Assert.Equal(version, await VersionAsync());

        await using (var upgraded = await OpenAsync(address)) await OldJournal.JudgeAsync(upgraded, version);
        Assert.Equal(PostgresSchema.Current, await VersionAsync());
        Assert.Equal(OldJournal.Changes, await Database.ExecuteAsync(address, $"SELECT count(*) FROM {PostgresSchema.Name}.history WHERE reason = 'of old'"));
        Assert.Equal(OldJournal.Looks(version).Answer, await Database.ExecuteAsync(address, $"SET search_path TO {PostgresSchema.Name}; {OldJournal.Looks(version).Question}"));

        await using var again = await OpenAsync(address);
        await OldJournal.TellAgainAsync(again);

        Task<object?> VersionAsync() => Database.ExecuteAsync(address, $"SELECT version FROM {PostgresSchema.Name}.journal_version");
    }

    [SkippableFact]
    public async Task Of_mails_to_managers_that_an_earlier_version_kept_by_reminder_one_a_person_counts()
    {
        var address = await database.NewAsync();
        await MakeAsync(address, SqliteSchema.WithOneEscalation - 1);
        await Database.ExecuteAsync(address, $"SET search_path TO {PostgresSchema.Name}; {OldJournal.Escalations}");

        await using var journal = await OpenAsync(address);
        Assert.Equal(OldJournal.GivenUp.Answer, await Database.ExecuteAsync(address, $"SET search_path TO {PostgresSchema.Name}; {OldJournal.GivenUp.Question}"));
        await OldJournal.EscalateAgainAsync(journal);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => Database.ExecuteAsync(address, $"SET search_path TO {PostgresSchema.Name}; {OldJournal.LateEscalation}"));
        Assert.Equal((PostgresErrorCodes.CheckViolation, "written_by_this_version"), (refused.SqlState, refused.ConstraintName));
    }

    [SkippableFact]
    public async Task Connections_that_break_between_renewals_take_neither_the_lease_nor_the_run()
    {
        var address = await database.NewAsync();
        var scope = RunScope.Of(new VerificationScope.Everyone(), "dbtid:one", "0oa1");
        var heard = new EventLog();
        var lease = await RunLease.TakeAsync(_ => OpenAsync(address), scope, _fixture.Clock, heard, CancellationToken.None);
        await using var journal = await OpenAsync(address);
        INoticeClaims claims = journal;
        var before = (await claims.ClaimAsync(Notice("00u1"), false, CancellationToken.None)).Claim!;
        for (var broken = 1; broken <= 4; broken++)
        {
            var ends = await EndsOnAsync();
            Assert.Equal(2L, await BreakAsync());
            // What was claimed on the connection that broke goes on, and so does what comes new.
            if (broken == 1) Assert.True(await claims.BeginAsync(before));
            Assert.NotNull((await claims.ClaimAsync(Notice($"00u-{broken}", email: $"p{broken}@contoso.example"), false, CancellationToken.None)).Claim);
            await Patience.UntilAsync("the lease is renewed", async () =>
            {
                // A renewal is written behind the clock's back.
                _fixture.Clock.Advance(TimeSpan.FromSeconds(20));
                return !Equals(await EndsOnAsync(), ends);
            });
        }

        Assert.Equal(ErrorIds.RunInProgress, (await Assert.ThrowsAsync<ProvisioningException>(() => RunLease.TakeAsync(_ => OpenAsync(address), scope, _fixture.Clock, null, CancellationToken.None))).ErrorId);
        Assert.Contains("is new", Assert.IsType<Caution>(Assert.Single(heard.Events)).Message, StringComparison.Ordinal);
        await BreakAsync();
        await lease.DisposeAsync();
        await (await RunLease.TakeAsync(_ => OpenAsync(address), scope, _fixture.Clock, null, CancellationToken.None)).DisposeAsync();

        Task<object?> EndsOnAsync() => Database.ExecuteAsync(address, $"SELECT ends_on FROM {PostgresSchema.Name}.runs");
        // The test's own looks may still be there for a moment after they were closed.
        Task<object?> BreakAsync() => Database.ExecuteAsync(
            database.ConnectionString("postgres"),
            $"""
            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE datname = '{new Npgsql.NpgsqlConnectionStringBuilder(address).Database}' AND application_name = 'DropboxOktaProvisioning'
            """);
    }

    [SkippableFact]
    public async Task A_commit_that_broke_is_an_error_and_not_done_again()
    {
        var address = await database.NewAsync();
        await using var store = await PostgresStore.OpenAsync(PostgresAddress.Of(address), readOnly: false, CancellationToken.None);
        await Database.ExecuteAsync(address, $"CREATE TABLE {PostgresSchema.Name}.made_up (tried int)");
        var tries = 0;
        var problem = await Assert.ThrowsAsync<ProvisioningException>(() => store.WriteAsync(
            session =>
            {
                tries++;
                session.Execute($"INSERT INTO {PostgresSchema.Name}.made_up VALUES (1)");
                // The server is gone when the commit is sent: whether it arrived nobody can say.
                using var connection = new Npgsql.NpgsqlConnection(database.ConnectionString("postgres") + ";Pooling=false");
                connection.Open();
                using var command = new Npgsql.NpgsqlCommand($"SELECT pg_terminate_backend({session.Scalar("SELECT pg_backend_pid()")})", connection);
                return command.ExecuteScalar();
            },
            Durability.Process, CancellationToken.None));
        Assert.Equal((ErrorIds.JournalUnavailable, 1), (problem.ErrorId, tries));
        Assert.Equal(0L, await Database.ExecuteAsync(address, $"SELECT count(*) FROM {PostgresSchema.Name}.made_up"));
        Assert.Equal(7, await store.ReadAsync(session => session.Scalar("SELECT 7"), CancellationToken.None));
    }

    [SkippableFact]
    public async Task Of_many_runs_on_one_scope_one_has_it_at_a_time()
    {
        var address = await database.NewAsync();
        var scope = RunScope.Of(new VerificationScope.Everyone(), "dbtid:one", "0oa1");
        await using (await OpenAsync(address)) { }
        var tries = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(TryAsync)));

        Assert.All(tries.Where(one => one.Lease is null), one => Assert.Equal(ErrorIds.RunInProgress, one.ErrorId));
        await Assert.Single(tries, one => one.Lease is not null).Lease!.DisposeAsync();
        await (await TryAsync()).Lease!.DisposeAsync();

        async Task<(RunLease? Lease, string? ErrorId)> TryAsync()
        {
            try
            {
                return (await RunLease.TakeAsync(_ => OpenAsync(address), scope, _fixture.Clock, null, CancellationToken.None), null);
            }
            catch (ProvisioningException refused)
            {
                return (null, refused.ErrorId);
            }
        }
    }

    [SkippableFact]
    public async Task Looks_are_kept_and_compared_with()
    {
        var address = await database.NewAsync();
        await using var journal = await OpenAsync(address);
        await journal.ObserveAsync("dbtid:one", [Person("00u1") with { AssignmentStatus = "PROVISIONED" }], true, null, CancellationToken.None);
        await journal.ObserveAsync("dbtid:one", [Person("00u1") with { AssignmentStatus = "PROVISIONED", NextAction = NextAction.Resolve }], true, null, CancellationToken.None);
        var memory = await journal.RecallAsync("dbtid:one", DateTimeOffset.UnixEpoch, CancellationToken.None);
        Assert.Equal([(true, 1, 0), (true, 1, 1)], memory.Observations.Select(look => (look.Everyone, look.Assigned, look.Stuck)));
        Assert.Equal(memory.Observations[0], memory.ComparedWith);
    }

    [SkippableFact]
    public async Task Workers_keep_a_senders_limit_together_and_what_was_only_accepted_counts_as_told()
    {
        var address = await database.NewAsync();
        var journals = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OpenAsync(address)));
        var limit = new SenderLimit(30, 25);

        var admitted = await Task.WhenAll(journals.Select((journal, i) => Task.Run(async () =>
        {
            INoticeClaims claims = journal;
            var states = new List<Admitted>();
            for (var n = 0; n < 20; n++)
            {
                var claim = (await claims.ClaimAsync(Notice($"00u{i}-{n}", email: $"p{i}-{n}@contoso.example") with { Sender = "it@contoso.example" }, false, CancellationToken.None)).Claim!;
                var admission = await claims.AdmitAsync(claim, "it@contoso.example", limit, CancellationToken.None);
                states.Add(admission.State);
                if (admission.State == Admitted.Begun) await claims.RecordAsync(claim, NoticeState.Accepted, "202", _fixture.Clock.GetUtcNow(), CancellationToken.None);
                else Assert.Equal((Admitted.DayFull, _fixture.Clock.GetUtcNow() + TimeSpan.FromHours(24)), (admission.State, admission.Until));
            }

            return states;
        })));

        Assert.Equal(25, admitted.SelectMany(states => states).Count(state => state == Admitted.Begun));
        Assert.Equal(25, (await AllAsync(journals[0], new NoticeFilter { States = [NoticeState.Accepted] })).Count);
        var told = (await AllAsync(journals[0], new NoticeFilter { States = [NoticeState.Accepted] }))[0];
        Assert.Equal(NoticeState.Accepted, (await ((INoticeClaims)journals[1]).ClaimAsync(told with { Id = "other" }, true, CancellationToken.None)).Holder!.State);
        Assert.Equal(25, (await journals[2].IndexAsync(CancellationToken.None)).Handovers["it@contoso.example"].Count());
        foreach (var journal in journals) await journal.DisposeAsync();
    }

    [SkippableFact]
    public async Task What_is_wrong_with_the_database_is_said_without_the_password()
    {
        var address = await database.NewAsync();
        var name = new Npgsql.NpgsqlConnectionStringBuilder(address).Database!;
        await Database.ExecuteAsync(address, "CREATE ROLE guest LOGIN PASSWORD 'guest-4711'; REVOKE CREATE ON SCHEMA public FROM PUBLIC");

        await RefusedAsync(database.ConnectionString(name, password: "wrong-4711"), ErrorIds.JournalUnavailable);
        await RefusedAsync(database.ConnectionString("nowhere"), ErrorIds.JournalUnavailable);
        await RefusedAsync(database.ConnectionString(name, "guest", "guest-4711"), ErrorIds.JournalReadOnly);
        await RefusedAsync("Host=127.0.0.1;Port=1;Password=wrong-4711;Username=x", ErrorIds.JournalUnavailable);

        async Task RefusedAsync(string connection, string errorId)
        {
            var problem = await Assert.ThrowsAsync<ProvisioningException>(() => OpenAsync(connection));
            Assert.Equal(errorId, problem.ErrorId);
            Assert.DoesNotContain("4711", problem.ToString(), StringComparison.Ordinal);
        }
    }

    /// <summary>Makes the tables of an earlier version, empty.</summary>
    private static Task<object?> MakeAsync(string address, int version) => Database.ExecuteAsync(
        address,
        $"CREATE SCHEMA {PostgresSchema.Name}; SET search_path TO {PostgresSchema.Name}; {string.Join('\n', PostgresSchema.Steps.Take(version - 2))} UPDATE journal_version SET version = {version}");

    private Task<NoticeJournal> OpenAsync(string address) =>
        NoticeJournal.OpenAsync(PostgresAddress.Of(address), false, _fixture.Clock, _fixture.Processes.Start(), CancellationToken.None);
}
