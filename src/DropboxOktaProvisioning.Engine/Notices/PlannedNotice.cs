namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>What would happen for one person of the input.</summary>
/// <remarks><see cref="ActivationNotice.State"/> is Planned, Skipped or Failed, and the reason says why.</remarks>
public sealed record PlannedNotice
{
    internal PlannedNotice(ActivationNotice notice, DropboxUserStatus person, NoticeComposer composer, NoticeOptions options, bool isOpen)
    {
        Notice = notice;
        Person = person;
        Composer = composer;
        Options = options;
        IsOpen = isOpen;
    }

    /// <summary>The notice as planned.</summary>
    public ActivationNotice Notice { get; init; }

    /// <summary>Whether it would be sent.</summary>
    public bool WillSend => Notice.State == NoticeState.Planned;

    /// <summary>The same, not sent.</summary>
    /// <param name="reason">Why not.</param>
    public PlannedNotice Skip(string reason) => this with { Notice = Notice with { State = NoticeState.Skipped, Reason = reason } };

    /// <summary>Whom it is about. The words are made again when they leave: a plan for everybody would hold them all in memory.</summary>
    internal DropboxUserStatus Person { get; }

    internal NoticeComposer Composer { get; }

    internal NoticeOptions Options { get; }

    internal bool ResendUnknown => Options.ResendUnknown;

    /// <summary>An earlier notice to this person may or may not have left.</summary>
    internal bool IsOpen { get; }
}
