using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Bridge;

/// <summary>Turns the parameters that name a scope into one; a command that has no parameter sets for them checks here.</summary>
internal static class ScopeInput
{
    /// <summary>The one scope that was named; nobody named is everyone, unless people were expected from the pipeline.</summary>
    public static VerificationScope Of(IReadOnlyList<string> people, string[] groups, string[] domains, bool expectsPeople)
    {
        var named = new List<string>();
        if (people.Count > 0 || expectsPeople) named.Add("-Email");
        if (groups.Length > 0) named.Add("-Group");
        if (domains.Length > 0) named.Add("-Domain");
        if (named.Count > 1)
            throw new ProvisioningException(ErrorIds.ConflictingParameters, ProblemCategory.InvalidArgument, $"More than one scope was given: {string.Join(" and ", named)}.", null, "Give one of them, or none for everyone.");

        return named.FirstOrDefault() switch
        {
            "-Email" => new VerificationScope.People(people),
            "-Group" => new VerificationScope.Groups(groups),
            "-Domain" => new VerificationScope.Domains(domains),
            _ => new VerificationScope.Everyone(),
        };
    }
}
