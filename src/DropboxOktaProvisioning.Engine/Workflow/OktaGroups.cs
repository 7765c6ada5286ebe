using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning.Engine.Workflow;

/// <summary>Finds the group that an admin means.</summary>
public static class OktaGroups
{
    /// <summary>The one group with this name or id.</summary>
    /// <exception cref="ProvisioningException">GroupNotFound or GroupAmbiguous.</exception>
    public static async Task<OktaGroup> FindOneAsync(OktaClient okta, string nameOrId, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        var groups = await okta.FindGroupsAsync(nameOrId, progress, cancel);
        return groups.Count switch
        {
            1 => groups[0],
            0 => throw new ProvisioningException(
                ErrorIds.GroupNotFound, ProblemCategory.ObjectNotFound, $"Okta has no group '{nameOrId}'.", nameOrId,
                "Check the name: it must be whole, its case does not matter. An id (00g…) works too."),
            _ => throw new ProvisioningException(
                ErrorIds.GroupAmbiguous, ProblemCategory.Ambiguous,
                $"The group name '{nameOrId}' fits {groups.Count} groups: {string.Join(", ", groups.Select(group => $"{group.Id} ({group.Type})"))}.", nameOrId,
                "Give the id of the right one."),
        };
    }
}
