using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Engine.Tests.Verification;

public sealed class PersonalAccountsTests
{
    [Theory]
    [InlineData(DropboxMemberStatus.Invited, PersonalAccountLikelihood.Confirmed)]
    [InlineData(DropboxMemberStatus.Active, PersonalAccountLikelihood.Suspected)]
    public void An_address_on_the_list_confirms_it_unless_the_person_has_joined(DropboxMemberStatus status, PersonalAccountLikelihood expected)
    {
        var evidence = new PersonalAccounts(["PAT@contoso.example"]).About(new PersonFacts { Member = Make.Member("1", "pat@contoso.example", status) });
        Assert.Equal(expected, PersonalAccounts.Strongest(evidence));
        Assert.Equal(FactBasis.AdminStatement, Assert.Single(evidence).Basis);
    }

    [Fact]
    public void A_removed_and_disconnected_member_confirms_it()
    {
        var member = Make.Member("1", status: DropboxMemberStatus.Removed) with { IsDisconnected = true };
        var evidence = Assert.Single(new PersonalAccounts([]).About(new PersonFacts { Member = member }));
        Assert.Equal((PersonalAccountLikelihood.Confirmed, FactBasis.Api), (evidence.Likelihood, evidence.Basis));
    }

    [Fact]
    public void Nothing_points_to_one_without_evidence() =>
        Assert.Empty(new PersonalAccounts(["else@contoso.example"]).About(new PersonFacts { Assignment = Make.Assignment("a"), Member = Make.Member("a") }));
}
