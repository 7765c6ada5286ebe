using MimeKit;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>A way for mails to leave.</summary>
public interface INoticeTransport : IAsyncDisposable
{
    /// <summary>The name that notices carry: <c>Smtp</c>, <c>Pickup</c> or <c>Sandbox</c>.</summary>
    string Name { get; }

    /// <summary>How many mails may be handed over at once.</summary>
    int Connections => 1;

    /// <summary>Proves that mails can leave, before the first one is claimed.</summary>
    /// <exception cref="ProvisioningException">They cannot; the message says why.</exception>
    Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>Hands one mail over. Cancelling it gives an outcome too: only the transport knows whether the mail may have left.</summary>
    Task<DeliveryOutcome> DeliverAsync(MimeMessage message, string noticeId, CancellationToken cancellationToken);

    /// <summary>The same on a thread that has nothing else to do, and may be blocked meanwhile.</summary>
    DeliveryOutcome Deliver(MimeMessage message, string noticeId, CancellationToken cancellationToken) =>
        DeliverAsync(message, noticeId, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Whether this notice surely left earlier. False where that cannot be known.</summary>
    Task<bool> WasDeliveredAsync(string noticeId, CancellationToken cancellationToken) => Task.FromResult(false);
}
