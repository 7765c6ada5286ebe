using System.Globalization;

namespace DropboxOktaProvisioning.Engine.Reports;

/// <summary>Counts how far people have come. Pure: the same rows give the same counts, in whatever order they come.</summary>
public static class ActivationFunnel
{
    /// <summary>One row per group, the biggest first, then by name.</summary>
    /// <param name="people">Everybody at hand; who is not assigned is in no count.</param>
    /// <param name="by">What puts people together.</param>
    /// <param name="lastNotice">When a notice left for a person, as the journal knows it.</param>
    public static IReadOnlyList<ActivationProgress> Of(
        IEnumerable<DropboxUserStatus> people, ProgressGrouping by, Func<DropboxUserStatus, DateTimeOffset?> lastNotice)
    {
        var assigned = people.Where(person => person.AssignmentStatus is not null).Select(person => person with { LastNotice = lastNotice(person) ?? person.LastNotice }).ToArray();
        return [.. assigned.GroupBy(person => NameOf(person, by), StringComparer.Ordinal)
            .Select(group => Count(group.Key, by, [.. group]))
            .OrderByDescending(row => row.Assigned).ThenBy(row => row.Group, StringComparer.Ordinal)];
    }

    private static ActivationProgress Count(string name, ProgressGrouping by, DropboxUserStatus[] people)
    {
        // Where the logs of one who waits were not looked at, the number is not lower, but unknown.
        var knowsAttempts = people.All(person => person.AttemptsRead || person.Stage is not ProvisioningStage.AwaitingActivation);
        var provisioned = people.Where(person => person.DropboxStatus is "active" or "invited" or "suspended").ToArray();
        double[] days = [.. provisioned.Select(DaysToActivation).OfType<double>().Order()];
        return new ActivationProgress
        {
            Group = name,
            By = by,
            Assigned = people.Length,
            Provisioned = provisioned.Length,
            Told = provisioned.Count(person => person.LastNotice is not null),
            Tried = knowsAttempts ? provisioned.Count(person => person.TriedOn is not null || person.JoinedOn is not null || person.DropboxStatus is "active") : null,
            Active = provisioned.Count(person => person.Stage is ProvisioningStage.Active),
            MedianDays = Median(days),
            Percentile90Days = days.Length == 0 ? null : Tenth(days[((9 * days.Length) + 9) / 10 - 1]),
        };
    }

    private static string NameOf(DropboxUserStatus person, ProgressGrouping by) => by switch
    {
        ProgressGrouping.Domain => person.Email.LastIndexOf('@') is >= 0 and var at ? person.Email[(at + 1)..].ToLowerInvariant() : "",
        ProgressGrouping.NoticeMonth => person.LastNotice?.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture) ?? "",
        _ => nameof(ProgressGrouping.Everyone),
    };

    // From the notice on, for Dropbox tells the invitation's day only until a person joins. Who joined before it did so without it.
    private static double? DaysToActivation(DropboxUserStatus person) =>
        person.Stage is ProvisioningStage.Active && person.JoinedOn - person.LastNotice is { Ticks: >= 0 } span ? span.TotalDays : null;

    private static double? Median(double[] sorted) => sorted.Length == 0 ? null
        : Tenth((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2);

    private static double Tenth(double days) => Math.Round(days, 1, MidpointRounding.AwayFromZero);
}
