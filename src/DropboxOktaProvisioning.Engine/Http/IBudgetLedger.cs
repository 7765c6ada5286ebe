namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>What several processes share of their budgets.</summary>
internal interface IBudgetLedger : IAsyncDisposable
{
    /// <summary>Takes some of what is left of a window for this process.</summary>
    /// <returns>What all know of the bucket then, and how many were taken: none of a bucket without a limit.</returns>
    Task<(SharedBudget All, long Got)> ReserveAsync(string owner, string bucket, BudgetRequest request, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Tells the others what an answer told.</summary>
    Task TellAsync(string owner, string bucket, SharedBudget news, CancellationToken cancel);
}

/// <summary>What is known of a bucket.</summary>
/// <param name="Window">Its window.</param>
/// <param name="Limit">Requests in a window; null where no answer told it.</param>
/// <param name="Closed">Until when the service refuses.</param>
internal sealed record SharedBudget(RateWindow Window, long? Limit, DateTimeOffset Closed)
{
    private const int Batches = 8;

    // No service is known to ask for more; where it stands there, a clock was set.
    private static readonly TimeSpan LongestClosing = TimeSpan.FromHours(1);

    /// <summary>Nothing.</summary>
    public static SharedBudget Unknown { get; } = new(RateWindow.Unknown, null, DateTimeOffset.MinValue);

    /// <summary>This with what somebody else knows.</summary>
    public SharedBudget With(SharedBudget other) => new(
        other.Window is { IsTold: true, Resets: { } resets } ? Window.Told(resets, other.Window.Ends) : Window,
        other.Limit ?? Limit, other.Closed > Closed ? other.Closed : Closed);

    /// <summary>This after a process took some, and how many.</summary>
    public (SharedBudget After, long Got) Take(BudgetRequest request, DateTimeOffset now)
    {
        if (Closed - now > LongestClosing) return (this with { Closed = now }).Take(request, now);
        // What was sent without asking counts, whatever is left.
        var (window, _) = Window.Take(request.Unshared, long.MaxValue, now);
        if (Limit is not { } limit || now < Closed) return (this with { Window = window }, 0);
        var most = RateCeiling.Of(limit, request.Percent);
        // One is kept in hand for a command that signs in: it comes before anything is shared.
        (window, var got) = window.Take(Math.Max(1, most / Batches), most > 2 ? most - 1 : most, now);
        return (this with { Window = window }, got);
    }
}

/// <summary>What a process asks of the ledger.</summary>
/// <param name="Known">The bucket as it knows it.</param>
/// <param name="Percent">How much of the limit may be taken.</param>
/// <param name="Unshared">How many it has taken in this window without asking.</param>
internal sealed record BudgetRequest(SharedBudget Known, int Percent, long Unshared);
