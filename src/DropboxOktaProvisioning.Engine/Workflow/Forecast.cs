using System.Globalization;
using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Refresh;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Engine.Workflow;

/// <summary>What a forecast is reckoned from.</summary>
public sealed record ForecastFacts
{
    /// <summary>Whom the run is about.</summary>
    public VerificationScope Scope { get; init; } = new VerificationScope.Everyone();

    /// <summary>How many people the team counts (team/get_info).</summary>
    public required int TeamMembers { get; init; }

    /// <summary>How everybody will be read where a reading is kept; null where both lists are read whole and nothing is kept.</summary>
    public RefreshOutlook? Refresh { get; init; }

    /// <summary>Requests to Okta beside the reading, such as for the switch.</summary>
    public int OktaBeside { get; init; }

    /// <summary>Requests to Dropbox beside the reading, such as for the prerequisites.</summary>
    public int DropboxBeside { get; init; }

    /// <summary>The rate limits of Okta's answers so far.</summary>
    public IReadOnlyList<SeenRateLimit> OktaLimits { get; init; } = [];

    /// <summary>How much of each limit may be taken, in percent.</summary>
    public int CeilingPercent { get; init; } = ConnectionOptions.UsualCeiling;

    /// <summary>How long Okta's answers took so far; null before one came.</summary>
    public TimeSpan? OktaAnswer { get; init; }

    /// <summary>How long Dropbox's answers took so far; null before one came.</summary>
    public TimeSpan? DropboxAnswer { get; init; }

    /// <summary>How many notices are to leave, on whatever day; null before that is known.</summary>
    public int? Notices { get; init; }

    /// <summary>How many of them leave now, where the senders' day is full with these; null where it has room for all.</summary>
    public int? NoticesToday { get; init; }

    /// <summary>How many of them wait for their hour.</summary>
    public int NoticesWaiting { get; init; }

    /// <summary>How long it is to the hour of the last one that waits.</summary>
    public TimeSpan LastHourIn { get; init; }

    /// <summary>How many mails the sender may hand over in a minute; null where that is not known.</summary>
    public double? MailsPerMinute { get; init; }

    /// <summary>How many people the sender may write to in a day; null where that is not known.</summary>
    public int? RecipientsPerDay { get; init; }

    /// <summary>What two connections have told so far.</summary>
    public static ForecastFacts Of(OktaClient okta, DropboxTeamClient dropbox)
    {
        ArgumentNullException.ThrowIfNull(okta);
        ArgumentNullException.ThrowIfNull(dropbox);
        return new ForecastFacts
        {
            TeamMembers = dropbox.Team.ProvisionedUsers,
            OktaLimits = okta.RateLimits.Now,
            CeilingPercent = okta.CeilingPercent,
            OktaAnswer = okta.AnswerTime,
            DropboxAnswer = dropbox.AnswerTime,
        };
    }

    /// <summary>The same with the notices, now that it is known whom they are for.</summary>
    /// <param name="plan">What would happen for each person.</param>
    /// <param name="options">In whose name they leave, and how many in a day.</param>
    /// <param name="now">The time.</param>
    public ForecastFacts With(IReadOnlyList<PlannedNotice> plan, NoticeOptions options, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(options);
        // Each sender has the limit for itself.
        var senders = 1 + options.MoreSenders.Count;
        var (wanted, today) = (plan.Count(planned => planned.IsWanted), plan.Count(planned => planned is { WillSend: true, Notice.Sender: not null }));
        var waiting = plan.Where(planned => planned.Waits).ToList();
        return this with
        {
            Notices = wanted,
            NoticesToday = today + waiting.Count == wanted ? null : today,
            NoticesWaiting = waiting.Count,
            LastHourIn = waiting.Max(planned => planned.Notice.NotBefore) - now ?? TimeSpan.Zero,
            MailsPerMinute = options.SenderLimit?.PerMinute * senders,
            RecipientsPerDay = options.SenderLimit?.PerDay * senders,
        };
    }
}

/// <summary>Reckons beforehand what a run takes.</summary>
public static class Forecast
{
    // Seen on neither service yet: an answer of a page takes some tenths of a second.
    private static readonly TimeSpan UsualAnswer = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>The forecast. Nothing is asked and nothing is read.</summary>
    public static ProvisioningForecast Calculate(ForecastFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var (okta, oktaWhy) = OktaRequests(facts);
        var (dropbox, dropboxWhy) = DropboxRequests(facts);
        var (reading, readingWhy) = Reading(facts, okta, dropbox);
        var basis = new List<ForecastBasis>
        {
            new(nameof(ProvisioningForecast.OktaRequests), oktaWhy),
            new(nameof(ProvisioningForecast.DropboxRequests), dropboxWhy),
            new(nameof(ProvisioningForecast.Reading), readingWhy),
        };
        if (facts.Notices is not null) basis.Add(new(nameof(ProvisioningForecast.Sending), SendingWhy(facts)));
        return new ProvisioningForecast
        {
            OktaRequests = okta,
            DropboxRequests = dropbox,
            Reading = reading,
            Notices = facts.Notices,
            Sending = Sending(facts),
            Basis = basis,
        };
    }

    /// <summary>How long requests one after the other take, where only so many are made in a minute; null is as many as come.</summary>
    public static TimeSpan Duration(int requests, long? perMinute, TimeSpan answer)
    {
        if (requests <= 0) return TimeSpan.Zero;
        if (perMinute is not { } most) return requests * answer;
        var waits = (requests - 1) / Math.Max(1, most);
        var paced = (waits * Window) + ((requests - (waits * Math.Max(1, most))) * answer);
        return paced > requests * answer ? paced : requests * answer;
    }

    /// <summary>How long notices take at the senders' limits, once the last one's hour has come; null where neither is known. The last day is not waited for to its end.</summary>
    private static TimeSpan? Sending(ForecastFacts facts)
    {
        if (facts.Notices is not { } count) return null;
        if (count > 0 && facts is { MailsPerMinute: null, RecipientsPerDay: null, NoticesWaiting: 0 }) return null;
        var daily = Math.Max(1, facts.RecipientsPerDay ?? count);
        var first = Math.Min(daily, facts.NoticesToday ?? daily);
        var (days, onLast) = count <= first ? (0, count) : (1 + ((count - first - 1) / daily), ((count - first - 1) % daily) + 1);
        return facts.LastHourIn + TimeSpan.FromDays(days) + (facts.MailsPerMinute is > 0 and { } rate ? TimeSpan.FromMinutes(onLast / rate) : TimeSpan.Zero);
    }

    private static (int Count, string Why) OktaRequests(ForecastFacts facts)
    {
        var beside = 1 + facts.OktaBeside;
        if (facts.Scope is VerificationScope.People { Addresses.Count: <= Verifier.FewPeople } few)
            return (beside + few.Addresses.Count, Text($"One for each of {few.Addresses.Count} people asked for by name, {beside} beside; who is not assigned takes more."));
        var more = facts.Scope switch
        {
            VerificationScope.Groups groups => 2 * groups.Names.Count,
            VerificationScope.Domains domains => domains.Names.Count,
            _ => 0,
        };
        var scope = more == 0 ? "" : Text($", at least {more} for the people of the scope{(facts.Scope is VerificationScope.Groups ? $" (up to {Verifier.FewPeople} of them are asked for by name, and no list is read)" : "")}");
        if (facts.Refresh is { Why: null }) return (beside + 1 + more, Text($"One for the log, since a reading is kept{scope}, {beside} beside; each whom the log names takes one more."));
        var people = facts.TeamMembers;
        return (beside + Pages(people, 500) + more, Text($"One for each 500 of {people:N0} people (as many as the team counts, since Okta tells it only with its list){scope}, {beside} beside.{Whole(facts)}"));
    }

    private static (int Count, string Why) DropboxRequests(ForecastFacts facts)
    {
        var beside = facts.DropboxBeside;
        if (facts.Scope is VerificationScope.People { Addresses.Count: <= Verifier.FewPeople } few)
            return (beside + Pages(few.Addresses.Count, 100), Text($"One for each 100 of {few.Addresses.Count} people asked for by name, {beside} beside."));
        if (facts.Refresh is { Why: null, Members: var again })
        {
            var requests = again == 0 ? 0 : Pages(again, 100);
            return (beside + 2 + requests, Text($"One for the log, since a reading is kept, one for each 100 of {again:N0} members who are looked at again, {beside + 1} beside; those whom the log names come on top."));
        }

        // What is read whole to be kept begins with its place in the log.
        if (facts.Refresh is not null) beside++;
        return (beside + 1 + Pages(facts.TeamMembers, 1000), Text($"One for each 1,000 of the {facts.TeamMembers:N0} people whom the team counts (removed ones come on top), {beside + 1} beside.{Whole(facts)}"));
    }

    private static string Whole(ForecastFacts facts) => facts.Refresh?.Why is { } why ? $" Everybody is read whole: {why}." : "";

    private static (TimeSpan Time, string Why) Reading(ForecastFacts facts, int okta, int dropbox)
    {
        var limit = facts.OktaLimits.FirstOrDefault(seen => seen.Bucket == ServiceBucket.Apps && seen.Limit > 0)?.Limit;
        var most = limit is { } told ? RateCeiling.Of(told, facts.CeilingPercent) : (long?)null;
        var (atOkta, atDropbox) = (facts.OktaAnswer ?? UsualAnswer, facts.DropboxAnswer ?? UsualAnswer);
        var time = TimeSpan.FromTicks(Math.Max(Duration(okta, most, atOkta).Ticks, Duration(dropbox, null, atDropbox).Ticks));
        var pace = most is { } ceiling ? Text($"At most {ceiling:N0} of Okta's {limit:N0} requests a minute") : "No rate limit was seen yet";
        return (time, Text($"{pace}; {atOkta.TotalMilliseconds:N0} ms an answer at Okta{Seen(facts.OktaAnswer)}, {atDropbox.TotalMilliseconds:N0} ms at Dropbox{Seen(facts.DropboxAnswer)}, side by side."));
    }

    private static string SendingWhy(ForecastFacts facts)
    {
        var limits = (facts.MailsPerMinute, facts.RecipientsPerDay) switch
        {
            (null, null) => "The sender's limits are not known",
            ({ } minute, null) => Text($"{minute:0.##} mails a minute"),
            (null, { } day) => Text($"{day:N0} recipients a day"),
            ({ } minute, { } day) => Text($"{minute:0.##} mails a minute and {day:N0} recipients a day"),
        };
        var today = facts.NoticesToday is { } now ? Text($", of which {now:N0} are left today") : "";
        var waiting = facts.NoticesWaiting > 0 ? Text($"; {facts.NoticesWaiting:N0} wait for their hour, the last for {facts.LastHourIn.TotalHours:0.#} hours") : "";
        return $"{limits}{today}{waiting}.";
    }

    // An empty list is one page too.
    private static int Pages(int entries, int size) => Math.Max(1, (entries + size - 1) / size);

    private static string Seen(TimeSpan? answer) => answer is null ? " (a guess)" : " as seen";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
