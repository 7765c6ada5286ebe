using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Tracing;

namespace DropboxOktaProvisioning.Benchmarks;

/// <summary>Notes when the headers of each HTTP answer of this process had come in, as the runtime tells it; the body is still to come, so nothing is left out.</summary>
internal sealed class AnswerClock : EventListener
{
    private readonly ConcurrentQueue<long> _ends = [];

    /// <summary>The last answer before a moment, both as <see cref="Stopwatch.GetTimestamp"/> counts.</summary>
    public long LastBefore(long moment) => _ends.Where(end => end <= moment).Max();

    protected override void OnEventSourceCreated(EventSource source)
    {
        if (source.Name == "System.Net.Http") EnableEvents(source, EventLevel.Informational);
    }

    protected override void OnEventWritten(EventWrittenEventArgs data)
    {
        if (data.EventName == "ResponseHeadersStop") _ends?.Enqueue(Stopwatch.GetTimestamp());
    }
}
