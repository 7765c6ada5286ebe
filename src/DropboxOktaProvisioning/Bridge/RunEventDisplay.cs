using System.Collections.Concurrent;
using System.Globalization;
using System.Management.Automation;
using DropboxOktaProvisioning.Engine;

namespace DropboxOktaProvisioning.Bridge;

/// <summary>Collects what the engine reports from any thread and shows it from the pipeline thread: verbose lines, warnings, progress.</summary>
internal sealed class RunEventDisplay(PSCmdlet command) : IProgress<RunEvent>, IDisposable
{
    private readonly ConcurrentQueue<RunEvent> _events = new();
    private readonly ManualResetEventSlim _signal = new();
    private readonly ProgressBar _bar = new(command);

    /// <inheritdoc/>
    public void Report(RunEvent value)
    {
        _events.Enqueue(value);
        _signal.Set();
    }

    /// <summary>Shows events until the task is over, and those that came before its end.</summary>
    public void ShowUntil(Task task)
    {
        if (!task.IsCompleted)
        {
            task.ContinueWith(static (_, signal) => ((ManualResetEventSlim)signal!).Set(), _signal, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            do
            {
                _signal.Wait();
                _signal.Reset();
                Show();
            }
            while (!task.IsCompleted);
        }

        Show();
    }

    /// <summary>Takes the bar away, if one was shown.</summary>
    public void Close() => _bar.Close();

    /// <inheritdoc/>
    public void Dispose() => _signal.Dispose();

    private void Show()
    {
        while (_events.TryDequeue(out var item))
        {
            switch (item)
            {
                case RequestDone done:
                    command.WriteVerbose(string.Create(CultureInfo.InvariantCulture, $"{done.Service}: {done.Method} {done.Path} -> {(done.StatusCode == 0 ? "no answer" : done.StatusCode)} in {done.Elapsed.TotalMilliseconds:0} ms"));
                    break;
                case Waiting wait:
                    var text = string.Create(CultureInfo.InvariantCulture, $"{wait.Reason} Waiting {wait.Delay.TotalSeconds:0.#} s, until {wait.Until.UtcDateTime:HH:mm:ss}Z.");
                    command.WriteVerbose($"{wait.Service}: {text}");
                    _bar.Show(wait, text);
                    break;
                case Advanced step:
                    _bar.Show(step);
                    break;
                case Remark remark:
                    command.WriteVerbose(remark.Message);
                    break;
                case Caution caution:
                    command.WriteWarning(caution.Message);
                    break;
            }
        }
    }
}
