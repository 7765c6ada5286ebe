using System.Text.Json;
using System.Text.Json.Serialization;
using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Okta;

/// <summary>Okta's JSON, as much of it as is read. Every member may be missing or null; the map to records decides what must be there.</summary>
/// <remarks>Plain settable properties: the serializer boxes every value of a type that it has to construct with its members.</remarks>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(List<GroupJson>))]
[JsonSerializable(typeof(List<AppGroupJson>))]
[JsonSerializable(typeof(TokenJson))]
[JsonSerializable(typeof(List<JsonElement>))]
[JsonSerializable(typeof(AssignUserJson))]
internal sealed partial class OktaJson : JsonSerializerContext;

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

/// <summary>The body that assigns an app to a user.</summary>
internal sealed record AssignUserJson(string Id, string Scope);
