using System.Text.Json;
using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Okta;

/// <content>Assigning people and groups to an app. Nothing here unassigns: that may delete accounts (okta.md §2).</content>
public sealed partial class OktaClient
{
    /// <summary>Assigns an app to a person (<c>POST /api/v1/apps/{appId}/users</c>); mapped attributes are left to the mapping.</summary>
    /// <exception cref="ServiceException"><see cref="ServiceException.MayHaveBeenApplied"/> tells whether to look what became of it.</exception>
    public async Task<OktaAppUser> AssignUserAsync(string appId, string userId, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(new AssignUserJson(userId, "USER"), OktaJson.Default.AssignUserJson);
        ServiceRequest request = AboutApp(appId, "/users", $"the assignment of {userId}") with
        {
            Method = HttpMethod.Post, Permission = AppsManage, Safe = false, Content = () => JsonBody.Of(body), Target = userId, NotFoundId = ErrorIds.PersonNotFound,
        };
        using Answer answer = await _connection.SendAsync(request, progress, cancel);
        return Required(answer, OktaPages.ReadAppUser(answer));
    }

    /// <summary>Assigns an app to everybody in a group, now and later (<c>PUT /api/v1/apps/{appId}/groups/{groupId}</c>). To repeat it does no harm.</summary>
    public async Task AssignGroupAsync(string appId, string groupId, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        ServiceRequest request = AboutApp(appId, $"/groups/{CheckedGroup(groupId)}", $"the assignment of the group {groupId}") with
        {
            Method = HttpMethod.Put, Permission = AppsManage, Safe = true, Content = () => JsonBody.Of("{}"u8.ToArray()), Target = groupId, NotFoundId = ErrorIds.GroupNotFound,
        };
        using Answer answer = await _connection.SendAsync(request, progress, cancel);
    }

    /// <summary>Whether a group is assigned an app.</summary>
    public async Task<bool> IsGroupAssignedAsync(string appId, string groupId, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        try
        {
            using Answer answer = await _connection.SendAsync(
                AboutApp(appId, $"/groups/{CheckedGroup(groupId)}", $"the assignment of the group {groupId}") with { Target = groupId }, progress, cancel);
            return true;
        }
        catch (ServiceException e) when (OktaErrors.IsNotFound(e))
        {
            return false;
        }
    }

    private static string CheckedGroup(string id) => IsId(id) ? id : throw new ProvisioningException(
        ErrorIds.GroupNotFound, ProblemCategory.ObjectNotFound, $"The Okta org has no group with the id '{id}'.", id, "Give the group's name, or its id (00g…).");
}
