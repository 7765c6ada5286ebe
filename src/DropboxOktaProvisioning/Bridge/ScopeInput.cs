using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Bridge;

/// <summary>The scope that a command's parameters name, for a command whose parameter sets are taken up by other things.</summary>
internal static class ScopeInput
{
    /// <summary>The one scope that was named. Nothing named is everyone; a name that turns out to be nobody is nobody.</summary>
    /// <param name="people">The people, null unless some were asked for, by parameter, by file or from the pipeline.</param>
    /// <param name="groups">The groups, null unless named.</param>
    /// <param name="domains">The domains, null unless named.</param>
    /// <exception cref="ProvisioningException">ConflictingParameters or InvalidDomain.</exception>
    public static VerificationScope Of(IReadOnlyList<string>? people, string[]? groups, string[]? domains)
    {
        VerificationScope?[] named =
        [
            people is null ? null : new VerificationScope.People(people),
            groups is null ? null : new VerificationScope.Groups(groups),
            domains is null ? null : new VerificationScope.Domains([.. domains.Select(DomainName.Parse)]),
        ];
        var given = named.OfType<VerificationScope>().ToArray();
        return given.Length switch
        {
            0 => new VerificationScope.Everyone(),
            1 => given[0],
            _ => throw new ProvisioningException(
                ErrorIds.ConflictingParameters, ProblemCategory.InvalidArgument, "More than one scope was given: people, groups and domains exclude each other.", null,
                "Give one of them, or none for everyone."),
        };
    }
}
