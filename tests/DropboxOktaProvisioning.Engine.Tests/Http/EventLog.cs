namespace DropboxOktaProvisioning.Engine.Tests.Http;

/// <summary>Remembers every event, on the thread that reports it.</summary>
internal sealed class EventLog : IProgress<RunEvent>
{
    private readonly List<RunEvent> _events = [];

    public IReadOnlyList<RunEvent> Events
    {
        get
        {
            lock (_events) return [.. _events];
        }
    }

    public void Report(RunEvent value)
    {
        lock (_events) _events.Add(value);
    }
}
