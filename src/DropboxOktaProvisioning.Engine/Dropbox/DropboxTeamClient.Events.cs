using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Dropbox;

/// <content>The team's log.</content>
public sealed partial class DropboxTeamClient
{
    /// <summary>What reading the log takes beside the scopes of everything else.</summary>
    public const string EventsRead = "events.read";

    /// <summary>So many resets in a row may bring nothing new; a log that is always reset would keep a run busy for good.</summary>
    private const int MostIdleResets = 5;

    /// <summary>How far before a reset's time the reading goes on: that time is approximate, and events are not sorted.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(1);

    /// <summary>The log's events, page by page as the service hands them out: not sorted, so whoever wants the newest goes by the time.</summary>
    /// <remarks>
    /// A log that the service resets while it is read is read on from a little before the time that the service names, and what was read before
    /// does not come again.
    /// </remarks>
    /// <param name="query">Which events.</param>
    /// <param name="progress">Who wants to hear of it.</param>
    /// <param name="cancel">Ends it at once.</param>
    /// <exception cref="ServiceException">
    /// <see cref="ErrorIds.MissingScope"/> without <c>events.read</c>; <see cref="ErrorIds.CursorExpired"/> where the service lost its place for
    /// good, since a log with a gap in it proves nothing.
    /// </exception>
    public async IAsyncEnumerable<IReadOnlyList<DropboxEvent>> ListEventsAsync(
        DropboxEventQuery query, IProgress<RunEvent>? progress, [EnumeratorCancellation] CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query is { Category: not null, EventType: not null }) throw new ArgumentException("The service takes a category or a type, not both.", nameof(query));
        var seen = new HashSet<UInt128>();
        DateTimeOffset? from = query.Since;
        for (int idle = 0; ;)
        {
            await using IAsyncEnumerator<IReadOnlyList<RawEvent>> pages = Pages(query with { Since = from }, progress, cancel).GetAsyncEnumerator(cancel);
            while (true)
            {
                try
                {
                    if (!await pages.MoveNextAsync()) yield break;
                }
                catch (ServiceException reset) when (ResumeFrom(reset) is not null && idle < MostIdleResets)
                {
                    idle++;
                    DateTimeOffset resume = ResumeFrom(reset)!.Value - Overlap;
                    from = query.Since is { } begin && begin > resume ? begin : resume;
                    break;
                }

                DropboxEvent[] fresh = [.. pages.Current.Where(e => seen.Add(e.Identity)).Select(e => e.Event)];
                if (fresh.Length == 0) continue;
                idle = 0;
                yield return fresh;
            }
        }
    }

    private IAsyncEnumerable<IReadOnlyList<RawEvent>> Pages(DropboxEventQuery query, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        byte[] argument = JsonSerializer.SerializeToUtf8Bytes(EventsArgument.Of(query), DropboxJson.Default.EventsArgument);
        return PagedList.ReadAsync(
            Post("team_log/get_events", query.About, EventsRead, argument), (request, stop) => _connection.SendAsync(request, progress, stop),
            answer => OpenEvents(answer, query.About), DropboxErrors.Service, doubtsEmptyPages: false, cancel);
    }

    internal static (ServiceRequest? Next, Func<IReadOnlyList<RawEvent>> Read) OpenEvents(Answer answer, string about)
    {
        EventsPageJson page = answer.Read(DropboxJson.Default.EventsPageJson);
        if (page.Events is null) throw answer.Malformed("it has no events");
        if (page.HasMore is not { } more) throw answer.Malformed("it does not say whether more follow");
        if (!more) return (null, () => ReadEvents(answer, page.Events));
        if (string.IsNullOrEmpty(page.Cursor)) throw answer.Malformed("more follow, but it has no cursor");

        return (ContinueEvents(page.Cursor, about), () => ReadEvents(answer, page.Events));
    }

    private static List<RawEvent> ReadEvents(Answer answer, List<JsonElement> events) =>
        answer.Map(events, json => DropboxEventJson.Read(json) is { } one ? new RawEvent(one, Identity(json)) : null, "lacks its timestamp or its event_type");

    // An event has no id of its own: what says the same in every letter is the same event.
    private static UInt128 Identity(JsonElement json) =>
        MemoryMarshal.Read<UInt128>(SHA256.HashData(Encoding.UTF8.GetBytes(json.GetRawText())));

    private static DateTimeOffset? ResumeFrom(ServiceException error) =>
        error is { ErrorId: ErrorIds.CursorExpired, ServiceCode: ['r', 'e', 's', 'e', 't', '/', .. var time] }
        && DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset from) ? from : null;

    internal sealed record RawEvent(DropboxEvent Event, UInt128 Identity);
}
