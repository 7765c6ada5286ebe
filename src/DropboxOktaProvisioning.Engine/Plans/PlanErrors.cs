using System.Globalization;

namespace DropboxOktaProvisioning.Engine.Plans;

/// <summary>What can be wrong with a plan.</summary>
internal static class PlanErrors
{
    private const string MakeAnew = "Make a new plan with New-ProvisioningPlan, and look at it.";

    /// <summary>It is no plan.</summary>
    public static ProvisioningException Invalid(string? path, string flaw, Exception? inner = null) =>
        new(ErrorIds.PlanInvalid, ProblemCategory.InvalidData, $"{Named(path)} cannot be used: {flaw}.", path, MakeAnew, inner);

    /// <summary>A later version of the module wrote it.</summary>
    public static ProvisioningException TooNew(string? path, int version, int known) => new(
        ErrorIds.PlanTooNew, ProblemCategory.InvalidData,
        string.Create(CultureInfo.InvariantCulture, $"{Named(path)} has version {version}; this module knows versions up to {known}."), path,
        "Update the module on this machine to the version that made the plan.");

    /// <summary>An earlier version of the module wrote it: what it does not say cannot be guessed.</summary>
    public static ProvisioningException TooOld(string? path, int version) =>
        Invalid(path, string.Create(CultureInfo.InvariantCulture, $"it has version {version}, of an earlier module, and does not say in which language, how often and when people are told"));

    /// <summary>It is not as it was made.</summary>
    public static ProvisioningException Changed(string? path) => new(
        ErrorIds.PlanChanged, ProblemCategory.InvalidData, $"{Named(path)} was changed after it was made: its hash does not fit.", path,
        $"Nothing was done. Take the file as it was made. {MakeAnew}");

    /// <summary>Another plan was looked at.</summary>
    public static ProvisioningException OtherHash(ProvisioningPlan plan, string given) => new(
        ErrorIds.PlanChanged, ProblemCategory.InvalidData, $"{Named(plan.Path)} has the hash {plan.Hash}, and -PlanHash is {given}.", plan.Path ?? plan.Id,
        "Nothing was done. Give the hash of the plan that was looked at.");

    /// <summary>It is of somebody else.</summary>
    public static ProvisioningException Foreign(ProvisioningPlan plan, string what, string planned, string other) => new(
        ErrorIds.PlanForeign, ProblemCategory.InvalidArgument, $"{Named(plan.Path)} is of the {what} {planned}, and not of {other}.", plan.Path ?? plan.Id,
        "Connect to its own, or make a plan for this one with New-ProvisioningPlan.");

    /// <summary>It is too old.</summary>
    public static ProvisioningException Expired(ProvisioningPlan plan, TimeSpan longest) => new(
        ErrorIds.PlanExpired, ProblemCategory.InvalidOperation,
        string.Create(CultureInfo.InvariantCulture, $"{Named(plan.Path)} was made on {plan.CreatedOn.UtcDateTime:yyyy-MM-dd HH:mm} UTC, longer ago than the {longest.TotalDays:0} days of -MaximumPlanDays."),
        plan.Path ?? plan.Id, $"{MakeAnew} Or let it be older with -MaximumPlanDays.");

    /// <summary>The words are others.</summary>
    public static ProvisioningException OtherWords(ProvisioningPlan plan) => new(
        ErrorIds.PlanChanged, ProblemCategory.InvalidData,
        $"The notices would not have the words that {Named(plan.Path, "the plan")} shows: the sender, the address to sign on at, the team's name or a template is another one now.", plan.Path ?? plan.Id,
        $"Nobody was told. Give the same parameters as for the plan. {MakeAnew}");

    /// <summary>Something else was asked for than it says.</summary>
    public static ProvisioningException OtherManner(ProvisioningPlan plan, string parameter, string given, string planned) => new(
        ErrorIds.ConflictingParameters, ProblemCategory.InvalidArgument, $"-{parameter} is {given}, and {Named(plan.Path, "the plan")} says {planned}.", plan.Path ?? plan.Id,
        $"Leave -{parameter} out: the plan's is taken. Or make a new plan with New-ProvisioningPlan.");

    /// <summary>The switch is not as the plan saw it.</summary>
    public static ProvisioningException SwitchMoved(ProvisioningPlan plan, SilentProvisioningState now) => new(
        ErrorIds.PlanOutdated, ProblemCategory.InvalidOperation,
        $"The silent switch was {plan.Switch.State} when {Named(plan.Path, "the plan")} was made, which would not change it, and is {now} now.", plan.AppId, $"Nothing was done. {MakeAnew}");

    /// <summary>The world moved too far.</summary>
    public static ProvisioningException Outdated(ProvisioningPlan plan, IReadOnlyList<PlanMove> moves, int tolerance) => new(
        ErrorIds.PlanOutdated, ProblemCategory.InvalidOperation,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{moves.Count} people are not as {Named(plan.Path, "the plan")} of {plan.People.Count} saw them, more than the {tolerance} percent of -Tolerance: {string.Join("; ", moves.Take(3))}{(moves.Count > 3 ? "; …" : ".")}"),
        moves.Count, $"Nothing was changed and nobody was told. {MakeAnew} Or let more have moved with -Tolerance: those are left out, and never told what the plan did not say.");

    /// <summary>There is a file already.</summary>
    public static ProvisioningException Exists(string path) => new(
        ErrorIds.PlanExists, ProblemCategory.ResourceExists, $"The file '{path}' is there already and stays as it is.", path, "Name another file, or give -Force to put the new plan in its place.");

    /// <summary>The file cannot be written.</summary>
    public static ProvisioningException NotWritten(string path, string why, Exception? inner = null) => new(
        ErrorIds.PlanUnwritable, ProblemCategory.ResourceUnavailable, $"The plan cannot be written to '{path}': {why}", path, "Name a file in a folder that is there and where this account may write.", inner);

    private static string Named(string? path, string otherwise = "The plan") => path is null ? otherwise : otherwise.StartsWith('T') ? $"The plan '{path}'" : $"the plan '{path}'";
}
