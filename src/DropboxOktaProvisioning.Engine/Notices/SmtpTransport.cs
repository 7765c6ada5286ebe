using System.Collections.Concurrent;
using MimeKit;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>Sends mails through a mail server, over several connections at once.</summary>
/// <remarks>A connection that the server has no room for is given up while another one is left, and its mail goes over that one.</remarks>
public sealed class SmtpTransport(SmtpOptions options, TimeProvider time) : INoticeTransport
{
    private readonly ConcurrentStack<SmtpConnection> _idle = new();
    private readonly SemaphoreSlim _free = new(options.Connections);
    private readonly HashSet<SmtpConnection> _connections = [];

    /// <inheritdoc/>
    public string Name => "Smtp";

    /// <inheritdoc/>
    public int Connections => options.Connections;

    /// <inheritdoc/>
    public Task OpenAsync(CancellationToken cancellationToken)
    {
        var connection = Take();
        _idle.Push(connection);
        return Aside(() => connection.Open(cancellationToken));
    }

    /// <inheritdoc/>
    public Task<DeliveryOutcome> DeliverAsync(MimeMessage message, string noticeId, CancellationToken cancellationToken) =>
        Aside(() => Deliver(message, noticeId, cancellationToken));

    /// <inheritdoc/>
    public DeliveryOutcome Deliver(MimeMessage message, string noticeId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        while (true)
        {
            try
            {
                _free.Wait(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return DeliveryOutcome.Failed("It did not leave: the run was cancelled.");
            }

            // The one that was used last: a slow run needs one connection and keeps it warm.
            var connection = Take();
            var isKept = true;
            try
            {
                var outcome = connection.Deliver(message, cancellationToken);
                isKept = outcome.State != DeliveryState.Failed || !connection.HadNoRoom || cancellationToken.IsCancellationRequested || !GiveUp(connection);
                if (isKept) return outcome;
            }
            finally
            {
                if (isKept)
                {
                    _idle.Push(connection);
                    _free.Release();
                }
                else
                {
                    connection.Dispose();
                }
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(TakeAll().Select(connection => Aside(connection.Dispose)));
        _free.Dispose();
    }

    // A connection blocks the thread that it is used on, and the threads of tasks are few.
    private static Task Aside(Action work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static Task<T> Aside<T>(Func<T> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private SmtpConnection Take()
    {
        if (_idle.TryPop(out var idle)) return idle;
        var connection = new SmtpConnection(options, time);
        lock (_connections) _connections.Add(connection);
        return connection;
    }

    // Where no other way is open, what this one says is the answer.
    private bool GiveUp(SmtpConnection connection)
    {
        lock (_connections) return _connections.Any(other => other != connection && other.IsConnected) && _connections.Remove(connection);
    }

    private IEnumerable<SmtpConnection> TakeAll()
    {
        while (_idle.TryPop(out var connection)) yield return connection;
    }
}
