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
            if (!wasGiven(parameter) || string.Equals(given(), planned(), StringComparison.OrdinalIgnoreCase)) continue;
            // One zone has several names: UTC and Etc/UTC, or one in Windows and one elsewhere.
            if (parameter == nameof(manners.SenderTimeZone) && PersonClock.Of(manners.SenderTimeZone).IsLike(PersonClock.Of(plan.Manners!.SenderTimeZone))) continue;
            throw PlanErrors.OtherManner(plan, parameter, given(), planned());
        }
    }

    private static IEnumerable<(string Parameter, Func<string> Value)> Values(PlannedWords words, PlannedManners manners) =>
    [
        (nameof(words.From), () => string.Join(", ", words.From)),
        (nameof(words.SsoUrl), () => Address(words.SsoUrl)),
        (nameof(manners.Language), () => manners.Language),
        (nameof(manners.ReminderAfter), () => List(manners.ReminderAfter)),
        (nameof(manners.MaximumReminder), () => manners.MaximumReminder?.ToString(CultureInfo.InvariantCulture) ?? None),
        (nameof(manners.EscalateToManager), () => manners.EscalateToManager ? "on" : "off"),
        (nameof(manners.DigestTo), () => manners.DigestTo ?? None),
        (nameof(manners.QuietHours), () => manners.QuietHours is { } hours ? SendingHours.Written(hours) : None),
        (nameof(manners.WorkingDay), () => List(manners.WorkingDay)),
        (nameof(manners.SenderTimeZone), () => PersonClock.Of(manners.SenderTimeZone).SenderTimeZone ?? None),
        (nameof(manners.SenderLimit), () => manners.SenderLimit ?? None),
    ];

    // A browser goes to the same page with a slash at the end or without.
    private static string Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) ? address.GetLeftPart(UriPartial.Path).TrimEnd('/') + address.Query + address.Fragment : text;

    private static string List<T>(IReadOnlyList<T> values) => values.Count == 0 ? None : string.Join(", ", values);
}
