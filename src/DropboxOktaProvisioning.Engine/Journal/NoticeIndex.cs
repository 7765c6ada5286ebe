namespace DropboxOktaProvisioning.Engine.Journal;

/// <summary>What the journal knew about everybody at one moment, for looking many people up.</summary>
public sealed class NoticeIndex
{
    private readonly Dictionary<(NoticeKind Kind, int Step, string Key), List<ActivationNotice>> _byKey = [];
    private readonly SortedSet<(NoticeKind Kind, int Step)> _slots = [];
    private bool _hasWaiting;

    /// <summary>When a sender's mails of the last 24 hours were handed over, those that surely did not leave aside.</summary>
    internal ILookup<string, DateTimeOffset> Handovers { get; set; } = Array.Empty<DateTimeOffset>().ToLookup(_ => "");

    internal void Add(string key, ActivationNotice notice)
    {
        var slot = (notice.Kind, notice.Step, key);
        if (!_byKey.TryGetValue(slot, out var notices)) _byKey.Add(slot, notices = []);
        notices.Add(notice);
        _slots.Add((notice.Kind, notice.Step));
        _hasWaiting |= notice.State == NoticeState.Waiting;
    }

    /// <summary>The notice of this kind that a person has, found by any of the person's ids or the address.</summary>
    /// <param name="person">The person.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="step">Which one of the kind, where there are several.</param>
    /// <returns>The one that went furthest if several fit; null if there is none.</returns>
    public ActivationNotice? Find(DropboxUserStatus person, NoticeKind kind = NoticeKind.Activation, int step = 0)
    {
        ArgumentNullException.ThrowIfNull(person);
        ActivationNotice? found = null;
        foreach (var key in NoticeKeys.Of(person))
        {
            if (!_byKey.TryGetValue((kind, step, key), out var notices)) continue;
            foreach (var notice in notices)
            {
                // A notice without a team counts for every team: telling too few is mended easily, telling twice is not.
                var sameTeam = notice.TeamId is null || person.TeamId is null or "" || notice.TeamId == person.TeamId;
                if (sameTeam && (found is null || Weight(notice.State) > Weight(found.State))) found = notice;
            }
        }

        return found;
    }

    /// <summary>The reminders that a person has, whatever became of them.</summary>
    internal IEnumerable<ActivationNotice> Reminders(DropboxUserStatus person) =>
        _slots.Where(slot => slot.Kind == NoticeKind.Reminder).Select(slot => Find(person, slot.Kind, slot.Step)).OfType<ActivationNotice>();

    /// <summary>The mail to a manager about a person, whichever reminder it followed: the one that went furthest; null if there is none.</summary>
    internal ActivationNotice? Escalation(DropboxUserStatus person) =>
        _slots.Where(slot => slot.Kind == NoticeKind.ManagerEscalation).Select(slot => Find(person, slot.Kind, slot.Step)).OfType<ActivationNotice>().MaxBy(notice => Weight(notice.State));

    /// <summary>What waits for its hour to go to a person or about one.</summary>
    internal IEnumerable<ActivationNotice> Waiting(DropboxUserStatus person) => !_hasWaiting ? []
        : _slots.Select(slot => Find(person, slot.Kind, slot.Step)).OfType<ActivationNotice>().Where(notice => notice.State == NoticeState.Waiting);

    /// <summary>When the first notice to this person left, UTC; null if it is not known to have left.</summary>
    public DateTimeOffset? FirstNotice(DropboxUserStatus person) => Find(person)?.SentOn;

    /// <summary>When the last notice to this person left, reminders among them, UTC; null if none is known to have left.</summary>
    public DateTimeOffset? LastNotice(DropboxUserStatus person) => Reminders(person).Append(Find(person)).Max(notice => notice?.SentOn);

    /// <summary>The row, with the last notice that left for the person since it was made.</summary>
    public DropboxUserStatus Refresh(DropboxUserStatus person) =>
        LastNotice(person) is { } told && told != person.LastNotice ? person with { FirstNotice = FirstNotice(person), LastNotice = told } : person;

    /// <summary>How much a state weighs against telling the person once more.</summary>
    internal static int Weight(NoticeState state) => state switch
    {
        NoticeState.Sent or NoticeState.Accepted => 3,
        NoticeState.Sending => 2,
        NoticeState.Unknown => 1,
        _ => 0,
    };
}
