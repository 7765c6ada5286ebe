using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Engine.Tests.Verification;

public sealed class StageTableTests
{
    private static readonly string?[] OktaStatuses =
        [null, "STAGED", "PROVISIONED", "ACTIVE", "RECOVERY", "LOCKED_OUT", "PASSWORD_EXPIRED", "SUSPENDED", "DEPROVISIONED", "ACTIVATING", "A_WORD_NEVER_SEEN"];

    private static readonly string?[] AssignmentStatuses =
    [
        null, "ACTIVE", "APPROVED", "DEPROVISIONED", "IMPLICIT", "IMPORTED", "INACTIVE", "MATCHED", "PENDING", "PROVISIONED", "REVOKED", "STAGED", "SUSPENDED",
        "UNASSIGNED", "A_WORD_NEVER_SEEN",
    ];

    private static readonly string?[] SyncStates = [null, "DISABLED", "OUT_OF_SYNC", "SYNCING", "SYNCHRONIZED", "ERROR", "A_WORD_NEVER_SEEN"];

    private static readonly string[] CannotSignOn = ["STAGED", "SUSPENDED", "LOCKED_OUT", "DEPROVISIONED"];

    public static IEnumerable<PersonFacts> EveryCombination()
    {
        foreach (var inOkta in new[] { true, false })
        foreach (var okta in inOkta ? OktaStatuses : [null])
        foreach (var assigned in inOkta ? new[] { true, false } : [false])
        foreach (var status in assigned ? AssignmentStatuses : [null])
        foreach (var sync in assigned ? SyncStates : [null])
        foreach (var externalId in assigned ? new[] { null, "dbmid:x" } : [null])
        foreach (var member in Members())
        foreach (var former in new[] { false, true })
        foreach (var conflict in new[] { null, "Two records claim one person." })
        {
            if (!inOkta && member is null) continue; // nobody knows this person: an error row, not a stage
            var user = inOkta && okta is not null ? Make.User("x", okta) : null;
            yield return new PersonFacts
            {
                User = user,
                Assignment = assigned ? new OktaAppUser { Id = "x", Status = status, SyncState = sync, ExternalId = externalId, UserName = "x@contoso.example", User = user } : null,
                Member = member,
                Former = former ? [Make.Member("old", "x@contoso.example", DropboxMemberStatus.Removed) with { IsDisconnected = true }] : [],
                Conflict = conflict,
            };
        }
    }

    private static IEnumerable<DropboxMember?> Members()
    {
        yield return null;
        foreach (var status in Enum.GetValues<DropboxMemberStatus>())
        {
            if (status is not DropboxMemberStatus.Removed) yield return Make.Member("x", status: status);
            else
                foreach (var recoverable in new[] { false, true })
                foreach (var disconnected in new[] { false, true })
                    yield return Make.Member("x", status: status) with { IsRecoverable = recoverable, IsDisconnected = disconnected };
        }
    }

    [Fact]
    public void Every_combination_of_facts_lands_on_the_one_stage_that_its_definition_names()
    {
        var seen = new HashSet<ProvisioningStage>();
        var combinations = 0;
        foreach (var person in EveryCombination())
        {
            var verdict = StageTable.Decide(person);
            combinations++;
            seen.Add(verdict.Stage);

            Assert.Equal(ByDefinition(person), [verdict.Stage]);
            Assert.EndsWith(".", verdict.Reason, StringComparison.Ordinal);
            Assert.True(char.IsUpper(verdict.Reason[0]), verdict.Reason);
            Assert.True(Enum.IsDefined(verdict.NextAction));
        }

        Assert.True(combinations > 50_000, $"only {combinations} combinations were walked");
        Assert.Equal(Enum.GetValues<ProvisioningStage>().Order(), seen.Order());
    }

    /// <summary>Each stage's own definition, told apart from the table's order of questions: exactly one of them must hold.</summary>
    private static ProvisioningStage[] ByDefinition(PersonFacts person)
    {
        var status = person.Assignment?.Status;
        var assigned = person.Assignment is not null && status is not ("DEPROVISIONED" or "REVOKED" or "IMPORTED" or "MATCHED" or "UNASSIGNED");
        var blocked = assigned && (CannotSignOn.Contains(person.User?.Status) || status is "INACTIVE" or "SUSPENDED");
        var member = person.Member?.Status;
        var conflict = person.Conflict is not null || member is DropboxMemberStatus.Other;
        var onTeam = member is DropboxMemberStatus.Active or DropboxMemberStatus.Invited;

        var stages = new List<ProvisioningStage>();
        void When(bool holds, ProvisioningStage stage)
        {
            if (holds) stages.Add(stage);
        }

        When(conflict, ProvisioningStage.Conflict);
        When(!conflict && assigned && member is DropboxMemberStatus.Active, ProvisioningStage.Active);
        When(!conflict && assigned && member is DropboxMemberStatus.Invited && !blocked, ProvisioningStage.AwaitingActivation);
        When(!conflict && assigned && member is null && !blocked, ProvisioningStage.NotProvisioned);
        When(!conflict && !assigned && member is null, ProvisioningStage.NotAssigned);
        When(!conflict && blocked && member is null or DropboxMemberStatus.Invited && blocked && !conflict, ProvisioningStage.CannotSignOn);
        When(!conflict && member is DropboxMemberStatus.Suspended, ProvisioningStage.Suspended);
        When(!conflict && member is DropboxMemberStatus.Removed, ProvisioningStage.Removed);
        When(!conflict && onTeam && !assigned, ProvisioningStage.Unmanaged);
        return [.. stages];
    }

    [Theory]
    [InlineData("STAGED", null, "Queued")]
    [InlineData("PROVISIONED", "ERROR", "failed")]
    [InlineData("ACTIVE", null, "never pushed")]
    public void A_person_who_is_not_provisioned_is_told_why(string status, string? syncState, string word)
    {
        var verdict = StageTable.Decide(new PersonFacts { Assignment = Make.Assignment("a", status: status, syncState: syncState) });
        Assert.Equal((ProvisioningStage.NotProvisioned, NextAction.Provision), (verdict.Stage, verdict.NextAction));
        Assert.Contains(word, verdict.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, false, NextAction.Recover)]
    [InlineData(false, true, NextAction.Notify)]
    [InlineData(false, false, NextAction.Invite)]
    public void A_removed_person_who_is_still_assigned_gets_the_action_that_fits(bool recoverable, bool disconnected, NextAction expected)
    {
        var person = new PersonFacts
        {
            Assignment = Make.Assignment("a"),
            Member = Make.Member("a", status: DropboxMemberStatus.Removed) with { IsRecoverable = recoverable, IsDisconnected = disconnected },
        };
        Assert.Equal(expected, StageTable.Decide(person).NextAction);
    }

    [Fact]
    public void A_disabled_sync_state_is_no_fault()
    {
        var person = new PersonFacts { Assignment = Make.Assignment("a", syncState: "DISABLED"), Member = Make.Member("a", status: DropboxMemberStatus.Invited) };
        Assert.Equal(ProvisioningStage.AwaitingActivation, StageTable.Decide(person).Stage);
    }
}
