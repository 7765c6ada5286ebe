using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Tests.Http;
using DropboxOktaProvisioning.Engine.Tests.Journal;
using DropboxOktaProvisioning.Engine.Tests.Notices;
using DropboxOktaProvisioning.Engine.Verification;
using DropboxOktaProvisioning.Engine.Workflow;
using Microsoft.Extensions.Time.Testing;
using static DropboxOktaProvisioning.Engine.Tests.Journal.JournalFixture;

namespace DropboxOktaProvisioning.Engine.Tests.Workflow;

/// <summary>A machine slept for longer than a lease lasts, and another run took the scope over: one of them goes on, and not both.</summary>
public sealed class LostLeaseTests : IDisposable
{
    private static readonly RunScope Everyone = RunScope.Of(new VerificationScope.Everyone(), "dbtid:one", "0oa1");

    private readonly JournalFixture _fixture = new();
    private readonly EventLog _heard = new();

    public void Dispose() => _fixture.Dispose();

    private Task<RunLease> TakeAsync() => RunLease.TakeAsync(_ => _fixture.OpenAsync(), Everyone, _fixture.Clock, _heard, CancellationToken.None);

    // Written in turn, so that nobody waits for the file while the clock leaps.
    private async Task TakeOverAsync(string sql)
    {
        await using var store = await SqliteStore.OpenAsync(new JournalSettings { Path = _fixture.Path }, CancellationToken.None);
        await store.WriteAsync(session => session.Execute(sql), Durability.Process, CancellationToken.None);
    }

    // As when the machine wakes up: another run took the scope over before the lease could be renewed.
    private async Task SleepAsync(string sql)
    {
        await TakeOverAsync(sql);
        _fixture.Clock.Advance(NoticeJournal.Lease / 3);
    }

    private static void AssertTaken(ProvisioningException problem, string words)
    {
        Assert.Equal((ErrorIds.RunInProgress, ProblemCategory.ResourceBusy, "everyone"), (problem.ErrorId, problem.Category, problem.Target));
        Assert.Equal($"This run slept for so long that another one took over everyone, and it went no further{words}", problem.Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task What_is_in_flight_is_recorded_and_what_is_not_begun_is_given_back(int connections)
    {
        var mailbox = new Mailbox();
        await using var lease = await TakeAsync();
        var mails = 0;
        var run = new Run(_fixture, mailbox)
        {
            Connections = connections,
            Script = (_, cancel) =>
            {
                if (Interlocked.Increment(ref mails) == 4) SleepAsync("UPDATE runs SET id = 'another', host = 'other-host', process_id = 77").GetAwaiter().GetResult();
                // The others are still being handed over when the word comes.
                if (Volatile.Read(ref mails) >= 4) Assert.True(cancel.WaitHandle.WaitOne(TimeSpan.FromMinutes(1)));
                return null;
            },
        };
        DropboxUserStatus[] people = [.. Enumerable.Range(0, 40).Select(i => Person($"00u{i}", email: $"p{i}@contoso.example"))];
        var plan = await run.Service.PlanAsync(people, Run.Options, CancellationToken.None);

        var problem = await Assert.ThrowsAsync<ProvisioningException>(async () =>
        {
            await foreach (var _ in lease.WhileHeldAsync(held => run.Service.SendAsync(plan, _heard, held), CancellationToken.None)) { }
        });

        AssertTaken(problem, ": process 77 on other-host, since 2026-03-02 09:00:00 UTC. It has the scope until 2026-03-02 09:10:00 UTC, and longer while it goes on.");
        Assert.InRange(mailbox.Emails.Count, 4, 3 + connections);
        await using var journal = await _fixture.OpenAsync();
        var kept = await AllAsync(journal);
        // Nothing is open: who is in the journal was told, or surely was not.
        Assert.Equal(mailbox.Emails.Order(), kept.Where(notice => notice.State == NoticeState.Sent).Select(notice => notice.Email).Order());
        Assert.All(kept, notice => Assert.Contains(notice.State, new[] { NoticeState.Sent, NoticeState.Failed }));

        // The other one tells the rest, and nobody twice.
        await new Run(_fixture, mailbox).SendAsync(people);
        Assert.Equal(people.Select(person => person.Email).Order(), mailbox.Emails.Order());
    }

    [Theory]
    [InlineData("UPDATE runs SET id = 'another', host = 'other-host', process_id = 77", ": process 77 on other-host, since 2026-03-02 09:00:00 UTC. It has the scope until 2026-03-02 09:10:00 UTC, and longer while it goes on.")]
    [InlineData("DELETE FROM runs", ".")]
    public async Task A_run_that_has_not_begun_to_send_does_not_begin_and_does_not_give_back_what_is_anothers(string sql, string words)
    {
        var lease = await TakeAsync();
        await SleepAsync(sql);
        ProvisioningException? problem = null;
        await Patience.UntilAsync("the loss is seen", async () => (problem = await Record.ExceptionAsync(() => lease.DemandAsync(CancellationToken.None)) as ProvisioningException) is not null);
        AssertTaken(problem!, words);
        AssertTaken(await Assert.ThrowsAsync<ProvisioningException>(async () =>
        {
            await foreach (var _ in lease.WhileHeldAsync<int>(_ => throw new InvalidOperationException("begun"), CancellationToken.None)) { }
        }), words);

        await lease.DisposeAsync();
        await using var journal = await _fixture.OpenAsync();
        Assert.Equal(sql.StartsWith("UPDATE", StringComparison.Ordinal) ? "another" : null, (await journal.FindRunAsync(Everyone.Key, CancellationToken.None))?.Run);
    }

    [Fact]
    public async Task A_machine_whose_clock_of_waits_stood_still_meanwhile_looks_before_it_goes_on()
    {
        var (mailbox, waits) = (new Mailbox(), new SleepyClock());
        await using var lease = await RunLease.TakeAsync(_ => _fixture.OpenAsync(), Everyone, waits, _heard, CancellationToken.None);
        var run = new Run(_fixture, mailbox);
        DropboxUserStatus[] people = [.. Enumerable.Range(0, 40).Select(i => Person($"00u{i}", email: $"p{i}@contoso.example"))];
        var plan = await run.Service.PlanAsync(people, Run.Options, CancellationToken.None);
        await Assert.ThrowsAsync<ProvisioningException>(async () =>
        {
            await foreach (var _ in lease.WhileHeldAsync(held => run.Service.SendAsync(plan, _heard, held), CancellationToken.None))
            {
                if (mailbox.Emails.Count != 4) continue;
                await TakeOverAsync("UPDATE runs SET id = 'another'");
                waits.Slept = NoticeJournal.Lease;
            }
        });
        Assert.Equal(4, mailbox.Emails.Count);
    }

    [Fact]
    public async Task A_run_that_is_stopped_by_its_owner_is_stopped_and_not_refused()
    {
        using var stop = new CancellationTokenSource();
        await using var lease = await TakeAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in lease.WhileHeldAsync(ForeverAsync, stop.Token)) await stop.CancelAsync();
        });

        static async IAsyncEnumerable<int> ForeverAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
        {
            for (var i = 0; ; i++)
            {
                yield return i;
                await Task.Delay(i == 0 ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, cancel);
            }
        }
    }

    /// <summary>Goes on on the wall while the machine sleeps, and not for those who wait.</summary>
    private sealed class SleepyClock : FakeTimeProvider
    {
        public TimeSpan Slept { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Slept;
    }
}
