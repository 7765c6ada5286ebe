using CsCheck;
using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Engine.Tests.Verification;

public sealed class PeopleJoinTests
{
    private static IReadOnlyList<PersonFacts> Join(IEnumerable<OktaAppUser> assignments, IEnumerable<DropboxMember> members, IEnumerable<OktaUser>? users = null)
    {
        var join = new PeopleJoin();
        join.Add((IReadOnlyList<OktaAppUser>)[.. assignments]);
        join.Add((IReadOnlyList<DropboxMember>)[.. members]);
        foreach (var user in users ?? []) join.Add(user);
        return join.Join();
    }

    [Theory]
    [InlineData("dbmid:m")]
    [InlineData("dbid:m")]
    [InlineData("hr-7")]
    public void An_external_id_matches_any_id_that_Dropbox_has_for_the_member(string externalId)
    {
        var people = Join([Make.Assignment("a", externalId: externalId)], [Make.Member("m", "renamed@contoso.example", externalId: "hr-7")]);
        Assert.Equal("dbmid:m", Assert.Single(people).Member?.TeamMemberId);
    }

    [Fact]
    public void A_members_external_id_may_be_the_Okta_users_id()
    {
        var people = Join([Make.Assignment("00u1")], [Make.Member("m", "renamed@contoso.example", externalId: "00u1")]);
        Assert.Equal("dbmid:m", Assert.Single(people).Member?.TeamMemberId);
    }

    [Fact]
    public void Addresses_match_without_regard_to_case()
    {
        var people = Join([Make.Assignment("a", "Pat.Sample@Contoso.example")], [Make.Member("m", "pat.sample@contoso.EXAMPLE")]);
        Assert.Equal("dbmid:m", Assert.Single(people).Member?.TeamMemberId);
    }

    [Fact]
    public void A_primary_address_outranks_a_secondary_one()
    {
        var people = Join(
            [Make.Assignment("a", "pat@contoso.example")],
            [Make.Member("other", "other@contoso.example", secondary: "pat@contoso.example"), Make.Member("m", "pat@contoso.example")]);
        Assert.Equal("dbmid:m", people[0].Member?.TeamMemberId);
        Assert.Null(people[0].Conflict);
        Assert.Equal(2, people.Count);
    }

    [Fact]
    public void A_secondary_address_matches_where_no_primary_does()
    {
        var people = Join([Make.Assignment("a", "pat@contoso.example")], [Make.Member("m", "sample@contoso.example", secondary: "pat@contoso.example")]);
        Assert.Equal("dbmid:m", Assert.Single(people).Member?.TeamMemberId);
    }

    [Fact]
    public void An_address_that_contradicts_the_id_is_a_conflict_and_still_one_row()
    {
        var people = Join([Make.Assignment("a", "pat@contoso.example", externalId: "dbmid:1")], [Make.Member("1", "old@contoso.example"), Make.Member("2", "pat@contoso.example")]);
        var person = Assert.Single(people);
        Assert.Contains("old@contoso.example", person.Conflict, StringComparison.Ordinal);
        Assert.Contains("pat@contoso.example", person.Conflict, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_addresses_of_one_person_that_belong_to_two_members_are_a_conflict_and_still_one_row()
    {
        var assignment = Make.Assignment("a", "pat@contoso.example") with { Email = "sample@contoso.example" };
        var person = Assert.Single(Join([assignment], [Make.Member("1", "pat@contoso.example"), Make.Member("2", "sample@contoso.example")]));
        Assert.Equal("dbmid:1", person.Member?.TeamMemberId);
        Assert.Contains("pat@contoso.example", person.Conflict, StringComparison.Ordinal);
        Assert.Contains("sample@contoso.example", person.Conflict, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_address_whose_member_is_another_persons_by_id_is_no_conflict()
    {
        var pat = Make.Assignment("a", "pat@contoso.example") with { Email = "shared@contoso.example" };
        var people = Join(
            [pat, Make.Assignment("b", "robin@contoso.example", externalId: "dbmid:2")],
            [Make.Member("1", "pat@contoso.example"), Make.Member("2", "shared@contoso.example")]);
        Assert.Equal(["dbmid:1", "dbmid:2"], people.Select(person => person.Member?.TeamMemberId));
        Assert.All(people, person => Assert.Null(person.Conflict));
    }

    [Fact]
    public void A_second_address_of_a_removed_member_or_of_the_same_one_is_no_conflict()
    {
        var assignment = Make.Assignment("a", "pat@contoso.example") with { Email = "sample@contoso.example" };
        var removed = Make.Member("2", "sample@contoso.example", DropboxMemberStatus.Removed);
        Assert.Null(Assert.Single(Join([assignment], [Make.Member("1", "pat@contoso.example"), removed])).Conflict);
        Assert.Null(Assert.Single(Join([assignment], [Make.Member("1", "pat@contoso.example", secondary: "sample@contoso.example")])).Conflict);
    }

    [Fact]
    public void Removed_members_without_an_address_are_a_row_each() =>
        Assert.Equal(2, Join([], [Make.Member("1", "", DropboxMemberStatus.Removed), Make.Member("2", "", DropboxMemberStatus.Removed)]).Count);

    [Fact]
    public void A_member_whom_two_people_claim_is_a_conflict_for_both()
    {
        var people = Join([Make.Assignment("a", externalId: "dbmid:1"), Make.Assignment("b", externalId: "dbmid:1")], [Make.Member("1", "x@contoso.example")]);
        Assert.Equal(2, people.Count);
        Assert.All(people, person => Assert.NotNull(person.Conflict));
        // Put into words once for all of them, however many they are.
        Assert.Same(people[0].Conflict, people[1].Conflict);
    }

    [Fact]
    public void A_removed_record_of_the_same_address_is_history_and_no_conflict()
    {
        var removed = Make.Member("old", "a@contoso.example", DropboxMemberStatus.Removed) with { IsDisconnected = true };
        var person = Assert.Single(Join([Make.Assignment("a", externalId: "dbmid:new")], [removed, Make.Member("new", "a@contoso.example", DropboxMemberStatus.Invited)]));
        Assert.Equal(("dbmid:new", null), (person.Member?.TeamMemberId, person.Conflict));
        Assert.Equal(["dbmid:old"], person.Former.Select(member => member.TeamMemberId));
    }

    [Fact]
    public void An_id_that_points_to_a_removed_member_gives_way_to_the_member_who_is_there()
    {
        var person = Assert.Single(Join(
            [Make.Assignment("a", externalId: "dbmid:old")],
            [Make.Member("old", "a@contoso.example", DropboxMemberStatus.Removed), Make.Member("new", "a@contoso.example")]));
        Assert.Equal(("dbmid:new", null), (person.Member?.TeamMemberId, person.Conflict));
    }

    [Fact]
    public void Somebody_removed_twice_is_one_person()
    {
        var people = Join([], [Make.Member("1", "a@contoso.example", DropboxMemberStatus.Removed), Make.Member("2", "A@contoso.example", DropboxMemberStatus.Removed) with { IsDisconnected = true }]);
        Assert.True(Assert.Single(people).Member?.IsDisconnected);
    }

    [Fact]
    public void A_person_who_changes_while_being_read_appears_once_as_last_seen()
    {
        var people = Join([Make.Assignment("a", status: "STAGED"), Make.Assignment("a")], [Make.Member("a", status: DropboxMemberStatus.Invited), Make.Member("a")]);
        var person = Assert.Single(people);
        Assert.Equal(("PROVISIONED", DropboxMemberStatus.Active), (person.Assignment?.Status, person.Member?.Status));
    }

    [Fact]
    public void Nobody_is_lost_and_nobody_appears_twice()
    {
        var address = Gen.Int[0, 12].Select(number => $"p{number}@contoso.example");
        var assignment = Gen.Select(Gen.Int[0, 9], address, Gen.Int[-1, 9], (id, name, external) => Make.Assignment($"00u{id}", name, external < 0 ? null : $"dbmid:{external}"));
        var member = Gen.Select(Gen.Int[0, 9], address, address, Gen.Enum<DropboxMemberStatus>(), (id, primary, second, status) => Make.Member($"{id}", primary, status, null, second));

        Gen.Select(assignment.List[0, 8], member.List[0, 8]).Sample((assignments, members) =>
        {
            var people = Join(assignments, members);

            // Each assignment exactly once.
            Assert.Equal(assignments.Select(one => one.Id).Distinct().Order(), people.Where(one => one.Assignment is not null).Select(one => one.Assignment!.Id).Order());

            // Each member on the team is in somebody's row, or one of the records behind a conflict.
            var shown = people.SelectMany(one => one.Former.Append(one.Member)).Where(one => one is not null).Select(one => one!.TeamMemberId).ToHashSet();
            var conflicting = people.Where(one => one.Conflict is not null).SelectMany(one => one.OktaAddresses()).ToHashSet(StringComparer.OrdinalIgnoreCase);
            foreach (var one in members.GroupBy(one => one.TeamMemberId).Select(group => group.Last()))
                Assert.True(
                    shown.Contains(one.TeamMemberId) || conflicting.Overlaps(one.SecondaryEmails.Append(one.Email)) || members.Exists(other => other.Email == one.Email),
                    $"{one.TeamMemberId} is lost");

            // A member stands in two rows only where both are a conflict.
            foreach (var group in people.Where(one => one.Member is { Status: not DropboxMemberStatus.Removed }).GroupBy(one => one.Member!.TeamMemberId).Where(group => group.Count() > 1))
                Assert.All(group, one => Assert.NotNull(one.Conflict));
        });
    }
}
