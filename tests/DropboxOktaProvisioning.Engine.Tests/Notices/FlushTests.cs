using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Tests.Http;
using DropboxOktaProvisioning.Engine.Tests.Journal;
using MimeKit;
using static DropboxOktaProvisioning.Engine.Tests.Journal.JournalFixture;

namespace DropboxOktaProvisioning.Engine.Tests.Notices;

/// <summary>What must be on the medium, and when. A killed process cannot show it, because the system keeps what was written.</summary>
public sealed class FlushTests : IDisposable
{
    private readonly JournalFixture _fixture = new();
    private readonly InstantTime _clock = new();
    private readonly List<object> _log = [];

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(1, null, new[] { 500, 1000, 1180 })]
    [InlineData(4, null, new[] { 500, 1000, 1180 })]
    [InlineData(1, "100/min", new[] { 200, 400, 600, 800, 1000, 1180 })]
    public async Task A_batch_of_claims_is_flushed_once_with_its_last_write_and_none_of_its_mails_leaves_before(int connections, string? limit, int[] flushedAfter)
    {
        var people = Enumerable.Range(0, 1180).Select(i => Person($"00u{i}", email: $"p{i}@contoso.example")).ToList();
        var options = new NoticeOptions { From = "it@contoso.example", SenderLimit = limit is null ? null : SenderLimit.Parse(limit) };
        var service = new NoticeService(
            _ => OpenAsync(readOnly: true), async _ => await OpenAsync(), new Postbox(_log) { Connections = connections }, _clock);
        var plan = await service.PlanAsync(people, options, CancellationToken.None);
        // Told by another run since: a claim that is refused is part of its batch all the same.
        await using (var other = await OpenAsync())
        {
            foreach (var i in (int[])[0, 499, 500, 1179]) await Claims(other).ClaimAsync(plan[i].Notice with { Id = NoticeKeys.NewId() }, false, CancellationToken.None);
        }

        _log.Clear();
        var sent = 0;
        await foreach (var notice in service.SendAsync(plan, null, CancellationToken.None)) sent += notice.State == NoticeState.Sent ? 1 : 0;

        Assert.Equal(1176, sent);
        Assert.Equal(flushedAfter, FlushedAfter());
    }

    [Fact]
    public async Task Each_kind_of_write_is_as_lasting_as_it_promises()
    {
        await using var journal = await OpenAsync();
        var claims = Claims(journal);
        await AssertAsync(Durability.Flushed, () => claims.ClaimAsync([new ClaimRequest(Notice("00u1"), false)], CancellationToken.None));
        await AssertAsync(Durability.Flushed, () => claims.ClaimAsync([new ClaimRequest(Notice("00u2"), false)], Durability.Flushed, CancellationToken.None));
        await AssertAsync(Durability.Process, () => claims.ClaimAsync([new ClaimRequest(Notice("00u3"), false)], Durability.Process, CancellationToken.None));
        await AssertAsync(Durability.Flushed, () => claims.HoldAsync([Notice("00u4") with { State = NoticeState.Waiting, NotBefore = _clock.GetUtcNow() }], [], CancellationToken.None));
        await AssertAsync(Durability.Process, () => claims.AdvanceAsync([], [], CancellationToken.None));
        await AssertAsync(Durability.Process, () => claims.ReleaseAsync([], "", CancellationToken.None));
        await AssertAsync(Durability.Process, () => claims.AdmitAsync(new NoticeClaim("", "", 1), "it@contoso.example", SenderLimit.Parse("9/day"), CancellationToken.None));

        async Task AssertAsync(Durability durability, Func<Task> write)
        {
            _log.Clear();
            await write();
            Assert.Equal(durability, Assert.IsType<Write>(Assert.Single(_log)).Durability);
        }
    }

    [Fact]
    public async Task A_flushed_write_waits_for_the_medium_at_its_commit_and_another_one_does_not()
    {
        await using var store = await SqliteStore.OpenAsync(new JournalSettings { Path = _fixture.Path }, CancellationToken.None);

        // Within a transaction the level cannot be changed any more, so it is the commit's.
        foreach (var durability in (Durability[])[Durability.Process, Durability.Flushed, Durability.Process, Durability.Process, Durability.Flushed, Durability.Flushed])
        {
            var level = await store.WriteAsync(session => session.Scalar("PRAGMA synchronous"), durability, CancellationToken.None);
            Assert.Equal(durability == Durability.Flushed ? 2L : 1L, level);
        }

        Assert.Equal("wal", await store.ReadAsync(session => session.Scalar("PRAGMA journal_mode"), CancellationToken.None));
    }

    // After how many wishes for a claim the journal was flushed. Whatever is begun or leaves must have been flushed by then.
    private List<int> FlushedAfter()
    {
        List<int> flushes = [];
        List<string> claimed = [];
        HashSet<string> onMedium = [];
        var wishes = 0;
        foreach (var entry in _log)
        {
            switch (entry)
            {
                case Write { Result: IReadOnlyList<ClaimResult> results, Durability: var durability }:
                    wishes += results.Count;
                    claimed.AddRange(results.Where(result => result.Claim is not null).Select(result => result.Claim!.NoticeId));
                    if (durability != Durability.Flushed) break;
                    flushes.Add(wishes);
                    onMedium.UnionWith(claimed);
                    claimed.Clear();
                    break;
                case Write { Result: IReadOnlyList<NoticeClaim> next }:
                    Assert.All(next, claim => Assert.Contains(claim.NoticeId, onMedium));
                    break;
                case Delivered { NoticeId: var id }:
                    Assert.Contains(id, onMedium);
                    break;
            }
        }

        return flushes;
    }

    private static INoticeClaims Claims(NoticeJournal journal) => journal;

    private async Task<NoticeJournal> OpenAsync(bool readOnly = false) => new(
        new RecordingStore(await SqliteStore.OpenAsync(new JournalSettings { Path = _fixture.Path, ReadOnly = readOnly }, CancellationToken.None), _log), _clock, _fixture.Processes.Start());

    private sealed record Delivered(string NoticeId);

    private sealed class Postbox(List<object> log) : INoticeTransport
    {
        public string Name => "Test";

        public int Connections { get; init; }

        public Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<DeliveryOutcome> DeliverAsync(MimeMessage message, string noticeId, CancellationToken cancellationToken)
        {
            lock (log) log.Add(new Delivered(noticeId));
            return Task.FromResult(DeliveryOutcome.Sent(""));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
