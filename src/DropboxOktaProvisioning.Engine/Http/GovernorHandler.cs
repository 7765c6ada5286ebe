namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>Keeps every try below the ceiling: waits before the service refuses, and says why and until when.</summary>
/// <param name="service">The service's name.</param>
/// <param name="connection">The connection, for its origin and account.</param>
/// <param name="options">How to behave.</param>
internal sealed class GovernorHandler(string service, ServiceConnection connection, ConnectionOptions options) : DelegatingHandler
{
    // Timers may be a little early; so short a wait is none.
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(100);
    private readonly RateBudgets _budgets = RateBudgets.By(options.Time);
    private readonly TimeProvider _time = options.Time;

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // Nothing is sent to another host, so nothing is taken either.
        if (!Origins.Same(request.RequestUri, connection.Origin)) return await base.SendAsync(request, cancellationToken);
        var budget = _budgets.Of(connection.BudgetOwner, ServiceBucket.Of(request.RequestUri!));
        var progress = CallContext.Of(request).Progress;
        await WaitAsync(budget, progress, cancellationToken);
        try
        {
            var answer = await base.SendAsync(request, cancellationToken);
            // The answer is there, so what it told is passed on even where the run is being stopped.
            if (budget.Learn(answer, _time.GetUtcNow()) is { } news) await SharedAsync(ledger => budget.TellAsync(news, ledger, CancellationToken.None), progress);
            return answer;
        }
        finally
        {
            budget.End();
        }
    }

    private async Task WaitAsync(RateBudget budget, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        while (true)
        {
            var now = _time.GetUtcNow();
            BudgetWait? wait = null;
            if (!await SharedAsync(async ledger => wait = await budget.TakeAsync(options.CeilingPercent, ledger, now + Least, cancel), progress))
                wait = await budget.TakeAsync(options.CeilingPercent, null, now + Least, cancel);
            if (wait is not { } some) return;
            var delay = some.Until - now;
            if (delay > options.Retry.MaxWait) throw TooLong(some);
            progress?.Report(new Waiting(service, some.Reason, delay, some.Until, 0));
            await Task.Delay(delay, _time, cancel);
        }
    }

    /// <summary>Does what concerns other processes; false where nothing is shared. A ledger that fails is given up: a run must not end for it.</summary>
    private async Task<bool> SharedAsync(Func<IBudgetLedger, Task> work, IProgress<RunEvent>? progress)
    {
        if (_budgets.Ledger is not { } ledger) return false;
        try
        {
            await work(ledger);
            return true;
        }
        catch (ObjectDisposedException) when (_budgets.Ledger != ledger)
        {
            // The command that shared it has ended meanwhile.
            return false;
        }
        catch (ProvisioningException broken)
        {
            _budgets.EndSharing(ledger);
            progress?.Report(new Caution($"The requests of other processes are not counted any more, only this one's: {broken.Message}"));
            return false;
        }
    }

    private ServiceException TooLong(BudgetWait wait) => new(
        ErrorIds.RateLimitExceeded, ProblemCategory.LimitsExceeded, service, $"{wait.Reason} {service} asks to wait until {wait.Until:u}.", "Run the command again then.")
    {
        StatusCode = 429,
    };
}
