using System.Globalization;

namespace DropboxOktaProvisioning.Engine.Reports;

/// <summary>Counts how far people have come, and what changed since an earlier look. Pure: the same rows give the same counts, in whatever order they come.</summary>
/// <param name="memory">What earlier looks left behind.</param>
/// <param name="everyone">Whether the people at hand are everybody, so that who is missing is gone.</param>
/// <param name="groupsOf">The names of the groups that a person is in; only for <see cref="ProgressGrouping.Group"/>.</param>
public sealed class ActivationFunnel(TeamMemory memory, bool everyone, Func<DropboxUserStatus, IEnumerable<string>>? groupsOf = null)
{
    /// <summary>One row per group, the biggest first, then by name. A group that nobody is assigned in has none.</summary>
    /// <param name="people">Everybody at hand, with when they were told; who is not assigned is in no count.</param>
    /// <param name="by">What puts people together. Of groups a person may be in several, and counts in each.</param>
    public IReadOnlyList<ActivationProgress> Of(IReadOnlyCollection<DropboxUserStatus> people, ProgressGrouping by)
    {
        var gone = everyone && by is ProgressGrouping.Everyone ? memory.Missing(people) : [];
        return [.. people.SelectMany(person => NamesOf(person, by).Select(name => (name, person))).GroupBy(one => one.name, one => one.person, StringComparer.Ordinal)
            .Select(group => Count(group.Key, by, [.. group], gone))
            .Where(row => row.Assigned > 0)
            .OrderByDescending(row => row.Assigned).ThenBy(row => row.Group, StringComparer.Ordinal)];
    }

    private ActivationProgress Count(string name, ProgressGrouping by, DropboxUserStatus[] people, IEnumerable<Standing> gone)
    {
        var assigned = people.Where(person => person.AssignmentStatus is not null).ToArray();
        // Where the logs of one who waits were not looked at, the number is not lower, but unknown.
        var knowsAttempts = assigned.All(person => person.AttemptsRead || person.Stage is not ProvisioningStage.AwaitingActivation);
        var provisioned = assigned.Where(person => Marks(person).HasFlag(StandingMarks.Provisioned)).ToArray();
        double[] days = [.. provisioned.Select(DaysToActivation).OfType<double>().Order()];
        var row = new ActivationProgress
        {
            Group = name,
            By = by,
            Assigned = assigned.Length,
            Provisioned = provisioned.Length,
            Told = Having(assigned, StandingMarks.Told),
            Tried = knowsAttempts ? provisioned.Count(person => person.TriedOn is not null || person.JoinedOn is not null || person.DropboxStatus is "active") : null,
            Active = Having(assigned, StandingMarks.Active),
            Stuck = Having(assigned, StandingMarks.Stuck),
            MedianDays = Median(days),
            Percentile90Days = days.Length == 0 ? null : Tenth(days[((9 * days.Length) + 9) / 10 - 1]),
        };
        return memory.ComparedWith is null ? row : Compare(row, people, gone);
    }

    // Of one whom nobody had looked at before, nothing is known to have changed.
    private ActivationProgress Compare(ActivationProgress row, DropboxUserStatus[] people, IEnumerable<Standing> gone)
    {
        Standing[] left = [.. gone];
        int assigned = 0, provisioned = 0, told = 0, active = 0, stuck = 0, fresh = 0;
        foreach (var person in people)
        {
            var now = Marks(person);
            if (memory.IsNew(person) && now.HasFlag(StandingMarks.Assigned)) fresh++;
            if (memory.Then(person) is not { } then) continue;
            int Step(StandingMarks mark) => (now.HasFlag(mark) ? 1 : 0) - (then.Marks.HasFlag(mark) ? 1 : 0);
            assigned += Step(StandingMarks.Assigned);
            provisioned += Step(StandingMarks.Provisioned);
            told += Step(StandingMarks.Told);
            active += Step(StandingMarks.Active);
            if (Step(StandingMarks.Stuck) > 0) stuck++;
        }

        int Lost(StandingMarks mark) => left.Count(standing => standing.Marks.HasFlag(mark));
        return row with
        {
            ComparedWith = memory.ComparedWith!.On,
            AssignedChange = assigned - Lost(StandingMarks.Assigned),
            ProvisionedChange = provisioned - Lost(StandingMarks.Provisioned),
            ToldChange = told - Lost(StandingMarks.Told),
            ActiveChange = active - Lost(StandingMarks.Active),
            NewlyStuck = stuck,
            FirstSeen = fresh,
        };
    }

    private IEnumerable<string> NamesOf(DropboxUserStatus person, ProgressGrouping by) => by switch
    {
        ProgressGrouping.Domain => [person.Email.LastIndexOf('@') is >= 0 and var at ? person.Email[(at + 1)..].ToLowerInvariant() : ""],
        ProgressGrouping.NoticeMonth => [Month(person.FirstNotice ?? person.LastNotice)],
        ProgressGrouping.InvitationMonth => [Month(memory.InvitedOn(person))],
        ProgressGrouping.Department => [person.Department?.Trim() ?? ""],
        ProgressGrouping.Group => groupsOf?.Invoke(person) ?? [],
        _ => [nameof(ProgressGrouping.Everyone)],
    };

    private static string Month(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture) ?? "";

    private static StandingMarks Marks(DropboxUserStatus person) => Standing.MarksOf(person);

    private static int Having(DropboxUserStatus[] people, StandingMarks mark) => people.Count(person => Marks(person).HasFlag(mark));

    // From the notice on, for Dropbox tells the invitation's day only until a person joins. Who joined before it did so without it.
    private static double? DaysToActivation(DropboxUserStatus person) =>
        person.Stage is ProvisioningStage.Active && person.JoinedOn - (person.FirstNotice ?? person.LastNotice) is { Ticks: >= 0 } span ? span.TotalDays : null;

    private static double? Median(double[] sorted) => sorted.Length == 0 ? null
        : Tenth((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2);

    private static double Tenth(double days) => Math.Round(days, 1, MidpointRounding.AwayFromZero);
}
