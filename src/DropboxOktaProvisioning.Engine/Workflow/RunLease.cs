using System.Globalization;
using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Notices;

namespace DropboxOktaProvisioning.Engine.Workflow;

/// <summary>The right to work on a scope: one run at a time has it. It is renewed while the run goes on, and given back at its end.</summary>
/// <remarks>A run that is killed leaves a lease that the next one takes over: at once where the process is seen to be gone, else when it ends.</remarks>
public sealed class RunLease : IAsyncDisposable
{
    private readonly NoticeJournal _journal;
    private readonly RunScope _scope;
    private readonly string _run;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _renewing;

    private RunLease(NoticeJournal journal, RunScope scope, string run, TimeProvider waits, IProgress<RunEvent>? progress)
    {
        (_journal, _scope, _run) = (journal, scope, run);
        _renewing = RenewAsync(waits, progress);
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

    /// <summary>Gives the scope back.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested) return;
        await _stop.CancelAsync();
        await _renewing;
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
    }

    private async Task RenewAsync(TimeProvider waits, IProgress<RunEvent>? progress)
    {
        var (renewed, isEnded) = (waits.GetTimestamp(), false);
        try
        {
            while (true)
            {
                await Task.Delay(NoticeJournal.Lease / 3, waits, _stop.Token);
                if (await RenewOnceAsync(progress) is not { } isOurs)
                {
                    if (isEnded || waits.GetElapsedTime(renewed) < NoticeJournal.Lease) continue;
                    isEnded = true;
                    progress?.Report(new Caution($"The lease on {_scope.Words} could not be renewed for {NoticeJournal.Lease.TotalMinutes:0} minutes: another run may have taken it over since. Nobody is told twice, but look at what both did."));
                }
                else if (isOurs)
                {
                    (renewed, isEnded) = (waits.GetTimestamp(), false);
                }
                else
                {
                    progress?.Report(new Caution($"This run slept for so long that another one took over {_scope.Words}. Nobody is told twice, but look at what both did."));
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run has ended.
        }
    }

    // Whether the scope is ours still; null where that cannot be told.
    private async Task<bool?> RenewOnceAsync(IProgress<RunEvent>? progress)
    {
        try
        {
            return await _journal.RenewRunAsync(_scope.Key, _run, _stop.Token);
        }
        catch (Exception lost) when (IsJournalGone(lost))
        {
            // Somebody else has the journal for long, or it cannot be reached: there are two more tries before the lease ends.
            progress?.Report(new Remark($"The lease on {_scope.Words} could not be renewed now, and is tried again: {lost.Message}"));
            return null;
        }
    }

    // The second is what a database says on a connection that broke before.
    private static bool IsJournalGone(Exception exception) => exception is ProvisioningException or InvalidOperationException;

    private static ProvisioningException Busy(RunScope scope, RunHolder holder) => new(
        ErrorIds.RunInProgress, ProblemCategory.ResourceBusy,
        string.Create(
            CultureInfo.InvariantCulture,
            $"Another run works on {scope.Words}: process {holder.Process.ProcessId} on {holder.Process.Host}, since {holder.BeganOn:yyyy-MM-dd HH:mm:ss} UTC. It has the scope until {holder.EndsOn:yyyy-MM-dd HH:mm:ss} UTC, and longer while it goes on."),
        scope.Words, "Wait for its end and run again: what it did is not done twice. A run that was killed on another machine loses the scope at that time.");
}
