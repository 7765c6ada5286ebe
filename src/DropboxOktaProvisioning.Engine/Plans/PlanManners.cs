using System.Globalization;
using DropboxOktaProvisioning.Engine.Notices;

namespace DropboxOktaProvisioning.Engine.Plans;

/// <summary>What a plan says of the sending, beside what is asked for when it is done.</summary>
public static class PlanManners
{
    private const string None = "none";

    /// <summary>Checks that nothing is asked for that the plan says otherwise. Files are not compared by their paths: they may lie elsewhere on another machine.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="words">The words that are asked for.</param>
    /// <param name="manners">The manners that are asked for.</param>
    /// <param name="wasGiven">Whether a parameter was given, by its name; the plan's word counts for the others.</param>
    /// <exception cref="ProvisioningException">ConflictingParameters, with the parameter and both values.</exception>
    public static void Check(ProvisioningPlan plan, PlannedWords words, PlannedManners manners, Func<string, bool> wasGiven)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(wasGiven);
        foreach (var ((parameter, given), (_, planned)) in Values(words, manners).Zip(Values(plan.Words, plan.Manners!)))
        {
            if (wasGiven(parameter) && !string.Equals(given(), planned(), StringComparison.OrdinalIgnoreCase)) throw PlanErrors.OtherManner(plan, parameter, given(), planned());
        }
    }

    private static IEnumerable<(string Parameter, Func<string> Value)> Values(PlannedWords words, PlannedManners manners) =>
    [
        (nameof(words.From), () => string.Join(", ", words.From)),
        (nameof(words.SsoUrl), () => words.SsoUrl),
        (nameof(manners.Language), () => manners.Language),
        (nameof(manners.ReminderAfter), () => List(manners.ReminderAfter)),
        (nameof(manners.MaximumReminder), () => manners.MaximumReminder?.ToString(CultureInfo.InvariantCulture) ?? None),
        (nameof(manners.EscalateToManager), () => manners.EscalateToManager ? "on" : "off"),
        (nameof(manners.DigestTo), () => manners.DigestTo ?? None),
        (nameof(manners.QuietHours), () => manners.QuietHours ?? None),
        (nameof(manners.WorkingDay), () => List(manners.WorkingDay)),
        // One zone has a name in Windows and one elsewhere.
        (nameof(manners.SenderTimeZone), () => PersonClock.Of(manners.SenderTimeZone).SenderTimeZone ?? None),
        (nameof(manners.SenderLimit), () => manners.SenderLimit ?? None),
    ];

    private static string List<T>(IReadOnlyList<T> values) => values.Count == 0 ? None : string.Join(", ", values);
}
