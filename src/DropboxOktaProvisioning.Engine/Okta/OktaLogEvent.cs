using System.Text.Json;

namespace DropboxOktaProvisioning.Engine.Okta;

/// <summary>An entry of Okta's System Log (LogEvent of the management API). All but the time and the type may be missing.</summary>
public sealed record OktaLogEvent
{
    /// <summary>When it happened, UTC.</summary>
    public required DateTimeOffset Published { get; init; }

    /// <summary>What happened, such as <c>application.provision.user.push</c>.</summary>
    public required string Type { get; init; }

    /// <summary>How it ended: <c>SUCCESS</c>, <c>FAILURE</c>, <c>SKIPPED</c>, …; null where the entry does not say.</summary>
    public string? Result { get; init; }

    /// <summary>Why it ended so, in the service's words.</summary>
    public string? Reason { get; init; }

    /// <summary>The error's code in the debug data, such as <c>notUniqueWithinOrg</c>.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The ids of who did it and of all that it was done to: which of them the person is differs from type to type.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];

    /// <summary>What it was done to, each with the type that Okta gives it: <c>User</c>, <c>AppInstance</c>, <c>AppUser</c>, <c>UserGroup</c>, …</summary>
    public IReadOnlyList<(string Type, string Id)> Targets { get; init; } = [];

    /// <summary>Reads an entry; null where it has no time or no type.</summary>
    internal static OktaLogEvent? Read(JsonElement json)
    {
        if (Text(json, "eventType") is not { Length: > 0 } type) return null;
        if (Member(json, "published") is not { ValueKind: JsonValueKind.String } time || !time.TryGetDateTimeOffset(out DateTimeOffset published)) return null;
        JsonElement outcome = Member(json, "outcome"), debug = Member(Member(json, "debugContext"), "debugData");
        var ids = new List<string>();
        var targets = new List<(string Type, string Id)>();
        if (Text(Member(json, "actor"), "id") is { } actor) ids.Add(actor);
        if (Member(json, "target") is { ValueKind: JsonValueKind.Array } list)
        {
            foreach (JsonElement target in list.EnumerateArray())
                if (Text(target, "id") is { } id) targets.Add((Text(target, "type") ?? "", id));
        }

        ids.AddRange(targets.Select(target => target.Id));
        return new OktaLogEvent
        {
            Published = published.ToUniversalTime(),
            Type = type,
            Result = Text(outcome, "result"),
            Reason = Text(outcome, "reason"),
            ErrorCode = Text(debug, "error_code") ?? Text(debug, "errorCode"),
            Ids = ids,
            Targets = targets,
        };
    }

    private static JsonElement Member(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) ? value : default;

    private static string? Text(JsonElement json, string name) =>
        Member(json, name) is { ValueKind: JsonValueKind.String } value && value.GetString() is { Length: > 0 } text ? text : null;
}
