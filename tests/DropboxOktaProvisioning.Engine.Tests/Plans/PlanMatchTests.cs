using CsCheck;
using DropboxOktaProvisioning.Engine.Plans;
using static DropboxOktaProvisioning.Engine.Tests.Plans.PlanWorld;

namespace DropboxOktaProvisioning.Engine.Tests.Plans;

/// <summary>A plan is done as it is, whatever became of the people meanwhile.</summary>
public sealed class PlanMatchTests
{
    private static readonly ProvisioningStage[] Stages = Enum.GetValues<ProvisioningStage>();

    [Fact]
    public async Task An_unmoved_world_gets_just_the_notices_of_the_plan() =>
        await Gen.Select(Gen.Int[0, Stages.Length - 1], Gen.Bool).Array[0, 12].SampleAsync(
            async people =>
            {
                using var world = new PlanWorld();
                var rows = people.Select((person, i) => WhoWaits(i) with
                {
                    Stage = Stages[person.Item1], PersonalAccount = person.Item2 ? PersonalAccountLikelihood.Likely : PersonalAccountLikelihood.None,
                }).ToArray();
                var plan = await world.PlanAsync(rows);
                var notices = await world.DoAsync(plan, rows, tolerance: 0);

                Assert.NotNull(notices);
                Assert.Equal(plan.People.Where(person => person.State is NoticeState.Planned).Select(person => person.Email), world.Mailbox.Emails);
                Assert.Equal(rows.Length, notices.Count);
            },
            iter: 150, threads: 1);

    // What may happen to a person between the plan and its doing.
    private static DropboxUserStatus? Moved(DropboxUserStatus person, int how, int i) => how switch
    {
        0 => null,
        1 => person with { Stage = ProvisioningStage.Active },
        2 => person with { Stage = ProvisioningStage.Removed },
        3 => person with { Email = $"other{i}@contoso.example" },
        4 => person with { PersonalAccount = PersonalAccountLikelihood.Confirmed },
        5 => person with { Stage = ProvisioningStage.AwaitingActivation },
        6 => person with { OktaUserId = null, TeamMemberId = null },
        7 => person with { OktaUserId = $"00u{i + 1}" }, // the next one's id
        _ => person,
    };

    [Fact]
    public async Task A_moved_world_is_told_less_or_nothing_and_never_anybody_beside_the_plan_though_the_run_dies_and_goes_on()
    {
        var person = Gen.Select(Gen.Bool, Gen.Int[0, 14]);
        await Gen.Select(person.Array[1, 10], Gen.Int[0, 2], Gen.Int[0, 100], Gen.Int[1, 60]).SampleAsync(
            async (people, arrivals, tolerance, diesAt) =>
            {
                using var world = new PlanWorld();
                var then = people.Select((one, i) => WhoWaits(i) with { Stage = one.Item1 ? ProvisioningStage.AwaitingActivation : ProvisioningStage.NotProvisioned }).ToArray();
                var plan = await world.PlanAsync(then);
                var now = then.Select((row, i) => Moved(row, people[i].Item2, i)).OfType<DropboxUserStatus>().Concat(Enumerable.Range(100, arrivals).Select(WhoWaits)).ToArray();
                var planned = plan.People.Where(one => one.State is NoticeState.Planned).Select(one => one.Email).ToHashSet();
                var unmoved = then.Where((row, i) => people[i].Item2 > 7).Select(row => row.Email).ToHashSet();

                var first = await world.DoAsync(plan, now, tolerance, diesAt);
                world.Fixture.Clock.Advance(Engine.Journal.NoticeJournal.Lease);
                var second = await world.DoAsync(plan, now, tolerance);

                var told = world.Mailbox.Emails;
                Assert.Equal(told.Distinct(), told);
                Assert.Subset(planned, told.ToHashSet());
                var match = new PlanMatch(plan, now, readsPersonalAccounts: true);
                Assert.Equal(first is null, second is null);
                Assert.Equal(match.IsWithin(tolerance), first is not null);
                if (first is null) Assert.Empty(told);
                // Who is as the plan saw them is told, or nobody can say whether the run that died told them. Whose id somebody else bears is nobody's guess.
                if (people.All(one => one.Item2 != 7) && first is not null && diesAt == 60) Assert.Subset(told.ToHashSet(), planned.Where(unmoved.Contains).ToHashSet());
            },
            iter: 300, threads: 1);
    }

    [Fact]
    public async Task Each_move_has_its_words_and_who_was_told_since_has_not_moved()
    {
        using var world = new PlanWorld();
        var then = Enumerable.Range(0, 6).Select(WhoWaits).ToArray();
        var plan = await world.PlanAsync(then);
        Assert.Equal("p5@contoso.example", Assert.Single((await world.DoAsync(plan, [then[5]], 100))!).Email);
        DropboxUserStatus[] now =
        [
            then[1] with { Stage = ProvisioningStage.Active }, then[2] with { Email = "x@contoso.example" }, then[3] with { PersonalAccount = PersonalAccountLikelihood.Suspected },
            then[4], then[5] with { Stage = ProvisioningStage.Active }, WhoWaits(9),
        ];

        var match = new PlanMatch(plan, await world.AsSeenNowAsync(now), readsPersonalAccounts: true);
        Assert.Equal(
            [
                "p1@contoso.example was AwaitingActivation and is Active", "x@contoso.example has another address now",
                "p3@contoso.example is told by other words now, for a personal account", "p9@contoso.example is new in the scope", "p0@contoso.example is not in the scope any more",
            ],
            match.Moves.Select(move => move.ToString()));
        Assert.False(match.IsWithin(83));
        Assert.True(match.IsWithin(84));

        var notices = await world.DoAsync(plan, now, 100);
        Assert.Equal([NoticeState.Skipped, NoticeState.Skipped, NoticeState.Skipped, NoticeState.Sent, NoticeState.Skipped, NoticeState.Skipped], notices!.Select(notice => notice.State));
        Assert.Equal("Moved since the plan: was AwaitingActivation and is Active.", notices![0].Reason);
        Assert.Equal("Not in the plan: is new in the scope.", notices![5].Reason);
        Assert.Equal(["p5@contoso.example", "p4@contoso.example"], world.Mailbox.Emails);
    }

    [Fact]
    public async Task The_words_for_a_personal_account_are_the_plans_where_nobody_looked_again()
    {
        using var world = new PlanWorld();
        var plan = await world.PlanAsync([WhoWaits(1) with { PersonalAccount = PersonalAccountLikelihood.Likely }]);
        var match = new PlanMatch(plan, [WhoWaits(1)], readsPersonalAccounts: false);
        Assert.Empty(match.Moves);
        Assert.Equal(PersonalAccountLikelihood.Likely, match.People.Single().PersonalAccount);
        Assert.Single(new PlanMatch(plan, [WhoWaits(1)], readsPersonalAccounts: true).Moves);
    }

    [Fact]
    public async Task Where_two_share_a_key_nobody_is_told_for_the_other()
    {
        using var world = new PlanWorld();
        var plan = await world.PlanAsync([WhoWaits(1), WhoWaits(2)]);
        // One row bears the ids of both; then two rows bear those of one.
        Assert.All((await world.DoAsync(plan, [WhoWaits(1) with { TeamMemberId = "dbmid:2" }], 1000))!, notice => Assert.Equal(NoticeState.Skipped, notice.State));
        Assert.All((await world.DoAsync(plan, [WhoWaits(1), WhoWaits(9) with { OktaUserId = "00u1" }], 1000))!, notice => Assert.Equal(NoticeState.Skipped, notice.State));
        Assert.Empty(world.Mailbox.Emails);
    }
}
