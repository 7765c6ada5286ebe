using System.Text.Json.Serialization;

namespace DropboxOktaProvisioning.Engine.Okta;

/// <summary>Okta's JSON, as much of it as is read. Every member may be missing or null; the map to records decides what must be there.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(List<AppUserJson>))]
[JsonSerializable(typeof(List<UserJson>))]
[JsonSerializable(typeof(List<GroupJson>))]
[JsonSerializable(typeof(List<AppGroupJson>))]
internal sealed partial class OktaJson : JsonSerializerContext;

internal sealed record AppUserJson(
    string? Id, string? ExternalId, string? Scope, string? Status, string? SyncState, DateTimeOffset? Created, DateTimeOffset? StatusChanged,
    AppCredentialsJson? Credentials, AppProfileJson? Profile, [property: JsonPropertyName("_embedded")] AppUserEmbeddedJson? Embedded)
{
    /// <summary>The record, or null where what must be there is not.</summary>
    public OktaAppUser? ToRecord() => Id is null or "" ? null : new OktaAppUser
    {
        Id = Id,
        ExternalId = ExternalId is "" ? null : ExternalId,
        Scope = Scope,
        Status = Status,
        SyncState = SyncState,
        Created = Created,
        StatusChanged = StatusChanged,
        UserName = Credentials?.UserName,
        Email = Profile?.Email,
        User = Embedded?.User?.ToRecord(),
    };
}

internal sealed record AppCredentialsJson(string? UserName);

internal sealed record AppProfileJson(string? Email);

internal sealed record AppUserEmbeddedJson(UserJson? User);

internal sealed record UserJson(string? Id, string? Status, ProfileJson? Profile)
{
    public OktaUser? ToRecord() => Id is null or "" ? null : new OktaUser
    {
        Id = Id,
        Status = Status,
        Login = Profile?.Login,
        Email = Profile?.Email,
        FirstName = Profile?.FirstName,
        LastName = Profile?.LastName,
        DisplayName = Profile?.DisplayName,
    };
}

internal sealed record ProfileJson(string? Login, string? Email, string? FirstName, string? LastName, string? DisplayName);

internal sealed record GroupJson(string? Id, string? Type, GroupProfileJson? Profile)
{
    public OktaGroup? ToRecord() => Id is null or "" ? null : new OktaGroup(Id, Profile?.Name ?? "", Type);
}

internal sealed record GroupProfileJson(string? Name);

internal sealed record AppGroupJson(string? Id, [property: JsonPropertyName("_embedded")] AppGroupEmbeddedJson? Embedded)
{
    public OktaGroup? ToRecord() => Id is null or "" ? null : new OktaGroup(Id, Embedded?.Group?.Profile?.Name ?? "", Embedded?.Group?.Type);
}

internal sealed record AppGroupEmbeddedJson(GroupJson? Group);
