using DropboxOktaProvisioning.Engine;

namespace DropboxOktaProvisioning.Sandbox.Tests.Workflow;

/// <summary>Takes down what a run tells.</summary>
internal sealed class Listener(List<RunEvent> events) : IProgress<RunEvent>
{
    public void Report(RunEvent value)
    {
        lock (events) events.Add(value);
    }
}
