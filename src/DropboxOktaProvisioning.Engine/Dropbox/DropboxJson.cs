using System.Text.Json.Serialization;
using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Dropbox;

/// <summary>Dropbox's JSON, as much of it as is sent or read. Every member may be missing or null; the map to records decides what must be there.</summary>
/// <remarks>Plain settable properties: the serializer boxes every value of a type that it has to construct with its members.</remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TeamJson))]
[JsonSerializable(typeof(AdminJson))]
[JsonSerializable(typeof(TokenJson))]
[JsonSerializable(typeof(ListArgument))]
[JsonSerializable(typeof(CursorArgument))]
[JsonSerializable(typeof(MembersArgument))]
[JsonSerializable(typeof(EventsArgument))]
[JsonSerializable(typeof(EventsPageJson))]
internal sealed partial class DropboxJson : JsonSerializerContext;

internal sealed record ListArgument(int Limit, bool IncludeRemoved);

internal sealed record CursorArgument(string Cursor);

internal sealed record MembersArgument(IReadOnlyList<DropboxSelector> Members);

internal sealed class TeamJson
{
    public string? TeamId { get; set; }

    public string? Name { get; set; }

    public int? NumLicensedUsers { get; set; }

    public int? NumProvisionedUsers { get; set; }

    public int? NumUsedLicenses { get; set; }
}

internal sealed class AdminJson
{
    public AdminProfileJson? AdminProfile { get; set; }
}

internal sealed class AdminProfileJson
{
    public string? TeamMemberId { get; set; }

    public string? Email { get; set; }
}
