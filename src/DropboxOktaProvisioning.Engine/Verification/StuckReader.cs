using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning.Engine.Verification;

/// <summary>Looks up in both services' logs why people are stuck.</summary>
/// <remarks>
/// For a few people one request each to Okta; for more two lists, of the app's pushes and of its sign-ons, a request per 1,000 entries. Dropbox is asked
/// once per 1,000 refused log-ins. Where Okta's log names the app otherwise than by its id, the lists have nothing to say, and nothing is said.
/// </remarks>
/// <param name="okta">The org.</param>
/// <param name="dropbox">The team.</param>
/// <param name="appId">The app.</param>
public sealed class StuckReader(OktaClient okta, DropboxTeamClient dropbox, string appId)
{
    /// <summary>Up to so many people are looked up one by one.</summary>
    public const int FewPeople = 10;

    private const string Push = "application.provision.user.push";
    private const string SignOn = "user.authentication.sso";

    /// <summary>The rows, in their order; those about whom the logs say more with that behind their reason.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="since">How far back.</param>
    /// <param name="until">Up to when.</param>
    /// <param name="unread">Gets each log that could not be read, with the reason; the rows then stay as they are.</param>
    /// <param name="progress">Where events go.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task<IReadOnlyList<DropboxUserStatus>> ExplainAsync(
        IReadOnlyList<DropboxUserStatus> rows, DateTimeOffset since, DateTimeOffset until, Action<ServiceException> unread, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        var stuck = rows.Where(StuckReasons.MaySayMore).ToArray();
        if (stuck.Length == 0) return rows;
        var (pushes, attempts) = (new Dictionary<string, OktaLogEvent>(StringComparer.Ordinal), new Dictionary<string, OktaLogEvent>(StringComparer.Ordinal));
        var refusals = new Dictionary<string, DropboxEvent>(StringComparer.OrdinalIgnoreCase);
        var (oktaWasRead, dropboxWasRead) = (false, false);
        await SideBySide.RunAsync(
            async token => oktaWasRead = await AllowedAsync(() => ReadOktaAsync(stuck, pushes, attempts, since, until, progress, token), unread),
            async token => dropboxWasRead = await AllowedAsync(() => ReadDropboxAsync(refusals, since, progress, token), unread),
            cancel);

        return [.. rows.Select(row => StuckReasons.MaySayMore(row)
            ? StuckReasons.Explain(row, new StuckEvidence(Of(pushes, row.OktaUserId), Of(attempts, row.OktaUserId), Of(refusals, row.TeamMemberId) ?? Of(refusals, row.Email), oktaWasRead ? since : null)) with { AttemptsRead = oktaWasRead && dropboxWasRead }
            : row)];
    }

    private static T? Of<T>(Dictionary<string, T> found, string? key)
        where T : class => key is null ? null : found.GetValueOrDefault(key);

    // A token that may not read a log is no reason to show nobody.
    private static async Task<bool> AllowedAsync(Func<Task> read, Action<ServiceException> unread)
    {
        try
        {
            await read();
            return true;
        }
        catch (ServiceException refused) when (refused.ErrorId is ErrorIds.MissingScope or ErrorIds.PermissionDenied)
        {
            unread(refused);
            return false;
        }
    }

    private async Task ReadOktaAsync(
        DropboxUserStatus[] stuck, Dictionary<string, OktaLogEvent> pushes, Dictionary<string, OktaLogEvent> attempts, DateTimeOffset since, DateTimeOffset until,
        IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        var ids = stuck.Select(row => row.OktaUserId).OfType<string>().ToHashSet(StringComparer.Ordinal);
        string[] filters = ids.Count <= FewPeople
            ? [.. ids.Select(id => $"(target.id eq \"{id}\" or actor.id eq \"{id}\") and (eventType sw \"{Push}\" or eventType eq \"{SignOn}\")")]
            : [$"eventType sw \"{Push}\" and target.id eq \"{appId}\"", $"eventType eq \"{SignOn}\" and target.id eq \"{appId}\""];
        foreach (var filter in filters)
        {
            await foreach (var page in okta.ListLogAsync(since, until, filter, progress, cancel))
            {
                foreach (var entry in page)
                {
                    // A person's own entries may be about other apps.
                    if (!entry.Ids.Contains(appId)) continue;
                    var found = entry.Type == SignOn ? attempts : pushes;
                    foreach (var id in entry.Ids.Where(ids.Contains))
                        if (!found.TryGetValue(id, out var known) || known.Published <= entry.Published) found[id] = entry;
                }
            }
        }
    }

    private async Task ReadDropboxAsync(Dictionary<string, DropboxEvent> refusals, DateTimeOffset since, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        await foreach (var page in dropbox.ListEventsAsync(new DropboxEventQuery { EventType = "login_fail", Since = since }, progress, cancel))
        {
            foreach (var entry in page)
            {
                foreach (var key in new[] { entry.Actor?.TeamMemberId, entry.Actor?.Email }.OfType<string>())
                    if (!refusals.TryGetValue(key, out var known) || known.Timestamp <= entry.Timestamp) refusals[key] = entry;
            }
        }
    }
}
