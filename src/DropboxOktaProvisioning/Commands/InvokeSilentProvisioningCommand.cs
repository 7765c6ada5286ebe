using System.Management.Automation;
using DropboxOktaProvisioning.Bridge;
using DropboxOktaProvisioning.Connections;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Plans;
using DropboxOktaProvisioning.Engine.Verification;
using DropboxOktaProvisioning.Engine.Workflow;

namespace DropboxOktaProvisioning.Commands;

/// <summary>
/// <para type="synopsis">The whole workflow: enables silent provisioning, verifies everybody in the scope, and tells those who wait; or does just what a plan says.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "SilentProvisioning", SupportsShouldProcess = true, HelpUri = HelpPages.At + "Invoke-SilentProvisioning.md")]
[RequiredScopes(Okta = ["okta.apps.manage", "okta.users.read"], Dropbox = ["members.read", "team_info.read"])]
[OutputType(typeof(SilentProvisioningResult))]
public sealed partial class InvokeSilentProvisioningCommand : WorkflowCommand
{
    private RunOutlook? _outlook;

    /// <summary>The folder for the app's image before the switch is changed; without it the user's own.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? BackupPath { get; set; }

    /// <summary>Does not keep how far these people are for Get-ActivationProgress and Export-ActivationReport to compare with.</summary>
    [Parameter]
    public SwitchParameter SkipObservation { get; set; }

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        var (org, team) = (Okta, Team);
        var started = org.Time.GetUtcNow();
        _outlook = new RunOutlook(org, team);

        // What can be wrong with the parameters is found before anything is changed or read.
        var plan = TakePlan(org, team);
        var scope = plan is null ? Scope() : PlanMaker.Scope(plan.Scope);
        _ = Keeper;
        var run = Prepare(team);
        var notices = new List<ActivationNotice>();
        SilentProvisioningStatus? app = null;
        IReadOnlyList<DropboxUserStatus> people = [];
        PlanMatch? match = null;
        RunLease? lease = null;
        try
        {
            _outlook.Expect(scope, checks: !Force, isKept: KeepSwitch || IsRehearsal, isChanged: plan?.Switch.Changes == true, Foresee(org, scope));
            Inform($"Forecast: {_outlook.Forecast}.");
            CheckWords(plan, run.Options);
            scope = Await(cancel => OktaGroups.ResolveAsync(org.Client, scope, Progress, cancel));
            lease = IsWhatIf || IsRehearsal ? null : Lease(org, team, scope);
            var facts = RequireReadiness(org, team, SettingName);
            if (plan is not null) people = (match = Compare(plan, org, Verify(scope))).People;
            if (lease is not null) Await(cancel => lease.DemandAsync(cancel));
            app = Enable(org);
            Inform($"Silent provisioning of '{app.Label}' is {app.SilentProvisioning}{(app.Changed ? ", changed now" : "")}.");
            // Whoever is added while the list is read comes silently already. A plan's people were looked at before anything was changed.
            if (plan is null) people = Verify(scope);
            _outlook.NoteRead();
            InformOf(people);
            WarnOfShortcomings(facts, people);
            Tell(run with { Lease = lease }, people, notices.Add, match is null ? null : match.Narrow);
            var states = NoticeTally.Of(notices);
            Inform($"{states}.");
            Announce(run, states, Tally.Of(people.Select(person => (Enum)person.Stage)).ToString());
            if (!SkipObservation && !IsRehearsal && people.Count > 0) Observe(people, scope is VerificationScope.Everyone);
        }
        catch (Exception exception) when (Unforeseen.ProblemOf(exception) is { } problem)
        {
            Announce(run, NoticeTally.Of(notices), problem);
            // Some were told before it broke: the counts must not be lost with the rest.
            if (notices.Count > 0) WriteObject(Result());
            throw;
        }
        finally
        {
            Await(async _ =>
            {
                await run.DisposeAsync();
                if (lease is not null) await lease.DisposeAsync();
            });
        }

        WriteObject(Result());

        SilentProvisioningResult Result()
        {
            var states = NoticeTally.Of(notices);
            var actual = _outlook.Actual(notices.Count(notice => notice.State is NoticeState.Sent or NoticeState.Accepted or NoticeState.Redirected));
            return new SilentProvisioningResult
            {
                StartedOn = started,
                Duration = org.Time.GetUtcNow() - started,
                App = app,
                PlanHash = plan?.Hash,
                People = people.Count,
                ByStage = Enum.GetValues<ProvisioningStage>().ToDictionary(stage => stage.ToString(), stage => people.Count(person => person.Stage == stage)),
                Planned = states[NoticeState.Planned],
                Sent = states[NoticeState.Sent],
                Accepted = states[NoticeState.Accepted],
                Escalated = states.Escalated,
                Redirected = states[NoticeState.Redirected],
                Waiting = states[NoticeState.Waiting],
                Skipped = states[NoticeState.Skipped],
                ToldBefore = notices.Count(notice => notice is { State: NoticeState.Skipped, SentOn: not null } && notice.Kind.IsToPerson()),
                Held = Held,
                Moved = match?.Moves.Count,
                Failed = states[NoticeState.Failed],
                Unknown = states[NoticeState.Unknown],
                Requests = actual.OktaRequests + actual.DropboxRequests,
                Forecast = _outlook.Forecast,
                Actual = actual,
                Failures = [.. Failures, .. notices.Where(notice => notice.State is NoticeState.Failed or NoticeState.Unknown).Select(Failure)],
            };
        }
    }

    private protected override void OnPlanned(IReadOnlyList<PlannedNotice> plan, NoticeOptions options) => _outlook?.Expect(plan, options);

    private static PersonFailure Failure(ActivationNotice notice) => new()
    {
        Email = notice.About ?? notice.Email,
        ErrorId = notice.State is NoticeState.Failed ? ErrorIds.NoticeFailed : ErrorIds.NoticeUnknown,
        Reason = notice.Reason,
    };

    private RunLease Lease(OktaOrg org, DropboxTeam team, VerificationScope scope)
    {
        var choice = JournalChoice.For(this, Journal, team);
        var what = RunScope.Of(scope, team.TeamId, FindApp(org).Id);
        return Await(cancel => RunLease.TakeAsync(choice.Location, what, choice.Time, Progress, cancel));
    }

    private SilentProvisioningStatus Enable(OktaOrg org)
    {
        // A rehearsal looks at the switch and leaves it as it is.
        var status = KeepSwitch || IsRehearsal ? Describe(org) : SetSwitch(App, enable: true, SettingName, force: false, BackupPath);
        if (status.SilentProvisioning is not SilentProvisioningState.Enabled && !IsWhatIf)
            WriteWarning($"Silent provisioning of '{status.Label}' is {status.SilentProvisioning}: Dropbox may mail people whom Okta adds. {status.Reason} Get-SilentProvisioning shows what was seen; set it by hand, or name the setting with -SettingName.");
        return status;
    }
}
