using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>All budgets of this process that live by one clock: those of the real services share one, and each rehearsal has its own.</summary>
internal sealed class RateBudgets
{
    private static readonly ConditionalWeakTable<TimeProvider, RateBudgets> All = [];
    private readonly ConcurrentDictionary<(string Owner, string Bucket), RateBudget> _budgets = new();
    private volatile IBudgetLedger[] _ledgers = [];

    /// <summary>What is shared with other processes at the moment; null for nothing.</summary>
    public IBudgetLedger? Ledger => _ledgers is [var first, ..] ? first : null;

    /// <summary>The budgets that live by this clock.</summary>
    public static RateBudgets By(TimeProvider time) => All.GetValue(time, static _ => new RateBudgets());

    /// <summary>The budget of a bucket.</summary>
    public RateBudget Of(string owner, string bucket) => _budgets.GetOrAdd((owner, bucket), static key => new RateBudget(key.Owner, key.Bucket));

    /// <summary>The budget of a bucket, null where no request asked for it yet.</summary>
    public RateBudget? Find(string owner, string bucket) => _budgets.GetValueOrDefault((owner, bucket));

    /// <summary>Begins to share; where something is shared already, this one takes its place when it ends.</summary>
    public void Share(IBudgetLedger ledger)
    {
        lock (_budgets) _ledgers = [.. _ledgers, ledger];
    }

    /// <summary>Ends what <see cref="Share"/> began.</summary>
    public void EndSharing(IBudgetLedger ledger)
    {
        lock (_budgets) _ledgers = [.. _ledgers.Where(one => one != ledger)];
    }
}
