using System.Runtime.CompilerServices;
using DropboxOktaProvisioning.Engine.Journal;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>Plans notices, and sends what was planned: each person at most once.</summary>
public sealed class NoticeService
{
    private const string FoundDelivered = "Already told: found delivered after the run that sent it had ended.";

    // What is in flight when a run is cancelled is still recorded, but nobody waits long for it.
    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(1);

    private readonly Func<CancellationToken, Task<NoticeJournal>> _openForReading;
    private readonly Func<CancellationToken, Task<INoticeClaims>> _openForWriting;
    private readonly INoticeTransport _transport;
    private readonly TimeProvider _time;

    /// <summary>Creates the service.</summary>
    /// <param name="journal">Where the journal is. Planning only reads it.</param>
    /// <param name="transport">How the mails leave. The caller disposes of it.</param>
    /// <param name="time">The clock.</param>
    public NoticeService(JournalLocation journal, INoticeTransport transport, TimeProvider time)
        : this(token => journal.OpenReadOnlyAsync(time, token), async token => await journal.OpenAsync(time, token), transport, time)
    {
    }

    internal NoticeService(
        Func<CancellationToken, Task<NoticeJournal>> openForReading, Func<CancellationToken, Task<INoticeClaims>> openForWriting,
        INoticeTransport transport, TimeProvider time)
    {
        _openForReading = openForReading;
        _openForWriting = openForWriting;
        _transport = transport;
        _time = time;
    }

    /// <summary>Finds what is wrong with the options, before anything is read or sent.</summary>
    /// <exception cref="ProvisioningException">InvalidSender, InvalidSsoUrl, TemplateNotFound or TemplateInvalid.</exception>
    public static void Check(NoticeOptions options) => _ = new NoticeComposer(options);

    /// <summary>Decides for each person, in the order of the input. Writes nothing; a journal that is not there is not created.</summary>
    /// <exception cref="ProvisioningException">
    /// InvalidSender, InvalidSsoUrl, TemplateNotFound, TemplateInvalid, or the journal cannot be read. Problems of one person are that person's Failed.
    /// </exception>
    public async Task<IReadOnlyList<PlannedNotice>> PlanAsync(
        IReadOnlyList<DropboxUserStatus> people, NoticeOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(people);
        ArgumentNullException.ThrowIfNull(options);
        var composer = new NoticeComposer(options);
        await using var journal = await _openForReading(cancellationToken);
        var planner = new NoticePlanner(options, composer, await journal.IndexAsync(cancellationToken), _transport.Name);
        var plan = new List<PlannedNotice>(people.Count);
        foreach (var person in people)
        {
            cancellationToken.ThrowIfCancellationRequested();
            plan.Add(planner.Plan(person));
        }

        return plan;
    }

    /// <summary>Sends what is Planned, one after the other, and hands on the rest as it is.</summary>
    /// <remarks>
    /// For each: the claim is on disk, then the mail leaves, then the result is on disk, then the notice comes out. When the journal cannot be
    /// written nothing further leaves. When cancelled, what is in flight is recorded first.
    /// </remarks>
    /// <exception cref="ProvisioningException">The journal or the transport cannot be used. Failures of one notice are its state.</exception>
    public async IAsyncEnumerable<ActivationNotice> SendAsync(
        IReadOnlyList<PlannedNotice> plan, IProgress<RunEvent>? progress, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var total = plan.Count(planned => planned.WillSend);
        INoticeClaims? journal = null;
        try
        {
            IReadOnlySet<string> found = new HashSet<string>();
            if (total > 0 || plan.Any(planned => planned.IsOpen))
            {
                journal = await _openForWriting(cancellationToken);
                if (journal.NewFile is { } file) progress?.Report(new Caution($"The journal {file} is new: nobody counts as told yet."));
                if (total > 0) await _transport.OpenAsync(cancellationToken);
                found = await SettleAbandonedAsync(journal, progress, cancellationToken);
            }

            var done = 0;
            string? down = null;
            foreach (var planned in plan)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!planned.WillSend)
                {
                    yield return found.Contains(planned.Notice.Id) ? planned.Notice with { Reason = FoundDelivered } : planned.Notice;
                    continue;
                }

                if (down is not null)
                {
                    // Not claimed and so not in the journal: the next run plans it anew.
                    yield return planned.Notice with { State = NoticeState.Failed, Reason = "Not tried, because the transport is down. " + down };
                    continue;
                }

                var (notice, isDown) = await SendOneAsync(journal!, planned, cancellationToken);
                if (isDown) down = notice.Reason;
                progress?.Report(new Advanced("Sending notices", ++done, total));
                yield return notice;
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
        finally
        {
            if (journal is not null) await journal.DisposeAsync();
        }
    }

    private async Task<(ActivationNotice Notice, bool IsDown)> SendOneAsync(
        INoticeClaims journal, PlannedNotice planned, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var (claim, holder) = await journal.ClaimAsync(planned.Notice, planned.ResendUnknown, cancellationToken);
        if (claim is null)
        {
            var obstacle = NoticePlanner.Obstacle(holder!, planned.ResendUnknown);
            return (planned.Notice with { State = NoticeState.Skipped, Reason = obstacle ?? holder!.Reason, SentOn = holder!.SentOn }, false);
        }

        var outcome = await DeliverAsync(planned, claim, now, cancellationToken);
        var state = outcome.State switch
        {
            DeliveryState.Sent => NoticeState.Sent,
            DeliveryState.Failed => NoticeState.Failed,
            _ => NoticeState.Unknown,
        };
        DateTimeOffset? sentOn = state == NoticeState.Sent ? _time.GetUtcNow() : null;
        await RecordAsync(journal, claim, state, outcome.Reason, sentOn, cancellationToken);
        var notice = planned.Notice with
        {
            Id = claim.NoticeId,
            MessageId = claim.MessageId,
            Attempts = claim.Attempt,
            State = state,
            Reason = outcome.Reason,
            IntendedOn = now,
            SentOn = sentOn,
        };
        return (notice, outcome.IsDown);
    }

    private async Task<DeliveryOutcome> DeliverAsync(PlannedNotice planned, NoticeClaim claim, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using var message = planned.Composer.ToMessage(planned.Composer.Compose(planned.Person), claim.NoticeId, claim.MessageId, now);
        try
        {
            return await _transport.DeliverAsync(message, claim.NoticeId, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // A transport that does not say what became of it leaves only the careful answer.
            return DeliveryOutcome.Unknown("The run was cancelled while it was being sent.");
        }
    }

    private static async Task RecordAsync(
        INoticeClaims journal, NoticeClaim claim, NoticeState state, string reason, DateTimeOffset? sentOn, CancellationToken cancellationToken)
    {
        // The mail is out: a cancelled run must not keep the result from the journal. A rehearsal's clock may stand still, so the system's counts.
        using var lastWord = new CancellationTokenSource();
        await using var cancelled = cancellationToken.Register(() => lastWord.CancelAfter(LastWord));
        await journal.RecordAsync(claim, state, reason, sentOn, lastWord.Token);
    }

    private async Task<IReadOnlySet<string>> SettleAbandonedAsync(
        INoticeClaims journal, IProgress<RunEvent>? progress, CancellationToken cancellationToken)
    {
        var found = new HashSet<string>();
        foreach (var notice in await journal.AbandonedAsync(cancellationToken))
        {
            var claim = new NoticeClaim(notice.Id, notice.MessageId!, notice.Attempts);
            if (notice.Transport == _transport.Name && await _transport.WasDeliveredAsync(notice.Id, cancellationToken))
            {
                await journal.RecordAsync(claim, NoticeState.Sent, FoundDelivered, notice.IntendedOn, cancellationToken);
                found.Add(notice.Id);
                continue;
            }

            await journal.RecordAsync(claim, NoticeState.Unknown, notice.Reason, null, cancellationToken);
            progress?.Report(new Caution($"The notice to {notice.Email} may or may not have left: the run that was sending it ended without a result."));
        }

        return found;
    }
}
