namespace DropboxOktaProvisioning.Engine.Journal;

/// <summary>The right to send one notice once. Whoever has it is the only one who may.</summary>
/// <param name="NoticeId">The notice's id.</param>
/// <param name="MessageId">The mail's Message-ID, the same for every try.</param>
/// <param name="Attempt">Which try this is, from 1. A claim that was taken over later has another number.</param>
internal sealed record NoticeClaim(string NoticeId, string MessageId, int Attempt);

/// <summary>What came of asking for a claim: the claim, or the notice that stands in its way.</summary>
/// <param name="Claim">The claim; null if somebody else has or had it.</param>
/// <param name="Holder">The notice that this person already has; null with a claim.</param>
internal sealed record ClaimResult(NoticeClaim? Claim, ActivationNotice? Holder);

/// <summary>The writing side of the journal.</summary>
internal interface INoticeClaims : IAsyncDisposable
{
    /// <summary>The file of a journal that began empty when it was opened; null if it was there before, or is in memory.</summary>
    string? NewFile { get; }

    /// <summary>Asks for the right to send this notice. When the claim comes back, the intent is on disk.</summary>
    Task<ClaimResult> ClaimAsync(ActivationNotice notice, bool resendUnknown, CancellationToken cancellationToken);

    /// <summary>Records what came of a claim. Does nothing if the claim was taken over or is settled.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="state">Sent, Failed or Unknown.</param>
    /// <param name="reason">Why.</param>
    /// <param name="sentOn">When it left; null unless it is Sent.</param>
    /// <param name="cancellationToken">Ends the wait for the journal.</param>
    Task RecordAsync(NoticeClaim claim, NoticeState state, string reason, DateTimeOffset? sentOn, CancellationToken cancellationToken);

    /// <summary>The notices that were being sent by a run that is gone. Nothing is changed.</summary>
    Task<IReadOnlyList<ActivationNotice>> AbandonedAsync(CancellationToken cancellationToken);
}
