using DropboxOktaProvisioning.Engine.Notices;

namespace DropboxOktaProvisioning.Bridge;

/// <summary>Counts what came of notices: people told are people, and a mail to their manager or the helpdesk tells none of them.</summary>
internal sealed class NoticeTally
{
    private readonly Tally _people = new(), _beside = new();

    /// <summary>Of how many people the manager was told.</summary>
    public int Escalated { get; private set; }

    /// <summary>Whether anything came of the run that somebody would want to hear of.</summary>
    public bool HasNews => Told + Escalated + this[NoticeState.Failed] + this[NoticeState.Unknown] > 0;

    /// <summary>How many people were told.</summary>
    public int Told => this[NoticeState.Sent] + this[NoticeState.Accepted];

    /// <summary>Counts all of these.</summary>
    public static NoticeTally Of(IEnumerable<ActivationNotice> notices)
    {
        var tally = new NoticeTally();
        foreach (var notice in notices) tally.Add(notice);
        return tally;
    }

    /// <summary>How many came to a state: people where it means being told, else notices of all kinds.</summary>
    public int this[NoticeState state] =>
        _people[state] + (state is NoticeState.Planned or NoticeState.Sent or NoticeState.Accepted or NoticeState.Redirected ? 0 : _beside[state]);

    /// <summary>Counts one.</summary>
    public void Add(ActivationNotice notice)
    {
        (notice.Kind.IsToPerson() ? _people : _beside).Add(notice.State);
        if (notice is { Kind: NoticeKind.ManagerEscalation, State: NoticeState.Sent or NoticeState.Accepted }) Escalated++;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{_people.Total} notices: {_people}{(_beside.Total == 0 ? "" : $"; beside them, to managers and the helpdesk: {_beside}")}";
}
