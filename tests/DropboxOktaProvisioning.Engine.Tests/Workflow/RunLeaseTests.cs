using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Tests.Http;
using DropboxOktaProvisioning.Engine.Tests.Journal;
using DropboxOktaProvisioning.Engine.Verification;
using DropboxOktaProvisioning.Engine.Workflow;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace DropboxOktaProvisioning.Engine.Tests.Workflow;

/// <summary>One run per scope at a time.</summary>
public sealed class RunLeaseTests : IDisposable
{
    private static readonly RunScope Everyone = RunScope.Of(new VerificationScope.Everyone(), "dbtid:one", "0oa1");

    private readonly JournalFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    private Task<RunLease> TakeAsync(FakeProcess process, RunScope? scope = null, IProgress<RunEvent>? progress = null) =>
        RunLease.TakeAsync(_ => _fixture.OpenAsync(process), scope ?? Everyone, _fixture.Clock, progress, CancellationToken.None);

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={_fixture.Path};Pooling=False");
        await connection.OpenAsync();
        SqliteSchema.Execute(connection, sql);
    }

    private Task RenameAsync(string table, string other) => ExecuteAsync($"ALTER TABLE {table} RENAME TO {other}");

    private async Task<ProvisioningException> RefusedAsync(FakeProcess process)
    {
        var problem = await Assert.ThrowsAsync<ProvisioningException>(() => TakeAsync(process));
        Assert.Equal((ErrorIds.RunInProgress, ProblemCategory.ResourceBusy), (problem.ErrorId, problem.Category));
        return problem;
    }

    [Fact]
    public async Task A_second_run_is_told_who_has_the_scope_since_when_and_until_when_and_gets_it_afterwards()
    {
        var (first, second) = (_fixture.Processes.Start(), _fixture.Processes.Start());
        await using (await TakeAsync(first))
        {
            _fixture.Clock.Advance(TimeSpan.FromMinutes(1));
            var problem = await RefusedAsync(second);
            Assert.Contains($"everyone: process {first.Current.ProcessId} on test-host, since 2026-03-02 09:00:00 UTC", problem.Message, StringComparison.Ordinal);
            Assert.Contains("until 2026-03-02 09:10:00 UTC", problem.Message, StringComparison.Ordinal);
            Assert.Equal("everyone", problem.Target);
            await RefusedAsync(first); // another run of the same process
        }

        await (await TakeAsync(second)).DisposeAsync();
    }

    [Fact]
    public async Task A_run_whose_process_is_gone_loses_the_scope_at_once()
    {
        var killed = _fixture.Processes.Start();
        var lost = await TakeAsync(killed);
        _fixture.Processes.Kill(killed);

        await using var taken = await TakeAsync(_fixture.Processes.Start());
        await lost.DisposeAsync();
        await RefusedAsync(_fixture.Processes.Start()); // what the lost one gave back was not its own any more
    }

    [Fact]
    public async Task A_lease_is_renewed_while_the_run_goes_on_and_else_ends()
    {
        var process = _fixture.Processes.Start();
        await using (var lease = await TakeAsync(process))
        {
            for (var minutes = 0; minutes < 60; minutes++)
            {
                _fixture.Clock.Advance(TimeSpan.FromMinutes(1));
                // A renewal is written behind the clock's back, in turn with everybody who uses the journal.
                if (minutes % 4 == 3) await UntilRenewedAsync();
            }

            await RefusedAsync(_fixture.Processes.Start());
        }

        await using var journal = await _fixture.OpenAsync(process);
        Assert.Null(await journal.TakeRunAsync("made up", "run", CancellationToken.None));
        _fixture.Clock.Advance(NoticeJournal.Lease - TimeSpan.FromMilliseconds(1));
        Assert.NotNull(await journal.TakeRunAsync("made up", "another", CancellationToken.None));
        _fixture.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(await journal.TakeRunAsync("made up", "another", CancellationToken.None));
        Assert.False(await journal.RenewRunAsync("made up", "run", CancellationToken.None));

        async Task UntilRenewedAsync()
        {
            await using var looks = await _fixture.OpenAsync(process);
            await Patience.UntilAsync(
                "the lease is renewed",
                async () => (await looks.TakeRunAsync(Everyone.Key, "another", CancellationToken.None))!.EndsOn >= _fixture.Clock.GetUtcNow() + (NoticeJournal.Lease * 2 / 3));
        }
    }

    [Fact]
    public async Task A_lease_that_cannot_be_renewed_until_its_end_is_said_once_and_goes_on_when_it_can()
    {
        var (heard, waits) = (new EventLog(), new CountingClock());
        await using var lease = await RunLease.TakeAsync(_ => _fixture.OpenAsync(), Everyone, waits, heard, CancellationToken.None);
        await RenameAsync("runs", "away");
        await TryAsync(2);
        await RenameAsync("away", "runs");
        await TryAsync(1);
        // There is a third try before the lease ends, so two that failed are nobody's business.
        Assert.Equal((2, 0), (Tries().Count(), Ends().Count()));

        await RenameAsync("runs", "away");
        await TryAsync(2);
        Assert.Empty(Ends());
        await TryAsync(4);
        Assert.Equal((8, 1), (Tries().Count(), Ends().Count()));
        Assert.StartsWith("The lease on everyone could not be renewed for 10 minutes: another run may have taken it over", Ends().Single().Message, StringComparison.Ordinal);

        // Nobody took it over, so it is ours again.
        await RenameAsync("away", "runs");
        await TryAsync(1);
        await RefusedAsync(_fixture.Processes.Start());

        IEnumerable<Remark> Tries() => heard.Events.OfType<Remark>().Where(remark => remark.Message.StartsWith("The lease on everyone could not be renewed now", StringComparison.Ordinal));
        IEnumerable<Caution> Ends() => heard.Events.OfType<Caution>().Where(caution => caution.Message.Contains("could not be renewed", StringComparison.Ordinal));

        // A try is over when the wait for the next one has begun.
        async Task TryAsync(int times)
        {
            for (; times > 0; times--)
            {
                var begun = waits.Timers;
                _fixture.Clock.Advance(NoticeJournal.Lease / 3);
                waits.Advance(NoticeJournal.Lease / 3);
                await Patience.UntilAsync("the wait for the next try has begun", () => waits.Timers != begun);
            }
        }
    }

    [Fact]
    public async Task A_new_journal_is_told_of_as_when_it_is_written_otherwise()
    {
        var heard = new EventLog();
        await (await TakeAsync(_fixture.Processes.Start(), progress: heard)).DisposeAsync();
        await (await TakeAsync(_fixture.Processes.Start(), progress: heard)).DisposeAsync();
        Assert.Equal($"The journal {_fixture.Path} is new: nobody counts as told yet.", Assert.Single(heard.Events.OfType<Caution>()).Message);
    }

    [Fact]
    public void A_scope_is_the_same_however_it_is_written_and_its_key_names_nobody()
    {
        var (some, same, others) = (People("Ada@contoso.example", " ben@contoso.example"), People("ben@contoso.example", "ada@contoso.example", "ada@contoso.example"), People("ben@contoso.example"));
        Assert.Equal(some.Key, same.Key);
        Assert.DoesNotContain("contoso", some.Key, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("2 people by address", some.Words);
        string[] keys =
        [
            some.Key, others.Key, Everyone.Key, RunScope.Of(new VerificationScope.Everyone(), "dbtid:two", "0oa1").Key, RunScope.Of(new VerificationScope.Everyone(), "dbtid:one", "0oa2").Key,
            Groups("Sales").Key, Groups("Sales", "Support").Key, RunScope.Of(new VerificationScope.Domains(["sales"]), "dbtid:one", "0oa1").Key,
        ];
        Assert.Equal(keys.Distinct(), keys);
        Assert.Equal(Groups("Support", "SALES").Key, Groups("Sales", "support").Key);
        Assert.Equal("the groups 'Sales', 'Support'", Groups("Sales", "Support").Words);

        // Once they are found the id counts, whichever way each was named, and how often.
        var (sales, support) = (new OktaGroup("00gSales", "Sales", null), new OktaGroup("00gSupport", "Support", null));
        Assert.Equal(Found(("Sales", sales), ("00gSupport", support)).Key, Found(("support", support), ("00gSales", sales), ("SALES", sales)).Key);
        Assert.NotEqual(Found(("Sales", sales)).Key, Found(("Sales", support)).Key);
        Assert.NotEqual(Found(("Sales", sales)).Key, Found(("Sales", sales), ("Nowhere", null)).Key);
        Assert.Equal("the groups 'Sales', '00gSupport'", Found(("Sales", sales), ("00gSupport", support)).Words);

        static RunScope People(params string[] addresses) => RunScope.Of(new VerificationScope.People(addresses), "dbtid:one", "0oa1");
        static RunScope Found(params (string Name, OktaGroup? Group)[] found) => RunScope.Of(
            new VerificationScope.Groups([.. found.Select(one => one.Name)]) { Found = [.. found.Select(one => new NamedGroup(one.Name, one.Group, null))] }, "dbtid:one", "0oa1");
        static RunScope Groups(params string[] names) => RunScope.Of(new VerificationScope.Groups(names), "dbtid:one", "0oa1");
    }

    /// <summary>Says how many waits have begun.</summary>
    private sealed class CountingClock : FakeTimeProvider
    {
        private int _timers;

        public int Timers => Volatile.Read(ref _timers);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Interlocked.Increment(ref _timers);
            return timer;
        }
    }
}
