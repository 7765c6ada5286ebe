namespace DropboxOktaProvisioning.Engine.Verification;

/// <summary>Runs two readings at once; the first that fails stops the other and is the one that is told.</summary>
internal static class SideBySide
{
    public static async Task RunAsync(Func<CancellationToken, Task> left, Func<CancellationToken, Task> right, CancellationToken cancel)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Exception? first = null;

        async Task Guarded(Func<CancellationToken, Task> work)
        {
            try
            {
                await work(both.Token);
            }
            catch (Exception error) when (Interlocked.CompareExchange(ref first, error, null) is null)
            {
                await both.CancelAsync();
                throw;
            }
        }

        var running = new[] { Guarded(left), Guarded(right) };
        try
        {
            await Task.WhenAll(running);
        }
        catch when (first is not null)
        {
            // The other one only reports that it was stopped.
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        }
    }
}
