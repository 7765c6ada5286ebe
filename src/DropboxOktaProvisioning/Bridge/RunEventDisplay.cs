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

    /// <summary>Has work done on the pipeline thread, when that waits for the engine next.</summary>
    public Task<T> DoAsync<T>(Func<T> work, CancellationToken cancel)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Report(new Errand(() => Do(work, done)));
        return done.Task.WaitAsync(cancel);
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
                case Restarting again:
                    command.WriteVerbose(string.Create(CultureInfo.InvariantCulture, $"{again.Service}: {again.Reason} Reading {again.About} again from the first page; {again.Read:N0} are thrown away."));
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
                case Errand errand:
                    errand.Run();
                    break;
            }
        }
    }

    private static void Do<T>(Func<T> work, TaskCompletionSource<T> done)
    {
        try
        {
            done.SetResult(work());
        }
        catch (Exception error) when (error is PipelineStoppedException or FlowControlException)
        {
            // The pipeline is going down, and takes with it who waits.
            done.SetCanceled();
            throw;
        }
#pragma warning disable CA1031 // It is thrown again where it is waited for.
        catch (Exception error)
#pragma warning restore CA1031
        {
            done.SetException(error);
        }
    }

    /// <summary>Work that the engine wants done on the pipeline thread.</summary>
    private sealed record Errand(Action Run) : RunEvent;
}
