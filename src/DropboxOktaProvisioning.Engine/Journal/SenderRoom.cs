using DropboxOktaProvisioning.Engine.Notices;

namespace DropboxOktaProvisioning.Engine.Journal;

/// <summary>Whether a mail may leave now.</summary>
internal enum Admitted
{
    /// <summary>Its handover is noted: it may.</summary>
    Begun,

    /// <summary>The claim is not ours any more.</summary>
    Lost,

    /// <summary>The sender's minute is full.</summary>
    MinuteFull,

    /// <summary>The sender's day is full.</summary>
    DayFull,
}

/// <summary>Whether a mail may leave now.</summary>
/// <param name="State">Whether it may, or why not.</param>
/// <param name="Until">When there is room again; without a meaning where it is not about room.</param>
internal readonly record struct Admission(Admitted State, DateTimeOffset Until = default);

/// <summary>Whether a sender has room for one mail more, by the handovers of all who use the journal.</summary>
internal static class SenderRoom
{
    /// <summary>A provider's day: any 24 hours.</summary>
    public static readonly TimeSpan Day = TimeSpan.FromHours(24);

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>What is in the way of one mail more; null if nothing is.</summary>
    public static Admission? Obstacle(JournalSession session, string sender, SenderLimit limit, DateTimeOffset now)
    {
        // A mail that failed has no recipient of the day, but took part in the minute's rush all the same.
        if (Oldest(session, sender, now - Day, limit.PerDay, "AND state <> 'Failed'") is { } today) return new(Admitted.DayFull, today + Day);
        return Oldest(session, sender, now - Minute, limit.PerMinute, "") is { } inMinute ? new(Admitted.MinuteFull, inMinute + Minute) : null;
    }

    // The first of the last so many handovers: when its time is over, there is room.
    private static DateTimeOffset? Oldest(JournalSession session, string sender, DateTimeOffset since, int? many, string which)
    {
        const string handovers = "FROM notices WHERE sender = @sender AND handed_on > @since";
        // The index alone tells whether there are so many at all; the states stand in the rows.
        if (many is not { } most || (long)session.Scalar($"SELECT count(*) {handovers}", ("@sender", sender), ("@since", NoticeRow.Time(since)))! < most) return null;
        return session.Scalar(
            $"SELECT handed_on {handovers} {which} ORDER BY handed_on DESC LIMIT 1 OFFSET @skip",
            ("@sender", sender), ("@since", NoticeRow.Time(since)), ("@skip", most - 1)) is string oldest ? NoticeRow.Time(oldest) : null;
    }
}
