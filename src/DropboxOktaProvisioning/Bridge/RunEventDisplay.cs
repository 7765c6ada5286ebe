using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using DropboxOktaProvisioning.Engine;

namespace DropboxOktaProvisioning.Bridge;

/// <summary>Collects what the engine reports from any thread and shows it from the pipeline thread: verbose lines, warnings, progress.</summary>
internal sealed class RunEventDisplay(Cmdlet command) : IProgress<RunEvent>, IDisposable
{
    private const int ActivityId = 0x0D0B;
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(500); // short work shows no bar
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentQueue<RunEvent> _events = new();
    private readonly ManualResetEventSlim _signal = new();
    private readonly long _started = Stopwatch.GetTimestamp();
    private long _lastBar;
    private ProgressRecord? _bar;

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
    public void Close()
    {
        if (_bar is not { } bar) return;
        _bar = null;
        bar.RecordType = ProgressRecordType.Completed;
        try
        {
            command.WriteProgress(bar);
        }
        catch (PipelineStoppedException)
        {
            // The host takes the bars of a stopped pipeline away itself.
        }
    }

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
                    Bar(wait.Service, text, -1, force: true);
                    break;
                case Advanced step:
                    var of = step.Total is { } total ? string.Create(CultureInfo.InvariantCulture, $"{step.Done} of {total}") : step.Done.ToString(CultureInfo.InvariantCulture);
                    Bar(step.Activity, of, step.Total is > 0 ? (int)Math.Min(100, 100L * step.Done / step.Total.Value) : -1, force: false);
                    break;
                case Caution caution:
                    command.WriteWarning(caution.Message);
                    break;
            }
        }
    }

    private void Bar(string activity, string status, int percent, bool force)
    {
        if (Stopwatch.GetElapsedTime(_started) < Quiet || (!force && _bar is not null && Stopwatch.GetElapsedTime(_lastBar) < Between)) return;
        _lastBar = Stopwatch.GetTimestamp();
        _bar = new ProgressRecord(ActivityId, activity, status) { PercentComplete = percent };
        command.WriteProgress(_bar);
    }
}
