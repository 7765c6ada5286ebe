using System.Globalization;
using DropboxOktaProvisioning.Engine.Journal;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>Decides for each person whether a notice would leave. Changes nothing.</summary>
internal sealed class NoticePlanner(NoticeOptions options, NoticeComposer composer, NoticeIndex journal, SenderRota rota, string transport)
{
    private readonly HashSet<(string? Team, string Key)> _seen = [];

    /// <summary>The plan for the next person of the input.</summary>
    public PlannedNotice Plan(DropboxUserStatus person)
    {
        var known = journal.Find(person, options.Kind);
        // A rehearsal's mails are others than those that the people get later.
        var before = options.RedirectTo is null ? known : null;
        var id = before?.State is NoticeState.Failed or NoticeState.Unknown ? before.Id : NoticeKeys.NewId();
        var notice = new ActivationNotice
        {
            Id = id,
            Email = person.Email.Trim(),
            Name = person.Name,
            Kind = options.Kind,
            Stage = person.Stage,
            PersonalAccount = person.PersonalAccount,
            Transport = transport,
            MessageId = before?.MessageId ?? composer.MessageId(id),
            Attempts = before?.Attempts ?? 0,
            OktaUserId = NullIfEmpty(person.OktaUserId),
            TeamMemberId = NullIfEmpty(person.TeamMemberId),
            TeamId = NullIfEmpty(person.TeamId),
        };

        if (!options.Stages.Contains(person.Stage)) return Skip(notice, $"The stage is {person.Stage}; told are: {string.Join(", ", options.Stages)}.", person);
        if (IsRepeated(person)) return Skip(notice, "The same person stands in the input twice.", person);
        if (known is not null && Obstacle(known, options.ResendUnknown) is { } obstacle)
        {
            var held = notice with { Id = known.Id, MessageId = known.MessageId, IntendedOn = known.IntendedOn, SentOn = known.SentOn };
            return Skip(held, obstacle, person, isOpen: known.State == NoticeState.Unknown);
        }

        try
        {
            var content = composer.Compose(person);
            return rota.Next() is not { } sender ? Skip(notice, rota.WhyFull, person)
                : Planned(notice with { State = NoticeState.Planned, Subject = content.Subject, Reason = Why(person, known), Sender = sender }, person);
        }
        catch (ProvisioningException exception) when (exception.ErrorId is ErrorIds.InvalidAddress or ErrorIds.TemplateInvalid)
        {
            return Planned(notice with { State = NoticeState.Failed, Reason = exception.Message }, person);
        }
    }

    /// <summary>Why this notice keeps another one from leaving; null if it does not.</summary>
    public static string? Obstacle(ActivationNotice known, bool resendUnknown) => known.State switch
    {
        NoticeState.Sent or NoticeState.Accepted => $"Already told on {Day(known.SentOn)}.",
        NoticeState.Sending => $"Being sent by another run since {Day(known.IntendedOn)}.",
        NoticeState.Unknown when !resendUnknown => $"It may have left on {Day(known.IntendedOn)} already. {known.Reason}",
        _ => null,
    };

    private static string Why(DropboxUserStatus person, ActivationNotice? known) => known?.State switch
    {
        NoticeState.Failed => $"The last try on {Day(known.IntendedOn)} failed: {known.Reason}",
        NoticeState.Unknown => $"Sent again as asked: it may have left on {Day(known.IntendedOn)} already.",
        _ => person.Reason,
    };

    private static string Day(DateTimeOffset? time) => time?.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) ?? "an unknown day";

    private static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private bool IsRepeated(DropboxUserStatus person)
    {
        var repeated = false;
        foreach (var key in NoticeKeys.Of(person)) repeated |= !_seen.Add((NullIfEmpty(person.TeamId), key));
        return repeated;
    }

    private PlannedNotice Skip(ActivationNotice notice, string reason, DropboxUserStatus person, bool isOpen = false) =>
        Planned(notice with { State = NoticeState.Skipped, Reason = reason }, person, isOpen);

    private PlannedNotice Planned(ActivationNotice notice, DropboxUserStatus person, bool isOpen = false) =>
        new(notice, person, composer, options, isOpen);
}
