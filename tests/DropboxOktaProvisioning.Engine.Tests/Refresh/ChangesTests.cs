using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Refresh;

namespace DropboxOktaProvisioning.Engine.Tests.Refresh;

/// <summary>Who may have changed, off the two logs; and when that cannot be told person by person.</summary>
public sealed class ChangesTests
{
    private const string App = "0oaTheApp";
    private const string OtherApp = "0oaOthers";

    private static OktaLogEvent Entry(string type, params (string Type, string Id)[] targets) =>
        new() { Published = DateTimeOffset.UnixEpoch, Type = type, Targets = targets, Ids = [.. targets.Select(target => target.Id)] };

    private static Changes Okta(params OktaLogEvent[] entries) => OktaChanges.Of(entries, App, id => id == "00uKnown");

    private static DropboxEvent Event(string type, bool byAdmin = false, DropboxEventPerson? actor = null, params DropboxEventPerson[] participants) =>
        new() { Timestamp = DateTimeOffset.UnixEpoch, Type = type, Category = "members", IsByAdmin = byAdmin, Actor = actor, Participants = participants };

    private static DropboxEventPerson Member(string? id, string? email = null) => new("team_member", email, null, id);

    [Theory]
    [InlineData("application.user_membership.add")]
    [InlineData("application.user_membership.remove")]
    [InlineData("application.provision.user.push")]
    [InlineData("application.provision.never.seen.before")]
    [InlineData("app.user_management.push_new_user_success")]
    [InlineData("group.user_membership.remove")]
    public void Who_is_named_is_looked_at_whether_known_or_not(string type) =>
        Assert.Equal(["00uNew"], Okta(Entry(type, ("AppUser", "0ua1"), ("AppInstance", App), ("User", "00uNew"))).Ids);

    [Theory]
    [InlineData("user.lifecycle.suspend")]
    [InlineData("user.account.update_profile")]
    [InlineData("user.account.never.seen.before")]
    public void A_user_who_has_not_got_the_app_is_in_no_list(string type) =>
        Assert.Equal(["00uKnown"], Okta(Entry(type, ("User", "00uKnown")), Entry(type, ("User", "00uOther"))).Ids);

    [Fact]
    public void Entries_about_another_app_count_for_nothing_and_one_that_names_the_app_otherwise_is_taken_for_this_one()
    {
        Assert.Empty(Okta(Entry("application.user_membership.add", ("AppInstance", OtherApp), ("User", "00u1")), Entry("application.lifecycle.update", ("AppInstance", OtherApp))).Ids);
        Assert.Equal(["00u1"], Okta(Entry("application.user_membership.add", ("AppInstance", "exkTheApp"), ("User", "00u1"))).Ids);
        Assert.NotNull(Okta(Entry("application.lifecycle.update", ("AppInstance", "exkTheApp"))).Why);
        Assert.Equal(["00u1"], Okta(Entry("application.user_membership.add", ("AppInstance", OtherApp), ("AppInstance", App), ("User", "00u1"))).Ids);
    }

    [Theory]
    [InlineData("application.lifecycle.update", "AppInstance", App)]
    [InlineData("application.lifecycle.deactivate", "AppInstance", App)]
    [InlineData("group.application_assignment.add", "UserGroup", "00g1")]
    [InlineData("group.application_assignment.remove", "AppInstance", App)]
    [InlineData("group.lifecycle.delete", "UserGroup", "00g1")]
    [InlineData("system.import.complete", "AppInstance", "0oaTheApp")]
    [InlineData("application.user_membership.add", "AppInstance", App)]
    [InlineData("application.provision.user.import", "AppInstance", App)]
    [InlineData("user.lifecycle.suspend", "odd", "00uKnown")]
    public void What_may_touch_people_whom_no_entry_names_makes_everybody_be_read(string type, string target, string id)
    {
        var changes = Okta(Entry("user.lifecycle.suspend", ("User", "00uKnown")), Entry(type, (target, id)));
        Assert.NotNull(changes.Why);
        Assert.Empty(changes.Ids);
    }

    [Fact]
    public void Groups_that_are_pushed_touch_no_person() =>
        Assert.Equal((0, null), (Okta(Entry("application.provision.group_push.pushed", ("UserGroup", "00g1")), Entry("app.user_management.grouppush.mapping.okta.users.ignored")) is var none ? none.Ids.Count : -1, none.Why));

    [Fact]
    public void Every_kind_that_is_decided_about_is_asked_for()
    {
        foreach (var prefix in new[] { "application.user_membership.", "application.lifecycle.", "group.application_assignment.", "group.lifecycle.delete", "user.lifecycle.", "user.account.", "system.import." })
            Assert.Contains($"eventType sw \"{prefix}\"", OktaChanges.Filter, StringComparison.Ordinal);
    }

    [Fact]
    public void All_people_of_an_event_are_looked_at_but_the_admin_who_did_it()
    {
        var changes = DropboxChanges.Of(
        [
            Event("member_change_status", byAdmin: true, Member("dbmid:Admin"), Member("dbmid:a")),
            Event("member_change_status", actor: Member("dbmid:A")),
            Event("never_seen_before", actor: Member("dbmid:b"), participants: [Member(null, "c@contoso.example")]),
        ]);
        Assert.Null(changes.Why);
        // Ids that differ in case are two people.
        Assert.Equal(["c@contoso.example", "dbmid:A", "dbmid:a", "dbmid:b"], changes.Ids.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("member_change_status")]
    [InlineData("member_change_email")]
    [InlineData("never_seen_before")]
    public void An_event_that_names_nobody_makes_everybody_be_read(string type)
    {
        Assert.NotNull(DropboxChanges.Of([Event(type)]).Why);
        Assert.NotNull(DropboxChanges.Of([Event(type, byAdmin: true, Member("dbmid:Admin"))]).Why);
        Assert.NotNull(DropboxChanges.Of([Event(type, participants: [new DropboxEventPerson("team_member", null, "dbid:1", null)])]).Why);
    }

    [Theory]
    [InlineData("member_suggest")]
    [InlineData("member_space_limits_change_status")]
    [InlineData("create_team_invite_link")]
    public void What_touches_nothing_that_is_read_costs_nothing(string type) => Assert.Equal((0, null), (DropboxChanges.Of([Event(type)]) is var none ? none.Ids.Count : -1, none.Why));
}
