using DropboxOktaProvisioning.Engine.Journal;

namespace DropboxOktaProvisioning.Engine.Tests.Journal;

/// <summary>One claim at a time, for tests that are about one.</summary>
internal static class SingleClaims
{
    public static async Task<ClaimResult> ClaimAsync(this INoticeClaims claims, ActivationNotice notice, bool resendUnknown, CancellationToken cancellationToken) =>
        Assert.Single(await claims.ClaimAsync([new ClaimRequest(notice, resendUnknown)], cancellationToken));

    /// <summary>Claims a notice and hands its mail over.</summary>
    public static async Task<NoticeClaim> HandOverAsync(this INoticeClaims claims, ActivationNotice notice)
    {
        var claim = (await claims.ClaimAsync(notice, false, CancellationToken.None)).Claim!;
        Assert.True(await claims.BeginAsync(claim));
        return claim;
    }

    public static Task RecordAsync(
        this INoticeClaims claims, NoticeClaim claim, NoticeState state, string reason, DateTimeOffset? sentOn, CancellationToken cancellationToken) =>
        claims.AdvanceAsync([new ClaimOutcome(claim, state, reason, sentOn)], [], cancellationToken);

    /// <summary>Notes that the mail is handed over.</summary>
    public static async Task<bool> BeginAsync(this INoticeClaims claims, NoticeClaim claim) => (await claims.AdvanceAsync([], [claim], CancellationToken.None)).Count == 1;
}
