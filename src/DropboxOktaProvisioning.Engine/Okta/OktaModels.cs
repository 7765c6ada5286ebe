using System.Text.Json.Nodes;

namespace DropboxOktaProvisioning.Engine.Okta;

/// <summary>A person's assignment to an app, with the Okta user where the answer embeds it.</summary>
public sealed record OktaAppUser
{
    /// <summary>The Okta user's id.</summary>
    public required string Id { get; init; }

    /// <summary>The person's id in the app, set once provisioned.</summary>
    public string? ExternalId { get; init; }

    /// <summary><c>USER</c> or <c>GROUP</c>.</summary>
    public string? Scope { get; init; }

    /// <summary>The app user's status (AppUserStatus).</summary>
    public string? Status { get; init; }

    /// <summary>The sync state (AppUserSyncState).</summary>
    public string? SyncState { get; init; }

    /// <summary>When the status last changed.</summary>
    public DateTimeOffset? StatusChanged { get; init; }

    /// <summary>The name that the person has in the app (<c>credentials.userName</c>).</summary>
    public string? UserName { get; init; }

    /// <summary>The app profile's address.</summary>
    public string? Email { get; init; }

    /// <summary>The Okta user, null unless <c>expand=user</c> was asked for.</summary>
    public OktaUser? User { get; init; }
}

/// <summary>A person in Okta.</summary>
public sealed record OktaUser
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The status (UserStatus).</summary>
    public string? Status { get; init; }

    /// <summary>The login.</summary>
    public string? Login { get; init; }

    /// <summary>The primary address.</summary>
    public string? Email { get; init; }

    /// <summary>Given name.</summary>
    public string? FirstName { get; init; }

    /// <summary>Family name.</summary>
    public string? LastName { get; init; }

    /// <summary>The name to show, if the profile has one of its own.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The department.</summary>
    public string? Department { get; init; }

    /// <summary>The language that the person chose (<c>preferredLanguage</c>, <c>de-DE</c>), else the locale (<c>de_DE</c>).</summary>
    public string? Language { get; init; }

    /// <summary>The time zone, as the profile spells it (<c>Europe/Berlin</c>).</summary>
    public string? TimeZone { get; init; }

    /// <summary>The country (<c>DE</c>).</summary>
    public string? CountryCode { get; init; }

    /// <summary>The manager's name.</summary>
    public string? Manager { get; init; }

    /// <summary>What names the manager: free text in Okta, often the id or the login of the manager's own user.</summary>
    public string? ManagerId { get; init; }
}

/// <summary>A group in Okta.</summary>
/// <param name="Id">The id (<c>00g…</c>).</param>
/// <param name="Name">The name.</param>
/// <param name="Type"><c>OKTA_GROUP</c>, <c>APP_GROUP</c> or <c>BUILT_IN</c>.</param>
public sealed record OktaGroup(string Id, string Name, string? Type);

/// <summary>An app: its raw JSON, and views into it. Typed models would lose what they do not know.</summary>
public sealed class OktaApp(JsonObject json)
{
    /// <summary>The app as the service gave it.</summary>
    public JsonObject Json { get; } = json;

    /// <summary>The id (<c>0oa…</c>).</summary>
    public string Id => Text("id");

    /// <summary>The label that admins see.</summary>
    public string Label => Text("label");

    /// <summary><c>ACTIVE</c> or <c>INACTIVE</c>.</summary>
    public string Status => Text("status");

    /// <summary><c>SAML_2_0</c>, <c>BROWSER_PLUGIN</c>, …</summary>
    public string SignOnMode => Text("signOnMode");

    /// <summary>What stands at this place; null where there is nothing, or something else on the way there.</summary>
    internal JsonNode? At(params ReadOnlySpan<string> path)
    {
        JsonNode? node = Json;
        foreach (string name in path) node = (node as JsonObject)?[name];
        return node;
    }

    private string Text(string name) => Json[name] is JsonValue value && value.TryGetValue(out string? text) ? text : "";
}
