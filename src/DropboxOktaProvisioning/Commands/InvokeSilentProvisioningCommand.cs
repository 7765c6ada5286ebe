using System.Management.Automation;
using DropboxOktaProvisioning.Bridge;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Verification;
using DropboxOktaProvisioning.Engine.Workflow;

namespace DropboxOktaProvisioning.Commands;

/// <summary>
/// <para type="synopsis">The whole workflow: enables silent provisioning, verifies everybody in the scope, and tells those who wait.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "SilentProvisioning", SupportsShouldProcess = true)]
[OutputType(typeof(SilentProvisioningResult))]
public sealed class InvokeSilentProvisioningCommand : NoticeCommand
{
    private readonly List<string> _asked = [];
    private readonly List<PersonFailure> _failures = [];

    /// <summary>The people, by address; without a scope it is everyone.</summary>
    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Login", "Mail", "UserPrincipalName")]
    [AllowEmptyString]
    public string[] Email { get; set; } = [];

    /// <summary>Okta groups, by name or id.</summary>
    [Parameter]
    public string[] Group { get; set; } = [];

    /// <summary>Domains: everybody whose address is exactly on one of them.</summary>
    [Parameter]
    public string[] Domain { get; set; } = [];

    /// <summary>A CSV file with a column of addresses.</summary>
    [Parameter]
    public string? Path { get; set; }

    /// <summary>The header of the file's column of addresses, where it is not found by itself.</summary>
    [Parameter]
    public string? EmailColumn { get; set; }

    /// <summary>Who is known to have a personal account: rows of Get-DropboxPersonalAccount or Import-DropboxDomainInsight, or addresses.</summary>
    [Parameter]
    public PSObject[] PersonalAccount { get; set; } = [];

    /// <summary>The setting that holds the silent switch, where discovery does not find it.</summary>
    [Parameter]
    public string? SettingName { get; set; }

    /// <summary>Leaves the silent switch as it is, for an org where it is set by hand.</summary>
    [Parameter]
    public SwitchParameter KeepSwitch { get; set; }

    /// <summary>The folder for the app's image before the switch is changed; without it the user's own.</summary>
    [Parameter]
    public string? BackupPath { get; set; }

    /// <inheritdoc/>
    protected override void OnRecord() => _asked.AddRange(Email);

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        var (org, team) = (Okta, Team);
        var started = org.Time.GetUtcNow();
        var requests = org.RequestCount + team.RequestCount;
        var scope = Scope();

        var app = Enable(org);
        var people = Verify(scope);
        var notices = new List<ActivationNotice>();
        Tell(people, team, notices.Add);

        _failures.AddRange(notices.Where(notice => notice.State is NoticeState.Failed or NoticeState.Unknown)
            .Select(notice => new PersonFailure { Email = notice.Email, ErrorId = notice.State is NoticeState.Failed ? ErrorIds.NoticeFailed : ErrorIds.NoticeUnknown, Reason = notice.Reason }));
        int Count(NoticeState state) => notices.Count(notice => notice.State == state);
        WriteObject(new SilentProvisioningResult
        {
            StartedOn = started,
            Duration = org.Time.GetUtcNow() - started,
            App = app,
            People = people.Count,
            ByStage = Enum.GetValues<ProvisioningStage>().ToDictionary(stage => stage, stage => people.Count(person => person.Stage == stage)),
            Planned = Count(NoticeState.Planned),
            Sent = Count(NoticeState.Sent),
            Skipped = Count(NoticeState.Skipped),
            Failed = Count(NoticeState.Failed),
            Unknown = Count(NoticeState.Unknown),
            Requests = org.RequestCount + team.RequestCount - requests,
            Failures = _failures,
        });
    }

    private VerificationScope Scope()
    {
        if (Path is not null) _asked.AddRange(Await(cancel => AddressFile.ReadAsync(GetUnresolvedProviderPathFromPSPath(Path), EmailColumn, cancel)));
        return ScopeInput.Of(_asked, Group, Domain, expectsPeople: Path is not null || MyInvocation.ExpectingInput);
    }

    private SilentProvisioningStatus Enable(OktaOrg org)
    {
        if (!KeepSwitch) return SetSwitch(App, enable: true, SettingName, force: false, BackupPath);
        var app = Await(cancel => DropboxApps.FindOneAsync(org.Client, App, Progress, cancel));
        return new SilentSwitch(org.Client, org.Time).Describe(app, SilentSetting.Discover(app, SettingName));
    }

    private List<DropboxUserStatus> Verify(VerificationScope scope)
    {
        var people = new List<DropboxUserStatus>();
        if (scope is VerificationScope.People { Addresses.Count: 0 }) return people;
        var verifier = VerifierFor(PersonalAccount);
        Pull(cancel => verifier.RunAsync(scope, Progress, cancel), outcome =>
        {
            if (outcome.Status is { } status) people.Add(status);
            if (outcome.Problem is not { } problem) return;
            WriteProblem(problem);
            _failures.Add(new PersonFailure { Email = problem.Target?.ToString() ?? "", ErrorId = problem.ErrorId, Reason = problem.Message });
        });
        return people;
    }
}
