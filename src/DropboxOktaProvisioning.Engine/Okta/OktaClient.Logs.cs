using System.Globalization;
using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Okta;

/// <content>The System Log.</content>
public sealed partial class OktaClient
{
    /// <summary>What reading the log takes beside the scopes of everything else.</summary>
    public const string LogsRead = "okta.logs.read";

    /// <summary>Entries between two times, sorted by time, page by page.</summary>
    /// <remarks>
    /// Both times are always sent: without an end Okta names a next page for ever (system-log-query). Okta keeps 90 days, and refuses a beginning of more
    /// than 180 days ago. <c>published</c> cannot stand in the filter.
    /// </remarks>
    /// <param name="since">From here on.</param>
    /// <param name="until">Up to here.</param>
    /// <param name="filter">A SCIM filter such as <c>eventType eq "user.authentication.sso"</c>.</param>
    /// <param name="progress">Who wants to hear of it.</param>
    /// <param name="cancel">Ends it at once.</param>
    /// <exception cref="ServiceException"><see cref="ErrorIds.MissingScope"/> or <see cref="ErrorIds.PermissionDenied"/> without the right to read it.</exception>
    public IAsyncEnumerable<IReadOnlyList<OktaLogEvent>> ListLogAsync(
        DateTimeOffset since, DateTimeOffset until, string filter, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        string Time(DateTimeOffset time) => Uri.EscapeDataString(time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        ServiceRequest first = Get(
            $"/api/v1/logs?since={Time(since)}&until={Time(until)}&filter={Uri.EscapeDataString(filter)}&sortOrder=ASCENDING&limit=1000", "the System Log", LogsRead);
        return PagesAsync<OktaLogEvent>(first, ReadLog, progress, cancel);
    }

    internal static List<OktaLogEvent> ReadLog(Answer answer) => answer.Map(answer.Read(OktaJson.Default.ListJsonElement), OktaLogEvent.Read, "has no published or no eventType");
}
