namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>How much of a bucket's window is taken. A pure value: the same in memory and in a journal.</summary>
/// <remarks>
/// The service's window begins with somebody's first request and lasts a minute (okta.md §5). Its end is known once an answer told it; until then it is a
/// minute after our own first request. Just before that end the service may have begun the next one: what is taken then counts in both.
/// </remarks>
/// <param name="Resets">The end that an answer told last, by the service's clock; null before one did.</param>
/// <param name="IsTold">Whether that is this window's end.</param>
/// <param name="Ends">When it surely has ended, by our clock.</param>
/// <param name="Taken">How many requests were taken out of it.</param>
/// <param name="Carried">How many of them may count in the next one as well.</param>
internal sealed record RateWindow(DateTimeOffset? Resets, bool IsTold, DateTimeOffset Ends, long Taken, long Carried)
{
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Jitter = TimeSpan.FromSeconds(2);

    // Both of an answer's times are whole seconds, a second is added for that, and it was on its way for a while.
    private static readonly TimeSpan Edge = TimeSpan.FromSeconds(5);

    /// <summary>No window's end is further away than this; where one is, a clock was set.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromSeconds(62);

    /// <summary>Nothing taken, and no window yet.</summary>
    public static RateWindow Unknown { get; } = new(null, false, DateTimeOffset.MinValue, 0, 0);

    /// <summary>Whether the window may be over by the service's clock and is not yet by ours.</summary>
    public bool IsAtItsEdge(DateTimeOffset now) => now >= Ends - Edge;

    /// <summary>Until when what was taken now may be used.</summary>
    public DateTimeOffset UsableUntil(DateTimeOffset now) => IsAtItsEdge(now) ? Ends : Ends - Edge;

    /// <summary>Takes requests, and how many there were.</summary>
    /// <param name="want">How many at most.</param>
    /// <param name="most">How many may be taken in one window.</param>
    /// <param name="now">Our time.</param>
    public (RateWindow After, long Got) Take(long want, long most, DateTimeOffset now)
    {
        var window = now < Ends && Ends - now <= Longest ? this : new RateWindow(Resets, false, now + Length, Carried, 0);
        var got = Math.Clamp(most - window.Taken, 0, want);
        return (window with { Taken = window.Taken + got, Carried = window.Carried + (window.IsAtItsEdge(now) ? got : 0) }, got);
    }

    /// <summary>The window after an answer told the end of the one that it was counted in.</summary>
    /// <param name="resets">The end by the service's clock.</param>
    /// <param name="ends">The same by ours, and not before it.</param>
    public RateWindow Told(DateTimeOffset resets, DateTimeOffset ends)
    {
        // An answer that comes late tells of a window that was over before.
        if (resets <= Resets + Jitter) return this;
        return IsTold ? new RateWindow(resets, true, ends, Carried, 0) : this with { Resets = resets, IsTold = true, Ends = ends };
    }
}
