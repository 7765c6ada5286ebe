using System.Globalization;
using System.Net;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Journal;

namespace DropboxOktaProvisioning.Engine.Tests.Http;

/// <summary>A service with one rate bucket, a stranger who uses it too, and processes of ours: an afternoon event by event, the same for the same seed.</summary>
internal sealed class BudgetWorld(int seed, int limit, int percent)
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, 250, TimeSpan.Zero);
    private readonly Random _random = new(seed);
    private readonly PriorityQueue<Func<DateTimeOffset, Task>, (DateTimeOffset, int)> _events = new();
    private readonly List<(int Ours, int Strangers)> _windows = [];
    private readonly TimeSpan _skew = TimeSpan.FromSeconds(-37.4); // the service's clock against ours
    private DateTimeOffset _begun = DateTimeOffset.MinValue;
    private int _order;

    /// <summary>How many requests of ours each of the service's windows counted.</summary>
    public IReadOnlyList<int> Ours => [.. _windows.Select(window => window.Ours)];

    public int Refused { get; private set; }

    public static long Most(int limit, int percent) => RateCeiling.Of(limit, percent);

    /// <summary>A process of ours, which begins at a time and reads with so many lanes at once.</summary>
    public void Join(RateBudget budget, IBudgetLedger? ledger, TimeSpan at, int lanes)
    {
        for (var lane = 0; lane < lanes; lane++) At(Start + at, now => ActAsync(budget, ledger, now));
    }

    /// <summary>Somebody else, who takes what our ceiling leaves of each window, at any moment of it.</summary>
    public void JoinStranger()
    {
        At(Start + Between(0, 60_000), Stranger);

        Task Stranger(DateTimeOffset now)
        {
            if (now >= _begun.AddMinutes(1) || _windows[^1].Strangers < limit - (int)Most(limit, percent)) Count(now, isOurs: false);
            At(now + Between(0, 90_000 / limit), Stranger);
            return Task.CompletedTask;
        }
    }

    public async Task RunAsync(TimeSpan length)
    {
        while (_events.TryDequeue(out var act, out var at) && at.Item1 < Start + length) await act(at.Item1);
    }

    private async Task ActAsync(RateBudget budget, IBudgetLedger? ledger, DateTimeOffset now)
    {
        if (await budget.TakeAsync(percent, ledger, now, default) is { } wait)
        {
            Assert.True(wait.Until > now && wait.Until <= now.AddSeconds(65), $"waits from {now:O} until {wait.Until:O}: {wait.Reason}");
            At(wait.Until, later => ActAsync(budget, ledger, later));
            return;
        }

        At(now + Between(5, 900), arrived =>
        {
            var answer = Count(arrived, isOurs: true);
            At(arrived + Between(5, 900), async heard =>
            {
                if (budget.Learn(answer, heard) is { } news && ledger is not null) await budget.TellAsync(news, ledger, default);
                budget.End();
                At(heard + Between(0, 200), later => ActAsync(budget, ledger, later));
            });
            return Task.CompletedTask;
        });
    }

    private HttpResponseMessage Count(DateTimeOffset now, bool isOurs)
    {
        if (now >= _begun.AddMinutes(1))
        {
            _begun = now;
            _windows.Add((0, 0));
        }

        var (ours, strangers) = _windows[^1];
        _windows[^1] = isOurs ? (ours + 1, strangers) : (ours, strangers + 1);
        var isRefused = ours + strangers >= limit;
        if (isRefused && isOurs) Refused++;
        var reset = Math.Ceiling((_begun.AddMinutes(1) + _skew).ToUnixTimeMilliseconds() / 1000.0);
        var answer = new HttpResponseMessage(isRefused ? HttpStatusCode.TooManyRequests : HttpStatusCode.OK);
        answer.Headers.Add("Date", (now + _skew).ToString("r", CultureInfo.InvariantCulture));
        answer.Headers.Add("X-Rate-Limit-Limit", limit.ToString(CultureInfo.InvariantCulture));
        answer.Headers.Add("X-Rate-Limit-Remaining", Math.Max(0, limit - ours - strangers - 1).ToString(CultureInfo.InvariantCulture));
        answer.Headers.Add("X-Rate-Limit-Reset", reset.ToString(CultureInfo.InvariantCulture));
        return answer;
    }

    private TimeSpan Between(int least, int most) => TimeSpan.FromMilliseconds(_random.Next(least, most));

    private void At(DateTimeOffset time, Func<DateTimeOffset, Task> act) => _events.Enqueue(act, (time, _order++));

    /// <summary>The ledger of a journal in memory that all who name it share.</summary>
    public static async Task<BudgetLedger> LedgerAsync(string name) =>
        new(await SqliteStore.OpenAsync(new JournalSettings { Path = name, InMemory = true }, CancellationToken.None));
}
