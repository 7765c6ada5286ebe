namespace DropboxOktaProvisioning.Engine.Tests.Http;

/// <summary>A clock on which every wait is over at once: it jumps ahead by the wait and remembers it.</summary>
internal sealed class InstantTime : TimeProvider
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private readonly List<TimeSpan> _waits = [];
    private DateTimeOffset _now = Start;

    public IReadOnlyList<TimeSpan> Waits
    {
        get
        {
            lock (_waits) return [.. _waits];
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_waits) return _now;
    }

    public void Advance(TimeSpan by)
    {
        lock (_waits) _now += by;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            lock (_waits)
            {
                _waits.Add(dueTime);
                _now += dueTime;
            }

            ThreadPool.QueueUserWorkItem(_ => callback(state));
        }

        return new DoneTimer();
    }

    private sealed class DoneTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
