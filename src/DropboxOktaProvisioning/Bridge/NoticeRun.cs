using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Workflow;

namespace DropboxOktaProvisioning.Bridge;

/// <summary>All that one sending of notices needs, checked and ready before anything is read or changed.</summary>
/// <param name="Service">Plans and sends.</param>
/// <param name="Options">Who is told, what, and in whose name.</param>
/// <param name="Transport">How the notices leave.</param>
/// <param name="Webhook">The channel that is told how the run ended; null for none.</param>
/// <param name="Team">The team that is worked on, null where rows alone are told.</param>
internal sealed record NoticeRun(NoticeService Service, NoticeOptions Options, INoticeTransport Transport, ChannelWebhook? Webhook, DropboxTeam? Team) : IAsyncDisposable
{
    /// <summary>The right to work on the scope; null where none is needed.</summary>
    public RunLease? Lease { get; init; }

    /// <summary>What becomes of each notice of a plan, as it is sent.</summary>
    public IAsyncEnumerable<ActivationNotice> SendAsync(IReadOnlyList<PlannedNotice> plan, IProgress<RunEvent> progress, CancellationToken cancel) =>
        Lease is null ? Service.SendAsync(plan, progress, cancel) : Lease.WhileHeldAsync(held => Service.SendAsync(plan, progress, held), cancel);

    /// <summary>Closes the transport; a sandbox's outbox lives on.</summary>
    public ValueTask DisposeAsync()
    {
        Webhook?.Dispose();
        return ReferenceEquals(Transport, Team?.Sandbox?.Transport) ? ValueTask.CompletedTask : Transport.DisposeAsync();
    }
}
