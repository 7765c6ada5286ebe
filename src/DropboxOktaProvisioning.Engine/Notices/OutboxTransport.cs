using MimeKit;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>Keeps the mails in memory, for a rehearsal.</summary>
public sealed class OutboxTransport(TimeProvider time) : INoticeTransport
{
    private readonly List<OutboxMessage> _messages = [];
    private readonly HashSet<string> _noticeIds = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => "Sandbox";

    /// <summary>What has arrived, oldest first.</summary>
    public IReadOnlyList<OutboxMessage> Messages
    {
        get
        {
            lock (_messages) return _messages.ToArray();
        }
    }

    /// <inheritdoc/>
    public Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<DeliveryOutcome> DeliverAsync(MimeMessage message, string noticeId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        var kept = new OutboxMessage
        {
            To = message.To.Mailboxes.Single().Address,
            Subject = message.Subject ?? "",
            Text = message.TextBody ?? "",
            Html = message.HtmlBody ?? "",
            SentOn = time.GetUtcNow(),
        };
        lock (_messages)
        {
            _messages.Add(kept);
            _noticeIds.Add(noticeId);
        }

        return Task.FromResult(DeliveryOutcome.Sent("In the outbox of the sandbox."));
    }

    /// <inheritdoc/>
    public Task<bool> WasDeliveredAsync(string noticeId, CancellationToken cancellationToken)
    {
        lock (_messages) return Task.FromResult(_noticeIds.Contains(noticeId));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
