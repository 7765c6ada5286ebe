using System.Text.RegularExpressions;

namespace DropboxOktaProvisioning.Engine.Reports;

/// <summary>People who are not active yet for one reason.</summary>
/// <param name="Stage">Their stage.</param>
/// <param name="Reason">Why, without what differs from person to person.</param>
/// <param name="NextAction">What is to do.</param>
/// <param name="People">How many they are.</param>
public sealed record Obstacle(ProvisioningStage Stage, string Reason, NextAction NextAction, int People);

/// <summary>People who came from one stage to another.</summary>
/// <param name="From">Where they stood; null where nobody had seen them.</param>
/// <param name="To">Where they stand; null where they are gone from both lists.</param>
/// <param name="People">How many they are.</param>
public sealed record StageChange(ProvisioningStage? From, ProvisioningStage? To, int People);

/// <summary>How many of those who are active now had joined by a day.</summary>
/// <param name="Day">The day, UTC.</param>
/// <param name="Total">How many.</param>
public sealed record JoinedByDay(DateOnly Day, int Total);

/// <summary>All that a report tells, counted once: HTML and JSON are two ways to write it.</summary>
public sealed partial record ActivationReport
{
    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset MadeOn { get; init; }

    /// <summary>The team's name, null where no team was connected.</summary>
    public string? Team { get; init; }

    /// <summary>Whether it tells of everybody, or of rows that were handed in.</summary>
    public required bool Everyone { get; init; }

    /// <summary>How far all of them are, and what changed.</summary>
    public required ActivationProgress Progress { get; init; }

    /// <summary>Who came from which stage to which since the look that is compared with, the most first.</summary>
    public IReadOnlyList<StageChange> Changes { get; init; } = [];

    /// <summary>Why people are not active yet, the most first.</summary>
    public IReadOnlyList<Obstacle> Obstacles { get; init; } = [];

    /// <summary>How far each domain is.</summary>
    public IReadOnlyList<ActivationProgress> Domains { get; init; } = [];

    /// <summary>How far each department is.</summary>
    public IReadOnlyList<ActivationProgress> Departments { get; init; } = [];

    /// <summary>How the active became as many as they are: one entry for each day on which somebody joined.</summary>
    public IReadOnlyList<JoinedByDay> Joined { get; init; } = [];

    /// <summary>Earlier looks, oldest first.</summary>
    public IReadOnlyList<Observation> Looks { get; init; } = [];

    /// <summary>The prerequisites; null where they were not looked at.</summary>
    public IReadOnlyList<ProvisioningPrerequisite>? Readiness { get; init; }

    /// <summary>Everybody, by address.</summary>
    public required IReadOnlyList<DropboxUserStatus> People { get; init; }

    /// <summary>In which stage each of <see cref="People"/> stood at the look that is compared with, in their order; null for one whom nobody had seen, or without such a look.</summary>
    internal IReadOnlyList<ProvisioningStage?> Before { get; init; } = [];

    /// <summary>Counts all that the report tells. Pure.</summary>
    /// <param name="people">Who it is about, with when they were told.</param>
    /// <param name="memory">What earlier looks left behind.</param>
    /// <param name="everyone">Whether that is everybody.</param>
    /// <param name="now">The moment.</param>
    public static ActivationReport Of(IReadOnlyCollection<DropboxUserStatus> people, TeamMemory memory, bool everyone, DateTimeOffset now)
    {
        DropboxUserStatus[] sorted = [.. people.OrderBy(person => person.Email, StringComparer.OrdinalIgnoreCase).ThenBy(person => person.Email, StringComparer.Ordinal)];
        var funnel = new ActivationFunnel(memory, everyone);
        ProvisioningStage?[] before = [.. sorted.Select(memory.StageThen)];
        return new ActivationReport
        {
            MadeOn = now,
            Everyone = everyone,
            Progress = funnel.Of(sorted, ProgressGrouping.Everyone) is [var all] ? all : new ActivationProgress { Group = nameof(ProgressGrouping.Everyone) },
            Changes = memory.ComparedWith is null ? [] : ChangesOf(sorted, before, everyone ? memory.Missing(sorted) : []),
            Obstacles = [.. sorted.Where(IsHeldUp).GroupBy(person => (person.Stage, Reason: Common(person.Reason), person.NextAction))
                .Select(group => new Obstacle(group.Key.Stage, group.Key.Reason, group.Key.NextAction, group.Count()))
                .OrderByDescending(obstacle => obstacle.People).ThenBy(obstacle => obstacle.Stage).ThenBy(obstacle => obstacle.Reason, StringComparer.Ordinal)],
            Domains = funnel.Of(sorted, ProgressGrouping.Domain),
            Departments = funnel.Of(sorted, ProgressGrouping.Department),
            Joined = JoinedOf(sorted),
            Looks = memory.Observations,
            People = sorted,
            Before = before,
        };
    }

    /// <summary>Whether somebody has something to do before the person is active.</summary>
    internal static bool IsHeldUp(DropboxUserStatus person) => person.Stage is not ProvisioningStage.Active && person.NextAction is not NextAction.None;

    /// <summary>A reason without the day that differs from person to person.</summary>
    internal static string Common(string reason) => Days().Replace(reason, "");

    private static List<StageChange> ChangesOf(DropboxUserStatus[] people, ProvisioningStage?[] before, IEnumerable<Standing> gone) =>
    [
        .. people.Select((person, i) => (From: before[i], To: (ProvisioningStage?)person.Stage)).Where(step => step.From != step.To)
            .Concat(gone.Select(standing => (From: (ProvisioningStage?)standing.Stage, To: (ProvisioningStage?)null)))
            .GroupBy(step => step).Select(group => new StageChange(group.Key.From, group.Key.To, group.Count()))
            .OrderByDescending(change => change.People).ThenBy(change => change.From).ThenBy(change => change.To),
    ];

    private static List<JoinedByDay> JoinedOf(DropboxUserStatus[] people)
    {
        var days = people.Where(person => person is { Stage: ProvisioningStage.Active, AssignmentStatus: not null, JoinedOn: not null })
            .GroupBy(person => DateOnly.FromDateTime(person.JoinedOn!.Value.UtcDateTime)).OrderBy(day => day.Key);
        var joined = new List<JoinedByDay>();
        var total = 0;
        foreach (var day in days) joined.Add(new JoinedByDay(day.Key, total += day.Count()));
        return joined;
    }

    [GeneratedRegex(@"( on| since)? \d{4}-\d{2}-\d{2}( \d{2}:\d{2}Z)?", RegexOptions.CultureInvariant)]
    private static partial Regex Days();
}
