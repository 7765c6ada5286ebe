using System.Collections.Concurrent;
using System.Globalization;
using DropboxOktaProvisioning.Engine.Journal;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <content>Sending within a limit: each mail has its turn when its sender has room, over all runs that use the journal.</content>
internal sealed partial class NoticeSender
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _told = new(StringComparer.Ordinal);

    private void DeliverPaced()
    {
        while (TakeAsync().GetAwaiter().GetResult() is { } turn)
        {
            if (!HasTurnAsync(turn).GetAwaiter().GetResult()) continue;
            var delivery = Deliver(turn);
            AdvanceAsync([delivery], []).GetAwaiter().GetResult();
            turn.Finish(delivery.Notice);
        }
    }

    // Waits for the minute, never for the day: what does not fit into that is left to another run.
    private async Task<bool> HasTurnAsync(Turn turn)
    {
        var sender = turn.Planned.Notice.Sender!;
        while (_down is null)
        {
            var admission = await _journal.AdmitAsync(turn.Claim, sender, _limit!, _stop.Token);
            switch (admission.State)
            {
                case Admitted.Begun:
                    _notBegun.TryRemove(turn.Claim, out _);
                    return true;
                case Admitted.Lost:
                    _notBegun.TryRemove(turn.Claim, out _);
                    turn.Finish(Lost(turn.Planned));
                    return false;
                case Admitted.DayFull:
                    await LeaveAsync(turn, SenderRota.DayFull(_limit!, sender, admission.Until));
                    return false;
                default:
                    await WaitAsync(sender, admission.Until);
                    break;
            }
        }

        turn.Finish(NotTried(turn.Planned));
        return false;
    }

    private async Task LeaveAsync(Turn turn, string reason)
    {
        if (_notBegun.TryRemove(turn.Claim, out _)) await _journal.ReleaseAsync([turn.Claim], reason, _lastWord.Token);
        turn.Finish(turn.Planned.Notice with { State = NoticeState.Skipped, Reason = reason });
    }

    private Task WaitAsync(string sender, DateTimeOffset until)
    {
        var now = _time.GetUtcNow();
        var wait = until > now ? until - now : TimeSpan.Zero;
        // The journal's times have milliseconds: a wait that ends a part of one too soon would be asked for again and again.
        wait += TimeSpan.FromMilliseconds(1);
        // Every connection waits for the same moment; one word about it is enough.
        if (!_told.TryGetValue(sender, out var told) || told < until)
        {
            _told[sender] = until;
            var reason = string.Create(CultureInfo.InvariantCulture, $"{sender} has its {_limit!.PerMinute} mails of a minute.");
            _progress?.Report(new Waiting(_transport.Name, reason, wait, now + wait, 1));
        }

        return Task.Delay(wait, _time, _stop.Token);
    }
}
