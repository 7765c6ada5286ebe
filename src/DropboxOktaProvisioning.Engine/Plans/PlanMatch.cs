using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Notices;

namespace DropboxOktaProvisioning.Engine.Plans;

/// <summary>Somebody who is not as a plan saw them.</summary>
/// <param name="Email">The address.</param>
/// <param name="What">What is different, as the end of a sentence.</param>
public sealed record PlanMove(string Email, string What)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Email} {What}";
}

/// <summary>A plan beside the people as they are now: who is as the plan saw them, and may be told what it says, and who is not.</summary>
/// <remarks>Who was told since has not moved, whatever became of them: that is what the plan was for.</remarks>
public sealed class PlanMatch
{
    // Two records of the same content are two people here.
    private static readonly IEqualityComparer<object?> ByReference = ReferenceEqualityComparer.Instance;

    private readonly Dictionary<DropboxUserStatus, (PlannedPerson? Person, string? Moved)> _rows = new(ByReference);
    private readonly HashSet<string> _managers;
    private readonly int _planned;

    /// <summary>Compares.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="people">Everybody in its scope now.</param>
    /// <param name="readsPersonalAccounts">Whether who has a personal account was found out again; else the plan's word counts.</param>
    public PlanMatch(ProvisioningPlan plan, IReadOnlyList<DropboxUserStatus> people, bool readsPersonalAccounts)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var pairs = Pair(plan.People, people);
        var found = new HashSet<PlannedPerson>(ByReference);
        var rows = new List<DropboxUserStatus>(people.Count);
        var moves = new List<PlanMove>();
        foreach (var now in people)
        {
            var person = pairs.GetValueOrDefault(now);
            var row = person is { PersonalAccount: not PersonalAccountLikelihood.None } && now.PersonalAccount is PersonalAccountLikelihood.None && !readsPersonalAccounts
                ? now with { PersonalAccount = person.PersonalAccount } : now with { };
            var moved = person is null ? "is new in the scope" : WasToldSince(plan, person, row) ? null : Difference(person, row);
            if (person is not null) found.Add(person);
            if (moved is not null) moves.Add(new PlanMove(row.Email, moved));
            rows.Add(row);
            _rows.Add(row, (person, moved));
        }

        moves.AddRange(plan.People.Where(person => !found.Contains(person)).Select(person => new PlanMove(person.Email, "is not in the scope any more")));
        (People, Moves, _planned) = (rows, moves, plan.People.Count);
        _managers = plan.Managers.Select(manager => manager.ToString()).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Everybody in the scope now.</summary>
    public IReadOnlyList<DropboxUserStatus> People { get; }

    /// <summary>Who is not as the plan saw them.</summary>
    public IReadOnlyList<PlanMove> Moves { get; }

    /// <summary>Whether no more have moved than so many percent of the plan's people.</summary>
    public bool IsWithin(int percent) => Moves.Count * 100L <= _planned * (long)percent;

    /// <summary>Leaves out whom the plan does not tell, and who moved since.</summary>
    /// <param name="planned">What would happen for one of <see cref="People"/> without the plan.</param>
    public PlannedNotice Narrow(PlannedNotice planned)
    {
        ArgumentNullException.ThrowIfNull(planned);
        if (planned.Notice.Kind == NoticeKind.ManagerEscalation) return NarrowManager(planned);
        if (!planned.IsToPerson) return planned;
        var (person, moved) = _rows.GetValueOrDefault(planned.Person);
        if (person is not null && IsTold(person) && moved is not null && planned.Notice.SentOn is null) return planned.Skip($"Moved since the plan: {moved}.");
        if (!planned.WillSend && planned.Notice.State != NoticeState.Waiting) return planned;
        return person is null ? planned.Skip("Not in the plan: is new in the scope.")
            : !IsTold(person) || (person.Kind, person.Step) != (planned.Notice.Kind, planned.Notice.Step) ? planned.Skip($"The plan does not tell this person: {person.Reason}")
            : planned;
    }

    // Also where somebody else is the person's manager by now: the plan does not name them.
    private PlannedNotice NarrowManager(PlannedNotice planned)
    {
        if (planned.Notice.State is not (NoticeState.Planned or NoticeState.Waiting)) return planned;
        return _rows.GetValueOrDefault(planned.Person).Moved is { } moved ? planned.Skip($"Moved since the plan: {moved}.")
            : !_managers.Contains(new PlannedManager { Email = planned.Notice.Email, About = planned.Notice.About! }.ToString()) ? planned.Skip("The plan does not tell this manager about this person.")
            : planned;
    }

    // What waited for its hour when the plan was made is in it too.
    private static bool IsTold(PlannedPerson person) => person.State is NoticeState.Planned or NoticeState.Waiting;

    private static bool WasToldSince(ProvisioningPlan plan, PlannedPerson person, DropboxUserStatus now) =>
        IsTold(person) && now.LastNotice >= plan.CreatedOn;

    private static string? Difference(PlannedPerson then, DropboxUserStatus now) =>
        then.Stage != now.Stage ? $"was {then.Stage} and is {now.Stage}"
        : !IsTold(then) ? null
        : !string.Equals(then.Email, now.Email.Trim(), StringComparison.OrdinalIgnoreCase) ? "has another address now"
        : (then.PersonalAccount is PersonalAccountLikelihood.None) != (now.PersonalAccount is PersonalAccountLikelihood.None) ? "is told by other words now, for a personal account"
        : null;

    // By any key; where a key leads to two, or two lead to one, nobody can say who is who, and none of them is told.
    private static Dictionary<DropboxUserStatus, PlannedPerson> Pair(IReadOnlyList<PlannedPerson> planned, IReadOnlyList<DropboxUserStatus> people)
    {
        var byKey = new Dictionary<string, PlannedPerson?>(StringComparer.Ordinal);
        foreach (var person in planned)
        {
            foreach (var key in NoticeKeys.Of(person.OktaUserId, person.TeamMemberId, person.Email))
            {
                if (!byKey.TryAdd(key, person)) byKey[key] = null;
            }
        }

        var candidates = people.Select(row => (Row: row, Fits: NoticeKeys.Of(row).Where(byKey.ContainsKey).Select(key => byKey[key]).Distinct(ByReference).Cast<PlannedPerson?>().ToArray()))
            .Where(one => one.Fits is [not null]);
        var pairs = new Dictionary<DropboxUserStatus, PlannedPerson>(ByReference);
        foreach (var group in candidates.GroupBy(one => one.Fits[0], ByReference))
        {
            if (group.ToArray() is [var only]) pairs.Add(only.Row, only.Fits[0]!);
        }

        return pairs;
    }
}
