namespace DropboxOktaProvisioning.Sandbox.State;

/// <summary>An entry of a log.</summary>
internal interface ILogged
{
    /// <summary>Seconds from the world's start.</summary>
    int Time { get; }
}

/// <summary>A service's log: what led to the world's start, drawn when first wanted, and what has happened since. It only grows, so a position stays good.</summary>
internal abstract class GrowingLog<T>(WorldState world)
    where T : struct, ILogged
{
    private readonly List<T> _live = [];
    private T[]? _history;

    public int Count => History.Length + _live.Count;

    /// <summary>How many entries a reader sees: what happened a moment ago may not stand there yet.</summary>
    public int Shown
    {
        get
        {
            var shown = Count;
            while (shown > History.Length && World.IsUnseen(At(shown - 1).Time)) shown--;
            return shown;
        }
    }

    protected WorldState World { get; } = world;

    private T[] History => _history ??= Draw();

    public T At(int position) => position < History.Length ? History[position] : _live[position - History.Length];

    /// <summary>Notes what happens now.</summary>
    public void Add(T entry) => _live.Add(entry);

    /// <summary>What led to the world's start.</summary>
    protected abstract T[] Draw();
}
