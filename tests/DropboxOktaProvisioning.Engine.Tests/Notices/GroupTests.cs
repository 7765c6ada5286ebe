using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Tests.Journal;
using MimeKit;
using static DropboxOktaProvisioning.Engine.Tests.Journal.JournalFixture;

namespace DropboxOktaProvisioning.Engine.Tests.Notices;

/// <summary>What a killed run would leave open: the mails that a connection has begun together.</summary>
public sealed class GroupTests : IDisposable
{
    private const int Connections = 2;

    private readonly JournalFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(60, 1)]
    [InlineData(20, 2)]
    [InlineData(5, 10)]
    [InlineData(1, 50)]
    [InlineData(0, NoticeSender.LargestGroup)]
    public async Task No_connection_has_more_mails_open_than_leave_within_50_ms(int eachMilliseconds, int most)
    {
        var world = new World(_fixture, TimeSpan.FromMilliseconds(eachMilliseconds));
        var service = new NoticeService(_ => _fixture.OpenAsync(), async _ => world.Around(await _fixture.OpenAsync()), world, _fixture.Clock);
        var plan = await service.PlanAsync(
            [.. Enumerable.Range(0, 400).Select(i => Person($"00u{i}", email: $"p{i}@contoso.example"))], new NoticeOptions { From = "it@contoso.example" }, CancellationToken.None);

        var sent = 0;
        await foreach (var notice in service.SendAsync(plan, null, CancellationToken.None)) sent += notice.State == NoticeState.Sent ? 1 : 0;

        Assert.Equal(400, sent);
        Assert.InRange(world.MostOpen, 1, most * Connections);
        // One by one, each write would take longer than its mail.
        if (most >= 10) Assert.True(world.MostOpen > Connections, "No group has grown.");
    }

    /// <summary>A mail takes its time on the virtual clock, and so does each write of the journal.</summary>
    private sealed class World(JournalFixture fixture, TimeSpan each) : INoticeTransport
    {
        private readonly HashSet<NoticeClaim> _open = [];

        public int MostOpen { get; private set; }

        public string Name => "Test";

        public int Connections => GroupTests.Connections;

        public INoticeClaims Around(INoticeClaims journal) => new CountedClaims(journal, this);

        public Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<DeliveryOutcome> DeliverAsync(MimeMessage message, string noticeId, CancellationToken cancellationToken)
        {
            fixture.Clock.Advance(each);
            return Task.FromResult(DeliveryOutcome.Sent(""));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private void Write(IReadOnlyList<ClaimOutcome> settled, IReadOnlyList<NoticeClaim> begun)
        {
            fixture.Clock.Advance(TimeSpan.FromMilliseconds(10));
            lock (_open)
            {
                _open.ExceptWith(settled.Select(outcome => outcome.Claim));
                _open.UnionWith(begun);
                MostOpen = Math.Max(MostOpen, _open.Count);
            }
        }

        private sealed class CountedClaims(INoticeClaims journal, World world) : INoticeClaims
        {
            public string? NewFile => journal.NewFile;

            public int ClaimsAtOnce => journal.ClaimsAtOnce;

            public async Task<IReadOnlyList<NoticeClaim>> AdvanceAsync(
                IReadOnlyList<ClaimOutcome> settled, IReadOnlyList<NoticeClaim> next, CancellationToken cancellationToken)
            {
                var begun = await journal.AdvanceAsync(settled, next, cancellationToken);
                world.Write(settled, begun);
                return begun;
            }

            public Task<IReadOnlyList<ClaimResult>> ClaimAsync(IReadOnlyList<ClaimRequest> requests, Durability durability, CancellationToken cancellationToken) =>
                journal.ClaimAsync(requests, durability, cancellationToken);

            public Task<IReadOnlyList<ActivationNotice?>> HoldAsync(
                IReadOnlyList<ActivationNotice> waiting, IReadOnlyList<ActivationNotice> outdated, CancellationToken cancellationToken) => journal.HoldAsync(waiting, outdated, cancellationToken);

            public Task<Admission> AdmitAsync(NoticeClaim claim, string sender, SenderLimit limit, CancellationToken cancellationToken) =>
                journal.AdmitAsync(claim, sender, limit, cancellationToken);

            public Task ReleaseAsync(IReadOnlyList<NoticeClaim> claims, string reason, CancellationToken cancellationToken) => journal.ReleaseAsync(claims, reason, cancellationToken);

            public Task<IReadOnlyList<ActivationNotice>> AbandonedAsync(CancellationToken cancellationToken) => journal.AbandonedAsync(cancellationToken);

            public ValueTask DisposeAsync() => journal.DisposeAsync();
        }
    }
}
