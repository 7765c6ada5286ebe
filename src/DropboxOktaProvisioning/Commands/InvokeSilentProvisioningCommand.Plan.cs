using System.Globalization;
using System.Management.Automation;
using DropboxOktaProvisioning.Bridge;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Plans;

namespace DropboxOktaProvisioning.Commands;

/// <content>Doing just what a plan says.</content>
public sealed partial class InvokeSilentProvisioningCommand
{
    // A plan says all of these itself.
    private static readonly string[] SaidByPlan =
        [nameof(Email), nameof(Group), nameof(Domain), nameof(Path), nameof(EmailColumn), nameof(Stage), nameof(KeepSwitch), nameof(SettingName), nameof(ResendUnknown)];

    private bool _isApproved;

    /// <summary>A plan of New-ProvisioningPlan, or its file: just that is done, and nobody told who is not in it.</summary>
    [Parameter]
    [ValidateNotNull]
    public PSObject? Plan { get; set; }

    /// <summary>The hash of the plan that was looked at. It lifts -MaximumCount and -MaximumPercent, which nothing else does in an unattended run.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? PlanHash { get; set; }

    /// <summary>How many percent of the plan's people may have moved since: those are left out. Where more have, nothing is done.</summary>
    [Parameter]
    [ValidateRange(0, 100)]
    public int Tolerance { get; set; } = 10;

    /// <summary>How many days old a plan may be.</summary>
    [Parameter]
    [ValidateRange(1, 3650)]
    public int MaximumPlanDays { get; set; } = 7;

    /// <inheritdoc/>
    private protected override bool IsApproved => _isApproved;

    /// <summary>The plan, if one was given, checked as far as it can be without asking anybody; what it says takes the place of parameters.</summary>
    private ProvisioningPlan? TakePlan(OktaOrg org, DropboxTeam team)
    {
        if (Plan is null) return PlanHash is null ? null : throw Conflict("-PlanHash is the hash of a plan, and no plan was given.", "Give -Plan too.");
        var given = MyInvocation.ExpectingInput ? "the pipeline" : SaidByPlan.Where(MyInvocation.BoundParameters.ContainsKey).Select(name => "-" + name).FirstOrDefault();
        if (given is not null) throw Conflict($"A plan says itself who is told and what becomes of the switch, and {given} was given beside it.", "Give either -Plan or that.");

        var plan = Read(Plan);
        PlanSeal.CheckUse(plan, PlanHash, org.Domain, team.TeamId, App, org.Time.GetUtcNow(), TimeSpan.FromDays(MaximumPlanDays));
        _isApproved = PlanHash is not null;
        PlanManners.Check(plan, new PlannedWords { From = From ?? [], SsoUrl = SsoUrl ?? "" }, AskedManners(), MyInvocation.BoundParameters.ContainsKey);
        Take(plan.Manners!);
        App = plan.AppId;
        // What was given means the same, and may be spelled otherwise than in the words under the plan's digest.
        (From, SsoUrl, TemplatePath) = ([.. plan.Words.From], plan.Words.SsoUrl, TemplatePath ?? plan.Words.TemplatePath);
        (Stage, ResendUnknown, KeepSwitch, SettingName) = ([.. plan.ToldStages], plan.ResendUnknown, plan.Switch.IsKept, plan.Switch.SettingName);
        return plan;
    }

    private ProvisioningPlan Read(PSObject given)
    {
        if (given.BaseObject is ProvisioningPlan plan)
        {
            PlanSeal.Check(plan);
            return plan;
        }

        var path = given.BaseObject switch
        {
            string text => text,
            FileInfo file => file.FullName,
            _ => throw new ProvisioningException(
                ErrorIds.PlanInvalid, ProblemCategory.InvalidArgument, $"A {given.BaseObject.GetType().Name} is neither a plan nor the path of one.", given,
                "Hand in what New-ProvisioningPlan gives, or its file."),
        };
        return Await(cancel => PlanFile.ReadAsync(DiskPath.Of(this, path), cancel));
    }

    private static void CheckWords(ProvisioningPlan? plan, NoticeOptions options)
    {
        if (plan is not null) PlanSeal.CheckWords(plan, NoticeService.Check(options));
    }

    /// <summary>The plan beside the people as they are now; nothing is written before it fits.</summary>
    private PlanMatch Compare(ProvisioningPlan plan, OktaOrg org, IReadOnlyList<DropboxUserStatus> people)
    {
        PlanSeal.CheckSwitch(plan, Describe(org).SilentProvisioning);
        var match = new PlanMatch(plan, people, MyInvocation.BoundParameters.ContainsKey(nameof(PersonalAccount)));
        PlanSeal.CheckMoves(plan, match, Tolerance);
        Inform(string.Create(CultureInfo.InvariantCulture, $"{match.Moves.Count} of {plan.People.Count} people are not as the plan saw them: those are left out."));
        return match;
    }
}
