using System.Globalization;

namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>Until when a request has to wait, and why in a sentence.</summary>
internal readonly record struct BudgetWait(DateTimeOffset Until, string Reason);

/// <summary>What one bucket of a service has left for this tool, learned from the answers; shared by all of this process, and by a ledger with others.</summary>
/// <param name="owner">Whose bucket: the service's origin, and the account where each has its own.</param>
/// <param name="bucket">The bucket's name.</param>
internal sealed class RateBudget(string owner, string bucket)
{
    // For so long a service without numbers is taken to be as it was when the others were asked last.
    private static readonly TimeSpan Trust = TimeSpan.FromSeconds(5);

    private readonly object _gate = new();
    private RateWindow _window = RateWindow.Unknown;
    private long? _limit;
    private BudgetWait _closed;
    private (long Left, DateTimeOffset Until) _granted; // by the ledger
    private long _unshared; // taken in this window without asking it
    private int _inFlight;

    /// <summary>The requests of a window and how many this process took of it; null before an answer told a limit.</summary>
    public (long Limit, long Taken)? Seen(DateTimeOffset now)
    {
        lock (_gate) return _limit is { } limit ? (limit, now < _window.Ends ? _window.Taken : 0) : null;
    }

    /// <summary>Takes one request, or says until when there is none. Who got one calls <see cref="End"/> after it.</summary>
    /// <param name="percent">How much of the limit may be taken.</param>
    /// <param name="ledger">What is shared with other processes; null for nothing.</param>
    /// <param name="now">Our time.</param>
    /// <param name="cancel">Ends it at once.</param>
    /// <exception cref="ProvisioningException">The ledger could not be read or written.</exception>
    public async ValueTask<BudgetWait?> TakeAsync(int percent, IBudgetLedger? ledger, DateTimeOffset now, CancellationToken cancel)
    {
        while (true)
        {
            lock (_gate)
            {
                if (now < _closed.Until) return _closed;
                if (ledger is null) return Take(Most(percent), now) ? null : Full(percent, _window.Ends, "");
                if (_granted.Left > 0 && now < _granted.Until && Take(long.MaxValue, now))
                {
                    _granted.Left--;
                    if (_limit is not null) _unshared--;
                    return null;
                }
            }

            // Two who come here at once both reserve, and the second finds more than it needs.
            if (await ReserveAsync(percent, ledger, now, cancel) is { } wait) return wait;
        }
    }

    /// <summary>Says that a request is over, answered or not.</summary>
    public void End()
    {
        lock (_gate) _inFlight--;
    }

    /// <summary>Learns from an answer.</summary>
    /// <returns>What the others should know; null where they know it.</returns>
    public SharedBudget? Learn(HttpResponseMessage answer, DateTimeOffset now)
    {
        if ((int)answer.StatusCode == 429) return LearnRefusal(answer, now);
        if (RateLimit.Window(answer, now) is not { } told) return null;
        lock (_gate)
        {
            var before = _window;
            _window = _window.Told(told.Resets, told.Ends);
            // What was granted without knowing a limit ends with knowing it.
            if (_limit is null) _granted = default;
            _limit = told.Limit;
            // What is on its way will use up what others have left.
            if (told.Remaining < _inFlight && told.Resets == _window.Resets)
                _closed = new BudgetWait(told.Ends, $"All {Text(told.Limit)} requests a minute of {bucket} are used up, by others too.");
            return ReferenceEquals(before, _window) ? null : new SharedBudget(_window, _limit, DateTimeOffset.MinValue);
        }
    }

    /// <summary>Tells the ledger what was learned.</summary>
    public Task TellAsync(SharedBudget news, IBudgetLedger ledger, CancellationToken cancel) => ledger.TellAsync(owner, bucket, news, cancel);

    private SharedBudget? LearnRefusal(HttpResponseMessage refusal, DateTimeOffset now)
    {
        if (RateLimit.IsConcurrency(refusal) || RateLimit.AskedWait(refusal, now) is not { } wait || wait > DateTimeOffset.MaxValue - now) return null;
        lock (_gate)
        {
            if (now + wait > _closed.Until) _closed = new BudgetWait(now + wait, $"The rate limit of {bucket} is reached.");
            return SharedBudget.Unknown with { Closed = _closed.Until };
        }
    }

    private bool Take(long most, DateTimeOffset now)
    {
        if (now >= _window.Ends) _unshared = 0;
        (_window, var got) = _window.Take(1, most, now);
        if (got == 0) return false;
        _unshared++;
        _inFlight++;
        return true;
    }

    private async Task<BudgetWait?> ReserveAsync(int percent, IBudgetLedger ledger, DateTimeOffset now, CancellationToken cancel)
    {
        BudgetRequest request;
        lock (_gate) request = new(new SharedBudget(_window, _limit, DateTimeOffset.MinValue), percent, now < _window.Ends ? _unshared : 0);
        var (all, got) = await ledger.ReserveAsync(owner, bucket, request, now, cancel);
        lock (_gate)
        {
            _unshared = Math.Max(0, _unshared - request.Unshared);
            _limit ??= all.Limit;
            if (all.Closed > now) return _closed = new BudgetWait(all.Closed, $"The rate limit of {bucket} is reached, as another process was told.");
            if (_limit is null) _granted = (long.MaxValue, now + Trust);
            else if (got == 0) return Full(percent, all.Window.Ends, " by all processes of this journal");
            else
            {
                var until = all.Window.UsableUntil(now);
                _granted = (until == _granted.Until ? _granted.Left + got : got, until);
            }

            return null;
        }
    }

    private long Most(int percent) => _limit is { } limit ? RateCeiling.Of(limit, percent) : long.MaxValue;

    private BudgetWait Full(int percent, DateTimeOffset until, string who) =>
        new(until, $"The ceiling of {percent} percent is reached{who}: {Text(Most(percent))} of the {Text(_limit ?? 0)} requests a minute of {bucket}.");

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
