namespace DropboxOktaProvisioning.Bridge;

/// <summary>
/// The OAuth scopes that a command cannot work without, by their names at each service, such as <c>okta.apps.read</c> and
/// <c>members.read</c>. What is needed for one parameter only is not listed here: the service says so when it is used.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RequiredScopesAttribute : Attribute
{
    /// <summary>Scopes of an Okta service app.</summary>
    public string[] Okta { get; init; } = [];

    /// <summary>Scopes of a Dropbox app.</summary>
    public string[] Dropbox { get; init; } = [];
}
