using System.Globalization;
using System.Text.Json;

namespace DropboxOktaProvisioning.Engine.Dropbox;

/// <summary>The argument of <c>team_log/get_events</c>.</summary>
internal sealed record EventsArgument(int Limit, EventTimeJson? Time, string? Category, string? EventType)
{
    public static EventsArgument Of(DropboxEventQuery query) => new(
        1000,
        query.Since is null && query.Until is null ? null : new EventTimeJson(Text(query.Since), Text(query.Until)),
        query.Category, query.EventType);

    private static string? Text(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

/// <summary>A time range: the start is in it, the end is not.</summary>
internal sealed record EventTimeJson(string? StartTime, string? EndTime);

internal sealed class EventsPageJson
{
    public List<JsonElement>? Events { get; set; }

    public string? Cursor { get; set; }

    public bool? HasMore { get; set; }
}

/// <summary>Reads an event. All but its time and its type may be missing, and no word in it is one that must be known.</summary>
internal static class DropboxEventJson
{
    /// <summary>The event, or null where it has no time or no type.</summary>
    public static DropboxEvent? Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || Tag(Member(json, "event_type")) is not { Length: > 0 } type) return null;
        if (Member(json, "timestamp") is not { ValueKind: JsonValueKind.String } time || !time.TryGetDateTimeOffset(out DateTimeOffset timestamp)) return null;
        JsonElement actor = Member(json, "actor");
        return new DropboxEvent
        {
            Timestamp = timestamp.ToUniversalTime(),
            Type = type,
            Category = Tag(Member(json, "event_category")) ?? "",
            InvolvesNonTeamMember = Member(json, "involve_non_team_member").ValueKind == JsonValueKind.True,
            IsByAdmin = Tag(actor) == "admin",
            Actor = Person(actor),
            Context = Person(Member(json, "context")),
            Participants = Member(json, "participants") is { ValueKind: JsonValueKind.Array } people ? [.. people.EnumerateArray().Select(Person).OfType<DropboxEventPerson>()] : [],
            Details = Member(json, "details"),
        };
    }

    /// <summary>A person: under the key of an actor's or a participant's tag, or right beside the tag of a context.</summary>
    private static DropboxEventPerson? Person(JsonElement json)
    {
        if (Tag(json) is not { } tag) return null;
        if (tag is "user" or "admin" && Member(json, tag) is { ValueKind: JsonValueKind.Object } inner) json = inner;
        string kind = Tag(json) ?? tag;
        string? email = Text(json, "email"), account = Text(json, "account_id"), member = Text(json, "team_member_id");
        return email is null && account is null && member is null ? null : new DropboxEventPerson(kind, email, account, member);
    }

    private static JsonElement Member(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) ? value : default;

    private static string? Text(JsonElement json, string name) => Member(json, name) is { ValueKind: JsonValueKind.String } value && value.GetString() is { Length: > 0 } text ? text : null;

    // A void member of a union may also come as a bare text.
    private static string? Tag(JsonElement json) => json.ValueKind == JsonValueKind.String ? json.GetString() : Text(json, ".tag");
}
