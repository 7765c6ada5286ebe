using System.Text.Json.Serialization;

namespace DropboxOktaProvisioning.Engine.Dropbox;

/// <summary>Dropbox's JSON, as much of it as is sent or read. Every member may be missing or null; the map to records decides what must be there.</summary>
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
internal sealed partial class DropboxJson : JsonSerializerContext;

internal sealed record ListArgument(int Limit, bool IncludeRemoved);

internal sealed record CursorArgument(string Cursor);

internal sealed record MembersArgument(IReadOnlyList<EmailSelector> Members);

internal sealed record EmailSelector([property: JsonPropertyName(".tag")] string Tag, string Email);

/// <summary>A class and not a record, whose text would show the token.</summary>
internal sealed class TokenJson
{
    public string? AccessToken { get; init; }

    public int? ExpiresIn { get; init; }

    public string? Scope { get; init; }
}

internal sealed record TeamJson(string? TeamId, string? Name, int? NumLicensedUsers, int? NumProvisionedUsers, int? NumUsedLicenses);

internal sealed record AdminJson(MemberProfileJson? AdminProfile);

internal sealed record MembersPageJson(List<MemberJson?>? Members, string? Cursor, bool? HasMore);

internal sealed record MembersInfoJson(List<MemberItemJson?>? MembersInfo);

/// <summary>Either <c>member_info</c>, its profile beside the tag, or <c>id_not_found</c> with the selector's text.</summary>
internal sealed record MemberItemJson([property: JsonPropertyName(".tag")] string? Tag, MemberProfileJson? Profile, string? IdNotFound);

internal sealed record MemberJson(MemberProfileJson? Profile);

internal sealed record MemberProfileJson(
    string? TeamMemberId, string? AccountId, string? ExternalId, string? Email, List<SecondaryEmailJson?>? SecondaryEmails, MemberNameJson? Name,
    MemberStatusJson? Status, DateTimeOffset? InvitedOn, DateTimeOffset? JoinedOn, DateTimeOffset? SuspendedOn)
{
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

internal sealed record SecondaryEmailJson(string? Email);

internal sealed record MemberNameJson(string? DisplayName);

internal sealed record MemberStatusJson([property: JsonPropertyName(".tag")] string? Tag, bool? IsRecoverable, bool? IsDisconnected);
