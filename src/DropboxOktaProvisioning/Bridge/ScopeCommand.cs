using System.Management.Automation;
using DropboxOktaProvisioning.Completion;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Verification;
using DropboxOktaProvisioning.Input;

namespace DropboxOktaProvisioning.Bridge;

/// <summary>A command about the people of a scope that has a parameter set of its own: named ones, groups, domains, or everyone.</summary>
public abstract class ScopeCommand : TeamCommand
{
    private protected const string EveryoneSet = "Everyone";
    private protected const string PeopleSet = "People";
    private protected const string GroupSet = "Group";
    private protected const string DomainSet = "Domain";

    private readonly List<string> _asked = [];

    /// <summary>The people, by address, or objects that have one.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PeopleSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Login", "Mail", "UserPrincipalName")]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [Identity("Email", "Login", "Mail", "UserPrincipalName", "profile.login", "profile.email")]
    public string[] Email { get; set; } = [];

    /// <summary>Okta groups, by name or id, or objects that have one.</summary>
    [Parameter(Mandatory = true, ParameterSetName = GroupSet)]
    [ValidateNotNullOrEmpty]
    [Identity("GroupId", "Id", "profile.name")]
    [ArgumentCompleter(typeof(GroupCompleter))]
    public string[] Group { get; set; } = [];

    /// <summary>Domains: everybody whose address is exactly on one of them.</summary>
    [Parameter(Mandatory = true, ParameterSetName = DomainSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DomainCompleter))]
    public string[] Domain { get; set; } = [];

    /// <inheritdoc/>
    protected sealed override void OnRecord() => _asked.AddRange(Email);

    /// <summary>The scope that was named.</summary>
    private protected virtual VerificationScope Scope() => ParameterSetName switch
    {
        PeopleSet => new VerificationScope.People(_asked),
        GroupSet => new VerificationScope.Groups(Group),
        DomainSet => new VerificationScope.Domains([.. Domain.Select(DomainName.Parse)]),
        _ => new VerificationScope.Everyone(),
    };
}
