using System.Management.Automation;
using System.Reflection;

namespace DropboxOktaProvisioning.Bridge;

/// <summary>Which scopes the module's commands need, as their own declarations say.</summary>
internal static class CommandScopes
{
    /// <summary>Every command that declares scopes, by name.</summary>
    public static IReadOnlyList<(string Command, RequiredScopesAttribute Scopes)> All { get; } =
    [
        .. typeof(CommandScopes).Assembly.GetTypes()
            .Select(type => (Cmdlet: type.GetCustomAttribute<CmdletAttribute>(), Scopes: type.GetCustomAttribute<RequiredScopesAttribute>()))
            .Where(found => found is { Cmdlet: not null, Scopes: not null })
            .Select(found => ($"{found.Cmdlet!.VerbName}-{found.Cmdlet.NounName}", found.Scopes!))
            .OrderBy(found => found.Item1, StringComparer.Ordinal),
    ];

    /// <summary>Which commands lack which scope; null where the scopes are not known.</summary>
    /// <param name="granted">What the token may do.</param>
    /// <param name="needed">Picks the service's side.</param>
    public static IReadOnlyList<LackingScope>? Lacking(IReadOnlyList<string>? granted, Func<RequiredScopesAttribute, string[]> needed) =>
        granted is null ? null : [.. All.SelectMany(one => needed(one.Scopes).Where(scope => !Covers(granted, scope)).Select(scope => new LackingScope(one.Command, scope)))];

    /// <summary>What to add to the advice about a missing right: all that the running command needs at that service.</summary>
    public static string? Advice(Type command, string service)
    {
        if (command.GetCustomAttribute<RequiredScopesAttribute>() is not { } scopes || command.GetCustomAttribute<CmdletAttribute>() is not { } cmdlet) return null;
        var needed = service == "Okta" ? scopes.Okta : scopes.Dropbox;
        return needed.Length == 0 ? null : $"In all, {cmdlet.VerbName}-{cmdlet.NounName} needs {string.Join(", ", needed)} of {service}.";
    }

    // A manage scope includes its read scope (Okta: OAuth for Okta service app guide).
    private static bool Covers(IReadOnlyList<string> granted, string scope) =>
        granted.Contains(scope) || (scope.StartsWith("okta.", StringComparison.Ordinal) && scope.EndsWith(".read", StringComparison.Ordinal) && granted.Contains(scope[..^5] + ".manage"));
}
