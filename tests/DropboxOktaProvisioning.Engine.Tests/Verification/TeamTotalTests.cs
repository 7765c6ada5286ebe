using CsCheck;
using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Engine.Tests.Verification;

/// <summary>A list is whole where the team counts as many, whichever way it counts; a page that is missing shows in a team of any size.</summary>
public sealed class TeamTotalTests
{
    private static DropboxTeamInfo Team(int provisioned) => new("dbtid:A", "Contoso", 0, provisioned, 0);

    private static readonly Gen<int> Size = Gen.OneOf(Gen.Int[0, 100], Gen.Int[0, 5_000], Gen.Int[0, 1_000_000]);

    [Fact]
    public void A_whole_list_agrees_whichever_way_the_team_counts_and_whoever_comes_or_goes_meanwhile() =>
        Gen.Select(Size, Size, Gen.Bool, Gen.Int[-TeamTotal.Slack, TeamTotal.Slack]).Sample((joined, suspended, withSuspended, moved) =>
        {
            int total = joined + (withSuspended ? suspended : 0);
            var read = new TeamCount(joined, joined + suspended);
            return TeamTotal.Agrees(read, Team(total)) && (read.OnTeam == 0 || total + moved <= 0 || TeamTotal.Agrees(read, Team(total + moved)));
        });

    [Fact]
    public void A_page_that_is_missing_shows_in_a_team_of_any_size() =>
        Gen.Select(Gen.Int[1, 1_000_000], Size, Gen.Bool, Gen.Int[PageSize.Smallest, DropboxTeamClient.LargestPage], Gen.Int[0, 100]).Sample((joined, suspended, withSuspended, page, share) =>
        {
            // So many of the page's people are suspended ones.
            int lostSuspended = Math.Min(suspended, page * share / 100), lostJoined = Math.Min(joined, page - lostSuspended), lost = lostSuspended + lostJoined;
            // By the spec's count, who is suspended is nobody whom the count could miss; and just as many missing as are suspended look like the guide's count.
            if (!withSuspended && (lostJoined <= TeamTotal.Slack || Math.Abs(suspended - lost) <= TeamTotal.Slack)) return true;
            if (lost <= TeamTotal.Slack) return true;
            var read = new TeamCount(joined - lostJoined, joined + suspended - lost);
            return !TeamTotal.Agrees(read, Team(joined + (withSuspended ? suspended : 0)));
        }, iter: 100_000);

    [Theory]
    [InlineData(1_000_000, 0, 1_000)] // the thousandth part of a large team is a page of it
    [InlineData(51_600, 1_200, 1_000)] // more are suspended than a page has
    [InlineData(3_000, 60, 50)]
    [InlineData(40, 0, 6)]
    public void So_many_of_a_team_are_missed(int joined, int suspended, int lost)
    {
        Assert.False(TeamTotal.Agrees(new TeamCount(joined - lost, joined + suspended - lost), Team(joined)));
        Assert.False(TeamTotal.Agrees(new TeamCount(joined - lost, joined + suspended - lost), Team(joined + suspended)));
    }

    [Theory]
    [InlineData(1_000, 1_400, 1_000, true)] // who joined after the first count may be missing
    [InlineData(1_000, 1_400, 1_400, true)]
    [InlineData(1_400, 1_000, 1_000, true)] // who left before the second one may be missing
    [InlineData(1_400, 1_400, 1_000, false)]
    [InlineData(1_000, 1_400, 950, false)]
    [InlineData(1_400, 1_000, 950, false)]
    [InlineData(0, 200, 0, true)]
    [InlineData(3, 200, 0, false)]
    public void Between_two_counts_only_who_came_or_went_may_be_missing(int before, int after, int read, bool agrees) =>
        Assert.Equal(agrees, TeamTotal.Agrees(new TeamCount(read, read), Team(after), Team(before)));
}
