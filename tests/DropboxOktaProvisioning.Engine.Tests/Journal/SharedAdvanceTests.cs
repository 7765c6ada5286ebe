using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Notices;

namespace DropboxOktaProvisioning.Engine.Tests.Journal;

/// <summary>Several connections that note at once are written at once, and each hears what is its own.</summary>
public sealed class SharedAdvanceTests : IAsyncDisposable
{
    private readonly SlowClaims _journal = new();

    public ValueTask DisposeAsync() => _journal.DisposeAsync();

    [Fact]
    public async Task Who_comes_while_one_is_written_goes_along_with_the_next()
    {
        using var shared = new SharedAdvance(_journal);
        var first = shared.AdvanceAsync([Sent("a")], [Claim("b")], CancellationToken.None);
        Task<IReadOnlyList<NoticeClaim>>[] others = [.. "cde".Select(name => shared.AdvanceAsync([Sent($"{name}1")], [Claim($"{name}2"), Claim($"{name}3")], CancellationToken.None))];
        _journal.Lost.Add("d3");
        _journal.Free(2);

        Assert.Equal(["b"], Names(await first));
        Assert.Equal(["c2", "c3"], Names(await others[0]));
        Assert.Equal(["d2"], Names(await others[1]));
        Assert.Equal(["e2", "e3"], Names(await others[2]));
        Assert.Equal(["a>b", "c1,d1,e1>c2,c3,d2,d3,e2,e3"], _journal.Writes);
    }

    [Fact]
    public async Task What_goes_wrong_goes_wrong_for_all_of_them_and_the_next_begins_anew()
    {
        using var shared = new SharedAdvance(_journal);
        var first = shared.AdvanceAsync([], [Claim("a")], CancellationToken.None);
        var second = shared.AdvanceAsync([], [Claim("b")], CancellationToken.None);
        var third = shared.AdvanceAsync([], [Claim("c")], CancellationToken.None);
        _journal.Broken = "b,c";
        _journal.Free(3);

        Assert.Single(await first);
        await Assert.ThrowsAsync<InvalidOperationException>(() => second);
        await Assert.ThrowsAsync<InvalidOperationException>(() => third);
        Assert.Equal(["d"], Names(await shared.AdvanceAsync([], [Claim("d")], CancellationToken.None)));
    }

    [Fact]
    public async Task Who_gives_up_waiting_is_not_written()
    {
        using var shared = new SharedAdvance(_journal);
        using var cancellation = new CancellationTokenSource();
        var first = shared.AdvanceAsync([], [Claim("a")], CancellationToken.None);
        var gone = shared.AdvanceAsync([], [Claim("b")], cancellation.Token);
        var stays = shared.AdvanceAsync([], [Claim("c")], CancellationToken.None);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        _journal.Free(2);

        Assert.Single(await first);
        Assert.Single(await stays);
        Assert.Equal([">a", ">c"], _journal.Writes);
    }

    [Fact]
    public async Task Who_gives_up_while_being_written_hears_what_was_written()
    {
        using var shared = new SharedAdvance(_journal);
        using var cancellation = new CancellationTokenSource();
        var first = shared.AdvanceAsync([], [Claim("a")], CancellationToken.None);
        var second = shared.AdvanceAsync([], [Claim("b")], CancellationToken.None);
        var third = shared.AdvanceAsync([], [Claim("c")], cancellation.Token);
        _journal.Free(1);
        await first;
        // The second one writes for the third too, as soon as its own write has begun.
        await _journal.BeginsAsync(2);
        await cancellation.CancelAsync();
        _journal.Free(1);

        Assert.Equal(["b"], Names(await second));
        Assert.Equal(["c"], Names(await third));
        Assert.Equal([">a", ">b,c"], _journal.Writes);
    }

    private static NoticeClaim Claim(string name) => new(name, name + "@contoso.example", 1);

    private static ClaimOutcome Sent(string name) => new(Claim(name), NoticeState.Sent, "", null);

    private static IEnumerable<string> Names(IEnumerable<NoticeClaim> claims) => claims.Select(claim => claim.NoticeId);

    /// <summary>A journal whose writes wait until they are let go.</summary>
    private sealed class SlowClaims : INoticeClaims
    {
        private readonly SemaphoreSlim _free = new(0);
        private readonly SemaphoreSlim _begun = new(0);

        public string? NewFile => null;

        public int ClaimsAtOnce => 50;

        public string? Broken { get; set; }

        public HashSet<string> Lost { get; } = [];

        public List<string> Writes { get; } = [];

        public void Free(int writes) => _free.Release(writes);

        public async Task BeginsAsync(int writes)
        {
            for (var i = 0; i < writes; i++) await _begun.WaitAsync();
        }

        public async Task<IReadOnlyList<NoticeClaim>> AdvanceAsync(
            IReadOnlyList<ClaimOutcome> settled, IReadOnlyList<NoticeClaim> next, CancellationToken cancellationToken)
        {
            _begun.Release();
            await _free.WaitAsync(cancellationToken);
            var names = string.Join(',', Names(next));
            Writes.Add(string.Join(',', Names(settled.Select(outcome => outcome.Claim))) + ">" + names);
            return names == Broken ? throw new InvalidOperationException("It is broken.") : [.. next.Where(claim => !Lost.Contains(claim.NoticeId))];
        }

        public ValueTask DisposeAsync()
        {
            _free.Dispose();
            _begun.Dispose();
            return ValueTask.CompletedTask;
        }

        public Task<IReadOnlyList<ClaimResult>> ClaimAsync(IReadOnlyList<ClaimRequest> requests, Durability durability, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<ActivationNotice?>> HoldAsync(
            IReadOnlyList<ActivationNotice> waiting, IReadOnlyList<ActivationNotice> outdated, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Admission> AdmitAsync(NoticeClaim claim, string sender, SenderLimit limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ReleaseAsync(IReadOnlyList<NoticeClaim> claims, string reason, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<ActivationNotice>> AbandonedAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
