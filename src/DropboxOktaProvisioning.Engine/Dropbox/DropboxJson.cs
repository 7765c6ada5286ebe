using System.Text.Json.Serialization;
using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Dropbox;

/// <summary>Dropbox's JSON, as much of it as is sent or read. Every member may be missing or null; the map to records decides what must be there.</summary>
/// <remarks>Plain settable properties: the serializer boxes every value of a type that it has to construct with its members.</remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MembersPageJson))]
[JsonSerializable(typeof(MembersInfoJson))]
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
    public MemberProfileJson? AdminProfile { get; set; }
}

internal sealed class MembersPageJson
{
    public List<MemberJson?>? Members { get; set; }

    public string? Cursor { get; set; }

    public bool? HasMore { get; set; }
}

internal sealed class MembersInfoJson
{
    public List<MemberItemJson?>? MembersInfo { get; set; }
}

/// <summary>Either <c>member_info</c>, its profile beside the tag, or <c>id_not_found</c> with the selector's text.</summary>
internal sealed class MemberItemJson
{
    [JsonPropertyName(".tag")]
    public string? Tag { get; set; }

    public MemberProfileJson? Profile { get; set; }

    public string? IdNotFound { get; set; }
}

internal sealed class MemberJson
{
    public MemberProfileJson? Profile { get; set; }
}

internal sealed class MemberProfileJson
{
    public string? TeamMemberId { get; set; }

    public string? AccountId { get; set; }

    public string? ExternalId { get; set; }

    public string? Email { get; set; }

    public List<SecondaryEmailJson?>? SecondaryEmails { get; set; }

    public MemberNameJson? Name { get; set; }

    public MemberStatusJson? Status { get; set; }

    public DateTimeOffset? InvitedOn { get; set; }

    public DateTimeOffset? JoinedOn { get; set; }

    public DateTimeOffset? SuspendedOn { get; set; }

    /// <summary>The record, or null where what must be there is not.</summary>
    public DropboxMember? ToRecord() => string.IsNullOrEmpty(TeamMemberId) || Email is null || Status?.Tag is null ? null : new DropboxMember
    {
        TeamMemberId = TeamMemberId,
        AccountId = AccountId,
        ExternalId = ExternalId is "" ? null : ExternalId,
        Email = Email,
        SecondaryEmails = SecondaryEmails is null or [] ? [] : [.. SecondaryEmails.Where(e => e?.Email is not null).Select(e => e!.Email!)],
        DisplayName = Name?.DisplayName is "" ? null : Name?.DisplayName,
        Status = Status.Tag switch
        {
            "active" => DropboxMemberStatus.Active,
            "invited" => DropboxMemberStatus.Invited,
            "suspended" => DropboxMemberStatus.Suspended,
            "removed" => DropboxMemberStatus.Removed,
            _ => DropboxMemberStatus.Other,
        },
        StatusTag = Status.Tag,
        IsRecoverable = Status.IsRecoverable ?? false,
        IsDisconnected = Status.IsDisconnected ?? false,
        InvitedOn = InvitedOn,
        JoinedOn = JoinedOn,
        SuspendedOn = SuspendedOn,
    };
}

internal sealed class SecondaryEmailJson
{
    public string? Email { get; set; }
}

internal sealed class MemberNameJson
{
    public string? DisplayName { get; set; }
}

internal sealed class MemberStatusJson
{
    [JsonPropertyName(".tag"), JsonConverter(typeof(KnownTextConverter))]
    public string? Tag { get; set; }

    public bool? IsRecoverable { get; set; }

    public bool? IsDisconnected { get; set; }
}
