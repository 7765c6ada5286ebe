using DropboxOktaProvisioning.Engine.Journal;

namespace DropboxOktaProvisioning.Engine.Tests.Journal;

/// <summary>One write of the journal, and what came of it.</summary>
internal sealed record Write(Durability Durability, object? Result);

/// <summary>A store that does what the real one does, and remembers each write once it has ended.</summary>
/// <param name="store">The real one.</param>
/// <param name="log">Where the writes go, among what else happens.</param>
internal sealed class RecordingStore(IJournalStore store, List<object> log) : IJournalStore
{
    public string? NewFile => store.NewFile;

    public bool AlwaysFlushes => store.AlwaysFlushes;

    public async Task<T> WriteAsync<T>(Func<JournalSession, T> work, Durability durability, CancellationToken cancellationToken)
    {
        var result = await store.WriteAsync(work, durability, cancellationToken);
        lock (log) log.Add(new Write(durability, result));
        return result;
    }

    public Task<T> ReadAsync<T>(Func<JournalSession, T> work, CancellationToken cancellationToken) => store.ReadAsync(work, cancellationToken);

    public ValueTask DisposeAsync() => store.DisposeAsync();
}
