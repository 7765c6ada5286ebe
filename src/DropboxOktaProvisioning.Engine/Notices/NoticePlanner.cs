using System.Globalization;
using DropboxOktaProvisioning.Engine.Journal;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>Decides for each person whether a notice would leave. Changes nothing.</summary>
/// <remarks>What <paramref name="narrow"/> leaves out takes no sender's turn from anybody else.</remarks>
internal sealed class NoticePlanner(
    NoticeOptions options, NoticeComposer composer, NoticeIndex journal, SenderRota rota, Func<PlannedNotice, PlannedNotice> narrow, string transport, DateTimeOffset now)
{
    private readonly HashSet<(string? Team, string Key)> _seen = [];
    private readonly HashSet<string> _optedOut = [];
    private readonly ReminderPlan _reminders = new(options.Manners, journal, now, options.ResendUnknown);

    /// <summary>The plan for the next person of the input.</summary>
    public PlannedNotice Plan(DropboxUserStatus person) => rota.Place(narrow(Decide(person)));

    private PlannedNotice Decide(DropboxUserStatus person)
    {
        var first = journal.Find(person);
        var next = _reminders.Next(person, first);
        var (kind, step) = (next.Occasion.Kind, next.Occasion.Step);
        var known = kind == NoticeKind.Activation ? first : journal.Find(person, kind, step);
        var notice = Begin(person, known) with { Email = person.Email.Trim(), Name = person.Name, Kind = kind, Step = step };
        ActivationNotice[] waiting = [.. journal.Waiting(person)];
        var planned = new PlannedNotice(notice, person, composer, options, isOpen: known?.State == NoticeState.Unknown)
        {
            Occasion = next.Occasion,
            IsOver = next.IsOver,
            Outdated = ReminderPlan.Waits(person) ? [.. waiting.Where(one => one.Kind != NoticeKind.ManagerEscalation && (one.Kind, one.Step) != (kind, step))] : waiting,
        };

        // What waited for somebody who is not to be told any more waits for nothing.
        if (!options.Stages.Contains(person.Stage)) return planned.Skip($"The stage is {person.Stage}; told are: {string.Join(", ", options.Stages)}.") with { IsOpen = false, Outdated = waiting };
        if (IsRepeated(person)) return planned.Skip("The same person stands in the input twice.") with { IsOpen = false };
        if (options.Manners.OptOut.Has(person)) return planned.Skip("Stands on the opt-out list.") with { IsOpen = false, Outdated = waiting };
        if (known is not null && Obstacle(known, options.ResendUnknown) is { } obstacle) return planned with { Notice = Held(notice, known, $"{obstacle} {next.NotYet}".TrimEnd()) };
        planned = planned with { IsOpen = false };

        try
        {
            var content = planned.Compose();
            var ready = notice with { Subject = content.Subject, Reason = Why(person, known) };
            if (composer.WaitsUntil(person, now) is not { } until) return planned with { Notice = ready with { State = NoticeState.Planned } };
            // What may have left stays unknown: a later run must be told again to send it.
            return known?.State == NoticeState.Unknown ? planned with { Notice = Held(ready, known, $"It may have left on {Day(known.IntendedOn)} already. {Closed(until)}") }
                : planned with { Notice = ready with { State = NoticeState.Waiting, NotBefore = until, Reason = Closed(until) } };
        }
        catch (ProvisioningException exception) when (exception.ErrorId is ErrorIds.InvalidAddress or ErrorIds.TemplateInvalid)
        {
            return planned with { Notice = notice with { State = NoticeState.Failed, Reason = exception.Message } };
        }
    }

    /// <summary>The mails to managers: about each person whose last reminder leaves in this plan, or left earlier.</summary>
    public async Task<IReadOnlyList<PlannedNotice>> PlanEscalationsAsync(IReadOnlyList<PlannedNotice> plan, ManagerDirectory managers, CancellationToken cancel)
    {
        // Of a manager Okta's lookup tells the id, the login and one address; the rows may know further addresses, and the team member's id.
        _optedOut.UnionWith(plan.Select(planned => planned.Person).Where(options.Manners.OptOut.Has).Select(person => person.OktaUserId).OfType<string>());
        var escalations = new List<PlannedNotice>();
        foreach (var planned in plan)
        {
            cancel.ThrowIfCancellationRequested();
            var leaves = planned.WillSend && planned.Occasion is { Kind: NoticeKind.Reminder, IsLast: true };
            var last = leaves ? planned.Notice : planned.IsOver && planned.Notice.State == NoticeState.Skipped && !options.Manners.OptOut.Has(planned.Person) ? _reminders.LastOne(planned.Person) : null;
            if (last is null) continue;
            var known = journal.Escalation(planned.Person);
            if (known?.State is NoticeState.Sent or NoticeState.Accepted or NoticeState.Sending) continue;
            escalations.Add(narrow(await EscalateAsync(planned, last, known, leaves, managers, cancel)));
        }

        return Grouped(escalations);
    }

    /// <summary>The mail to the helpdesk about the run.</summary>
    public PlannedNotice PlanDigest(IReadOnlyList<PlannedNotice> plan)
    {
        var address = MailText.Mailbox(options.Manners.DigestTo)!.Address;
        var subject = composer.ComposeDigest(RunReport.Of(plan, [.. plan.Select(planned => planned.Notice)], now)).Subject;
        var notice = Begin(new DropboxUserStatus { TeamId = plan.Select(planned => planned.Person.TeamId).FirstOrDefault() }, null) with
        {
            Email = address, Kind = NoticeKind.HelpdeskDigest, State = NoticeState.Planned, Subject = subject, Reason = "Tells of this run.",
        };
        return rota.Place(new PlannedNotice(notice, new DropboxUserStatus { Email = address }, composer, options, isOpen: false));
    }

    /// <summary>Why this notice keeps another one from leaving; null if it does not.</summary>
    public static string? Obstacle(ActivationNotice known, bool resendUnknown) => known.State switch
    {
        NoticeState.Sent or NoticeState.Accepted => $"Already told on {Day(known.SentOn)}.",
        NoticeState.Sending => $"Being sent by another run since {Day(known.IntendedOn)}.",
        NoticeState.Unknown when !resendUnknown => $"It may have left on {Day(known.IntendedOn)} already. {known.Reason}",
        _ => null,
    };

    /// <summary>Why a notice waits.</summary>
    public static string Closed(DateTimeOffset until) => $"Not at this hour there; it leaves with the next run from {Day(until)} on.";

    private static string Why(DropboxUserStatus person, ActivationNotice? known) => known?.State switch
    {
        NoticeState.Failed => $"The last try on {Day(known.IntendedOn)} failed: {known.Reason}",
        NoticeState.Unknown => $"Sent again as asked: it may have left on {Day(known.IntendedOn)} already.",
        _ => person.Reason,
    };

    private static string Day(DateTimeOffset? time) => time?.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) ?? "an unknown day";

    private static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static ActivationNotice Held(ActivationNotice notice, ActivationNotice known, string reason) => notice with
    {
        Id = known.Id, MessageId = known.MessageId, IntendedOn = known.IntendedOn, SentOn = known.SentOn, State = NoticeState.Skipped, Reason = reason,
    };

    private ActivationNotice Begin(DropboxUserStatus person, ActivationNotice? known)
    {
        // A rehearsal's mails are others than those that the people get later.
        if (options.RedirectTo is not null) known = null;
        var id = known?.State is NoticeState.Failed or NoticeState.Unknown or NoticeState.Waiting ? known.Id : NoticeKeys.NewId();
        return new ActivationNotice
        {
            Id = id,
            Stage = person.Stage,
            PersonalAccount = person.PersonalAccount,
            Transport = transport,
            MessageId = known?.MessageId ?? composer.MessageId(id),
            Attempts = known?.Attempts ?? 0,
            OktaUserId = NullIfEmpty(person.OktaUserId),
            TeamMemberId = NullIfEmpty(person.TeamMemberId),
            TeamId = NullIfEmpty(person.TeamId),
        };
    }

    private bool IsRepeated(DropboxUserStatus person)
    {
        var repeated = false;
        foreach (var key in NoticeKeys.Of(person)) repeated |= !_seen.Add((NullIfEmpty(person.TeamId), key));
        return repeated;
    }

    private async Task<PlannedNotice> EscalateAsync(
        PlannedNotice planned, ActivationNotice last, ActivationNotice? known, bool leaves, ManagerDirectory managers, CancellationToken cancel)
    {
        var person = planned.Person;
        var notice = Begin(person, known) with { Kind = NoticeKind.ManagerEscalation, Step = last.Step, About = person.Email.Trim() };
        var escalation = new PlannedNotice(notice, person, composer, options, isOpen: known?.State == NoticeState.Unknown) { AfterReminder = leaves };
        if (known is not null && Obstacle(known, options.ResendUnknown) is { } obstacle)
            return escalation with { Notice = Held(notice with { Email = known.Email, Name = known.Name }, known, obstacle) };

        var found = await managers.FindAsync(person, cancel);
        if (found.Manager is not { } manager)
            return escalation with { Notice = notice with { State = found.MayChange ? NoticeState.Failed : NoticeState.Skipped, Reason = found.Problem } };

        if (options.Manners.OptOut.Has(manager) || (manager.OktaUserId is { } id && _optedOut.Contains(id)))
            return escalation.Skip("The manager stands on the opt-out list.") with { Outdated = known?.State == NoticeState.Waiting ? [known] : [] };

        var line = new MailLine { Email = person.Email.Trim(), Name = person.Name, Kind = NoticeKind.Reminder, Step = last.Step, Stage = person.Stage, ToldOn = journal.Find(person)?.SentOn };
        var addressed = notice with { Email = manager.Email, Name = manager.Name, State = NoticeState.Planned, Reason = string.Create(CultureInfo.InvariantCulture, $"{person.Email} got the last reminder, number {last.Step}, and waits still.") };
        return composer.WaitsUntil(manager, now) is not { } until ? escalation with { Notice = addressed, Manager = manager, Line = line }
            : known?.State == NoticeState.Unknown ? escalation with { Notice = Held(addressed, known, Closed(until)) }
            : escalation with { Notice = addressed with { State = NoticeState.Waiting, NotBefore = until, Reason = Closed(until) }, Manager = manager, Line = line };
    }

    // One mail a manager, so one subject for all the people in it.
    private List<PlannedNotice> Grouped(List<PlannedNotice> escalations) =>
    [
        .. escalations.GroupBy(escalation => escalation.Manager?.Email ?? "", StringComparer.OrdinalIgnoreCase).SelectMany(group =>
        {
            // Who was left out has no part in this mail, and keeps the Message-ID for one of their own.
            List<PlannedNotice> within = [.. group.Where(IsWithin)];
            var all = within.Count > 0 ? within : [.. group];
            var subject = all[0].Manager is { } manager ? composer.ComposeEscalation(manager, [.. all.Select(one => one.Line!)]).Subject : "";
            var mail = all[0].Notice.MessageId;
            // One mail takes one turn of a sender; which of its rows is counted shows when they are claimed.
            var sender = group.Any(one => one.WillSend) ? rota.Next() : null;
            return group.Select(one => one with { Notice = one.Notice with { Subject = subject, MessageId = one.Notice.Attempts == 0 && IsWithin(one) ? mail : one.Notice.MessageId } })
                .Select(one => one.WillSend ? rota.Place(one, sender) : one);
        }),
    ];

    private static bool IsWithin(PlannedNotice letter) => letter.WillSend || letter.Waits;
}
