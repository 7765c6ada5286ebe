using System.Collections.Concurrent;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Bridge;

/// <content>Why people are stuck, out of the two services' logs.</content>
public abstract partial class TeamCommand
{
    /// <summary>The rows, with what the logs say about those who are stuck.</summary>
    /// <param name="verifier">What told the rows.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="logsSince">From when on the logs are read; null for 30 days.</param>
    /// <param name="wasAsked">Whether somebody asked for it: then a log that cannot be read is a warning, else a remark.</param>
    private protected IReadOnlyList<DropboxUserStatus> Explained(Verifier verifier, IReadOnlyList<DropboxUserStatus> rows, DateTimeOffset? logsSince, bool wasAsked)
    {
        var now = Team.Time.GetUtcNow();
        var since = logsSince ?? now.AddDays(-30);
        if (since > now || since < now.AddDays(-180))
            throw new ProvisioningException(ErrorIds.ConflictingParameters, ProblemCategory.InvalidArgument, $"-Since {since:yyyy-MM-dd HH:mm}Z lies in the future, or more than 180 days back.", logsSince, "Give a time of the last 90 days: so long Okta keeps its log.");
        var unread = new ConcurrentQueue<string>();
        var reader = new StuckReader(Okta.Client, Team.Client, verifier.AppId);
        var explained = Await(cancel => reader.ExplainAsync(rows, since, now, refused => unread.Enqueue($"{refused.Message} {refused.RecommendedAction}"), Progress, cancel));
        foreach (var why in unread)
        {
            if (wasAsked) WriteWarning($"A log could not be looked at, so some reasons may be missing. {why}");
            else WriteVerbose($"A log could not be looked at. {why}");
        }

        return explained;
    }
}
