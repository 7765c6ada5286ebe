namespace DropboxOktaProvisioning.Engine.Reports;

/// <summary>What earlier looks at a team left behind: how everybody stood when last seen, and at the look that is compared with.</summary>
public sealed class TeamMemory
{
    private readonly ObservedPeople _now;
    private readonly ObservedPeople _then;

    // A report asks for each person several times, and a fingerprint takes its time.
    private readonly Dictionary<DropboxUserStatus, Standing?> _found = new(ReferenceEqualityComparer.Instance);

    internal TeamMemory(ObservedPeople now, ObservedPeople then, Observation? comparedWith, IReadOnlyList<Observation> observations)
    {
        (_now, _then, ComparedWith, Observations) = (now, then, comparedWith, observations);
    }

    /// <summary>No look was ever kept.</summary>
    public static TeamMemory Empty { get; } = new(new ObservedPeople(), new ObservedPeople(), null, []);

    /// <summary>The look that is compared with; null where there is none.</summary>
    public Observation? ComparedWith { get; }

    /// <summary>The looks that are remembered, oldest first.</summary>
    public IReadOnlyList<Observation> Observations { get; }

    /// <summary>When the person was invited: Dropbox tells it until the person joins, and from then on an earlier look may.</summary>
    public DateTimeOffset? InvitedOn(DropboxUserStatus person) =>
        person.InvitedOn ?? (_now.Find(person) is { InvitedOn: > 0 and var seconds } ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null);

    /// <summary>When a look first saw the person in the stage of the row; null where none did.</summary>
    public DateTimeOffset? InStageSince(DropboxUserStatus person) =>
        _now.Find(person) is { } known && known.Stage == person.Stage ? DateTimeOffset.FromUnixTimeSeconds(known.Since) : null;

    /// <summary>How the person stood at the look that is compared with; null where nobody had looked at the person.</summary>
    internal Standing? Then(DropboxUserStatus person) =>
        ComparedWith is null ? null : Find(person) ?? (ComparedWith.Everyone ? default(Standing) : null);

    /// <summary>The stage that the person was in then; null where nobody had seen the person.</summary>
    internal ProvisioningStage? StageThen(DropboxUserStatus person) => ComparedWith is null ? null : Find(person)?.Stage;

    /// <summary>Whether no look up to the one that is compared with has seen the person.</summary>
    internal bool IsNew(DropboxUserStatus person) => Find(person) is null;

    /// <summary>How those stood then who are not among these people.</summary>
    internal IEnumerable<Standing> Missing(IEnumerable<DropboxUserStatus> people) => ComparedWith is null ? [] : _then.WithoutThose(people);

    private Standing? Find(DropboxUserStatus person)
    {
        if (!_found.TryGetValue(person, out var standing)) _found.Add(person, standing = _then.Find(person));
        return standing;
    }
}
