using System.Management.Automation;
using DropboxOktaProvisioning.Bridge;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Commands;

/// <summary>
/// <para type="synopsis">Tells each person's state in Okta and in Dropbox, with the reason and what to do next.</para>
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "DropboxUserStatus", DefaultParameterSetName = EveryoneSet)]
[RequiredScopes(Okta = ["okta.apps.read", "okta.users.read"], Dropbox = ["members.read", "team_info.read"])]
[OutputType(typeof(DropboxUserStatus))]
public sealed class TestDropboxUserStatusCommand : TeamCommand
{
    private const string EveryoneSet = "Everyone";
    private const string PeopleSet = "People";
    private const string GroupSet = "Group";
    private const string DomainSet = "Domain";
    private const string FileSet = "File";

    private readonly List<string> _asked = [];

    /// <summary>The people, by address.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PeopleSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Login", "Mail", "UserPrincipalName")]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public string[] Email { get; set; } = [];

    /// <summary>Okta groups, by name or id.</summary>
    [Parameter(Mandatory = true, ParameterSetName = GroupSet)]
    [ValidateNotNullOrEmpty]
    public string[] Group { get; set; } = [];

    /// <summary>Domains: everybody whose address is exactly on one of them.</summary>
    [Parameter(Mandatory = true, ParameterSetName = DomainSet)]
    [ValidateNotNullOrEmpty]
    public string[] Domain { get; set; } = [];

    /// <summary>A CSV file with a column of addresses.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FileSet)]
    public string Path { get; set; } = "";

    /// <summary>The header of the file's column of addresses, where it is not found by itself.</summary>
    [Parameter(ParameterSetName = FileSet)]
    public string? EmailColumn { get; set; }

    /// <summary>Who is known to have a personal account: rows of Get-DropboxPersonalAccount or Import-DropboxDomainInsight, or addresses.</summary>
    [Parameter]
    [ValidateNotNull]
    public PSObject[] PersonalAccount { get; set; } = [];

    /// <inheritdoc/>
    protected override void OnRecord() => _asked.AddRange(Email);

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        var scope = Scope();
        if (scope is VerificationScope.People { Addresses.Count: 0 }) return; // an empty pipeline asks for nobody, not for everybody

        var verifier = VerifierFor(PersonalAccount);
        Pull(cancel => verifier.RunAsync(scope, Progress, cancel), outcome =>
        {
            if (outcome.Problem is { } problem) WriteProblem(problem);
            else WriteObject(outcome.Status);
        });
    }

    private VerificationScope Scope() => ParameterSetName switch
    {
        PeopleSet => new VerificationScope.People(_asked),
        GroupSet => new VerificationScope.Groups(Group),
        DomainSet => new VerificationScope.Domains(Domain),
        FileSet => new VerificationScope.People(ReadAddresses(Path, EmailColumn)),
        _ => new VerificationScope.Everyone(),
    };
}
