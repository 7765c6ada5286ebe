using DropboxOktaProvisioning.Engine.Dropbox;

namespace DropboxOktaProvisioning.Engine.Verification;

/// <summary>Holds a list of members against the team's own count: a list that ended without an error can still lack people.</summary>
internal static class TeamTotal
{
    /// <summary>So many may come or go unseen while a list is read, however large the team is; the smallest page has ten times as many.</summary>
    public const int Slack = 5;

    /// <summary>Whether the list can be whole.</summary>
    /// <remarks>
    /// The spec counts active and invited people as provisioned, a guide suspended ones too, and nothing tells which is right: one of the two must fit. More active and
    /// invited people than counted are no loss. With the suspended ones it must be just as many, or those would make up for others who are missing.
    /// </remarks>
    /// <param name="read">Who of the list is on the team.</param>
    /// <param name="team">The team, read after the list.</param>
    /// <param name="before">The team, read before the list; who came or went between the two may be in the list or not.</param>
    public static bool Agrees(TeamCount read, DropboxTeamInfo team, DropboxTeamInfo? before = null)
    {
        var (fewest, most) = (team.ProvisionedUsers, team.ProvisionedUsers);
        if (before is not null) (fewest, most) = (Math.Min(fewest, before.ProvisionedUsers), Math.Max(most, before.ProvisionedUsers));
        if (read.OnTeam == 0) return fewest == 0;
        return read.JoinedOrInvited + Slack >= fewest || (read.OnTeam + Slack >= fewest && read.OnTeam - Slack <= most);
    }
}
