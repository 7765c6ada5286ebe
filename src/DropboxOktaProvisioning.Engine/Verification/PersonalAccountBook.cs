using System.Globalization;
using DropboxOktaProvisioning.Engine.Dropbox;

namespace DropboxOktaProvisioning.Engine.Verification;

/// <summary>Collects all that points to personal accounts on some domains, by address, and makes a row of each. Takes things in any order.</summary>
/// <param name="domains">The company's domains: an address belongs here if it is exactly on one of them.</param>
/// <param name="now">When this is read, UTC.</param>
public sealed class PersonalAccountBook(IEnumerable<string> domains, DateTimeOffset now)
{
    private readonly HashSet<string> _domains = new(domains.Select(domain => domain.Trim().TrimStart('@')), StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Page> _pages = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes a member in, removed ones included.</summary>
    public void Add(DropboxMember member)
    {
        foreach (var address in member.SecondaryEmails.Prepend(member.Email))
        {
            if (PageOf(address) is not { } page) continue;
            switch (member)
            {
                case { Status: DropboxMemberStatus.Active or DropboxMemberStatus.Suspended }:
                    page.Member = member;
                    page.Against.Add(Api(now, $"The address belongs to a member who is {member.StatusTag} on the team{(member.JoinedOn is { } joined ? $" since {Day(joined)}" : "")}"));
                    break;
                case { Status: DropboxMemberStatus.Removed, IsDisconnected: true }:
                    page.Disconnected.Add(member);
                    page.Member ??= member;
                    break;
                case { Status: DropboxMemberStatus.Removed }:
                    page.Member ??= member;
                    break;
                default:
                    page.Member = member; // who is invited is on the team, and may own a personal account all the same
                    break;
            }
        }
    }

    /// <summary>Takes an event in; one that says nothing about personal accounts changes nothing.</summary>
    public void Add(DropboxEvent one)
    {
        foreach (var person in Everybody(one))
            if (person is { Kind: "non_team_member", Email: { } address } && PageOf(address) is { } outside)
                outside.For.Add(Log(
                    person.AccountId is null ? PersonalAccountLikelihood.Suspected : PersonalAccountLikelihood.Likely, one,
                    $"Was in an event of the team's log ({one.Type}) as an account outside the team, personal or of another team"));

        foreach (var address in Subjects(one))
            if (PageOf(address) is { } page) AddAbout(page, one);
    }

    /// <summary>Takes a row in, of an earlier reading or one that <see cref="PersonalAccounts"/> makes of an address; false where it is on none of the domains.</summary>
    public bool Add(DropboxPersonalAccount row)
    {
        if (PageOf(row.Email.Trim()) is not { } page) return false;
        page.Type = Max(page.Type, row.AccountType);
        page.For.AddRange(row.Evidence);
        if (row.Contradiction is { } against) page.Against.Add(against);
        return true;
    }

    /// <summary>One row for each address that anything points to, the surest first.</summary>
    public IReadOnlyList<DropboxPersonalAccount> Rows() =>
    [
        .. _pages.Select(page => page.Value.ToRow(page.Key.ToLowerInvariant())).Where(row => row.Evidence.Count > 0)
            .OrderByDescending(row => row.Likelihood).ThenBy(row => row.Email, StringComparer.Ordinal),
    ];

    private static void AddAbout(Page page, DropboxEvent one)
    {
        switch (one.Type)
        {
            case "account_capture_migrate_account":
                page.For.Add(Log(PersonalAccountLikelihood.Suspected, one, "Had a personal account when account capture asked"));
                page.Against.Add(Log(PersonalAccountLikelihood.None, one, "Brought the personal account to the team"));
                break;
            case "account_capture_relinquish_account":
                page.For.Add(Log(PersonalAccountLikelihood.Suspected, one, "Had a personal account when account capture asked"));
                page.Against.Add(Log(PersonalAccountLikelihood.None, one, "Moved the personal account to another address"));
                break;
            case "domain_invites_request_to_join_team":
                page.For.Add(Log(PersonalAccountLikelihood.Likely, one, "Asked to join the team with an account outside it"));
                break;
            case "member_change_status" when one.Detail("new_value") == "active":
                if (one.DetailIsTrue("action", "has_linked_apps") || one.DetailIsTrue("action", "has_linked_devices") || one.DetailIsTrue("action", "has_linked_shared_folders"))
                    page.For.Add(Log(PersonalAccountLikelihood.Suspected, one, "Joined with an account that was in use already"));
                page.Joined.Add(Log(PersonalAccountLikelihood.None, one, "Joined the team"));
                break;
            case "member_change_status" when one.Detail("new_value") == "removed":
                if (page.RemovedOn is null || one.Timestamp > page.RemovedOn) page.RemovedOn = one.Timestamp;
                break;
        }
    }

    // Which slot holds the person of an account_capture event is not published (facts: UNCONFIRMED), so whoever is in it and is no admin at work counts.
    private static IEnumerable<string> Subjects(DropboxEvent one)
    {
        IEnumerable<DropboxEventPerson?> named = one.Participants.Count > 0 ? one.Participants.AsEnumerable<DropboxEventPerson?>() : [one.Context, one.IsByAdmin ? null : one.Actor];
        return named.Select(person => person?.Email).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase);
    }

    private static IEnumerable<DropboxEventPerson> Everybody(DropboxEvent one) =>
        new[] { one.Actor, one.Context }.OfType<DropboxEventPerson>().Concat(one.Participants).DistinctBy(person => (person.Kind, person.Email?.ToLowerInvariant()));

    private Page? PageOf(string address)
    {
        if (!_domains.Contains(EmailAddress.DomainOf(address))) return null;
        if (!_pages.TryGetValue(address, out var page)) _pages.Add(address, page = new Page());
        return page;
    }

    private static PersonalAccountEvidence Log(PersonalAccountLikelihood likelihood, DropboxEvent one, string detail) =>
        new() { Likelihood = likelihood, Basis = FactBasis.EventLog, ObservedOn = one.Timestamp, Detail = detail + "." };

    private static PersonalAccountEvidence Api(DateTimeOffset on, string detail) => new() { Basis = FactBasis.Api, ObservedOn = on, Detail = detail + "." };

    private static PersonalAccountType Max(PersonalAccountType one, PersonalAccountType other) => one > other ? one : other;

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>What is noted under one address.</summary>
    private sealed class Page
    {
        public DropboxMember? Member { get; set; }

        public List<DropboxMember> Disconnected { get; } = [];

        public PersonalAccountType Type { get; set; }

        public DateTimeOffset? RemovedOn { get; set; }

        public List<PersonalAccountEvidence> For { get; } = [];

        public List<PersonalAccountEvidence> Against { get; } = [];

        public List<PersonalAccountEvidence> Joined { get; } = [];

        public DropboxPersonalAccount ToRow(string address)
        {
            // A member who was turned into a personal account had joined before that: those joins say nothing against it.
            var turnedOn = Disconnected.Count == 0 ? null : RemovedOn;
            var joins = Joined.Where(join => Disconnected.Count == 0 || join.ObservedOn > (turnedOn ?? Disconnected.Max(member => member.JoinedOn) ?? DateTimeOffset.MaxValue));
            var evidence = PersonalAccountGrade.Sorted(Disconnected.Count == 0 ? For : For.Append(PersonalAccounts.TurnedPersonal(turnedOn)));
            var against = PersonalAccountGrade.Newest(Against.Concat(joins));
            return new DropboxPersonalAccount
            {
                Email = address,
                Likelihood = PersonalAccountGrade.Of(evidence, against),
                AccountType = Type,
                Evidence = evidence,
                Contradiction = against,
                LastSeen = evidence.Max(one => one.ObservedOn),
                TeamMemberId = Member?.TeamMemberId,
            };
        }
    }
}
