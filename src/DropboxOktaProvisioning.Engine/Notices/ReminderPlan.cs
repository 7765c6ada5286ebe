using System.Globalization;
using DropboxOktaProvisioning.Engine.Journal;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>What is to be said to somebody next.</summary>
/// <param name="Occasion">What it is.</param>
/// <param name="NotYet">Why it is not to be said now; null if it is.</param>
/// <param name="IsOver">Whether nothing is left to be said.</param>
internal sealed record NextWord(Occasion Occasion, string? NotYet = null, bool IsOver = false);

/// <summary>Which reminder is due for whom.</summary>
/// <remarks>
/// Days are calendar days where the person lives, from the first notice. Of several that are due the latest leaves and the earlier ones never do. After a
/// reminder that came late the next one keeps the distance that the two have in the list.
/// </remarks>
internal sealed class ReminderPlan(NoticeManners manners, NoticeIndex journal, DateTimeOffset now, bool resendUnknown)
{
    private readonly IReadOnlyList<int> _days = manners.ReminderAfter;

    /// <summary>Whether the person still waits. Rows that are older than the sign-on say so by the day of joining.</summary>
    public static bool Waits(DropboxUserStatus person) => person.Stage == ProvisioningStage.AwaitingActivation && person.JoinedOn is null;

    /// <summary>What is next, given the first notice that the journal knows of.</summary>
    public NextWord Next(DropboxUserStatus person, ActivationNotice? first)
    {
        // Only who surely was told, and surely waits still, is reminded.
        if (_days.Count == 0 || first is not { State: NoticeState.Sent or NoticeState.Accepted, SentOn: { } firstOn } || !Waits(person)) return new NextWord(Occasion.First);
        var told = Told(person);
        var last = told.Count == 0 ? 0 : told.Max(notice => notice.Step);
        var lastOn = told.Select(notice => notice.SentOn ?? notice.IntendedOn).Append(firstOn).Max()!.Value;
        // Asked to send again what may have left: the same reminder once more, before any later one.
        if (resendUnknown && told.Exists(notice => notice.Step == last && notice.State == NoticeState.Unknown))
            return new NextWord(new Occasion(NoticeKind.Reminder, last, last >= _days.Count || told.Count >= manners.MaximumReminders, firstOn));
        if (last >= _days.Count || told.Count >= manners.MaximumReminders)
            return new NextWord(Occasion.First, string.Create(CultureInfo.InvariantCulture, $"No reminder is left; the last one was on {lastOn:yyyy-MM-dd}."), IsOver: true);

        var zone = manners.Clock.Zones(person.TimeZone, person.CountryCode)[0];
        var today = Day(now, zone);
        var step = Math.Max(last + 1, _days.Count(days => Day(firstOn, zone).AddDays(days) <= today));
        var distance = _days[step - 1] - (step > 1 ? _days[step - 2] : 0);
        var (byFirst, byLast) = (Day(firstOn, zone).AddDays(_days[step - 1]), Day(lastOn, zone).AddDays(distance));
        var due = byFirst > byLast ? byFirst : byLast;
        var occasion = new Occasion(NoticeKind.Reminder, step, step == _days.Count || told.Count + 1 >= manners.MaximumReminders, firstOn);
        return due <= today ? new NextWord(occasion)
            : new NextWord(Occasion.First, string.Create(CultureInfo.InvariantCulture, $"Reminder {step} is due on {due:yyyy-MM-dd}."));
    }

    /// <summary>The last reminder of somebody who gets no more and waits still; null where it is not known to have left.</summary>
    public ActivationNotice? LastOne(DropboxUserStatus person)
    {
        if (!Waits(person) || Told(person) is not { Count: > 0 } told) return null;
        var last = told.MaxBy(notice => notice.Step)!;
        return last.State is NoticeState.Sent or NoticeState.Accepted && (last.Step >= _days.Count || told.Count >= manners.MaximumReminders) ? last : null;
    }

    private List<ActivationNotice> Told(DropboxUserStatus person) =>
        [.. journal.Reminders(person).Where(notice => notice.State is NoticeState.Sent or NoticeState.Accepted or NoticeState.Sending or NoticeState.Unknown)];

    private static DateOnly Day(DateTimeOffset time, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time, zone).DateTime);
}
