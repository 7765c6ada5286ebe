using DropboxOktaProvisioning.Engine.Journal;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>Sends mails about several people: one mail, and a claim for each of them.</summary>
/// <remarks>
/// The claims are flushed, the handover of all of them is noted, the mail leaves, and the one result is noted for all. The first of them that is
/// ours gets the sender, so that one mail is counted once in the sender's limit.
/// </remarks>
internal sealed class LetterSender(INoticeClaims journal, INoticeTransport transport, TimeProvider time, SenderLimit? limit)
{
    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(1);

    private const string BeforeItsTurn = "It did not leave: the run was stopped before its turn.";

    private string? _down;

    /// <summary>Sends the mail about those who can be claimed.</summary>
    /// <param name="letter">The people that it is about, all to be sent and to one address.</param>
    /// <param name="compose">Writes it for those who were claimed.</param>
    /// <param name="cancel">Stops before the mail is handed over; what is handed over is recorded.</param>
    /// <returns>What became of each, in the same order.</returns>
    public async Task<IReadOnlyList<ActivationNotice>> SendAsync(
        IReadOnlyList<PlannedNotice> letter, Func<IReadOnlyList<PlannedNotice>, NoticeContent> compose, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (_down is { } down) return [.. letter.Select(planned => planned.Notice with { State = NoticeState.Failed, Reason = "Not tried, because the transport is down. " + down })];
        using var lastWord = new CancellationTokenSource();
        using var stopping = cancel.Register(() => lastWord.CancelAfter(LastWord));

        var results = await journal.ClaimAsync([.. letter.Select(planned => new ClaimRequest(planned.Notice with { Sender = null }, planned.ResendUnknown))], cancel);
        List<NoticeClaim> claims = [.. results.Select(result => result.Claim).OfType<NoticeClaim>()];
        HashSet<NoticeClaim> ours = [];
        try
        {
            if (await AdmitAsync(letter[0].Notice.Sender!, claims, ours, cancel) is { } full)
            {
                await journal.ReleaseAsync(claims, full, lastWord.Token);
                return [.. letter.Select((planned, i) => results[i].Holder is { } holder ? NoticeSender.Held(planned, holder) : planned.Skip(full).Notice)];
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await journal.AdvanceAsync([.. ours.Select(claim => new ClaimOutcome(claim, NoticeState.Failed, BeforeItsTurn, null))], [], lastWord.Token);
            await journal.ReleaseAsync(claims, BeforeItsTurn, lastWord.Token);
            throw;
        }

        var outcome = ours.Count == 0 ? null : await HandOverAsync(letter, results, ours, compose, cancel);
        if (outcome is not null) await journal.AdvanceAsync([.. ours.Select(claim => outcome with { Claim = claim })], [], lastWord.Token);
        return [.. letter.Select((planned, i) => Result(planned, results[i], ours, outcome))];
    }

    /// <summary>What a mail about several people is known by: its claims have ids of their own, and the Message-ID in common.</summary>
    public static string MailIdOf(string messageId) => messageId.Split('@')[0];

    private async Task<ClaimOutcome> HandOverAsync(
        IReadOnlyList<PlannedNotice> letter, IReadOnlyList<ClaimResult> results, HashSet<NoticeClaim> ours, Func<IReadOnlyList<PlannedNotice>, NoticeContent> compose, CancellationToken cancel)
    {
        var (composer, first, now) = (letter[0].Composer, ours.First(), time.GetUtcNow());
        if (letter[0].Manager is { } manager && composer.WaitsUntil(manager, now) is { } until)
            return new ClaimOutcome(first, NoticeState.Waiting, NoticePlanner.Closed(until), null) { NotBefore = until };
        NoticeContent content;
        try
        {
            content = compose([.. letter.Where((_, i) => results[i].Claim is { } claim && ours.Contains(claim))]);
        }
        catch (ProvisioningException problem) when (problem.ErrorId is ErrorIds.InvalidAddress or ErrorIds.TemplateInvalid)
        {
            return new ClaimOutcome(first, NoticeState.Failed, problem.Message, null);
        }

        using var mail = composer.ToMail(content, letter[0].Notice with { Id = MailIdOf(first.MessageId), MessageId = first.MessageId }, now);
        DeliveryOutcome delivered;
        try
        {
            delivered = await transport.DeliverAsync(mail.Message, MailIdOf(first.MessageId), cancel);
        }
        catch (OperationCanceledException)
        {
            delivered = DeliveryOutcome.Unknown("The run was cancelled while it was being sent.");
        }

        if (delivered.IsDown) _down = delivered.Reason;
        var state = NoticeSender.StateOf(delivered.State);
        return new ClaimOutcome(first, state, delivered.Reason, state is NoticeState.Sent or NoticeState.Accepted ? time.GetUtcNow() : null);
    }

    // Waits for the sender's minute, never for the day: why it must not leave, or null once its handover is noted.
    private async Task<string?> AdmitAsync(string sender, List<NoticeClaim> claims, HashSet<NoticeClaim> ours, CancellationToken cancel)
    {
        var open = new Queue<NoticeClaim>(claims);
        while (ours.Count == 0 && open.TryPeek(out var claim))
        {
            var admission = await journal.AdmitAsync(claim, sender, limit ?? SenderLimit.None, cancel);
            if (admission.State == Admitted.DayFull) return SenderRota.DayFull(limit!, sender, admission.Until);
            if (admission.State == Admitted.MinuteFull)
            {
                var now = time.GetUtcNow();
                await Task.Delay((admission.Until > now ? admission.Until - now : TimeSpan.Zero) + TimeSpan.FromMilliseconds(1), time, cancel);
                continue;
            }

            // What another run took over meanwhile is not ours; then the next one is asked for.
            open.Dequeue();
            if (admission.State == Admitted.Begun) ours.Add(claim);
        }

        cancel.ThrowIfCancellationRequested();
        if (open.Count > 0) ours.UnionWith(await journal.AdvanceAsync([], [.. open], cancel));
        return null;
    }

    private static ActivationNotice Result(PlannedNotice planned, ClaimResult result, HashSet<NoticeClaim> ours, ClaimOutcome? outcome) =>
        result.Claim is not { } claim ? NoticeSender.Held(planned, result.Holder!)
        : !ours.Contains(claim) ? NoticeSender.Lost(planned)
        : planned.Notice with
        {
            Id = claim.NoticeId, MessageId = claim.MessageId, Attempts = claim.Attempt,
            State = outcome!.State, Reason = outcome.Reason, SentOn = outcome.SentOn, NotBefore = outcome.NotBefore,
        };
}
