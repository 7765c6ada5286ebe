namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>What would happen for one person of the input.</summary>
/// <remarks><see cref="ActivationNotice.State"/> is Planned, Waiting, Skipped or Failed, and the reason says why.</remarks>
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

    /// <summary>Whether it would be sent at another hour.</summary>
    internal bool Waits => Notice.State == NoticeState.Waiting;

    /// <summary>Whether it would be sent if its sender had room today.</summary>
    public bool LacksRoom { get; internal init; }

    /// <summary>Whether it is to be sent: now, at another hour, or on another day.</summary>
    public bool IsWanted => WillSend || Waits || LacksRoom;

    /// <summary>Whether it goes to the person whom it is about, and not to a manager or the helpdesk.</summary>
    public bool IsToPerson => Notice.Kind.IsToPerson();

    /// <summary>Whether it counts where too many would be told: all to people, and to managers what does not follow a reminder of the same run.</summary>
    public bool IsCounted => WillSend && (IsToPerson || (Notice.Kind == NoticeKind.ManagerEscalation && !AfterReminder));

    /// <summary>The same, not sent.</summary>
    /// <param name="reason">Why not.</param>
    public PlannedNotice Skip(string reason) => this with { Notice = Notice with { State = NoticeState.Skipped, Reason = reason }, LacksRoom = false };

    /// <summary>Whom it is about. The words are made again when they leave: a plan for everybody would hold them all in memory.</summary>
    internal DropboxUserStatus Person { get; }

    internal NoticeComposer Composer { get; }

    internal NoticeOptions Options { get; }

    internal bool ResendUnknown => Options.ResendUnknown;

    /// <summary>An earlier notice to this person may or may not have left.</summary>
    internal bool IsOpen { get; init; }

    /// <summary>What it is for, where it goes to the person.</summary>
    internal Occasion Occasion { get; init; } = Occasion.First;

    /// <summary>Whether the person has had every reminder.</summary>
    internal bool IsOver { get; init; }

    /// <summary>What waits in the journal for this person and will never be sent.</summary>
    internal IReadOnlyList<ActivationNotice> Outdated { get; init; } = [];

    /// <summary>The manager whom it goes to.</summary>
    internal Recipient? Manager { get; init; }

    /// <summary>What the manager's mail says of the person.</summary>
    internal MailLine? Line { get; init; }

    /// <summary>Whether the manager is told only if the person's reminder leaves first.</summary>
    internal bool AfterReminder { get; init; }

    /// <summary>The words to the person.</summary>
    internal NoticeContent Compose() => Composer.Compose(Person, Occasion);
}
