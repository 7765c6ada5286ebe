using System.Management.Automation;
using DropboxOktaProvisioning.Engine;

namespace DropboxOktaProvisioning.Bridge;

/// <summary>The bottom of the ladder: a command that can be stopped, and that pulls asynchronous work from the pipeline thread.</summary>
/// <remarks>
/// Only the pipeline thread writes. It waits for the engine with <see cref="Await{T}"/> or <see cref="Pull{T}"/>, shows what the engine
/// reports meanwhile, and whichever way it leaves (Ctrl+C, <c>Select-Object -First</c>, an error) the work is cancelled and waited for.
/// </remarks>
public abstract class AsyncCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private RunEventDisplay? _display;

    /// <summary>Cancelled when the command must stop, for whichever reason.</summary>
    protected CancellationToken StopToken => _stop.Token;

    // Made on first use: a command that never reaches the engine must not load it.
    private RunEventDisplay Display => _display ??= new RunEventDisplay(this);

    /// <summary>Where the engine reports to while this command waits for it.</summary>
    private protected IProgress<RunEvent> Progress => Display;

    /// <inheritdoc/>
    protected sealed override void BeginProcessing() => Guard(OnBegin);

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => Guard(OnRecord);

    /// <inheritdoc/>
    protected sealed override void EndProcessing() => Guard(OnEnd);

    /// <inheritdoc/>
    protected sealed override void StopProcessing() => _stop.Cancel();

    /// <summary>Runs once before the first input.</summary>
    protected virtual void OnBegin()
    {
    }

    /// <summary>Runs for each input.</summary>
    protected virtual void OnRecord()
    {
    }

    /// <summary>Runs once after the last input.</summary>
    protected virtual void OnEnd()
    {
    }

    /// <summary>Waits for the work on the pipeline thread, showing what it reports.</summary>
    private protected T Await<T>(Func<CancellationToken, Task<T>> work)
    {
        var task = Begin(() => work(StopToken));
        try
        {
            Display.ShowUntil(task);
        }
        catch
        {
            // Showing failed: the pipeline is going down, so nothing may be left running behind it.
            Abandon(task);
            throw;
        }

        return task.GetAwaiter().GetResult();
    }

    /// <summary>Waits for the work on the pipeline thread, showing what it reports.</summary>
    private protected void Await(Func<CancellationToken, Task> work) => Await<object?>(async cancel =>
    {
        await work(cancel);
        return null;
    });

    /// <summary>Has work done on the pipeline thread for the engine, which asks from another one: a script block runs nowhere else.</summary>
    private protected Task<T> OnPipelineThread<T>(Func<T> work, CancellationToken cancel) => Display.DoAsync(work, cancel);

    /// <summary>Pulls items one by one and hands each to <paramref name="write"/> on the pipeline thread; no item is fetched before it is wanted.</summary>
    private protected void Pull<T>(Func<CancellationToken, IAsyncEnumerable<T>> source, Action<T> write)
    {
        var items = source(StopToken).GetAsyncEnumerator(StopToken);
        var finished = false;
        try
        {
            while (Await(_ => items.MoveNextAsync().AsTask())) write(items.Current);
            finished = true;
        }
        finally
        {
            // A consumer that left early wants no more of it: neither requests nor mails.
            if (!finished) _stop.Cancel();
            Abandon(Begin(() => items.DisposeAsync().AsTask()));
        }
    }

    /// <summary>Whether only the plan is asked for, by <c>-WhatIf</c> or by the caller's preference.</summary>
    private protected bool IsWhatIf => LanguagePrimitives.IsTrue(
        MyInvocation.BoundParameters.TryGetValue("WhatIf", out var given) ? given : SessionState.PSVariable.GetValue("WhatIfPreference"));

    /// <summary>Writes the problem as an error of one record; the command goes on.</summary>
    private protected void WriteProblem(ProvisioningException problem) => WriteError(ErrorRecords.From(problem, GetType()));

    /// <summary>Tells what a person would want to know and a script would not, shown by <c>-InformationAction Continue</c>.</summary>
    private protected void Inform(string message) => WriteInformation(message, [nameof(DropboxOktaProvisioning)]);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends what is still running.</summary>
    /// <param name="disposing">Always true.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        _stop.Cancel();
        _stop.Dispose();
        _display?.Dispose();
    }

    // A host with a message loop has its context on this thread; work that wanted to come back to it would wait for us, and we for it.
    private static T Begin<T>(Func<T> work)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return work();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private void Guard(Action work)
    {
        try
        {
            work();
        }
        catch (Exception exception) when (Unforeseen.ProblemOf(exception) is { } problem)
        {
            ThrowTerminatingError(ErrorRecords.From(problem, GetType()));
        }
        finally
        {
            _display?.Close();
        }
    }

    private void Abandon(Task task)
    {
        if (!task.IsCompleted) _stop.Cancel();
        // Its outcome is nobody's any more; that it is over is what counts.
        ((IAsyncResult)task.ContinueWith(static done => _ = done.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default))
            .AsyncWaitHandle.WaitOne();
    }
}
