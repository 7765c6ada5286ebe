using DropboxOktaProvisioning.Connections;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Journal;

namespace DropboxOktaProvisioning.Bridge;

/// <summary>While a command runs, its process shares the budgets of requests with the other processes of its journal. A rehearsal keeps to itself.</summary>
internal sealed class BudgetSharing : IDisposable
{
    private bool _wasTried;
    private SharedBudgets? _shared;

    /// <summary>Begins once, with the first connection that the command asks for.</summary>
    /// <param name="time">The connection's clock: a sandbox has one of its own.</param>
    /// <param name="journal">Chooses the journal, on the pipeline thread.</param>
    /// <param name="progress">Hears why nothing is shared.</param>
    /// <param name="wait">Waits for the engine, as the command does.</param>
    public void Begin(TimeProvider time, Func<JournalChoice> journal, IProgress<RunEvent> progress, Func<Func<CancellationToken, Task<SharedBudgets?>>, SharedBudgets?> wait)
    {
        if (_wasTried || !ReferenceEquals(time, TimeProvider.System)) return;
        _wasTried = true;
        var choice = journal();
        _shared = wait(cancel => SharedBudgets.BeginAsync(choice.Location, time, progress, cancel));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // What it holds of the journal is given back before the command is over.
        _shared?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _shared = null;
    }
}
