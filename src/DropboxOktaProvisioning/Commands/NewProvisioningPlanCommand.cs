using System.Management.Automation;
using DropboxOktaProvisioning.Bridge;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Plans;
using DropboxOktaProvisioning.Engine.Verification;
using DropboxOktaProvisioning.Engine.Workflow;

namespace DropboxOktaProvisioning.Commands;

/// <summary>
/// <para type="synopsis">Works out what Invoke-SilentProvisioning would do, for a person to look at, and for it to do just that.</para>
/// </summary>
[Cmdlet(VerbsCommon.New, "ProvisioningPlan", SupportsShouldProcess = true, HelpUri = HelpPages.At + "New-ProvisioningPlan.md")]
[RequiredScopes(Okta = ["okta.apps.read", "okta.users.read"], Dropbox = ["members.read", "team_info.read"])]
[OutputType(typeof(ProvisioningPlan))]
public sealed class NewProvisioningPlanCommand : WorkflowCommand
{
    /// <summary>The file for the plan. It holds addresses, and only its owner may read it.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? PlanPath { get; set; }

    /// <inheritdoc/>
    private protected override bool OnlyLooks => true;

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        var (org, team) = (Okta, Team);
        if (IsRehearsal) throw Conflict("A plan says whom the notices are for, and -RedirectTo sends them elsewhere.", "Rehearse the plan: give -RedirectTo to Invoke-SilentProvisioning with -Plan.");
        var scope = Scope();
        var path = PlanPath is null ? null : DiskPath.Of(this, PlanPath);
        if (path is not null) PlanFile.CheckTarget(path, Force);
        _ = Keeper;
        var run = Prepare(team);
        try
        {
            var facts = RequireReadiness(org, team, SettingName);
            var frame = Frame(org, team, scope, run.Options);
            var people = Verify(scope);
            InformOf(people);
            WarnOfShortcomings(facts, people);
            var notices = WorkOut(run, people, looksAhead: true);
            var outlook = new RunOutlook(org, team);
            outlook.Expect(scope, checks: !Force, frame.Switch.IsKept, frame.Switch.Changes, Foresee(org, scope));
            outlook.Expect(notices, run.Options);
            var plan = PlanMaker.Make(frame with { Forecast = outlook.Forecast }, notices);
            Inform($"{plan.Planned} of {plan.People.Count} people would be told.");
            if (path is not null && ShouldProcess(path, "Write the plan")) plan = Write(plan, path);
            WriteObject(plan);
        }
        finally
        {
            Await(_ => run.DisposeAsync().AsTask());
        }
    }

    private ProvisioningPlan Frame(OktaOrg org, DropboxTeam team, VerificationScope scope, NoticeOptions options)
    {
        var app = Describe(org);
        // What stands in the way of the switch is an error here already, and not first where the plan is to be done.
        var changes = !KeepSwitch && SilentSwitch.Plan(FindApp(org), enable: true, SettingName, force: false).Value is not null;
        return new ProvisioningPlan
        {
            CreatedOn = org.Time.GetUtcNow(),
            OktaOrg = org.Domain,
            TeamId = team.TeamId,
            TeamName = team.Name,
            AppId = app.AppId,
            AppLabel = app.Label,
            Scope = PlanMaker.Scope(scope),
            Switch = new PlannedSwitch { State = app.SilentProvisioning, Changes = changes, IsKept = KeepSwitch, SettingName = SettingName },
            Words = new PlannedWords { From = [options.From, .. options.MoreSenders], SsoUrl = options.SsoUrl, TemplatePath = options.TemplatePath, Digest = NoticeService.Check(options) },
            Manners = AskedManners(),
            ToldStages = Stage,
            ResendUnknown = ResendUnknown,
        };
    }

    private ProvisioningPlan Write(ProvisioningPlan plan, string path)
    {
        Await(cancel => PlanFile.WriteAsync(plan, path, Force, cancel));
        return plan with { Path = path };
    }
}
