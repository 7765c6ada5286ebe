using DropboxOktaProvisioning.Engine.Dropbox;

namespace DropboxOktaProvisioning.Engine.Readiness;

/// <summary>What the Dropbox team needs: domains, capture, seats, and an admin who is still one.</summary>
internal static class TeamPrerequisites
{
    private const string Domains = "Dropbox Admin Console > Settings > Account > Domains";

    public static IEnumerable<ProvisioningPrerequisite> Judge(ReadinessFacts facts) =>
        [.. VerifiedDomains(facts), Capture(facts), Seats(facts), Admin(facts)];

    /// <summary>A row for each domain that people have, or that is known; one Unknown where none is.</summary>
    private static IEnumerable<ProvisioningPrerequisite> VerifiedDomains(ReadinessFacts facts)
    {
        var known = new Dictionary<string, (DropboxEvent Event, bool Added)>(StringComparer.OrdinalIgnoreCase);
        foreach (var one in facts.Log ?? [])
        {
            if (one.Type is not ("domain_verification_add_domain_success" or "domain_verification_remove_domain")) continue;
            foreach (var domain in one.DetailTexts("domain_names")) known.TryAdd(domain, (one, one.Type == "domain_verification_add_domain_success"));
        }

        var stated = facts.Statements.Where(one => one.Topic == AdminStatement.Topics.Domain)
            .GroupBy(one => one.Value, StringComparer.OrdinalIgnoreCase).ToDictionary(group => group.Key, group => group.First(), StringComparer.OrdinalIgnoreCase);
        var wanted = facts.People is { Count: > 0 } people
            ? people.Select(person => EmailAddress.DomainOf(person.Email)).Where(domain => domain.Length > 0)
            : known.Keys.Concat(stated.Keys);
        string[] domains = [.. wanted.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)];
        var remedy = $"Verify it: {Domains} > Manage. Then state it with -VerifiedDomain, if the log keeps silent.";
        if (domains.Length == 0)
            return [Finding.Unknown("VerifiedDomain", facts.NoLog ?? "The team's log has no verified domain.", $"Look: {Domains}. State it with -VerifiedDomain contoso.example.")];
        return domains.Select(domain => Domain(domain, known, stated, facts.NoLog, remedy));
    }

    private static ProvisioningPrerequisite Domain(
        string domain, Dictionary<string, (DropboxEvent Event, bool Added)> known, Dictionary<string, AdminStatement> stated, string? noLog, string remedy)
    {
        const string name = "VerifiedDomain";
        var said = stated.GetValueOrDefault(domain);
        if (!known.TryGetValue(domain, out var log) || said?.On > log.Event.Timestamp)
        {
            return said is not null
                ? Finding.Stated(name, said, $"Stated: {domain} is verified.")
                : Finding.Unknown(name, noLog ?? $"The team's log has nothing about {domain}.", remedy);
        }

        return log.Added
            ? Finding.Log(name, PrerequisiteOutcome.Passed, log.Event, $"{domain} was verified.")
            : Finding.Log(name, PrerequisiteOutcome.Failed, log.Event, $"{domain} was removed from the verified domains.{Finding.Against(said, log.Event.Timestamp)}", remedy);
    }

    private static ProvisioningPrerequisite Capture(ReadinessFacts facts)
    {
        const string name = "AccountCapture";
        var remedy = $"Decide what personal accounts on the domain are to become: {Domains} > Change capture settings (Enterprise), or invite enforcement.";
        var set = (facts.Log ?? []).FirstOrDefault(one => one.Type == "account_capture_change_policy");
        var said = facts.Statements.FirstOrDefault(one => one.Topic == AdminStatement.Topics.Capture);
        if (set is null || said?.On > set.Timestamp)
        {
            if (said is null) return Finding.Unknown(name, facts.NoLog ?? "The team's log has no change of the capture policy.", $"{remedy} Then state it with -AccountCapture.");
            var row = Finding.Stated(name, said, $"Stated: account capture is {said.Value}.");
            return said.Value == "disabled" ? row with { Outcome = PrerequisiteOutcome.Warning, Remedy = remedy } : row;
        }

        var value = set.Detail("new_value");
        var against = said is not null && said.Value != value ? Finding.Against(said, set.Timestamp) : "";
        return value switch
        {
            "all_users" => Finding.Log(name, PrerequisiteOutcome.Passed, set, $"All personal accounts on the domain are captured.{against}"),
            "invited_users" => Finding.Log(name, PrerequisiteOutcome.Passed, set, $"Invited people with a personal account must bring it along or move it (invite enforcement).{against}"),
            "disabled" => Finding.Log(name, PrerequisiteOutcome.Warning, set, $"Personal accounts on the domain are left alone.{against}", remedy),
            _ => Finding.Log(name, PrerequisiteOutcome.Unknown, set, $"Set to '{value}', which is not known here.", remedy),
        };
    }

    private static ProvisioningPrerequisite Seats(ReadinessFacts facts)
    {
        const string name = "Seats";
        const string remedy = "Add licences: Dropbox Admin Console > Billing, or assign fewer people.";
        var (licensed, used) = (facts.Team.LicensedUsers, facts.Team.UsedLicenses);
        // An older answer leaves the used ones out, and reads as none.
        if (licensed <= 0) return Finding.Unknown(name, "Dropbox does not tell how many licences the team has.", "Look: Dropbox Admin Console > Billing.");
        var free = licensed - used;
        var count = $"{Math.Max(0, free)} of {licensed} licences are free.";
        if (facts.People is null)
        {
            return free > 0
                ? Finding.Unknown(name, $"{count} Who is to come was not handed in.", "Hand in the rows of Test-DropboxUserStatus to see whether all fit.")
                : Finding.Api(name, PrerequisiteOutcome.Warning, count, remedy);
        }

        string[] coming = [.. facts.People.Where(person => person.Stage is ProvisioningStage.NotProvisioned).Select(person => person.Email)];
        if (coming.Length <= Math.Max(0, free)) return Finding.Api(name, PrerequisiteOutcome.Passed, $"{count} {coming.Length} people are to come.");
        string[] outside = [.. coming.Skip(Math.Max(0, free))];
        return Finding.Api(
            name, PrerequisiteOutcome.Failed,
            $"{count} {coming.Length} people are to come, and {outside.Length} would not fit: {string.Join(", ", outside.Take(5))}{(outside.Length > 5 ? ", …" : "")}.", remedy);
    }

    private static ProvisioningPrerequisite Admin(ReadinessFacts facts) => facts switch
    {
        { AdminIsActive: false } => Finding.Api(
            "DropboxAdmin", PrerequisiteOutcome.Failed, "The admin who linked the Dropbox app is no longer an active admin.", "Link the app again as an active team admin, and connect anew."),
        { Admin: { } admin } => Finding.Api("DropboxAdmin", PrerequisiteOutcome.Passed, $"The app acts for {admin.Email}, who is an active admin."),
        _ => Finding.Unknown("DropboxAdmin", "Dropbox does not say for whom the token acts; it is an old one.", "Link the app again to have a token that tells."),
    };
}
