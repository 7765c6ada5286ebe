using System.Text.Json.Serialization;
using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Okta;

/// <summary>Okta's JSON, as much of it as is read. Every member may be missing or null; the map to records decides what must be there.</summary>
/// <remarks>Plain settable properties: the serializer boxes every value of a type that it has to construct with its members.</remarks>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(List<AppUserJson>))]
[JsonSerializable(typeof(List<UserJson>))]
[JsonSerializable(typeof(List<GroupJson>))]
[JsonSerializable(typeof(List<AppGroupJson>))]
[JsonSerializable(typeof(TokenJson))]
internal sealed partial class OktaJson : JsonSerializerContext;

internal sealed class AppUserJson
{
    public string? Id { get; set; }

    public string? ExternalId { get; set; }

    [JsonConverter(typeof(KnownTextConverter))]
    public string? Scope { get; set; }

    [JsonConverter(typeof(KnownTextConverter))]
    public string? Status { get; set; }

    [JsonConverter(typeof(KnownTextConverter))]
    public string? SyncState { get; set; }

    public DateTimeOffset? StatusChanged { get; set; }

    public AppCredentialsJson? Credentials { get; set; }

    public AppProfileJson? Profile { get; set; }

    [JsonPropertyName("_embedded")]
    public AppUserEmbeddedJson? Embedded { get; set; }

    /// <summary>The record, or null where what must be there is not. One address nearly always stands in four places; one string is kept of it.</summary>
    public OktaAppUser? ToRecord() => Id is null or "" ? null : new OktaAppUser
    {
        Id = Id,
        ExternalId = ExternalId is "" ? null : ExternalId,
        Scope = Scope,
        Status = Status,
        SyncState = SyncState,
        StatusChanged = StatusChanged,
        UserName = Credentials?.UserName,
        Email = Shared.Text(Profile?.Email, Credentials?.UserName),
        User = Embedded?.User?.ToRecord(Id, Credentials?.UserName),
    };
}

internal sealed class AppCredentialsJson
{
    public string? UserName { get; set; }
}

internal sealed class AppProfileJson
{
    public string? Email { get; set; }
}

internal sealed class AppUserEmbeddedJson
{
    public UserJson? User { get; set; }
}

internal sealed class UserJson
{
    public string? Id { get; set; }

    [JsonConverter(typeof(KnownTextConverter))]
    public string? Status { get; set; }

    public ProfileJson? Profile { get; set; }

    public OktaUser? ToRecord(string? knownId = null, string? knownAddress = null) => Id is null or "" ? null : new OktaUser
    {
        Id = Shared.Text(Id, knownId)!,
        Status = Status,
        Login = Shared.Text(Profile?.Login, knownAddress),
        Email = Shared.Text(Profile?.Email, knownAddress ?? Profile?.Login),
        FirstName = Profile?.FirstName,
        LastName = Profile?.LastName,
        DisplayName = Profile?.DisplayName,
    };
}

internal sealed class ProfileJson
{
    public string? Login { get; set; }

    public string? Email { get; set; }

    public string? FirstName { get; set; }

    public string? LastName { get; set; }

    public string? DisplayName { get; set; }
}

internal sealed class GroupJson
{
    public string? Id { get; set; }

    [JsonConverter(typeof(KnownTextConverter))]
    public string? Type { get; set; }

    public GroupProfileJson? Profile { get; set; }

    public OktaGroup? ToRecord() => Id is null or "" ? null : new OktaGroup(Id, Profile?.Name ?? "", Type);
}

internal sealed class GroupProfileJson
{
    public string? Name { get; set; }
}

internal sealed class AppGroupJson
{
    public string? Id { get; set; }

    [JsonPropertyName("_embedded")]
    public AppGroupEmbeddedJson? Embedded { get; set; }

    public OktaGroup? ToRecord() => Id is null or "" ? null : new OktaGroup(Id, Embedded?.Group?.Profile?.Name ?? "", Embedded?.Group?.Type);
}

internal sealed class AppGroupEmbeddedJson
{
    public GroupJson? Group { get; set; }
}

internal static class Shared
{
    /// <summary>The text, as the string that is kept already where the two are the same.</summary>
    public static string? Text(string? text, string? kept) => text == kept ? kept : text;
}
