using System.Runtime.CompilerServices;
using DropboxOktaProvisioning.Engine.Journal;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>Plans notices, and sends what was planned: each person at most once.</summary>
public sealed partial class NoticeService
{
    private const string FoundDelivered = "Already told: found delivered after the run that sent it had ended.";

    private readonly Func<CancellationToken, Task<NoticeJournal>> _openForReading;
    private readonly Func<CancellationToken, Task<INoticeClaims>> _openForWriting;
    private readonly INoticeTransport _transport;
    private readonly TimeProvider _time;

    /// <summary>Creates the service.</summary>
    /// <param name="journal">Where the journal is. Planning only reads it.</param>
    /// <param name="transport">How the mails leave. The caller disposes of it.</param>
    /// <param name="time">The clock.</param>
    public NoticeService(JournalLocation journal, INoticeTransport transport, TimeProvider time)
        : this(token => journal.OpenReadOnlyAsync(time, token), async token => await journal.OpenAsync(time, token), transport, time)
    {
    }

    internal NoticeService(
        Func<CancellationToken, Task<NoticeJournal>> openForReading, Func<CancellationToken, Task<INoticeClaims>> openForWriting,
        INoticeTransport transport, TimeProvider time)
    {
        _openForReading = openForReading;
        _openForWriting = openForWriting;
        _transport = transport;
        _time = time;
    }

    /// <summary>Finds what is wrong with the options, before anything is read or sent.</summary>
    /// <returns>A digest of all that makes the words but the person: the same as long as the words are.</returns>
    /// <exception cref="ProvisioningException">InvalidSender, InvalidSsoUrl, TemplateNotFound or TemplateInvalid.</exception>
    public static string Check(NoticeOptions options) => new NoticeComposer(options).Digest;

    /// <summary>Decides for each person, in the order of the input. Writes nothing; a journal that is not there is not created.</summary>
    /// <exception cref="ProvisioningException">
    /// InvalidSender, InvalidSsoUrl, TemplateNotFound, TemplateInvalid, or the journal cannot be read. Problems of one person are that person's Failed.
    /// </exception>
    public Task<IReadOnlyList<PlannedNotice>> PlanAsync(IReadOnlyList<DropboxUserStatus> people, NoticeOptions options, CancellationToken cancellationToken) =>
        PlanAsync(people, options, planned => planned, looksAhead: false, cancellationToken);

    /// <summary>The same, for some of the people, or for as many days as it takes.</summary>
    /// <param name="people">The people.</param>
    /// <param name="options">Who is told, what, and in whose name.</param>
    /// <param name="narrow">Leaves out who must not be told, before a sender's room is given to anybody.</param>
    /// <param name="looksAhead">Keeps planned what a sender has no room for today. It is to be looked at, and not to be sent.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<IReadOnlyList<PlannedNotice>> PlanAsync(
        IReadOnlyList<DropboxUserStatus> people, NoticeOptions options, Func<PlannedNotice, PlannedNotice> narrow, bool looksAhead, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(people);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(narrow);
        var composer = new NoticeComposer(options);
        await using var journal = await _openForReading(cancellationToken);
        var index = await journal.IndexAsync(cancellationToken);
        var rota = new SenderRota(composer.Senders, options.SenderLimit, index, looksAhead);
        var planner = new NoticePlanner(options, composer, index, rota, narrow, _transport.Name, _time.GetUtcNow());
        var plan = new List<PlannedNotice>(people.Count);
        foreach (var person in people)
        {
            cancellationToken.ThrowIfCancellationRequested();
            plan.Add(planner.Plan(person));
        }

        if (options.Manners.Managers is { } managers) plan.AddRange(await planner.PlanEscalationsAsync(plan, managers, cancellationToken));
        if (options.Manners.DigestTo is not null && people.Count > 0) plan.Add(planner.PlanDigest(plan));
        return plan;
    }

    /// <summary>Sends what is Planned, in the plan's order and over as many connections as the transport has, and hands on the rest as it is.</summary>
    /// <remarks>When the journal cannot be written nothing further leaves. When cancelled, what is in flight is recorded first.</remarks>
    /// <exception cref="ProvisioningException">The journal or the transport cannot be used. Failures of one notice are its state.</exception>
    public async IAsyncEnumerable<ActivationNotice> SendAsync(
        IReadOnlyList<PlannedNotice> plan, IProgress<RunEvent>? progress, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var total = plan.Count(planned => planned.WillSend);
        if (total == 0 && !plan.Any(planned => planned.IsOpen || planned.Waits || planned.Outdated.Count > 0))
        {
            foreach (var planned in plan) yield return planned.Notice;
            yield break;
        }

        var options = plan[0].Options;
        await using var journal = options.RedirectTo is null ? await _openForWriting(cancellationToken) : await RehearsalAsync(cancellationToken);
        if (journal.NewFile is { } file) progress?.Report(new Caution($"The journal {file} is new: nobody counts as told yet."));
        if (total > 0) await _transport.OpenAsync(cancellationToken);
        var found = await SettleAbandonedAsync(journal, progress, cancellationToken);
        plan = await HoldAsync(journal, plan, afterReminders: false, cancellationToken);
        var (toPeople, letters) = (plan.Where(planned => planned.IsToPerson).ToList(), plan.Where(planned => !planned.IsToPerson).ToList());
        using var sender = new NoticeSender(journal, _transport, _time, options.SenderLimit, progress, cancellationToken);
        var results = new List<ActivationNotice>(letters.Count == 0 ? 0 : plan.Count);
        var done = 0;
        await foreach (var notice in sender.SendAsync(toPeople, AsItIs))
        {
            if (notice.State is NoticeState.Sent or NoticeState.Accepted or NoticeState.Failed or NoticeState.Unknown) progress?.Report(new Advanced("Sending notices", Math.Min(++done, total), total));
            if (letters.Count > 0) results.Add(notice);
            yield return Shown(notice);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (letters.Count == 0) yield break;
        await foreach (var notice in SendLettersAsync(journal, toPeople, letters, results, AsItIs, cancellationToken)) yield return Shown(notice);

        ActivationNotice Shown(ActivationNotice notice) => options.RedirectTo is { } address ? Redirected(notice, address) : notice;

        ActivationNotice AsItIs(PlannedNotice planned) => found.Contains(planned.Notice.Id) ? planned.Notice with { Reason = FoundDelivered } : planned.Notice;
    }

    // Who is told in a rehearsal is forgotten with it: the next one, and the real run, tell them again.
    private async Task<INoticeClaims> RehearsalAsync(CancellationToken cancellationToken) =>
        await NoticeJournal.OpenInMemoryAsync(Guid.NewGuid().ToString("N"), _time, cancellationToken);

    private static ActivationNotice Redirected(ActivationNotice notice, string address) => notice.State is not (NoticeState.Sent or NoticeState.Accepted) ? notice
        : notice with { State = NoticeState.Redirected, Reason = $"A rehearsal: it went to {address}, and {notice.Email} does not count as told. {notice.Reason}".TrimEnd() };

    private async Task<IReadOnlySet<string>> SettleAbandonedAsync(
        INoticeClaims journal, IProgress<RunEvent>? progress, CancellationToken cancellationToken)
    {
        var found = new HashSet<string>();
        foreach (var part in (await journal.AbandonedAsync(cancellationToken)).Chunk(journal.ClaimsAtOnce))
        {
            var outcomes = new List<ClaimOutcome>();
            foreach (var notice in part)
            {
                var claim = new NoticeClaim(notice.Id, notice.MessageId!, notice.Attempts);
                var isFound = notice.State == NoticeState.Unknown && notice.Transport == _transport.Name && await _transport.WasDeliveredAsync(MailIdOf(notice), cancellationToken);
                if (isFound) found.Add(notice.Id);
                outcomes.Add(isFound ? new ClaimOutcome(claim, NoticeState.Sent, FoundDelivered, notice.IntendedOn) : new ClaimOutcome(claim, notice.State, notice.Reason, null) { IfNeverBegun = notice.State == NoticeState.Failed });
            }

            await journal.AdvanceAsync(outcomes, [], cancellationToken);
            foreach (var notice in part.Where(notice => notice.State == NoticeState.Unknown && !found.Contains(notice.Id)))
                progress?.Report(new Caution($"The notice to {notice.Email} may or may not have left: the run that was sending it ended without a result."));
        }

        return found;
    }

    private static string MailIdOf(ActivationNotice notice) => notice.Kind == NoticeKind.ManagerEscalation ? LetterSender.MailIdOf(notice.MessageId!) : notice.Id;
}
