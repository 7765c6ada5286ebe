namespace DropboxOktaProvisioning.Engine.Journal;

/// <summary>How much of a write must outlive what.</summary>
internal enum Durability
{
    /// <summary>It is on the medium when the write returns: a power cut does not undo it.</summary>
    Flushed,

    /// <summary>It outlives the end of this process. A power cut may undo it, up to the last flushed write.</summary>
    Process,
}

/// <summary>A database that holds a journal: transactions, waiting for others, and errors in words.</summary>
internal interface IJournalStore : IAsyncDisposable
{
    /// <summary>The journal's name, if it began empty when it was opened and is worth a word.</summary>
    string? NewFile { get; }

    /// <summary>Whether each write is on the medium, also one that only asked to outlive this process.</summary>
    bool AlwaysFlushes { get; }

    /// <summary>Does work in one write transaction: all of it happens, or none. It may be done again where the database asks for that.</summary>
    Task<T> WriteAsync<T>(Func<JournalSession, T> work, Durability durability, CancellationToken cancellationToken);

    /// <summary>Reads one consistent state.</summary>
    Task<T> ReadAsync<T>(Func<JournalSession, T> work, CancellationToken cancellationToken);
}
