using System.Security.Cryptography;
using System.Text;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Engine.Workflow;

/// <summary>What a run works on: a key that is the same however the scope is written, and words for a person.</summary>
/// <param name="Key">Team, app and scope. Holds no address.</param>
/// <param name="Words">The scope, such as <c>the groups 'Sales', 'Support'</c>.</param>
public sealed record RunScope(string Key, string Words)
{
    /// <summary>The scope of a run.</summary>
    /// <param name="scope">Whom it is about. Groups count by their ids, once they are found: a name and an id may be one group.</param>
    /// <param name="teamId">The Dropbox team.</param>
    /// <param name="appId">The app in Okta.</param>
    public static RunScope Of(VerificationScope scope, string teamId, string appId)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var (kind, names) = scope switch
        {
            VerificationScope.Groups groups => ("groups", groups.Found is { } found ? Ids(found) : Canonical(groups.Names)),
            VerificationScope.Domains domains => ("domains", Canonical(domains.Names.Select(name => name.TrimStart('@')))),
            VerificationScope.People people => ("people", Canonical(people.Addresses)),
            _ => ("everyone", []),
        };
        // A digest, because a journal that others read should not tell whom a run was about.
        var digest = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', names))));
        return new RunScope($"{teamId}|{appId}|{kind}|{digest}", WordsOf(scope));
    }

    /// <summary>The scope in words.</summary>
    public static string WordsOf(VerificationScope scope) => scope switch
    {
        VerificationScope.Groups groups => $"the groups {Quoted(groups.Names)}",
        VerificationScope.Domains domains => $"the domains {Quoted(domains.Names)}",
        VerificationScope.People people => $"{people.Addresses.Count} people by address",
        _ => "everyone",
    };

    private static string[] Canonical(IEnumerable<string> names) => [.. names.Select(name => name.Trim().ToLowerInvariant()).Distinct().Order(StringComparer.Ordinal)];

    private static string[] Ids(IReadOnlyList<NamedGroup> found) =>
        [.. Canonical(found.Where(one => one.Group is null).Select(one => one.Name)), .. found.Select(one => one.Group?.Id).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    private static string Quoted(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));
}
