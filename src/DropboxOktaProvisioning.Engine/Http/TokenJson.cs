using System.Text.Json.Serialization;

namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>What a token endpoint answers (RFC 6749 §5.1). Every member may be missing.</summary>
/// <remarks>No record: a record's text would show the token.</remarks>
internal sealed class TokenJson
{
    [JsonPropertyName("access_token")]
    public string? AccessToken { get; set; }

    [JsonPropertyName("token_type")]
    public string? TokenType { get; set; }

    [JsonPropertyName("expires_in")]
    public int? ExpiresIn { get; set; }

    public string? Scope { get; set; }

    [JsonPropertyName("refresh_token")]
    public string? RefreshToken { get; set; }

    /// <summary>Dropbox: the team of a team link.</summary>
    [JsonPropertyName("team_id")]
    public string? TeamId { get; set; }
}
