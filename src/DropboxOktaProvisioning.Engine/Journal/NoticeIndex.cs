namespace DropboxOktaProvisioning.Engine.Journal;

/// <summary>What the journal knew about everybody at one moment, for looking many people up.</summary>
public sealed class NoticeIndex
{
    private readonly Dictionary<(NoticeKind Kind, string Key), List<ActivationNotice>> _byKey = [];

    /// <summary>When a sender's mails of the last 24 hours were handed over, those that surely did not leave aside.</summary>
    internal ILookup<string, DateTimeOffset> Handovers { get; set; } = Array.Empty<DateTimeOffset>().ToLookup(_ => "");

    internal void Add(NoticeKind kind, string key, ActivationNotice notice)
    {
        if (!_byKey.TryGetValue((kind, key), out var notices)) _byKey.Add((kind, key), notices = []);
        notices.Add(notice);
    }

    /// <summary>The notice of this kind that a person has, found by any of the person's ids or the address.</summary>
    /// <returns>The one that went furthest if several fit; null if there is none.</returns>
    public ActivationNotice? Find(DropboxUserStatus person, NoticeKind kind = NoticeKind.Activation)
    {
        ArgumentNullException.ThrowIfNull(person);
        ActivationNotice? found = null;
        foreach (var key in NoticeKeys.Of(person))
        {
            if (!_byKey.TryGetValue((kind, key), out var notices)) continue;
            foreach (var notice in notices)
            {
                // A notice without a team counts for every team: telling too few is mended easily, telling twice is not.
                var sameTeam = notice.TeamId is null || person.TeamId is null or "" || notice.TeamId == person.TeamId;
                if (sameTeam && (found is null || Weight(notice.State) > Weight(found.State))) found = notice;
            }
        }

        return found;
    }

    /// <summary>When the last notice of any kind left for this person, UTC; null if none is known to have left.</summary>
    public DateTimeOffset? LastNotice(DropboxUserStatus person) =>
        Enum.GetValues<NoticeKind>().Select(kind => Find(person, kind)?.SentOn).Max();

    /// <summary>The row, with the last notice that left for the person since it was made.</summary>
    public DropboxUserStatus Refresh(DropboxUserStatus person) =>
        LastNotice(person) is { } told && told != person.LastNotice ? person with { LastNotice = told } : person;

    /// <summary>How much a state weighs against telling the person once more.</summary>
    internal static int Weight(NoticeState state) => state switch
    {
        NoticeState.Sent or NoticeState.Accepted => 3,
        NoticeState.Sending => 2,
        NoticeState.Unknown => 1,
        _ => 0,
    };
}
