namespace DropboxOktaProvisioning.Engine.Journal;

/// <summary>The turn that all who use one journal in this process take, so that only other processes are waited for by asking again.</summary>
internal sealed class JournalTurn : IDisposable
{
    private static readonly Dictionary<string, JournalTurn> Turns = new(StringComparer.Ordinal);

    private readonly SemaphoreSlim _free = new(1, 1);
    private readonly string _name;
    private int _users;

    private JournalTurn(string name) => _name = name;

    /// <summary>Joins those who use this journal; each who joins disposes of it once.</summary>
    public static JournalTurn Join(string name)
    {
        lock (Turns)
        {
            if (!Turns.TryGetValue(name, out var turn)) Turns.Add(name, turn = new JournalTurn(name));
            turn._users++;
            return turn;
        }
    }

    /// <summary>Leaves; the last one forgets the journal.</summary>
    public void Dispose()
    {
        lock (Turns)
        {
            if (--_users > 0) return;
            Turns.Remove(_name);
            _free.Dispose();
        }
    }

    /// <summary>Waits for the turn; disposing of the result gives it back.</summary>
    public async Task<IDisposable> TakeAsync(CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        return new Taken(_free);
    }

    private sealed class Taken(SemaphoreSlim free) : IDisposable
    {
        public void Dispose() => free.Release();
    }
}
