using DropboxOktaProvisioning.Engine.Journal;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>Sends mails about several people: one mail, and a claim for each of them.</summary>
/// <remarks>The claims are flushed, the handover of all of them is noted, the mail leaves, and the one result is noted for all.</remarks>
internal sealed class LetterSender(INoticeClaims journal, INoticeTransport transport, TimeProvider time)
{
    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(1);

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

        var results = await journal.ClaimAsync([.. letter.Select(planned => new ClaimRequest(planned.Notice, planned.ResendUnknown))], cancel);
        List<NoticeClaim> claims = [.. results.Select(result => result.Claim).OfType<NoticeClaim>()];
        if (cancel.IsCancellationRequested)
        {
            await journal.ReleaseAsync(claims, "It did not leave: the run was stopped before its turn.", lastWord.Token);
            cancel.ThrowIfCancellationRequested();
        }

        var ours = claims.Count == 0 ? [] : (await journal.AdvanceAsync([], claims, lastWord.Token)).ToHashSet();
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
        using var message = composer.ToMessage(compose([.. letter.Where((_, i) => results[i].Claim is { } claim && ours.Contains(claim))]), MailIdOf(first.MessageId), first.MessageId, now);
        DeliveryOutcome delivered;
        try
        {
            delivered = await transport.DeliverAsync(message, MailIdOf(first.MessageId), cancel);
        }
        catch (OperationCanceledException)
        {
            delivered = DeliveryOutcome.Unknown("The run was cancelled while it was being sent.");
        }

        if (delivered.IsDown) _down = delivered.Reason;
        var state = NoticeSender.StateOf(delivered.State);
        return new ClaimOutcome(first, state, delivered.Reason, state == NoticeState.Sent ? time.GetUtcNow() : null);
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
