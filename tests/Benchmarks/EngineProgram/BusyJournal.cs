using System.Diagnostics;
using DropboxOktaProvisioning;
using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Notices;

namespace EngineProgram;

/// <summary>A journal that counts how long it is at work; what several ask of it at once counts once.</summary>
internal sealed class BusyJournal(INoticeClaims journal) : INoticeClaims
{
    private readonly Lock _lock = new();
    private int _asked;
    private long _since;
    private long _busy;

    /// <summary>For how long somebody has waited for it.</summary>
    public TimeSpan Busy => Stopwatch.GetElapsedTime(0, _busy);

    public string? NewFile => journal.NewFile;

    public int ClaimsAtOnce => journal.ClaimsAtOnce;

    public Task<IReadOnlyList<ClaimResult>> ClaimAsync(IReadOnlyList<ClaimRequest> requests, Durability durability, CancellationToken cancellationToken) =>
        CountAsync(() => journal.ClaimAsync(requests, durability, cancellationToken));

    public Task<IReadOnlyList<NoticeClaim>> AdvanceAsync(IReadOnlyList<ClaimOutcome> settled, IReadOnlyList<NoticeClaim> next, CancellationToken cancellationToken) =>
        CountAsync(() => journal.AdvanceAsync(settled, next, cancellationToken));

    public Task<IReadOnlyList<ActivationNotice?>> HoldAsync(IReadOnlyList<ActivationNotice> waiting, IReadOnlyList<ActivationNotice> outdated, CancellationToken cancellationToken) =>
        CountAsync(() => journal.HoldAsync(waiting, outdated, cancellationToken));

    public Task<Admission> AdmitAsync(NoticeClaim claim, string sender, SenderLimit limit, CancellationToken cancellationToken) =>
        CountAsync(() => journal.AdmitAsync(claim, sender, limit, cancellationToken));

    public Task ReleaseAsync(IReadOnlyList<NoticeClaim> claims, string reason, CancellationToken cancellationToken) => CountAsync(async () =>
    {
        await journal.ReleaseAsync(claims, reason, cancellationToken);
        return true;
    });

    public Task<IReadOnlyList<ActivationNotice>> AbandonedAsync(CancellationToken cancellationToken) => CountAsync(() => journal.AbandonedAsync(cancellationToken));

    public ValueTask DisposeAsync() => journal.DisposeAsync();

    private async Task<T> CountAsync<T>(Func<Task<T>> work)
    {
        lock (_lock)
        {
            if (_asked++ == 0) _since = Stopwatch.GetTimestamp();
        }

        try
        {
            return await work();
        }
        finally
        {
            lock (_lock)
            {
                if (--_asked == 0) _busy += Stopwatch.GetTimestamp() - _since;
            }
        }
    }
}
