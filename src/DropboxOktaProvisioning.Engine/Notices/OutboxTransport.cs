using MimeKit;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>One mail in the outbox of the sandbox.</summary>
/// <param name="NoticeId">The notice's id.</param>
/// <param name="To">The recipient's address.</param>
/// <param name="Subject">The subject.</param>
/// <param name="Text">The plain text.</param>
/// <param name="Html">The HTML.</param>
/// <param name="SentOn">When it arrived, UTC.</param>
public sealed record OutboxMessage(string NoticeId, string To, string Subject, string Text, string Html, DateTimeOffset SentOn);

/// <summary>Keeps the mails in memory, for a rehearsal.</summary>
public sealed class OutboxTransport(TimeProvider time) : INoticeTransport
{
    private readonly List<OutboxMessage> _messages = [];

    /// <inheritdoc/>
    public string Name => "Sandbox";

    /// <summary>What has arrived, oldest first.</summary>
    public IReadOnlyList<OutboxMessage> Messages
    {
        get
        {
            lock (_messages) return [.. _messages];
        }
    }

    /// <inheritdoc/>
    public Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<DeliveryOutcome> DeliverAsync(MimeMessage message, string noticeId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        var kept = new OutboxMessage(
            noticeId, message.To.Mailboxes.Single().Address, message.Subject ?? "", message.TextBody ?? "", message.HtmlBody ?? "", time.GetUtcNow());
        lock (_messages) _messages.Add(kept);
        return Task.FromResult(DeliveryOutcome.Sent("In the outbox of the sandbox."));
    }

    /// <inheritdoc/>
    public Task<bool> WasDeliveredAsync(string noticeId, CancellationToken cancellationToken) =>
        Task.FromResult(Messages.Any(message => message.NoticeId == noticeId));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
