using DropboxOktaProvisioning.Engine.Dropbox;

namespace DropboxOktaProvisioning.Engine.Readiness;

/// <summary>Single sign-on at Dropbox: the policy and the certificate, both known only by their events in the team's log (dropbox.md §3.2).</summary>
internal static class SsoPolicy
{
    private const string Place = "Dropbox Admin Console > Settings > Security > Authentication (Single sign-on)";

    /// <summary>The event that set the policy last; null where there is none.</summary>
    public static DropboxEvent? Newest(IReadOnlyList<DropboxEvent> log) => log.FirstOrDefault(one => one.Type == "sso_change_policy");

    /// <summary>Since when single sign-on is required, as the log or an admin says, whoever said it last; null where it is not.</summary>
    public static DateTimeOffset? RequiredSince(ReadinessFacts facts)
    {
        var set = Newest(facts.Log ?? []);
        if (Stated(facts) is { } stated && !(set?.Timestamp >= stated.On)) return stated.On;
        return set?.Detail("new_value") == "required" ? set.Timestamp : null;
    }

    /// <summary>Whether people must sign on through Okta. Off, the address in the notice leads nowhere.</summary>
    public static ProvisioningPrerequisite Judge(ReadinessFacts facts)
    {
        const string name = "SsoRequired";
        var set = Newest(facts.Log ?? []);
        var stated = Stated(facts);
        if (set is null || stated?.On > set.Timestamp)
        {
            return stated is not null
                ? Contradicted(facts, Finding.Stated(name, stated, $"Stated: single sign-on is {stated.Value}.{(set is null ? "" : $" The log's last change, to {set.Detail("new_value")}, was on {Finding.Day(set.Timestamp)}, before that.")}"))
                : Finding.Unknown(name, facts.NoLog ?? "The team's log has no change of the SSO policy.", $"Look: {Place}. It must be Required. Then state it with -SsoRequired.");
        }

        var value = set.Detail("new_value");
        var against = value == "required" ? "" : Finding.Against(stated, set.Timestamp);
        return value switch
        {
            "required" => Contradicted(facts, Finding.Log(name, PrerequisiteOutcome.Passed, set, "Set to required.")),
            "optional" => Finding.Log(name, PrerequisiteOutcome.Warning, set, $"Set to optional: people can sign on through Okta, and need not.{against}", $"Set it to Required: {Place}."),
            "disabled" => Finding.Log(
                name, PrerequisiteOutcome.Failed, set, $"Set to off: nobody can sign on through Okta.{against}", $"Set it to Required: {Place}.") with { BlocksNotice = true },
            _ => Finding.Log(name, PrerequisiteOutcome.Unknown, set, $"Set to '{value}', which is not known here.", $"Look: {Place}."),
        };
    }

    private static AdminStatement? Stated(ReadinessFacts facts) => facts.Statements.FirstOrDefault(one => one.Topic == AdminStatement.Topics.Sso);

    // Who logs in past single sign-on shows that it is not required, unless it is an admin: who else is one no log-in tells.
    private static ProvisioningPrerequisite Contradicted(ReadinessFacts facts, ProvisioningPrerequisite row)
    {
        var cut = facts.LogInsWereCut ? $" The first {ReadinessReader.MostLogIns:N0} log-ins were looked at." : "";
        if (facts.OtherLogIns is not [var newest, ..]) return row with { Evidence = row.Evidence + cut };
        var people = facts.OtherLogIns.Select(one => one.Actor?.Email).Distinct(StringComparer.OrdinalIgnoreCase).Count();
        return row with
        {
            Outcome = PrerequisiteOutcome.Warning,
            Evidence = $"{row.Evidence} And yet {people} {(people == 1 ? "person" : "people")} logged in past it since {Finding.Day(facts.LogInsSince!.Value)}, "
                + $"last {newest.Actor?.Email ?? "somebody"} by {newest.Detail("login_method")} on {Finding.Day(newest.Timestamp)}. Admins may do that.{cut}",
            Remedy = $"Check that these are admins, and look: {Place}.",
        };
    }

    /// <summary>Whether the certificate that Dropbox checks Okta's assertions with is still good.</summary>
    public static ProvisioningPrerequisite JudgeCertificate(ReadinessFacts facts)
    {
        const string name = "SsoCertificate";
        var remedy = $"Upload the certificate of the app's SAML signing key from Okta: {Place} > X.509 certificate.";
        var set = (facts.Log ?? []).FirstOrDefault(one => one.Type is "sso_add_cert" or "sso_change_cert" or "sso_remove_cert");
        if (set is null) return Finding.Unknown(name, facts.NoLog ?? "The team's log has no change of the SSO certificate.", $"Look at its expiry: {Place}.");
        if (set.Type == "sso_remove_cert")
            return Finding.Log(name, PrerequisiteOutcome.Failed, set, "The certificate was removed, and none was added since.", remedy) with { BlocksNotice = true };

        var details = set.Type == "sso_add_cert" ? "certificate_details" : "new_certificate_details";
        if (!DateTimeOffset.TryParse(
            set.Detail(details, "expiration_date"), System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var end))
            return Finding.Log(name, PrerequisiteOutcome.Unknown, set, "The event that set the certificate does not say when it ends.", $"Look at its expiry: {Place}.");
        if (end <= facts.Now)
            return Finding.Log(name, PrerequisiteOutcome.Failed, set, $"It ended on {Finding.Day(end)}: nobody can sign on through Okta.", remedy) with { BlocksNotice = true };
        return end < facts.Now.AddDays(30)
            ? Finding.Log(name, PrerequisiteOutcome.Warning, set, $"It ends on {Finding.Day(end)}.", remedy)
            : Finding.Log(name, PrerequisiteOutcome.Passed, set, $"It ends on {Finding.Day(end)}.");
    }
}
