using DropboxOktaProvisioning.Engine.Dropbox;

namespace DropboxOktaProvisioning.Engine.Verification;

/// <summary>Holds a list of members against the team's own count: a list that ended without an error can still lack a page.</summary>
internal static class TeamTotal
{
    /// <summary>Whether the list can be whole.</summary>
    /// <remarks>
    /// The spec counts invited and active people as provisioned, a guide suspended ones too, so having more is right and having fewer is not.
    /// </remarks>
    /// <param name="read">How many of the list are on the team.</param>
    /// <param name="team">The team, read after the list.</param>
    public static bool Agrees(int read, DropboxTeamInfo team)
    {
        var mayHaveLeftMeanwhile = 5 + (team.ProvisionedUsers / 1000);
        return read == 0 ? team.ProvisionedUsers == 0 : read + mayHaveLeftMeanwhile >= team.ProvisionedUsers;
    }

    /// <exception cref="ProvisioningException"><see cref="ErrorIds.IncompleteList"/> where it cannot.</exception>
    public static void Check(int read, DropboxTeamInfo team)
    {
        if (Agrees(read, team)) return;
        throw new ProvisioningException(
            ErrorIds.IncompleteList, ProblemCategory.InvalidData,
            $"Dropbox's list of members ended after {read} of the {team.ProvisionedUsers} people whom the team counts.", team.TeamId,
            "Nothing is shown, since people would be missing. Run it again.");
    }
}
