namespace DropboxOktaProvisioning.Engine.Journal;

/// <content>Which run works on which scope.</content>
public sealed partial class NoticeJournal
{
    /// <summary>Takes a scope for a run.</summary>
    /// <returns>Null where it is the run's now, else who has it.</returns>
    internal Task<RunHolder?> TakeRunAsync(string scope, string run, CancellationToken cancellationToken) =>
        _store.WriteAsync(session => _runs.Take(session, scope, run), Durability.Process, cancellationToken);

    /// <summary>Lets the lease begin again.</summary>
    /// <returns>False where another run has taken the scope over.</returns>
    internal Task<bool> RenewRunAsync(string scope, string run, CancellationToken cancellationToken) =>
        _store.WriteAsync(session => _runs.Renew(session, scope, run), Durability.Process, cancellationToken);

    /// <summary>Who has a scope; null if nobody.</summary>
    internal Task<RunHolder?> FindRunAsync(string scope, CancellationToken cancellationToken) => _store.ReadAsync(session => RunWriter.Find(session, scope), cancellationToken);

    /// <summary>Gives the scope back; does nothing where another run has taken it over.</summary>
    internal Task ReleaseRunAsync(string scope, string run, CancellationToken cancellationToken) =>
        _store.WriteAsync(session => RunWriter.Release(session, scope, run), Durability.Process, cancellationToken);
}
