using System.Text.Json.Serialization;

namespace DropboxOktaProvisioning.Engine.Dropbox;

/// <summary>How a member is named in a question to Dropbox (UserSelectorArg of the published spec).</summary>
public sealed record DropboxSelector
{
    private DropboxSelector(string tag) => Tag = tag;

    /// <summary>Which of the three it is.</summary>
    [JsonPropertyName(".tag")]
    public string Tag { get; }

    /// <summary>The address.</summary>
    public string? Email { get; private init; }

    /// <summary>The member's id.</summary>
    public string? TeamMemberId { get; private init; }

    /// <summary>The id that the identity provider gave.</summary>
    public string? ExternalId { get; private init; }

    /// <summary>By address.</summary>
    public static DropboxSelector ByEmail(string email) => new("email") { Email = email };

    /// <summary>By the member's id (<c>dbmid:…</c>).</summary>
    public static DropboxSelector ByMemberId(string id) => new("team_member_id") { TeamMemberId = id };

    /// <summary>By the id that the identity provider gave.</summary>
    public static DropboxSelector ByExternalId(string id) => new("external_id") { ExternalId = id };

    /// <summary>What was asked for.</summary>
    [JsonIgnore]
    public string Text => Email ?? TeamMemberId ?? ExternalId!;
}
