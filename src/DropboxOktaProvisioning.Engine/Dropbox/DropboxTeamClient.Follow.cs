using System.Text.Json;
using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Dropbox;

/// <summary>Events, and the place in the log behind them.</summary>
/// <param name="Events">The events, not sorted.</param>
/// <param name="Cursor">Where to go on, now or in some days: what comes later is behind it.</param>
public sealed record DropboxEventBatch(IReadOnlyList<DropboxEvent> Events, string Cursor);

/// <content>Following the team's log.</content>
public sealed partial class DropboxTeamClient
{
    /// <summary>So many pages in a row may have nothing on them; a log that only ever goes on would keep a run busy for good.</summary>
    private const int MostEmptyEventPages = 100;

    /// <summary>So often the events are begun again where the service lost its place in them.</summary>
    private const int MostEventRestarts = 3;

    /// <summary>The events of a category from a time on, up to now, and the place to go on from.</summary>
    /// <remarks>
    /// One category is all that a cursor follows (<c>GetTeamEventsArg</c> of the published spec). A log that the service resets meanwhile is begun again: what was read before would
    /// have no place behind it to go on from.
    /// </remarks>
    /// <exception cref="ServiceException">
    /// <see cref="ErrorIds.MissingScope"/> without <c>events.read</c>; <see cref="ErrorIds.CursorExpired"/> where the service lost its place again and again.
    /// </exception>
    public async Task<DropboxEventBatch> BeginEventsAsync(string category, DateTimeOffset since, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        var query = new DropboxEventQuery { Category = category, Since = since };
        byte[] argument = JsonSerializer.SerializeToUtf8Bytes(EventsArgument.Of(query), DropboxJson.Default.EventsArgument);
        for (int restarts = 0; ; restarts++)
        {
            var events = new List<DropboxEvent>();
            try
            {
                return await FollowAsync(Post("team_log/get_events", query.About, EventsRead, argument), query.About, events, progress, cancel);
            }
            catch (ServiceException lost) when (lost.ErrorId == ErrorIds.CursorExpired && restarts < MostEventRestarts)
            {
                progress?.Report(new Restarting(lost.Service, query.About, events.Count, lost.Message));
            }
        }
    }

    /// <summary>What came behind a place in the log, up to now; one request where nothing did.</summary>
    /// <exception cref="ServiceException"><see cref="ErrorIds.CursorExpired"/> where the service does not know the place any more.</exception>
    public Task<DropboxEventBatch> ContinueEventsAsync(string cursor, IProgress<RunEvent>? progress, CancellationToken cancel) =>
        FollowAsync(ContinueEvents(cursor, "the team's events"), "the team's events", [], progress, cancel);

    private static ServiceRequest ContinueEvents(string cursor, string about) =>
        Post("team_log/get_events/continue", about, EventsRead, JsonSerializer.SerializeToUtf8Bytes(new CursorArgument(cursor), DropboxJson.Default.CursorArgument)) with { Cursor = cursor };

    private async Task<DropboxEventBatch> FollowAsync(ServiceRequest request, string about, List<DropboxEvent> events, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int empty = 0; ;)
        {
            using Answer answer = await _connection.SendAsync(request, progress, cancel);
            EventsPageJson page = answer.Read(DropboxJson.Default.EventsPageJson);
            if (page.Events is null) throw answer.Malformed("it has no events");
            if (page.HasMore is not { } more) throw answer.Malformed("it does not say whether more follow");
            if (string.IsNullOrEmpty(page.Cursor)) throw answer.Malformed("it has no cursor");
            events.AddRange(ReadEvents(answer, page.Events).Select(e => e.Event));
            if (!more) return new DropboxEventBatch(events, page.Cursor);
            empty = page.Events.Count > 0 ? 0 : empty + 1;
            if (empty > MostEmptyEventPages) throw answer.Malformed($"{MostEmptyEventPages} pages in a row had no event on them, and more are said to follow");
            if (!seen.Add(page.Cursor)) throw answer.Malformed("it names a place as the next one that was read already");
            request = ContinueEvents(page.Cursor, about);
        }
    }
}
