namespace DropboxOktaProvisioning.Sandbox.Clock;

/// <summary>
/// A clock that stands still until somebody moves it or waits on it.
/// A wait (a one-shot timer, as <c>Task.Delay</c> makes) moves the clock to its end at once, earliest first, and so costs no real time.
/// A timeout (a timer whose state is a <see cref="CancellationTokenSource"/>) and a periodic timer never move the clock; a timeout does not
/// even run down while somebody waits, only when <see cref="Pass"/> moves the clock: else one reader's pause would cancel another's request.
/// </summary>
internal sealed class VirtualClock(DateTimeOffset start, bool autoAdvance) : TimeProvider
{
    private readonly object _gate = new();
    private readonly List<ClockTimer> _timers = [];
    private DateTimeOffset _now = start.ToUniversalTime();

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _now;
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ClockTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock, and fires all that falls due on the way, in order, each at its own time.</summary>
    public void Pass(TimeSpan span)
    {
        DateTimeOffset end;
        lock (_gate) end = _now + span;
        while (true)
        {
            ClockTimer? next;
            lock (_gate)
            {
                next = _timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
                Move(next?.Due ?? end);
                if (next is null) return;
                Reschedule(next);
            }

            next.Fire();
        }
    }

    /// <summary>Sets or stops a timer.</summary>
    public void Schedule(ClockTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan) return;
            timer.Due = _now + dueTime;
            timer.Period = period;
            _timers.Add(timer);
            if (!autoAdvance || !timer.IsWait) return;
        }

        // On the pool, because whoever creates a timer may hold a lock that the callback needs.
        ThreadPool.UnsafeQueueUserWorkItem(static clock => clock.EndNextWait(), this, preferLocal: false);
    }

    /// <summary>Forgets a timer.</summary>
    public void Remove(ClockTimer timer)
    {
        lock (_gate) _timers.Remove(timer);
    }

    private void EndNextWait()
    {
        List<ClockTimer> due;
        lock (_gate)
        {
            var wait = _timers.Where(timer => timer.IsWait).MinBy(timer => timer.Due);
            if (wait is null) return;
            var step = wait.Due - _now;
            if (step > TimeSpan.Zero)
            {
                foreach (var timeout in _timers.Where(timer => timer.IsTimeout)) timeout.Due += step;
                Move(wait.Due);
            }

            due = [.. _timers.Where(timer => !timer.IsTimeout && timer.Due <= _now).OrderBy(timer => timer.Due)];
            foreach (var timer in due) Reschedule(timer);
        }

        foreach (var timer in due) timer.Fire();
    }

    private void Move(DateTimeOffset time) => _now = time > _now ? time : _now;

    private void Reschedule(ClockTimer timer)
    {
        if (timer.IsPeriodic) timer.Due = _now + timer.Period;
        else _timers.Remove(timer);
    }
}

/// <summary>A timer on a <see cref="VirtualClock"/>.</summary>
internal sealed class ClockTimer(VirtualClock clock, TimerCallback callback, object? state) : ITimer
{
    private volatile bool _disposed;

    /// <summary>When it fires next.</summary>
    public DateTimeOffset Due { get; set; }

    /// <summary>How often it fires again.</summary>
    public TimeSpan Period { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>Whether it fires again and again. As for every timer, a period of zero is once.</summary>
    public bool IsPeriodic => Period > TimeSpan.Zero;

    /// <summary>Whether it cancels something that takes too long.</summary>
    public bool IsTimeout { get; } = state is CancellationTokenSource;

    /// <summary>Whether somebody waits for it.</summary>
    public bool IsWait => !IsTimeout && !IsPeriodic;

    /// <summary>Calls back.</summary>
    public void Fire()
    {
        if (!_disposed) callback(state);
    }

    /// <inheritdoc/>
    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (_disposed) return false;
        clock.Schedule(this, dueTime, period);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        clock.Remove(this);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
