using System.Globalization;
using DropboxOktaProvisioning.Engine.Journal;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>Whose turn it is to send: one sender after the other, those whose day is full left out.</summary>
internal sealed class SenderRota
{
    private readonly IReadOnlyList<string> _senders;
    private readonly SenderLimit? _limit;
    private readonly NoticeIndex _journal;
    private readonly int[] _left;
    private readonly Lazy<string> _whyFull;
    private readonly bool _looksAhead;
    private int _next;

    /// <param name="senders">The senders' addresses.</param>
    /// <param name="limit">What each may hand over; null for no limit.</param>
    /// <param name="journal">What each has handed over in the last 24 hours.</param>
    /// <param name="looksAhead">Whether other days count too: what today has no room for stays planned, without a sender.</param>
    public SenderRota(IReadOnlyList<string> senders, SenderLimit? limit, NoticeIndex journal, bool looksAhead)
    {
        _looksAhead = looksAhead;
        _senders = senders;
        _limit = limit;
        _journal = journal;
        _whyFull = new Lazy<string>(() => DayFull(_limit!, _senders.Count == 1 ? _senders[0] : null, RoomAgain()));
        _left = [.. senders.Select(sender => limit?.PerDay is { } perDay ? Math.Max(0, perDay - journal.Handovers[sender].Count()) : int.MaxValue)];
    }

    /// <summary>The next sender with room; null if the day of each is full.</summary>
    public string? Next()
    {
        for (var tries = 0; tries < _senders.Count; tries++)
        {
            var turn = _next++ % _senders.Count;
            if (_left[turn] == 0) continue;
            _left[turn]--;
            return _senders[turn];
        }

        return null;
    }

    /// <summary>A notice with whose turn it is; what will not be sent stays as it is.</summary>
    public PlannedNotice Place(PlannedNotice planned) => !planned.WillSend ? planned : Place(planned, Next());

    /// <summary>A notice with its sender; without one it is left to another day.</summary>
    public PlannedNotice Place(PlannedNotice planned, string? sender) => sender is not null || _looksAhead
        ? planned with { Notice = planned.Notice with { Sender = sender } } : planned.Skip(_whyFull.Value) with { LacksRoom = true };

    /// <summary>Why a mail waits for another day.</summary>
    /// <param name="limit">The limit.</param>
    /// <param name="sender">Whose; null for several.</param>
    /// <param name="until">When there is room again, null where that shows only once the mails before have left.</param>
    public static string DayFull(SenderLimit limit, string? sender, DateTimeOffset? until)
    {
        var when = until is { } time ? string.Create(CultureInfo.InvariantCulture, $" There is room again from {time.UtcDateTime:yyyy-MM-dd HH:mm} UTC on.") : "";
        return $"It waits for a later run: {sender ?? "each sender"} has its {limit.PerDay} mails of 24 hours.{when}";
    }

    // Known where every day was full before this run; else it depends on when this run's mails leave.
    private DateTimeOffset? RoomAgain()
    {
        var full = _senders.Select(sender => _journal.Handovers[sender].OrderDescending().Skip(_limit!.PerDay!.Value - 1).Take(1)).ToList();
        return full.All(oldest => oldest.Any()) ? full.Min(oldest => oldest.Single()) + SenderRoom.Day : null;
    }
}
