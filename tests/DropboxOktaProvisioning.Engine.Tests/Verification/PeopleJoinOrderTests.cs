using CsCheck;
using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Engine.Tests.Verification;

/// <summary>However the pages of the two lists come in, the same people come out; with few names for many records, so that they clash in every way.</summary>
public sealed class PeopleJoinOrderTests
{
    private static readonly string[] Addresses = ["a@contoso.example", "A@CONTOSO.example", "b@contoso.example", "ſ@contoso.example", "S@contoso.example", "é@contoso.example", "É@contoso.example", ""];
    private static readonly string?[] Ids = [null, "", "x1", "x2", "dbmid:m1", "00u2"];

    private static readonly Gen<string> Address = Gen.OneOfConst(Addresses);

    private static readonly Gen<DropboxMember> Member = Gen.Select(Gen.Int[0, 6], Address, Address, Gen.OneOfConst(Ids), Gen.Int[0, 3], Gen.Bool, (id, email, second, external, status, flag) => new DropboxMember
    {
        TeamMemberId = $"dbmid:m{id}", Email = email, SecondaryEmails = second.Length > 0 && flag ? [second] : [], ExternalId = external is "" ? null : external,
        Status = (DropboxMemberStatus)(status + 1), StatusTag = new[] { "active", "invited", "suspended", "removed" }[status], IsDisconnected = flag, IsRecoverable = !flag,
    });

    private static readonly Gen<OktaAppUser> Assignment = Gen.Select(Gen.Int[0, 6], Address, Address, Gen.OneOfConst(Ids), Gen.Bool, (id, name, email, external, embedded) => new OktaAppUser
    {
        Id = $"00u{id}", UserName = name, Email = email, ExternalId = external is "" ? null : external, Status = "PROVISIONED",
        User = embedded ? new OktaUser { Id = $"00u{id}", Login = email, Email = name } : null,
    });

    private static string[] Joined(OktaAppUser[][] assignments, DropboxMember[][] members, OktaUser[] users, bool early)
    {
        var join = new PeopleJoin();
        foreach (var user in users) join.Add(user);
        if (early)
        {
            // Some people come before the members are all there, the others after.
            if (assignments.Length > 0) join.Add(assignments[0]);
            foreach (var page in members) join.Add(page);
            join.EndMembers();
            foreach (var page in assignments.Skip(1)) join.Add(page);
        }
        else
        {
            foreach (var page in assignments) join.Add(page);
            foreach (var page in members) join.Add(page);
        }

        return Shown(join);
    }

    /// <summary>The same, after other readings of both lists that broke off and were forgotten; the one of Okta before or after the members are all there.</summary>
    private static string[] JoinedAnew(
        OktaAppUser[][] forgottenAssignments, DropboxMember[][] forgottenMembers, OktaAppUser[][] assignments, DropboxMember[][] members, OktaUser[] users, bool late)
    {
        var join = new PeopleJoin();
        foreach (var user in users) join.Add(user);
        foreach (var page in forgottenMembers) join.Add(page);
        if (!late) Break();
        join.ForgetMembers();
        foreach (var page in members) join.Add(page);
        join.EndMembers();
        if (late) Break();
        foreach (var page in assignments) join.Add(page);
        return Shown(join);

        void Break()
        {
            foreach (var page in forgottenAssignments) join.Add(page);
            join.ForgetAssignments();
        }
    }

    private static string[] Shown(PeopleJoin join) =>
        [.. join.Join().Select(person =>
            $"{person.Assignment} | {person.User} | {person.Member?.TeamMemberId} {person.Member?.Email} | {person.Conflict} | {string.Join(",", person.Former.Select(one => one.TeamMemberId))}")];

    [Fact]
    public void Matching_while_reading_and_matching_at_the_end_give_the_same() =>
        Gen.Select(Assignment.Array[0, 4].Array[0, 4], Member.Array[0, 4].Array[0, 3], Gen.Int[0, 8].Array[0, 3]).Sample((assignments, members, others) =>
        {
            OktaUser[] users = [.. others.Select(id => new OktaUser { Id = $"00u{id}", Email = Addresses[id % Addresses.Length] })];
            return Joined(assignments, members, users, early: true).SequenceEqual(Joined(assignments, members, users, early: false));
        }, iter: 20_000);

    [Fact]
    public void A_reading_that_broke_off_leaves_nobody_and_nothing_of_anybody() =>
        Gen.Select(Assignment.Array[0, 4].Array[0, 3], Member.Array[0, 4].Array[0, 3], Assignment.Array[0, 4].Array[0, 3], Member.Array[0, 4].Array[0, 3], Gen.Bool).Sample((broken, brokenMembers, assignments, members, late) =>
        {
            OktaUser[] users = [new OktaUser { Id = "00u3", Email = Addresses[0] }];
            return JoinedAnew(broken, brokenMembers, assignments, members, users, late).SequenceEqual(Joined(assignments, members, users, early: false));
        }, iter: 5_000);
}
