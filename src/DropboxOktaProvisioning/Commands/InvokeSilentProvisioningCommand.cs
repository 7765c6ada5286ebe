using System.Management.Automation;
using DropboxOktaProvisioning.Bridge;
using DropboxOktaProvisioning.Completion;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Refresh;
using DropboxOktaProvisioning.Engine.Verification;
using DropboxOktaProvisioning.Engine.Workflow;
using DropboxOktaProvisioning.Input;

namespace DropboxOktaProvisioning.Commands;

/// <summary>
/// <para type="synopsis">The whole workflow: enables silent provisioning, verifies everybody in the scope, and tells those who wait.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "SilentProvisioning", SupportsShouldProcess = true, HelpUri = HelpPages.At + "Invoke-SilentProvisioning.md")]
[RequiredScopes(Okta = ["okta.apps.manage", "okta.users.read"], Dropbox = ["members.read", "team_info.read"])]
[OutputType(typeof(SilentProvisioningResult))]
public sealed partial class InvokeSilentProvisioningCommand : NoticeCommand
{
    private readonly List<string> _asked = [];
    private readonly List<PersonFailure> _failures = [];
    private RunOutlook? _outlook;

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

    /// <summary>The folder for the app's image before the switch is changed; without it the user's own.</summary>
    [Parameter]
    public string? BackupPath { get; set; }

    /// <summary>Does not keep how far these people are for Get-ActivationProgress and Export-ActivationReport to compare with.</summary>
    [Parameter]
    public SwitchParameter SkipObservation { get; set; }

    /// <inheritdoc/>
    protected override void OnRecord() => _asked.AddRange(Email);

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        var (org, team) = (Okta, Team);
        var started = org.Time.GetUtcNow();
        _outlook = new RunOutlook(org, team);

        // What can be wrong with the parameters is found before anything is changed or read.
        var scope = Scope();
        var keeper = KeeperFor(Refresh, FullReadAfter);
        var run = Prepare(team);
        var notices = new List<ActivationNotice>();
        SilentProvisioningStatus? app = null;
        List<DropboxUserStatus> people = [];
        _outlook.Expect(scope, checks: !Force);
        Inform($"Forecast: {_outlook.Forecast}.");
        try
        {
            var facts = RequireReadiness(org, team, SettingName);
            app = Enable(org);
            Inform($"Silent provisioning of '{app.Label}' is {app.SilentProvisioning}{(app.Changed ? ", changed now" : "")}.");
            people = Verify(scope, keeper);
            _outlook.NoteRead();
            Inform($"{people.Count} people: {Count(people.Select(person => (Enum)person.Stage))}.");
            WarnOfShortcomings(facts, people);
            Tell(run, people, notices.Add);
            var states = Count(notices.Select(notice => (Enum)notice.State));
            Inform($"{notices.Count} notices: {states}.");
            Announce(run, states, Count(people.Select(person => (Enum)person.Stage)).ToString());
            if (!SkipObservation && people.Count > 0) Observe(people, scope is VerificationScope.Everyone);
        }
        catch (ProvisioningException problem)
        {
            Announce(run, Count(notices.Select(notice => (Enum)notice.State)), problem);
            // Some were told before it broke: the counts must not be lost with the rest.
            if (notices.Count > 0) WriteObject(Result());
            throw;
        }
        finally
        {
            Await(_ => run.DisposeAsync().AsTask());
        }

        WriteObject(Result());

        SilentProvisioningResult Result()
        {
            int Count(NoticeState state) => notices.Count(notice => notice.State == state);
            var actual = _outlook.Actual(Count(NoticeState.Sent));
            return new SilentProvisioningResult
            {
                StartedOn = started,
                Duration = org.Time.GetUtcNow() - started,
                App = app,
                People = people.Count,
                ByStage = Enum.GetValues<ProvisioningStage>().ToDictionary(stage => stage.ToString(), stage => people.Count(person => person.Stage == stage)),
                Planned = Count(NoticeState.Planned),
                Sent = Count(NoticeState.Sent),
                Accepted = Count(NoticeState.Accepted),
                Redirected = Count(NoticeState.Redirected),
                Skipped = Count(NoticeState.Skipped),
                Failed = Count(NoticeState.Failed),
                Unknown = Count(NoticeState.Unknown),
                Requests = actual.OktaRequests + actual.DropboxRequests,
                Forecast = _outlook.Forecast,
                Actual = actual,
                Failures = [.. _failures, .. notices.Where(notice => notice.State is NoticeState.Failed or NoticeState.Unknown).Select(Failure)],
            };
        }
    }

    private protected override void OnPlanned(int notices, NoticeOptions options) => _outlook?.Expect(notices, options);

    private static Tally Count(IEnumerable<Enum> kinds)
    {
        var tally = new Tally();
        foreach (var kind in kinds) tally.Add(kind);
        return tally;
    }

    private static PersonFailure Failure(ActivationNotice notice) => new()
    {
        Email = notice.Email,
        ErrorId = notice.State is NoticeState.Failed ? ErrorIds.NoticeFailed : ErrorIds.NoticeUnknown,
        Reason = notice.Reason,
    };

    private VerificationScope Scope()
    {
        if (EmailColumn is not null && Path is null) throw Conflict("-EmailColumn names a column of a file, and no file was given.", "Give -Path too.");
        if (Path is not null) _asked.AddRange(ReadAddresses(Path, EmailColumn));
        var people = Path is not null || MyInvocation.ExpectingInput || MyInvocation.BoundParameters.ContainsKey(nameof(Email)) ? _asked : null;
        return ScopeInput.Of(people, Group, Domain);
    }

    private SilentProvisioningStatus Enable(OktaOrg org)
    {
        // A rehearsal looks at the switch and leaves it as it is.
        var status = KeepSwitch || IsRehearsal ? Describe(org) : SetSwitch(App, enable: true, SettingName, force: false, BackupPath);
        if (status.SilentProvisioning is not SilentProvisioningState.Enabled && !IsWhatIf)
            WriteWarning($"Silent provisioning of '{status.Label}' is {status.SilentProvisioning}: Dropbox may mail people whom Okta adds. {status.Reason} Get-SilentProvisioning shows what was seen; set it by hand, or name the setting with -SettingName.");
        return status;
    }

    private SilentProvisioningStatus Describe(OktaOrg org)
    {
        var app = Await(cancel => DropboxApps.FindOneAsync(org.Client, App, Progress, cancel));
        return new SilentSwitch(org.Client, org.Time).Describe(app, SilentSetting.Discover(app, SettingName));
    }

    private List<DropboxUserStatus> Verify(VerificationScope scope, ReadingKeeper? keeper)
    {
        var people = new List<DropboxUserStatus>();
        if (scope is VerificationScope.People { Addresses.Count: 0 }) return people;
        var verifier = VerifierFor(PersonalAccount, keeper);
        Pull(cancel => verifier.RunAsync(scope, Progress, cancel), outcome =>
        {
            if (outcome.Status is { } status) people.Add(status);
            if (outcome.Problem is not { } problem) return;
            WriteProblem(problem);
            _failures.Add(new PersonFailure { Email = problem.Target?.ToString() ?? "", ErrorId = problem.ErrorId, Reason = problem.Message });
        });
        InformOf(keeper);
        return people;
    }
}
