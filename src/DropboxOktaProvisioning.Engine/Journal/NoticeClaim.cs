using DropboxOktaProvisioning.Engine.Notices;

namespace DropboxOktaProvisioning.Engine.Journal;

/// <summary>The right to send one notice once. Whoever has it is the only one who may.</summary>
/// <param name="NoticeId">The notice's id.</param>
/// <param name="MessageId">The mail's Message-ID, the same for every try.</param>
/// <param name="Attempt">Which try this is, from 1. A claim that was taken over later has another number.</param>
internal sealed record NoticeClaim(string NoticeId, string MessageId, int Attempt);

/// <summary>A wish for a claim.</summary>
/// <param name="Notice">The notice that would leave.</param>
/// <param name="ResendUnknown">Also where an earlier one may or may not have left.</param>
internal sealed record ClaimRequest(ActivationNotice Notice, bool ResendUnknown);

/// <summary>What came of asking for a claim: the claim, or the notice that stands in its way.</summary>
/// <param name="Claim">The claim; null if somebody else has or had it.</param>
/// <param name="Holder">The notice that this person already has; null with a claim.</param>
internal sealed record ClaimResult(NoticeClaim? Claim, ActivationNotice? Holder);

/// <summary>What came of a claim.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="State">Sent, Accepted, Failed, Waiting or Unknown.</param>
/// <param name="Reason">Why.</param>
/// <param name="SentOn">When it left; null unless it is Sent or Accepted.</param>
internal sealed record ClaimOutcome(NoticeClaim Claim, NoticeState State, string Reason, DateTimeOffset? SentOn)
{
    /// <summary>From when on it may leave, where it is Waiting.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Only where its mail was never handed over: whoever had it may have begun it since it was looked at.</summary>
    public bool IfNeverBegun { get; init; }
}

/// <summary>The writing side of the journal: claim some, begin each, settle each; give back what was not begun.</summary>
internal interface INoticeClaims : IAsyncDisposable
{
    /// <summary>The file of a journal that began empty when it was opened; null if it was there before, or is in memory.</summary>
    string? NewFile { get; }

    /// <summary>How many claims one write should have, so that nobody waits long for it.</summary>
    int ClaimsAtOnce { get; }

    /// <summary>Asks for the right to send these notices. When the answer comes, the claims are on the medium.</summary>
    /// <returns>One result for each request, in their order.</returns>
    Task<IReadOnlyList<ClaimResult>> ClaimAsync(IReadOnlyList<ClaimRequest> requests, CancellationToken cancellationToken) => ClaimAsync(requests, Durability.Flushed, cancellationToken);

    /// <summary>The same for a part of a batch: the last one is flushed, and takes those before it to the medium.</summary>
    Task<IReadOnlyList<ClaimResult>> ClaimAsync(IReadOnlyList<ClaimRequest> requests, Durability durability, CancellationToken cancellationToken);

    /// <summary>Notes what came of earlier claims, and that the mails of the next ones are about to be handed over. Outlives this process at once.</summary>
    /// <param name="settled">What came of claims.</param>
    /// <param name="next">The claims whose mails are handed over next.</param>
    /// <param name="cancellationToken">Ends the wait for the journal.</param>
    /// <returns>Those of the next claims that are still ours; the mails of others must not leave.</returns>
    Task<IReadOnlyList<NoticeClaim>> AdvanceAsync(IReadOnlyList<ClaimOutcome> settled, IReadOnlyList<NoticeClaim> next, CancellationToken cancellationToken);

    /// <summary>Notes that notices wait for their hour, and forgets those that waited and will never be sent.</summary>
    /// <returns>For each that waits, the notice that stands in its way; null if none does.</returns>
    Task<IReadOnlyList<ActivationNotice?>> HoldAsync(IReadOnlyList<ActivationNotice> waiting, IReadOnlyList<ActivationNotice> outdated, CancellationToken cancellationToken);

    /// <summary>Notes that the mail of a claim is about to be handed over, if its sender has room. Outlives this process at once.</summary>
    /// <remarks>The room is counted in the same transaction over all who use the journal, so that they keep the limit together.</remarks>
    Task<Admission> AdmitAsync(NoticeClaim claim, string sender, SenderLimit limit, CancellationToken cancellationToken);

    /// <summary>Gives claims back whose mails were never handed over.</summary>
    Task ReleaseAsync(IReadOnlyList<NoticeClaim> claims, string reason, CancellationToken cancellationToken);

    /// <summary>The notices that were being sent by a run that is gone. Nothing is changed.</summary>
    Task<IReadOnlyList<ActivationNotice>> AbandonedAsync(CancellationToken cancellationToken);
}
