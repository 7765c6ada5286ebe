using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Engine.Workflow;

/// <summary>What Okta has by a name: the one group, or why it is none.</summary>
/// <param name="Name">The name or id that was asked for.</param>
/// <param name="Group">The group.</param>
/// <param name="Problem">GroupNotFound or GroupAmbiguous.</param>
internal sealed record NamedGroup(string Name, OktaGroup? Group, ProvisioningException? Problem);

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

    /// <summary>A scope whose groups are known, so that nobody asks for them again; any other as it is.</summary>
    /// <exception cref="ProvisioningException">Okta cannot be asked. A name that no group has, or several, is a problem of that name.</exception>
    public static async Task<VerificationScope> ResolveAsync(OktaClient okta, VerificationScope scope, IProgress<RunEvent>? progress, CancellationToken cancel) =>
        scope is VerificationScope.Groups { Found: null } groups ? groups with { Found = await FindAllAsync(okta, groups.Names, progress, cancel) } : scope;

    /// <summary>What Okta has by each of the names.</summary>
    internal static async Task<IReadOnlyList<NamedGroup>> FindAllAsync(OktaClient okta, IReadOnlyList<string> names, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        var found = new List<NamedGroup>(names.Count);
        foreach (var name in names)
        {
            try
            {
                found.Add(new NamedGroup(name, await FindOneAsync(okta, name, progress, cancel), null));
            }
            catch (ProvisioningException problem) when (problem.ErrorId is ErrorIds.GroupNotFound or ErrorIds.GroupAmbiguous)
            {
                found.Add(new NamedGroup(name, null, problem));
            }
        }

        return found;
    }
}
