using System.Text.Json;
using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Dropbox;

/// <summary>One event of the team's log (TeamEvent of the published spec). Words that the spec does not have come as they are.</summary>
public sealed record DropboxEvent
{
    /// <summary>When it happened, UTC, in whole seconds.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>What happened: the tag of <c>event_type</c>, such as <c>member_change_status</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The tag of <c>event_category</c>, such as <c>members</c>; empty where there is none.</summary>
    public string Category { get; init; } = "";

    /// <summary>Whether the service marked the event as one with somebody in it who is not on the team.</summary>
    public bool InvolvesNonTeamMember { get; init; }

    /// <summary>Whether an admin acted as such.</summary>
    public bool IsByAdmin { get; init; }

    /// <summary>Who did it; null where that is no person.</summary>
    public DropboxEventPerson? Actor { get; init; }

    /// <summary>On whose behalf; null where that is no person.</summary>
    public DropboxEventPerson? Context { get; init; }

    /// <summary>The people to whom it happened.</summary>
    public IReadOnlyList<DropboxEventPerson> Participants { get; init; } = [];

    /// <summary>The details of the event's type, untouched; undefined where there are none.</summary>
    public JsonElement Details { get; init; }

    /// <summary>The text of a member of the details, or the tag of a union there; null where there is no such thing.</summary>
    /// <param name="path">The names that lead to it.</param>
    public string? Detail(params ReadOnlySpan<string> path)
    {
        JsonElement value = Find(path);
        return LenientJson.Text(value) ?? LenientJson.Text(value, ".tag");
    }

    /// <summary>Whether a member of the details is there and true.</summary>
    /// <param name="path">The names that lead to it.</param>
    public bool DetailIsTrue(params ReadOnlySpan<string> path) => Find(path).ValueKind == JsonValueKind.True;

    /// <summary>The texts of a list in the details; none where there is no such list.</summary>
    /// <param name="name">The list's name.</param>
    public IEnumerable<string> DetailTexts(string name) =>
        Find([name]) is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray().Select(LenientJson.Text).OfType<string>()
            : [];

    private JsonElement Find(ReadOnlySpan<string> path)
    {
        JsonElement value = Details;
        foreach (string name in path) value = LenientJson.Member(value, name);
        return value;
    }
}

/// <summary>A person as the log names one.</summary>
/// <param name="Kind">The tag: <c>team_member</c>, <c>non_team_member</c>, <c>trusted_non_team_member</c>, or one that the spec does not have.</param>
/// <param name="Email">The address, null where the log has none.</param>
/// <param name="AccountId">The account's id (<c>dbid:…</c>), null where there is none.</param>
/// <param name="TeamMemberId">The member's id (<c>dbmid:…</c>), null where there is none.</param>
public sealed record DropboxEventPerson(string Kind, string? Email, string? AccountId, string? TeamMemberId);

/// <summary>Which events are asked for.</summary>
public sealed record DropboxEventQuery
{
    /// <summary>Only this category; not together with <see cref="EventType"/>, since the service takes one of the two.</summary>
    public string? Category { get; init; }

    /// <summary>Only this type.</summary>
    public string? EventType { get; init; }

    /// <summary>From this time on; null is from the log's beginning.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Up to before this time; null is up to now.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>What the query is about, for messages.</summary>
    internal string About => EventType is not null ? $"the team's {EventType} events" : Category is not null ? $"the team's events of {Category}" : "the team's events";
}
