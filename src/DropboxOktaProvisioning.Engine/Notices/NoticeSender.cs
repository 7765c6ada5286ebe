using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using DropboxOktaProvisioning.Engine.Journal;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>Sends one plan: one task claims ahead in batches, some deliver side by side, and the results come out in the plan's order.</summary>
/// <remarks>
/// For each notice: the claim is flushed to the medium with its batch; the handover is noted; the mail leaves; the result is noted; the notice
/// comes out. A run that is killed leaves open only what was being handed over: a mail or few a connection, and never more than leave within 50 ms.
/// </remarks>
internal sealed partial class NoticeSender : IDisposable
{
    /// <summary>The most mails that one connection begins together.</summary>
    internal const int LargestGroup = 64;

    private const int Batch = 500, MostClaimedAhead = 200, MostResultsAhead = 1000;

    // Mails are begun and settled together, so many that to note them takes this share of the time; no more, since a killed run leaves open what was begun.
    private const double NotingShare = 0.02;

    private static readonly TimeSpan LongestGroup = TimeSpan.FromMilliseconds(50);

    // What is in flight when a run is stopped is still recorded, but nobody waits long for it. A rehearsal's clock may stand still, so the system's counts.
    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(1);

    private const string BeforeItsTurn = "It did not leave: the run was stopped before its turn.";

    private readonly INoticeClaims _journal;
    private readonly SharedAdvance _shared;
    private readonly INoticeTransport _transport;
    private readonly TimeProvider _time;
    private readonly SenderLimit? _limit;
    private readonly IProgress<RunEvent>? _progress;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationTokenSource _lastWord = new();
    private readonly CancellationTokenRegistration _stopping;
    private readonly int _batch = Batch;
    private readonly Channel<Task<ActivationNotice>> _results = Channel.CreateBounded<Task<ActivationNotice>>(MostResultsAhead);
    private readonly SemaphoreSlim _ahead;
    private volatile string? _down;
    private ExceptionDispatchInfo? _failure;

    /// <param name="journal">Where claims are made.</param>
    /// <param name="transport">How the mails leave.</param>
    /// <param name="time">The clock.</param>
    /// <param name="limit">What each sender may hand over; null for no limit.</param>
    /// <param name="progress">Who hears of waits.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public NoticeSender(
        INoticeClaims journal, INoticeTransport transport, TimeProvider time, SenderLimit? limit, IProgress<RunEvent>? progress, CancellationToken cancellationToken)
    {
        _journal = journal;
        _shared = new SharedAdvance(journal);
        _transport = transport;
        _time = time;
        _limit = limit;
        _progress = progress;
        // What waits for its sender's minute must not wait longer than a claim lasts.
        if (limit?.PerMinute is { } perMinute) _batch = Math.Min(Batch, 2 * perMinute);
        _mostAhead = Math.Min(MostClaimedAhead, _batch);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _stopping = _stop.Token.Register(() => _lastWord.CancelAfter(LastWord));
        // With one connection nothing leaves before it is asked for; with several a slow mail must not hold the others up.
        _ahead = new SemaphoreSlim(transport.Connections == 1 ? 1 : LargestGroup * transport.Connections);
    }

    /// <summary>Sends what will be sent, and hands on the rest.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="asItIs">What comes out for one that is not sent.</param>
    public async IAsyncEnumerable<ActivationNotice> SendAsync(IReadOnlyList<PlannedNotice> plan, Func<PlannedNotice, ActivationNotice> asItIs)
    {
        Task[] work = [GuardAsync(() => ClaimAllAsync(plan, asItIs)), .. Enumerable.Range(0, _transport.Connections).Select(_ => GuardAsync(() => OnThreadOfItsOwn(_limit is null ? DeliverAll : DeliverPaced)))];
        try
        {
            foreach (var planned in plan)
            {
                yield return await NextAsync();
                if (planned.WillSend) _ahead.Release();
            }
        }
        finally
        {
            await _stop.CancelAsync();
            await Task.WhenAll(work);
            await GuardAsync(GiveBackAsync);
        }

        _failure?.Throw();
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _stop.Dispose();
        _lastWord.Dispose();
        _ahead.Dispose();
        _fewAhead.Dispose();
        _shared.Dispose();
    }

    private async Task<ActivationNotice> NextAsync()
    {
        try
        {
            return await (await _results.Reader.ReadAsync(_stop.Token)).WaitAsync(_stop.Token);
        }
        catch (OperationCanceledException)
        {
            _failure?.Throw();
            throw;
        }
    }

    // The first failure ends the run: what cannot be recorded must not leave.
    private async Task GuardAsync(Func<Task> work)
    {
        // Off the pipeline's thread, which is waited for while this goes on.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopped, which is no failure of its own.
        }
#pragma warning disable CA1031 // It is thrown again where the results are taken.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            await _stop.CancelAsync();
        }
    }

    // Waiting for its mail server, a thread is back sooner and with less ado than a task.
    private static Task OnThreadOfItsOwn(Action work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void DeliverAll()
    {
        List<Delivery> done = [];
        var size = 1;
        while (true)
        {
            // One write settles the mails before and begins the next ones, if there are some already.
            var turns = TryTake(size);
            var began = _time.GetTimestamp();
            var ours = AdvanceAsync(done, turns).GetAwaiter().GetResult();
            var noting = _time.GetElapsedTime(began);
            foreach (var delivery in done) delivery.Turn.Finish(delivery.Notice);
            done.Clear();
            if (turns.Count == 0)
            {
                if (TakeAsync().GetAwaiter().GetResult() is not { } turn) return;
                turns.Add(turn);
                ours = AdvanceAsync([], turns).GetAwaiter().GetResult();
            }

            foreach (var turn in turns.Except(ours)) turn.Finish(_down is null ? Lost(turn.Planned) : NotTried(turn.Planned));
            began = _time.GetTimestamp();
            foreach (var turn in ours) done.Add(Deliver(turn));
            size = ours.Count == 0 ? 1 : Group(noting, _time.GetElapsedTime(began) / ours.Count);
        }
    }

    private static int Group(TimeSpan noting, TimeSpan each) => each == TimeSpan.Zero ? LargestGroup : (int)Math.Clamp(Math.Min(noting / (each * NotingShare), LongestGroup / each), 1, LargestGroup);

    // The mails before are out, so their results are written even when the run is being stopped; the next ones are begun only when it is not.
    private async Task<IReadOnlyList<Turn>> AdvanceAsync(List<Delivery> done, List<Turn> turns)
    {
        var begun = _down is null && !_stop.IsCancellationRequested ? turns.Where(turn => _notBegun.TryRemove(turn.Claim, out _)).ToList() : [];
        if (done.Count == 0 && begun.Count == 0) return [];
        var ours = await _shared.AdvanceAsync([.. done.Select(delivery => delivery.Outcome)], [.. begun.Select(turn => turn.Claim)], _lastWord.Token);
        return [.. begun.Where(turn => ours.Contains(turn.Claim))];
    }

    private Delivery Deliver(Turn turn)
    {
        var now = _time.GetUtcNow();
        // A run may go on into the quiet hours of some.
        if (_down is null && turn.Planned.Composer.WaitsUntil(turn.Planned.Person, now) is { } until) return Put(turn, until);
        // Begun together with others that came first: what is stopped now surely did not leave.
        var delivered = _down is { } down ? DeliveryOutcome.Failed(NotTriedBecause(down))
            : _stop.IsCancellationRequested ? DeliveryOutcome.Failed(BeforeItsTurn)
            : Deliver(turn, now);
        if (delivered.IsDown) _down = delivered.Reason;
        var state = StateOf(delivered.State);
        var outcome = new ClaimOutcome(turn.Claim, state, delivered.Reason, state is NoticeState.Sent or NoticeState.Accepted ? _time.GetUtcNow() : null);
        return new Delivery(turn, outcome, turn.Planned.Notice with
        {
            Id = turn.Claim.NoticeId,
            MessageId = turn.Claim.MessageId,
            Attempts = turn.Claim.Attempt,
            State = state,
            Reason = outcome.Reason,
            IntendedOn = now,
            SentOn = outcome.SentOn,
        });
    }

    private DeliveryOutcome Deliver(Turn turn, DateTimeOffset now)
    {
        var planned = turn.Planned;
        var notice = planned.Notice with { Id = turn.Claim.NoticeId, MessageId = turn.Claim.MessageId };
        using var mail = planned.Composer.ToMail(planned.Compose(), notice, now);
        try
        {
            return _transport.Deliver(mail.Message, turn.Claim.NoticeId, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // A transport that does not say what became of it leaves only the careful answer.
            return DeliveryOutcome.Unknown("The run was cancelled while it was being sent.");
        }
    }

    private static Delivery Put(Turn turn, DateTimeOffset until)
    {
        var outcome = new ClaimOutcome(turn.Claim, NoticeState.Waiting, NoticePlanner.Closed(until), null) { NotBefore = until };
        return new Delivery(turn, outcome, turn.Planned.Notice with
        {
            Id = turn.Claim.NoticeId, MessageId = turn.Claim.MessageId, State = outcome.State, Reason = outcome.Reason, NotBefore = until,
        });
    }

    /// <summary>The notice's state after its mail was handed over.</summary>
    public static NoticeState StateOf(DeliveryState state) => state switch
    {
        DeliveryState.Sent => NoticeState.Sent,
        DeliveryState.Accepted => NoticeState.Accepted,
        DeliveryState.Failed => NoticeState.Failed,
        _ => NoticeState.Unknown,
    };

    private ActivationNotice NotTried(PlannedNotice planned) => planned.Notice with { State = NoticeState.Failed, Reason = NotTriedBecause(_down!) };

    private static string NotTriedBecause(string down) => "Not tried, because the transport is down. " + down;

    /// <summary>What another run took over.</summary>
    public static ActivationNotice Lost(PlannedNotice planned) =>
        planned.Notice with { State = NoticeState.Skipped, Reason = "Another run took it over, because it waited here for too long." };

    /// <summary>What another notice stands in the way of.</summary>
    public static ActivationNotice Held(PlannedNotice planned, ActivationNotice holder) =>
        planned.Notice with { State = NoticeState.Skipped, Reason = NoticePlanner.Obstacle(holder, planned.ResendUnknown) ?? holder.Reason, SentOn = holder.SentOn };

    private sealed record Delivery(Turn Turn, ClaimOutcome Outcome, ActivationNotice Notice);

    private sealed class Turn(PlannedNotice planned, NoticeClaim claim)
    {
        private readonly TaskCompletionSource<ActivationNotice> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public PlannedNotice Planned => planned;

        public NoticeClaim Claim => claim;

        public Task<ActivationNotice> Result => _result.Task;

        public void Finish(ActivationNotice notice) => _result.SetResult(notice);
    }
}
