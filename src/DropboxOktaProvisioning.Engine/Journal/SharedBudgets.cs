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

    /// <summary>Begins to share. Null where the journal is not there, since none is made for this, or cannot be used: whoever needs it says so.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="time">The clock that the connections live by.</param>
    /// <param name="cancel">Ends it at once.</param>
    public static async Task<SharedBudgets?> BeginAsync(JournalLocation journal, TimeProvider time, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(time);
        try
        {
            return await journal.OpenBudgetsAsync(cancel) is { } store ? new SharedBudgets(RateBudgets.By(time), store) : null;
        }
        catch (ProvisioningException)
        {
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
