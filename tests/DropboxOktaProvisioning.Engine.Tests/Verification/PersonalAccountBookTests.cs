using System.Text.Json;
using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Engine.Tests.Verification;

/// <summary>What each kind of event and member says about an address.</summary>
public sealed class PersonalAccountBookTests
{
    private const string Pat = "pat@contoso.example";
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly PersonalAccountBook _book = new(["@Contoso.Example"], Now);

    private static DropboxEvent Event(string type, int day, string kind = "non_team_member", string email = Pat, string details = "{}", string? account = "dbid:p", bool byAdmin = false) => new()
    {
        Timestamp = new DateTimeOffset(2026, 2, day, 0, 0, 0, TimeSpan.Zero),
        Type = type,
        IsByAdmin = byAdmin,
        Actor = new DropboxEventPerson(kind, email, account, null),
        Details = JsonSerializer.Deserialize<JsonElement>(details),
    };

    private static DropboxMember Turned(DateTimeOffset? joined = null) =>
        Make.Member("1", Pat, DropboxMemberStatus.Removed) with { IsDisconnected = true, JoinedOn = joined };

    private DropboxPersonalAccount Row() => Assert.Single(_book.Rows());

    [Theory]
    [InlineData("domain_invites_request_to_join_team", "team_member", PersonalAccountLikelihood.Likely)]
    [InlineData("shared_content_add_member", "non_team_member", PersonalAccountLikelihood.Likely)]
    [InlineData("something_new", "non_team_member", PersonalAccountLikelihood.Likely)]
    [InlineData("account_capture_migrate_account", "team_member", PersonalAccountLikelihood.None)]
    [InlineData("account_capture_relinquish_account", "team_member", PersonalAccountLikelihood.None)]
    public void An_event_alone_says_this_much(string type, string kind, PersonalAccountLikelihood expected)
    {
        _book.Add(Event(type, 3, kind));
        var row = Row();
        Assert.Equal((Pat, expected, PersonalAccountType.Unknown, 3), (row.Email, row.Likelihood, row.AccountType, row.LastSeen?.Day));
        Assert.All(row.Evidence, item => Assert.Equal(FactBasis.EventLog, item.Basis));
        Assert.Equal(type.StartsWith("account_capture", StringComparison.Ordinal), row.Contradiction is not null);
    }

    [Theory]
    [InlineData("login_success", "team_member", Pat)]
    [InlineData("shared_content_add_member", "trusted_non_team_member", Pat)]
    [InlineData("shared_content_add_member", "non_team_member", "pat@mail.contoso.example")]
    [InlineData("shared_content_add_member", "non_team_member", "pat@example.com")]
    public void What_says_nothing_makes_no_row(string type, string kind, string email)
    {
        _book.Add(Event(type, 3, kind, email));
        Assert.Empty(_book.Rows());
    }

    [Fact]
    public void An_outsider_without_an_account_id_is_a_weaker_sign()
    {
        _book.Add(Event("shared_content_add_member", 3, account: null));
        Assert.Equal(PersonalAccountLikelihood.Suspected, Row().Likelihood);
    }

    [Fact]
    public void An_admin_at_work_is_not_whom_the_event_is_about()
    {
        _book.Add(Event("account_capture_relinquish_account", 3, "team_member", byAdmin: true));
        Assert.Empty(_book.Rows());
    }

    [Theory]
    [InlineData(5, PersonalAccountLikelihood.Suspected)]
    [InlineData(2, PersonalAccountLikelihood.Likely)]
    public void Moving_away_contradicts_what_was_seen_before_it_and_not_what_was_seen_since(int movedOn, PersonalAccountLikelihood expected)
    {
        _book.Add(Event("account_capture_relinquish_account", movedOn, "team_member"));
        _book.Add(Event("shared_content_add_member", 3));
        Assert.Equal((expected, movedOn), (Row().Likelihood, Row().Contradiction!.ObservedOn!.Value.Day));
    }

    [Fact]
    public void Joining_with_linked_devices_is_an_account_that_is_solved()
    {
        _book.Add(Event("member_change_status", 4, "team_member", details: """{"new_value":{".tag":"active"},"action":{".tag":"team_join_details","has_linked_devices":true}}"""));
        Assert.Equal((PersonalAccountLikelihood.None, "Joined the team."), (Row().Likelihood, Row().Contradiction!.ToString()));
    }

    [Fact]
    public void A_member_who_was_turned_into_a_personal_account_confirms_it_whatever_joins_came_before()
    {
        _book.Add(Event("member_change_status", 4, "team_member", details: """{"new_value":{".tag":"active"}}"""));
        _book.Add(Event("member_change_status", 9, "team_member", details: """{"new_value":{".tag":"removed"}}"""));
        _book.Add(Turned());
        Assert.Equal((PersonalAccountLikelihood.Confirmed, null, 9, "dbmid:1"), (Row().Likelihood, Row().Contradiction, Row().LastSeen?.Day, Row().TeamMemberId));
    }

    [Fact]
    public void Joining_again_contradicts_that_an_earlier_member_was_turned_into_one()
    {
        _book.Add(Turned(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        _book.Add(Event("member_change_status", 20, "team_member", details: """{"new_value":{".tag":"active"}}"""));
        Assert.Equal(PersonalAccountLikelihood.Suspected, Row().Likelihood);
    }

    [Theory]
    [InlineData(DropboxMemberStatus.Active, PersonalAccountLikelihood.Suspected)]
    [InlineData(DropboxMemberStatus.Suspended, PersonalAccountLikelihood.Suspected)]
    [InlineData(DropboxMemberStatus.Invited, PersonalAccountLikelihood.Confirmed)]
    [InlineData(DropboxMemberStatus.Removed, PersonalAccountLikelihood.Confirmed)]
    public void An_address_that_a_member_has_now_is_no_personal_accounts_unless_the_member_is_only_invited(DropboxMemberStatus status, PersonalAccountLikelihood expected)
    {
        _book.Add(PersonalAccounts.Row(Pat.ToUpperInvariant()));
        _book.Add(Make.Member("1", Pat, status));
        Assert.Equal((Pat, expected, "dbmid:1"), (Row().Email, Row().Likelihood, Row().TeamMemberId));
    }

    [Fact]
    public void An_import_confirms_it_and_alone_tells_Basic_from_Pro()
    {
        var insight = new DropboxDomainInsight { Email = "Pat@Contoso.Example", AccountType = PersonalAccountType.Pro, Line = 7, Path = "/lists/domain.csv", ObservedOn = Now };
        Assert.True(_book.Add(PersonalAccounts.Row(insight)));
        Assert.False(_book.Add(PersonalAccounts.Row(insight with { Email = "pat@example.com" })));
        var row = Row();
        Assert.Equal((PersonalAccountLikelihood.Confirmed, PersonalAccountType.Pro, FactBasis.Import), (row.Likelihood, row.AccountType, row.Evidence[0].Basis));
        Assert.Contains("domain.csv, line 7", row.Evidence[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_that_is_taken_in_again_comes_out_as_it_was()
    {
        _book.Add(Event("shared_content_add_member", 3));
        _book.Add(Event("account_capture_relinquish_account", 5, "team_member"));
        var again = new PersonalAccountBook(["contoso.example"], Now);
        again.Add(Row());
        again.Add(Row());
        Assert.Equal(JsonSerializer.Serialize(Row()), JsonSerializer.Serialize(Assert.Single(again.Rows())));
    }

    [Fact]
    public void A_persons_flag_is_the_rows_grade()
    {
        _book.Add(Event("shared_content_add_member", 3));
        var personal = PersonalAccounts.FromRows(_book.Rows());
        var waiting = personal.About(new PersonFacts { Member = Make.Member("1", Pat, DropboxMemberStatus.Invited) });
        var joined = personal.About(new PersonFacts { Member = Make.Member("1", Pat) });
        Assert.Equal((PersonalAccountLikelihood.Likely, PersonalAccountLikelihood.Suspected), (PersonalAccounts.Strongest(waiting), PersonalAccounts.Strongest(joined)));

        _book.Add(Event("account_capture_relinquish_account", 5, "team_member"));
        var moved = PersonalAccounts.FromRows(_book.Rows()).About(new PersonFacts { Member = Make.Member("1", Pat, DropboxMemberStatus.Invited) });
        Assert.Equal(PersonalAccountLikelihood.Suspected, PersonalAccounts.Strongest(moved));
        Assert.Contains("Moved", moved[0].Detail, StringComparison.Ordinal);
    }
}
