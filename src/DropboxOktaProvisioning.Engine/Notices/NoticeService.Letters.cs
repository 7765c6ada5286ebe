using System.Runtime.CompilerServices;
using DropboxOktaProvisioning.Engine.Journal;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <content>What waits for its hour, and the mails about others.</content>
public sealed partial class NoticeService
{
    private const string NotReminded = "The person's last reminder does not leave.";

    /// <summary>The plan without the mails to managers about people whose last reminder was left out of it.</summary>
    public static IReadOnlyList<PlannedNotice> LeaveOutFollowing(IReadOnlyList<PlannedNotice> plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (!plan.Any(planned => planned.AfterReminder)) return plan;
        var reminded = plan.Where(planned => planned.IsToPerson && planned.WillSend).Select(planned => planned.Person).ToHashSet<DropboxUserStatus>(ReferenceEqualityComparer.Instance);
        return Following(plan, reminded);
    }

    private static IReadOnlyList<PlannedNotice> Following(IReadOnlyList<PlannedNotice> plan, HashSet<DropboxUserStatus> reminded) =>
        [.. plan.Select(planned => planned.AfterReminder && (planned.WillSend || planned.Waits) && !reminded.Contains(planned.Person) ? planned.Skip(NotReminded) : planned)];

    // Written before anything leaves, so that a run that dies on the way has not forgotten who waits. What follows a reminder is written once that has left: until then it waits for nothing,
    // and from then on the reminder is what the next run goes by.
    private static async Task<IReadOnlyList<PlannedNotice>> HoldAsync(INoticeClaims journal, IReadOnlyList<PlannedNotice> plan, bool afterReminders, CancellationToken cancel)
    {
        var waiting = plan.Where(planned => planned.Waits && planned.AfterReminder == afterReminders).ToList();
        var outdated = afterReminders ? [] : plan.SelectMany(planned => planned.Outdated).ToList();
        if (waiting.Count == 0 && outdated.Count == 0) return plan;
        var holders = await journal.HoldAsync([.. waiting.Select(planned => planned.Notice)], outdated, cancel);
        var held = new Dictionary<PlannedNotice, PlannedNotice>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < waiting.Count; i++)
        {
            if (holders[i] is { } holder) held.Add(waiting[i], waiting[i] with { Notice = NoticeSender.Held(waiting[i], holder) });
        }

        return held.Count == 0 ? plan : [.. plan.Select(planned => held.GetValueOrDefault(planned, planned))];
    }

    private async IAsyncEnumerable<ActivationNotice> SendLettersAsync(
        INoticeClaims journal, IReadOnlyList<PlannedNotice> toPeople, IReadOnlyList<PlannedNotice> letters, List<ActivationNotice> results,
        Func<PlannedNotice, ActivationNotice> asItIs, [EnumeratorCancellation] CancellationToken cancel)
    {
        var reminded = new HashSet<DropboxUserStatus>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < toPeople.Count; i++)
        {
            if (results[i].State is NoticeState.Sent or NoticeState.Accepted) reminded.Add(toPeople[i].Person);
        }

        letters = await HoldAsync(journal, Following(letters, reminded), afterReminders: true, cancel);
        var sender = new LetterSender(journal, _transport, _time, letters[0].Options.SenderLimit);
        var told = new List<ActivationNotice>();
        var groups = letters.Where(planned => planned.Notice.Kind == NoticeKind.ManagerEscalation)
            .GroupBy(planned => planned.WillSend ? planned.Manager!.Email.ToUpperInvariant() : "").Select(group => group.ToList()).ToList();
        foreach (var letter in groups)
        {
            IReadOnlyList<ActivationNotice> sent = !letter[0].WillSend ? [.. letter.Select(asItIs)]
                : await sender.SendAsync(letter, ours => ours[0].Composer.ComposeEscalation(ours[0].Manager!, [.. ours.Select(one => one.Line!)]), cancel);
            told.AddRange(sent);
            foreach (var notice in sent) yield return notice;
        }

        foreach (var digest in letters.Where(planned => planned.Notice.Kind == NoticeKind.HelpdeskDigest))
        {
            var summary = RunReport.Of([.. toPeople, .. groups.SelectMany(letter => letter)], [.. results, .. told], _time.GetUtcNow());
            if (!digest.WillSend) yield return digest.Notice;
            else foreach (var notice in await sender.SendAsync([digest], ours => ours[0].Composer.ComposeDigest(summary), cancel)) yield return notice;
        }
    }
}
