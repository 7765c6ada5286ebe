using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning.Engine.Tests.Verification;

/// <summary>Short ways to make records for the tests.</summary>
internal static class Make
{
    public static OktaAppUser Assignment(string id, string? userName = null, string? externalId = null, string status = "PROVISIONED", string? oktaStatus = "ACTIVE", string? syncState = "DISABLED") => new()
    {
        Id = id,
        UserName = userName ?? $"{id}@contoso.example",
        ExternalId = externalId,
        Status = status,
        SyncState = syncState,
        Scope = "USER",
        User = oktaStatus is null ? null : User(id, oktaStatus, userName),
    };

    public static OktaUser User(string id, string status = "ACTIVE", string? login = null) =>
        new() { Id = id, Status = status, Login = login ?? $"{id}@contoso.example", Email = login ?? $"{id}@contoso.example", FirstName = "Pat", LastName = "Sample" };

    public static DropboxMember Member(string id, string? email = null, DropboxMemberStatus status = DropboxMemberStatus.Active, string? externalId = null, params string[] secondary) => new()
    {
        TeamMemberId = $"dbmid:{id}",
        AccountId = $"dbid:{id}",
        ExternalId = externalId,
        Email = email ?? $"{id}@contoso.example",
        SecondaryEmails = secondary,
        Status = status,
        StatusTag = status.ToString().ToLowerInvariant(),
    };
}
