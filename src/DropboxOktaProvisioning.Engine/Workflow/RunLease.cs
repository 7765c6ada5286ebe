using System.Globalization;
using System.Runtime.CompilerServices;
using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Notices;

namespace DropboxOktaProvisioning.Engine.Workflow;

/// <summary>The right to work on a scope: one run at a time has it. It is renewed while the run goes on, and given back at its end.</summary>
/// <remarks>
/// A run that is killed leaves a lease that the next one takes over: at once where the process is seen to be gone, else when it ends. A run that
/// finds its own taken over, because the machine slept, does not go on beside the other one.
/// </remarks>
public sealed class RunLease : IAsyncDisposable
{
    private readonly NoticeJournal _journal;
    private readonly RunScope _scope;
    private readonly string _run;
    private readonly TimeProvider _waits;
    private readonly IProgress<RunEvent>? _progress;
    private readonly CancellationTokenSource _stop = new(), _lost = new();
    private readonly Task _renewing;
    private RunHolder? _other;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _heldOn, _triedOn;

    private RunLease(NoticeJournal journal, RunScope scope, string run, TimeProvider waits, IProgress<RunEvent>? progress)
    {
        (_journal, _scope, _run, _waits, _progress) = (journal, scope, run, waits, progress);
        _heldOn = _triedOn = waits.GetUtcNow().UtcTicks;
        _renewing = RenewAsync();
    }

    /// <summary>Takes the lease.</summary>
    /// <param name="journal">Where leases are kept.</param>
    /// <param name="scope">What the run works on.</param>
    /// <param name="time">The time that the journal is kept in.</param>
    /// <param name="progress">Where events go.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ProvisioningException">RunInProgress, or the journal cannot be used.</exception>
    public static Task<RunLease> TakeAsync(JournalLocation journal, RunScope scope, TimeProvider time, IProgress<RunEvent>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(journal);
        // A rehearsal's clock may stand still or leap; how often to renew is the machine's own matter.
        return TakeAsync(token => journal.OpenAsync(time, token), scope, TimeProvider.System, progress, cancellationToken);
    }

    internal static async Task<RunLease> TakeAsync(
        Func<CancellationToken, Task<NoticeJournal>> open, RunScope scope, TimeProvider waits, IProgress<RunEvent>? progress, CancellationToken cancellationToken)
    {
        var journal = await open(cancellationToken);
        try
        {
            if (((INoticeClaims)journal).NewFile is { } file) progress?.Report(new Caution($"The journal {file} is new: nobody counts as told yet."));
            var run = Guid.NewGuid().ToString("N");
            return await journal.TakeRunAsync(scope.Key, run, cancellationToken) is { } holder ? throw Busy(scope, holder) : new RunLease(journal, scope, run, waits, progress);
        }
        catch
        {
            await journal.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes sure that no other run is known to have taken the scope over.</summary>
    /// <exception cref="ProvisioningException">RunInProgress: another run took it over.</exception>
    public async Task DemandAsync(CancellationToken cancellationToken)
    {
        await RenewAfterSleepAsync(cancellationToken);
        if (_lost.IsCancellationRequested) throw TakenOver();
    }

    /// <summary>Goes on with work for as long as the scope is this run's.</summary>
    /// <param name="work">The work. When it is cancelled it notes what is under way, and gives back what it has not begun.</param>
    /// <param name="cancellationToken">Stops it for any other reason.</param>
    /// <exception cref="ProvisioningException">RunInProgress: another run took the scope over, and the work was stopped.</exception>
    public async IAsyncEnumerable<T> WhileHeldAsync<T>(Func<CancellationToken, IAsyncEnumerable<T>> work, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        await DemandAsync(cancellationToken);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _lost.Token);
        await using var items = work(either.Token).GetAsyncEnumerator(either.Token);
        while (true)
        {
            await RenewAfterSleepAsync(cancellationToken);
            try
            {
                if (!await items.MoveNextAsync()) yield break;
            }
            catch (OperationCanceledException) when (_lost.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw TakenOver();
            }

            yield return items.Current;
        }
    }

    /// <summary>Gives the scope back.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested) return;
        await _stop.CancelAsync();
        await _renewing;
        // A try that nobody waits for any more.
        await _turn.WaitAsync();
        try
        {
            await _journal.ReleaseRunAsync(_scope.Key, _run, CancellationToken.None);
        }
        catch (Exception lost) when (IsJournalGone(lost))
        {
            // The journal cannot be written any more: the lease ends by itself.
        }

        await _journal.DisposeAsync();
        _stop.Dispose();
        _lost.Dispose();
        _turn.Dispose();
    }

    // On some systems the clock of waits stands still while the machine sleeps, so the next renewal is minutes away when it wakes up; the clock on the wall does not.
    private async Task RenewAfterSleepAsync(CancellationToken cancellationToken)
    {
        if (IsOver(ref _heldOn, NoticeJournal.Lease)) await RenewOnceAsync(onlyIfOver: true).WaitAsync(cancellationToken);
    }

    private bool IsOver(ref long since, TimeSpan span) => _waits.GetUtcNow().UtcTicks - Volatile.Read(ref since) >= span.Ticks;

    private async Task RenewAsync()
    {
        var (renewed, isEnded) = (_waits.GetTimestamp(), false);
        try
        {
            while (true)
            {
                await Task.Delay(NoticeJournal.Lease / 3, _waits, _stop.Token);
                if (await RenewOnceAsync(onlyIfOver: false) is not { } isOurs)
                {
                    if (isEnded || _waits.GetElapsedTime(renewed) < NoticeJournal.Lease) continue;
                    isEnded = true;
                    _progress?.Report(new Caution($"The lease on {_scope.Words} could not be renewed for {NoticeJournal.Lease.TotalMinutes:0} minutes: another run may have taken it over since. Nobody is told twice, but look at what both did."));
                }
                else if (isOurs)
                {
                    (renewed, isEnded) = (_waits.GetTimestamp(), false);
                }
                else
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run has ended.
        }
    }

    // Whether the scope is ours still; null where that cannot be told. Who comes while it is asked waits for the answer, and asks no more than that.
    private async Task<bool?> RenewOnceAsync(bool onlyIfOver)
    {
        await _turn.WaitAsync(_stop.Token);
        try
        {
            if (onlyIfOver && (!IsOver(ref _heldOn, NoticeJournal.Lease) || !IsOver(ref _triedOn, NoticeJournal.Lease / 3))) return null;
            Volatile.Write(ref _triedOn, _waits.GetUtcNow().UtcTicks);
            if (await _journal.RenewRunAsync(_scope.Key, _run, _stop.Token))
            {
                Volatile.Write(ref _heldOn, _waits.GetUtcNow().UtcTicks);
                return true;
            }

            _other = await OtherAsync();
            await _lost.CancelAsync();
            return false;
        }
        catch (Exception lost) when (IsJournalGone(lost))
        {
            // Somebody else has the journal for long, or it cannot be reached: there are two more tries before the lease ends.
            _progress?.Report(new Remark($"The lease on {_scope.Words} could not be renewed now, and is tried again: {lost.Message}"));
            return null;
        }
        finally
        {
            _turn.Release();
        }
    }

    // Who has it now; null where that is over already, or cannot be told.
    private async Task<RunHolder?> OtherAsync()
    {
        try
        {
            return await _journal.FindRunAsync(_scope.Key, _stop.Token);
        }
        catch (Exception lost) when (IsJournalGone(lost))
        {
            return null;
        }
    }

    // The second is what a database says on a connection that broke before.
    private static bool IsJournalGone(Exception exception) => exception is ProvisioningException or InvalidOperationException;

    private ProvisioningException TakenOver() => new(
        ErrorIds.RunInProgress, ProblemCategory.ResourceBusy,
        $"This run slept for so long that another one took over {_scope.Words}, and it went no further{(_other is null ? "." : $": {Words(_other)}")}", _scope.Words,
        "Run again when the other one has ended: nobody is told twice. Keep the machine awake while a run goes on.");

    private static string Words(RunHolder holder) => string.Create(
        CultureInfo.InvariantCulture,
        $"process {holder.Process.ProcessId} on {holder.Process.Host}, since {holder.BeganOn:yyyy-MM-dd HH:mm:ss} UTC. It has the scope until {holder.EndsOn:yyyy-MM-dd HH:mm:ss} UTC, and longer while it goes on.");

    private static ProvisioningException Busy(RunScope scope, RunHolder holder) => new(
        ErrorIds.RunInProgress, ProblemCategory.ResourceBusy, $"Another run works on {scope.Words}: {Words(holder)}", scope.Words,
        "Wait for its end and run again: what it did is not done twice. A run that was killed on another machine loses the scope at that time.");
}
