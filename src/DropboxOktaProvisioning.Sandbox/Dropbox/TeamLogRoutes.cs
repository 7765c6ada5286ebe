using System.Globalization;
using DropboxOktaProvisioning.Sandbox.Http;
using DropboxOktaProvisioning.Sandbox.State;

namespace DropboxOktaProvisioning.Sandbox.Dropbox;

/// <summary><c>team_log/get_events</c> and its continuation (dropbox.md §1.1, §5).</summary>
internal sealed class TeamLogRoutes(WorldState world, Cursors cursors)
{
    private const byte EventList = 8;
    private readonly TeamLogJson _json = new(world);
    private readonly List<Query> _queries = [];

    public ReadOnlyMemory<byte> First(DropboxArgument argument, SandboxFault fault)
    {
        argument.ExpectFields("limit", "account_id", "time", "category", "event_type");
        var (start, end) = argument.TimeRange("time");
        var query = new Query(argument.Integer("limit", 1000, 1, 1000), start, end, argument.Tag("category"), argument.Tag("event_type"), PersonOf(argument.OptionalText("account_id")));
        if (query is { Category: not null, EventType: not null }) throw DropboxFailure.Tagged(409, "invalid_filters");
        if (start >= end) throw DropboxFailure.Tagged(409, "invalid_time_range");
        // One query often comes again, and is remembered once.
        var number = _queries.IndexOf(query);
        if (number < 0)
        {
            number = _queries.Count;
            _queries.Add(query);
        }

        return Page(0, number, fault);
    }

    public ReadOnlyMemory<byte> Continue(DropboxArgument argument, SandboxFault fault)
    {
        argument.ExpectFields("cursor");
        if (!cursors.TryRead(argument.Text("cursor"), EventList, out var position, out var number) || fault == SandboxFault.ExpiredCursor)
            throw DropboxFailure.Tagged(409, "bad_cursor");
        if (fault == SandboxFault.LogReset) throw DropboxFailure.Tagged(409, "reset", "reset", LastTimeBefore(position, _queries[number]));
        return Page(position, number, fault);
    }

    private ReadOnlyMemory<byte> Page(int begin, int number, SandboxFault fault) => JsonBody.Of(json =>
    {
        var query = _queries[number];
        var position = begin;
        json.WriteStartObject();
        json.WriteStartArray("events");
        for (var left = fault == SandboxFault.EmptyPage ? 0 : query.Limit; left > 0 && position < world.Log.Shown; position++)
        {
            if (!Fits(query, position)) continue;
            _json.Write(json, world.Log.At(position));
            left--;
        }

        json.WriteEndArray();
        while (position < world.Log.Shown && !Fits(query, position)) position++;
        json.WriteString("cursor", cursors.Create(position, EventList, number));
        json.WriteBoolean("has_more", position < world.Log.Shown);
        json.WriteEndObject();
    });

    private bool Fits(Query query, int position)
    {
        var entry = world.Log.At(position);
        var (type, category) = TeamLogJson.Names(entry.Kind);
        var time = world.Time(entry.Time);
        return (query.EventType is null || query.EventType == type) && (query.Category is null || query.Category == category)
            && (query.Person is null || query.Person == entry.Person) && !(time < query.Start) && !(time >= query.End);
    }

    private int? PersonOf(string? accountId) => accountId is null ? null
        : world.AccountIds.TryParse(accountId, out var member) && member < world.MemberCount ? world.MemberAt(member).Person
        : throw DropboxFailure.Tagged(409, "account_id_not_found");

    // The time of the most recent event that the cursor had given out.
    private string LastTimeBefore(int position, Query query)
    {
        while (position > 0 && !Fits(query, position - 1)) position--;
        var time = position > 0 ? world.Time(world.Log.At(position - 1).Time) : query.Start ?? world.Start.AddYears(-1);
        return time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }

    private sealed record Query(int Limit, DateTimeOffset? Start, DateTimeOffset? End, string? Category, string? EventType, int? Person);
}
