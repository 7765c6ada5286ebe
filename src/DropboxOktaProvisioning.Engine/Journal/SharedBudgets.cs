using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Notices;

namespace DropboxOktaProvisioning.Engine.Journal;

/// <summary>While it lives, this process shares its budgets of requests with the other processes that use the same journal.</summary>
public sealed class SharedBudgets : IAsyncDisposable
{
    private readonly RateBudgets _budgets;
    private readonly BudgetLedger _ledger;

    private SharedBudgets(RateBudgets budgets, IJournalStore store)
    {
        (_budgets, _ledger) = (budgets, new BudgetLedger(store));
        _budgets.Share(_ledger);
    }

    /// <summary>Begins to share. Null where the journal is not there, since none is made for this, or cannot be used: a run goes on, and its requests are counted alone.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="time">The clock that the connections live by.</param>
    /// <param name="progress">Hears why nothing is shared.</param>
    /// <param name="cancel">Ends it at once.</param>
    public static async Task<SharedBudgets?> BeginAsync(JournalLocation journal, TimeProvider time, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(time);
        try
        {
            return await journal.OpenBudgetsAsync(cancel) is { } store ? new SharedBudgets(RateBudgets.By(time), store)
                : Alone("The journal is not there yet, or of an earlier version of the module; the first run that writes it makes or upgrades it.");
        }
        catch (ProvisioningException problem)
        {
            return Alone(problem.Message);
        }

        SharedBudgets? Alone(string why)
        {
            progress?.Report(new Remark($"The requests of other processes are not counted, only this one's: {why}"));
            return null;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _budgets.EndSharing(_ledger);
        return _ledger.DisposeAsync();
    }
}
