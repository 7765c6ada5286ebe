using DropboxOktaProvisioning.Engine.Notices;
using MimeKit;

namespace EngineProgram;

/// <summary>Takes every mail and does nothing with it, so that what is left is the sender's own work.</summary>
internal sealed class YesTransport : INoticeTransport
{
    public string Name => "Smtp";

    public int Connections { get; init; }

    public Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<DeliveryOutcome> DeliverAsync(MimeMessage message, string noticeId, CancellationToken cancellationToken) => Task.FromResult(Deliver(message, noticeId, cancellationToken));

    public DeliveryOutcome Deliver(MimeMessage message, string noticeId, CancellationToken cancellationToken) => DeliveryOutcome.Sent("250 2.0.0 Ok: queued as 4711");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
