using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using DropboxOktaProvisioning.Engine.Journal;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <content>Claims in batches ahead of those who deliver, who take them one by one; what nobody took is given back.</content>
internal sealed partial class NoticeSender
{
    private readonly int _mostAhead;
    private readonly Channel<Turn> _turns = Channel.CreateUnbounded<Turn>();
    private readonly SemaphoreSlim _fewAhead = new(0);
    private readonly ConcurrentDictionary<NoticeClaim, bool> _notBegun = new();

    private async Task ClaimAllAsync(IReadOnlyList<PlannedNotice> plan, Func<PlannedNotice, ActivationNotice> asItIs)
    {
        for (var from = 0; from < plan.Count; from += _batch)
        {
            // Woken once for a batch, and not by each mail that leaves.
            while (_turns.Reader.Count > _mostAhead) await _fewAhead.WaitAsync(_stop.Token);
            var part = plan.Skip(from).Take(_batch).ToList();
            var wanted = _down is null ? part.Where(planned => planned.WillSend).ToList() : [];
            var claims = await ClaimAsync(wanted);
            var next = 0;
            foreach (var planned in part)
            {
                var result = !planned.WillSend ? Task.FromResult(asItIs(planned))
                    : next >= claims.Count ? Task.FromResult(NotTried(planned))
                    : claims[next++] is { Claim: { } claim } ? Queue(planned, claim)
                    : Task.FromResult(Held(planned, claims[next - 1].Holder!));
                await _results.Writer.WriteAsync(result, _stop.Token);
            }
        }

        _turns.Writer.Complete();
    }

    // In parts, between which the connections note what they do; they are on the medium when all of them are.
    private async Task<List<ClaimResult>> ClaimAsync(List<PlannedNotice> wanted)
    {
        var claims = new List<ClaimResult>(wanted.Count);
        foreach (var part in wanted.Chunk(_journal.ClaimsAtOnce))
        {
            var durability = claims.Count + part.Length == wanted.Count ? Durability.Flushed : Durability.Process;
            claims.AddRange(await _journal.ClaimAsync([.. part.Select(planned => new ClaimRequest(planned.Notice, planned.ResendUnknown))], durability, _stop.Token));
            foreach (var result in claims.TakeLast(part.Length))
            {
                if (result.Claim is { } claim) _notBegun[claim] = true;
            }
        }

        return claims;
    }

    private Task<ActivationNotice> Queue(PlannedNotice planned, NoticeClaim claim)
    {
        var turn = new Turn(planned, claim);
        _turns.Writer.TryWrite(turn);
        return turn.Result;
    }

    private bool TryRead([NotNullWhen(true)] out Turn? turn)
    {
        if (!_turns.Reader.TryRead(out turn)) return false;
        if (_turns.Reader.Count <= _mostAhead && _fewAhead.CurrentCount == 0) _fewAhead.Release();
        return true;
    }

    private List<Turn> TryTake(int most)
    {
        var turns = new List<Turn>();
        while (turns.Count < most && !_stop.IsCancellationRequested && _ahead.Wait(0, CancellationToken.None))
        {
            if (TryRead(out var turn))
            {
                turns.Add(turn);
                continue;
            }

            _ahead.Release();
            break;
        }

        return turns;
    }

    private async Task<Turn?> TakeAsync()
    {
        await _ahead.WaitAsync(_stop.Token);
        while (await _turns.Reader.WaitToReadAsync(_stop.Token))
        {
            if (TryRead(out var turn)) return turn;
        }

        return null;
    }

    private async Task GiveBackAsync()
    {
        if (_notBegun.IsEmpty) return;
        var why = _down is { } down ? NotTriedBecause(down) : BeforeItsTurn;
        await _journal.ReleaseAsync([.. _notBegun.Keys], why, _lastWord.Token);
    }
}
