using System.Management.Automation;
using DropboxOktaProvisioning.Completion;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Refresh;
using DropboxOktaProvisioning.Engine.Verification;
using DropboxOktaProvisioning.Engine.Workflow;
using DropboxOktaProvisioning.Input;

namespace DropboxOktaProvisioning.Bridge;

/// <summary>A command over the whole workflow: the switch, everybody in a scope, and the notices.</summary>
public abstract partial class WorkflowCommand : NoticeCommand
{
    private readonly List<string> _asked = [];
    private OktaApp? _app;

    /// <summary>The people, by address, or objects that have one; without a scope it is everyone.</summary>
    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Login", "Mail", "UserPrincipalName")]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [ValidateNotNull]
    [Identity("Email", "Login", "Mail", "UserPrincipalName", "profile.login", "profile.email")]
    public string[] Email { get; set; } = [];

    /// <summary>Okta groups, by name or id, or objects that have one.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [Identity("GroupId", "Id", "profile.name")]
    [ArgumentCompleter(typeof(GroupCompleter))]
    public string[]? Group { get; set; }

    /// <summary>Domains: everybody whose address is exactly on one of them.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DomainCompleter))]
    public string[]? Domain { get; set; }

    /// <summary>A CSV file with a column of addresses.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>The header of the file's column of addresses, where it is not found by itself.</summary>
    [Parameter]
    public string? EmailColumn { get; set; }

    /// <summary>Who is known to have a personal account: rows of Get-DropboxPersonalAccount or Import-DropboxDomainInsight, or addresses.</summary>
    [Parameter]
    [ValidateNotNull]
    public PSObject[] PersonalAccount { get; set; } = [];

    /// <summary>The setting that holds the silent switch, where discovery does not find it.</summary>
    [Parameter]
    public string? SettingName { get; set; }

    /// <summary>Leaves the silent switch as it is, for an org where it is set by hand.</summary>
    [Parameter]
    public SwitchParameter KeepSwitch { get; set; }

    /// <summary>Who could not be looked at, and why.</summary>
    private protected List<PersonFailure> Failures { get; } = [];

    /// <inheritdoc/>
    protected sealed override void OnRecord() => _asked.AddRange(Email);

    /// <summary>The one scope that was named.</summary>
    private protected VerificationScope Scope()
    {
        if (EmailColumn is not null && Path is null) throw Conflict("-EmailColumn names a column of a file, and no file was given.", "Give -Path too.");
        if (Path is not null) _asked.AddRange(ReadAddresses(Path, EmailColumn));
        var people = Path is not null || MyInvocation.ExpectingInput || MyInvocation.BoundParameters.ContainsKey(nameof(Email)) ? _asked : null;
        return ScopeInput.Of(people, Group, Domain);
    }

    /// <summary>The app, looked up once.</summary>
    private protected OktaApp FindApp(OktaOrg org) => _app ??= Await(cancel => DropboxApps.FindOneAsync(org.Client, App, Progress, cancel));

    /// <summary>The app and its switch as they are.</summary>
    private protected SilentProvisioningStatus Describe(OktaOrg org) => new SilentSwitch(org.Client, org.Time).Describe(FindApp(org), SilentSetting.Discover(FindApp(org), SettingName));

    /// <summary>How everybody will be read where a reading is kept; null where none is, or the scope takes none.</summary>
    private protected RefreshOutlook? Foresee(OktaOrg org, VerificationScope scope) =>
        Keeper is { } keeper ? Await(cancel => keeper.ForeseeAsync(org.Client, Team.Client, FindApp(org).Id, scope, cancel)) : null;

    /// <summary>Everybody in the scope; a name that nobody has is an error of that name.</summary>
    private protected List<DropboxUserStatus> Verify(VerificationScope scope)
    {
        var people = new List<DropboxUserStatus>();
        if (scope is VerificationScope.People { Addresses.Count: 0 }) return people;
        var verifier = VerifierFor(PersonalAccount, FindApp(Okta));
        Pull(cancel => verifier.RunAsync(scope, Progress, cancel), outcome =>
        {
            if (outcome.Status is { } status) people.Add(status);
            if (outcome.Problem is not { } problem) return;
            WriteProblem(problem);
            Failures.Add(new PersonFailure { Email = problem.Target?.ToString() ?? "", ErrorId = problem.ErrorId, Reason = problem.Message });
        });
        InformOfReading();
        return people;
    }

    /// <summary>Tells in a line where everybody stands.</summary>
    private protected void InformOf(IReadOnlyList<DropboxUserStatus> people) => Inform($"{people.Count} people: {Tally.Of(people.Select(person => (Enum)person.Stage))}.");
}
