using DropboxOktaProvisioning.Engine.Dropbox;

namespace DropboxOktaProvisioning.Engine.Verification;

/// <summary>Reads the team's members, removed ones included, to the list's end, and holds them against the team's own count.</summary>
/// <remarks>
/// Where the two disagree, many may just have come or gone while the list was read: it is read once more, and then stands between two counts that tell how many those are.
/// </remarks>
internal sealed class TeamMembers(DropboxTeamClient dropbox, IProgress<RunEvent>? progress)
{
    private const string About = "the team's members";

    /// <summary>Reads them.</summary>
    /// <param name="forget">Throws away what was taken of an earlier reading: two never mix.</param>
    /// <param name="take">Takes a page.</param>
    /// <param name="count">Counts what was taken.</param>
    /// <param name="cancel">Ends it at once.</param>
    /// <returns>The team, asked for behind its list.</returns>
    /// <exception cref="ProvisioningException"><see cref="ErrorIds.IncompleteList"/> where people are missing, or whatever broke the list.</exception>
    public async Task<DropboxTeamInfo> ReadAsync(Action forget, Action<IReadOnlyList<DropboxMember>> take, Func<TeamCount> count, CancellationToken cancel)
    {
        for (DropboxTeamInfo? before = null; ;)
        {
            await new WholeList(About, progress) { PageSize = DropboxTeamClient.LargestPage }.ReadAsync(
                size => dropbox.ListMembersAsync(includeRemoved: true, progress, cancel, size), forget, take);
            var team = await dropbox.GetTeamAsync(progress, cancel);
            var read = count();
            if (TeamTotal.Agrees(read, team, before)) return team;

            var flaw = $"Dropbox's list of members ended after {read.OnTeam} of the {team.ProvisionedUsers} people whom the team counts.";
            if (before is not null)
                throw new ProvisioningException(ErrorIds.IncompleteList, ProblemCategory.InvalidData, flaw, team.TeamId, "Nothing is shown, since people would be missing. Run it again.");
            forget();
            before = team;
            progress?.Report(new Restarting(DropboxErrors.Service, About, read.OnTeam, flaw));
        }
    }
}
