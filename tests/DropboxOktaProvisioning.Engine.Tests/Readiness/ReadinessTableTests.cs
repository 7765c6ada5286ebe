using System.Text.Json;
using System.Text.Json.Nodes;
using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Readiness;

namespace DropboxOktaProvisioning.Engine.Tests.Readiness;

/// <summary>What each prerequisite is concluded from, and that silence is never taken for consent.</summary>
public sealed class ReadinessTableTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    private const string Ready = """
        {"id":"0oa1","label":"Dropbox","status":"ACTIVE","signOnMode":"SAML_2_0","features":["PUSH_NEW_USERS","PUSH_PROFILE_UPDATES","PUSH_USER_DEACTIVATION"],
         "credentials":{"userNameTemplate":{"template":"${source.email}"}},"visibility":{"hide":{"web":false},"appLinks":{"login":true}},
         "settings":{"app":{"silentX":true}},"_links":{"appLinks":[{"name":"login","href":"https://contoso.okta.example/home/x/1"}]}}
        """;

    private static readonly ReadinessFacts Facts = new()
    {
        App = new OktaApp((JsonObject)JsonNode.Parse(Ready)!),
        Team = new DropboxTeamInfo("dbtid:1", "Contoso", 100, 60, 60),
        Admin = new DropboxAdmin("dbmid:a", "admin@contoso.example"),
        Log =
        [
            Event("sso_change_policy", 5, """{"new_value":{".tag":"required"}}"""),
            Event("sso_add_cert", 4, """{"certificate_details":{"expiration_date":"2027-01-01T00:00:00Z"}}"""),
            Event("account_capture_change_policy", 3, """{"new_value":{".tag":"all_users"}}"""),
            Event("domain_verification_add_domain_success", 2, """{"domain_names":["contoso.example"]}"""),
        ],
        People = [Person("pat@contoso.example", ProvisioningStage.NotProvisioned)],
        OktaClockAhead = TimeSpan.FromSeconds(-1),
        DropboxClockAhead = TimeSpan.Zero,
        Now = Now,
    };

    private static DropboxEvent Event(string type, int day, string details = "{}", string actor = "admin@contoso.example") => new()
    {
        Timestamp = new DateTimeOffset(2026, 3, day, 0, 0, 0, TimeSpan.Zero),
        Type = type,
        Actor = new DropboxEventPerson("team_member", actor, null, null),
        Details = JsonSerializer.Deserialize<JsonElement>(details),
    };

    private static DropboxUserStatus Person(string email, ProvisioningStage stage) => new() { Email = email, Stage = stage };

    private static ReadinessFacts WithApp(string path, JsonNode? value)
    {
        var json = (JsonObject)JsonNode.Parse(Ready)!;
        JsonNode parent = json;
        var names = path.Split('.');
        foreach (var name in names[..^1]) parent = parent[name]!;
        parent[names[^1]] = value;
        return Facts with { App = new OktaApp(json) };
    }

    private static ReadinessFacts With(params DropboxEvent[] log) => Facts with { Log = [.. log.Concat(Facts.Log!).OrderByDescending(one => one.Timestamp)] };

    private static ReadinessFacts Without(string type) => Facts with { Log = [.. Facts.Log!.Where(one => one.Type != type)] };

    private static ProvisioningPrerequisite Row(ReadinessFacts facts, string name) => Assert.Single(ReadinessTable.Judge(facts), row => row.Name == name);

    [Fact]
    public void A_tenant_that_is_ready_passes_everywhere_each_row_with_its_basis()
    {
        var rows = ReadinessTable.Judge(Facts);
        Assert.Equal(
            ["App", "SamlSignOn", "SilentProvisioning", "ProvisioningFeatures", "UserNameFormat", "Tile", "SsoRequired", "SsoCertificate", "VerifiedDomain", "AccountCapture", "Seats", "DropboxAdmin", "OktaClock", "DropboxClock"],
            rows.Select(row => row.Name));
        Assert.All(rows, row => Assert.Equal((PrerequisiteOutcome.Passed, true, null), (row.Outcome, row.Evidence.Length > 0, row.Remedy)));
        Assert.Equal(4, rows.Count(row => row is { Basis: FactBasis.EventLog, ObservedOn: not null, Actor: "admin@contoso.example" }));
        Assert.Equal(10, rows.Count(row => row.Basis is FactBasis.Api));
    }

    [Fact]
    public void Without_events_nothing_that_only_events_tell_passes()
    {
        foreach (var facts in new[] { Facts with { Log = [] }, Facts with { Log = null, NoLog = "The token lacks events.read." } })
        {
            foreach (var name in new[] { "SsoRequired", "SsoCertificate", "VerifiedDomain", "AccountCapture" })
            {
                var row = Row(facts, name);
                Assert.Equal((PrerequisiteOutcome.Unknown, FactBasis.Unknown), (row.Outcome, row.Basis));
                Assert.False(string.IsNullOrEmpty(row.Remedy));
                if (facts.NoLog is not null) Assert.Equal(facts.NoLog, row.Evidence);
            }
        }
    }

    [Fact]
    public void The_app_must_be_there_and_active_or_notices_stop()
    {
        var missing = Row(Facts with { App = null, NoApp = "contoso has none." }, "App");
        Assert.Equal((PrerequisiteOutcome.Failed, true, "contoso has none."), (missing.Outcome, missing.BlocksNotice, missing.Evidence));
        var inactive = Row(WithApp("status", "INACTIVE"), "App");
        Assert.Equal((PrerequisiteOutcome.Failed, true), (inactive.Outcome, inactive.BlocksNotice));
        Assert.DoesNotContain(ReadinessTable.Judge(Facts with { App = null }), row => row.Name == "Tile"); // nothing to judge
    }

    [Theory]
    [InlineData("signOnMode", "\"BROWSER_PLUGIN\"", "SamlSignOn", PrerequisiteOutcome.Warning)]
    [InlineData("signOnMode", "null", "SamlSignOn", PrerequisiteOutcome.Unknown)]
    [InlineData("settings.app.silentX", "false", "SilentProvisioning", PrerequisiteOutcome.Failed)]
    [InlineData("settings.app", "{}", "SilentProvisioning", PrerequisiteOutcome.Unknown)]
    [InlineData("features", "[]", "ProvisioningFeatures", PrerequisiteOutcome.Failed)]
    [InlineData("features", "[\"PUSH_NEW_USERS\"]", "ProvisioningFeatures", PrerequisiteOutcome.Warning)]
    [InlineData("features", "null", "ProvisioningFeatures", PrerequisiteOutcome.Unknown)]
    [InlineData("credentials.userNameTemplate.template", "null", "UserNameFormat", PrerequisiteOutcome.Unknown)]
    [InlineData("credentials.userNameTemplate.template", "\"${source.login}\"", "UserNameFormat", PrerequisiteOutcome.Passed)]
    [InlineData("visibility.hide.web", "true", "Tile", PrerequisiteOutcome.Warning)]
    public void What_the_app_shows_decides(string path, string value, string name, PrerequisiteOutcome outcome)
    {
        var row = Row(WithApp(path, JsonNode.Parse(value)), name);
        Assert.Equal((outcome, false), (row.Outcome, row.BlocksNotice));
        Assert.Equal(outcome is PrerequisiteOutcome.Passed, row.Remedy is null);
    }

    [Fact]
    public void A_login_is_right_only_where_it_is_an_address()
    {
        Assert.Equal(PrerequisiteOutcome.Unknown, Row(WithApp("credentials.userNameTemplate.template", "${source.employeeNumber}"), "UserNameFormat").Outcome);
        var login = WithApp("credentials.userNameTemplate.template", "${source.login}");
        Assert.Equal(PrerequisiteOutcome.Warning, Row(login with { People = null }, "UserNameFormat").Outcome);
        var odd = Row(login with { People = [Person("pat", ProvisioningStage.Active)] }, "UserNameFormat");
        Assert.Equal(PrerequisiteOutcome.Failed, odd.Outcome);
        Assert.Contains("'pat'", odd.Evidence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("required", PrerequisiteOutcome.Passed, false)]
    [InlineData("optional", PrerequisiteOutcome.Warning, false)]
    [InlineData("disabled", PrerequisiteOutcome.Failed, true)]
    [InlineData("only_on_tuesdays", PrerequisiteOutcome.Unknown, false)]
    public void The_newest_policy_decides_about_single_sign_on(string value, PrerequisiteOutcome outcome, bool blocks)
    {
        var row = Row(With(Event("sso_change_policy", 8, $$$"""{"new_value":{".tag":"{{{value}}}"}}""")), "SsoRequired");
        Assert.Equal((outcome, blocks, 8, FactBasis.EventLog), (row.Outcome, row.BlocksNotice, row.ObservedOn!.Value.Day, row.Basis));
    }

    [Fact]
    public void Passwords_after_it_was_required_contradict_it()
    {
        var log = Facts with { OtherLogIns = [Event("login_success", 9, """{"login_method":{".tag":"google_oauth"}}""", "pat@contoso.example")], LogInsSince = Now.AddDays(-5), LogInsWereCut = true };
        foreach (var facts in new[] { log, log with { Log = [], Statements = [new(AdminStatement.Topics.Sso, "required", "kim@host", Now.AddDays(-5))] } })
        {
            var row = Row(facts, "SsoRequired");
            Assert.Equal(PrerequisiteOutcome.Warning, row.Outcome);
            Assert.Contains("1 person logged in past it since 2026-03-05, last pat@contoso.example by google_oauth on 2026-03-09", row.Evidence, StringComparison.Ordinal);
            Assert.Contains("The first 5,000 log-ins were looked at", row.Evidence, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("sso_change_cert", """{"new_certificate_details":{"expiration_date":"2026-03-09T00:00:00Z"}}""", PrerequisiteOutcome.Failed, true)]
    [InlineData("sso_change_cert", """{"new_certificate_details":{"expiration_date":"2026-03-20T00:00:00Z"}}""", PrerequisiteOutcome.Warning, false)]
    [InlineData("sso_change_cert", """{"new_certificate_details":{"expiration_date":"some day"}}""", PrerequisiteOutcome.Unknown, false)]
    [InlineData("sso_change_cert", "{}", PrerequisiteOutcome.Unknown, false)]
    [InlineData("sso_remove_cert", "{}", PrerequisiteOutcome.Failed, true)]
    public void The_newest_certificate_must_last(string type, string details, PrerequisiteOutcome outcome, bool blocks)
    {
        var row = Row(With(Event(type, 8, details)), "SsoCertificate");
        Assert.Equal((outcome, blocks), (row.Outcome, row.BlocksNotice));
    }

    [Fact]
    public void A_domain_counts_until_it_is_removed_and_each_domain_of_the_people_has_its_row()
    {
        var removed = Row(With(Event("domain_verification_remove_domain", 8, """{"domain_names":["CONTOSO.example"]}""")), "VerifiedDomain");
        Assert.Equal(PrerequisiteOutcome.Failed, removed.Outcome);
        var again = Row(With(Event("domain_verification_remove_domain", 1, """{"domain_names":["contoso.example"]}""")), "VerifiedDomain");
        Assert.Equal(PrerequisiteOutcome.Passed, again.Outcome);

        var two = ReadinessTable.Judge(Facts with { People = [.. Facts.People!, Person("kim@example.com", ProvisioningStage.Active)] }).Where(row => row.Name == "VerifiedDomain");
        Assert.Equal([PrerequisiteOutcome.Passed, PrerequisiteOutcome.Unknown], two.Select(row => row.Outcome));
    }

    [Theory]
    [InlineData("invited_users", PrerequisiteOutcome.Passed)]
    [InlineData("disabled", PrerequisiteOutcome.Warning)]
    [InlineData("something_new", PrerequisiteOutcome.Unknown)]
    public void Account_capture_is_what_it_was_set_to_last(string value, PrerequisiteOutcome outcome) =>
        Assert.Equal(outcome, Row(With(Event("account_capture_change_policy", 8, $$$"""{"new_value":{".tag":"{{{value}}}"}}""")), "AccountCapture").Outcome);

    [Fact]
    public void Seats_are_counted_against_who_is_to_come_and_those_who_do_not_fit_are_named()
    {
        var coming = Enumerable.Range(1, 42).Select(n => Person($"p{n}@contoso.example", ProvisioningStage.NotProvisioned)).ToArray();
        var full = Row(Facts with { People = coming }, "Seats");
        Assert.Equal(PrerequisiteOutcome.Failed, full.Outcome);
        Assert.Contains("40 of 100 licences are free. 42 people are to come, and 2 would not fit: p41@contoso.example, p42@contoso.example", full.Evidence, StringComparison.Ordinal);
        Assert.Equal(PrerequisiteOutcome.Passed, Row(Facts with { People = coming[..40] }, "Seats").Outcome);
        Assert.Equal(PrerequisiteOutcome.Unknown, Row(Facts with { People = null }, "Seats").Outcome);
        Assert.Equal(PrerequisiteOutcome.Warning, Row(Facts with { People = null, Team = Facts.Team with { UsedLicenses = 100 } }, "Seats").Outcome);
        Assert.Equal(PrerequisiteOutcome.Unknown, Row(Facts with { Team = Facts.Team with { LicensedUsers = 0 } }, "Seats").Outcome);
    }

    [Fact]
    public void A_statement_that_was_taken_back_counts_no_more()
    {
        AdminStatement Said(string topic, int day) => new(topic, "required", "kim@host", Now.AddDays(-day));
        Assert.Empty(AdminStatement.Standing([Said(AdminStatement.Topics.Withdrawn, 1), Said(AdminStatement.Topics.Sso, 2)]));
        Assert.Single(AdminStatement.Standing([Said(AdminStatement.Topics.Sso, 0), Said(AdminStatement.Topics.Withdrawn, 1), Said(AdminStatement.Topics.Sso, 2)]));
    }

    [Fact]
    public void Where_Okta_was_not_asked_the_app_is_unknown_and_stops_nobody()
    {
        var row = Row(Facts with { App = null, AppIsUnknown = true, NoApp = "No Okta org is connected." }, "App");
        Assert.Equal((PrerequisiteOutcome.Unknown, false), (row.Outcome, row.BlocksNotice));
    }

    [Fact]
    public void The_admin_must_still_be_one()
    {
        Assert.Equal(PrerequisiteOutcome.Failed, Row(Facts with { AdminIsActive = false }, "DropboxAdmin").Outcome);
        Assert.Equal(PrerequisiteOutcome.Unknown, Row(Facts with { Admin = null }, "DropboxAdmin").Outcome);
    }

    [Theory]
    [InlineData(null, PrerequisiteOutcome.Unknown)]
    [InlineData(59, PrerequisiteOutcome.Passed)]
    [InlineData(-120, PrerequisiteOutcome.Warning)]
    [InlineData(600, PrerequisiteOutcome.Failed)]
    public void Clocks_must_agree(int? seconds, PrerequisiteOutcome outcome) =>
        Assert.Equal(outcome, Row(Facts with { OktaClockAhead = seconds is { } off ? TimeSpan.FromSeconds(off) : null }, "OktaClock").Outcome);

    [Theory]
    [InlineData(AdminStatement.Topics.Sso, "required", "sso_change_policy", "SsoRequired")]
    [InlineData(AdminStatement.Topics.Domain, "contoso.example", "domain_verification_add_domain_success", "VerifiedDomain")]
    [InlineData(AdminStatement.Topics.Capture, "invited_users", "account_capture_change_policy", "AccountCapture")]
    public void A_statement_fills_the_log_s_silence_with_who_and_when(string topic, string value, string type, string name)
    {
        var row = Row(Without(type) with { Statements = [new(topic, value, "kim@host", Now.AddDays(-1))] }, name);
        Assert.Equal((PrerequisiteOutcome.Passed, FactBasis.AdminStatement, "kim@host", Now.AddDays(-1)), (row.Outcome, row.Basis, row.Actor, row.ObservedOn));
    }

    [Fact]
    public void What_the_log_says_later_than_a_statement_wins_and_says_so()
    {
        var stated = new AdminStatement(AdminStatement.Topics.Sso, "required", "kim@host", new DateTimeOffset(2026, 3, 7, 0, 0, 0, TimeSpan.Zero));
        var off = With(Event("sso_change_policy", 8, """{"new_value":{".tag":"disabled"}}""")) with { Statements = [stated] };
        var row = Row(off, "SsoRequired");
        Assert.Equal((PrerequisiteOutcome.Failed, FactBasis.EventLog), (row.Outcome, row.Basis));
        Assert.Contains("kim@host stated otherwise on 2026-03-07", row.Evidence, StringComparison.Ordinal);

        var later = Row(off with { Statements = [stated with { On = Now }] }, "SsoRequired");
        Assert.Equal((PrerequisiteOutcome.Passed, FactBasis.AdminStatement), (later.Outcome, later.Basis));
        Assert.Contains("disabled", later.Evidence, StringComparison.Ordinal);
    }
}
