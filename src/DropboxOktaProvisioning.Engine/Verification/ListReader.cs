using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning.Engine.Verification;

/// <summary>All that was read of both services.</summary>
/// <param name="People">Everybody, joined.</param>
/// <param name="Join">The two lists behind that.</param>
/// <param name="Team">The team, asked for behind its list.</param>
internal sealed record WholeReading(IReadOnlyList<PersonFacts> People, PeopleJoin Join, DropboxTeamInfo Team);

/// <summary>Reads everybody: the app's users and the team's members, side by side, each list to its end.</summary>
internal sealed class ListReader(OktaClient okta, DropboxTeamClient dropbox, string appId) : IPeopleLists
{
    /// <summary>Both lists joined, with <paramref name="others"/> of the scope who may not be assigned.</summary>
    public async Task<IReadOnlyList<PersonFacts>> ReadAsync(IEnumerable<OktaUser> others, IProgress<RunEvent>? progress, CancellationToken cancel) =>
        (await ReadWholeAsync(others, progress, cancel)).People;

    /// <summary>The same, with what it was made of.</summary>
    public async Task<WholeReading> ReadWholeAsync(IEnumerable<OktaUser> others, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        var join = new PeopleJoin();
        foreach (var user in others) join.Add(user);

        // The two readings fill different halves of the join, so they need no lock.
        int assignments = 0, members = 0;
        var team = dropbox.Team;
        await SideBySide.RunAsync(
            async token =>
            {
                await foreach (var page in okta.ListAppUsersAsync(appId, progress, token))
                {
                    join.Add(page);
                    assignments += page.Count;
                    progress?.Report(new Advanced("Reading assignments from Okta", assignments, null));
                }
            },
            async token =>
            {
                await foreach (var page in dropbox.ListMembersAsync(includeRemoved: true, progress, token))
                {
                    join.Add(page);
                    members += page.Count;
                    progress?.Report(new Advanced("Reading members from Dropbox", members, null));
                }

                join.EndMembers();
                team = await dropbox.GetTeamAsync(progress, token);
            },
            cancel);

        var people = join.Join();
        CheckAgainstTotal(join.MembersOnTeam, team);
        return new WholeReading(people, join, team);
    }

    /// <summary>A list that ended without an error can still lack a page; the team's own count shows it.</summary>
    /// <remarks>
    /// The spec counts invited and active people as provisioned, a guide suspended ones too, so having more is right and having fewer is not.
    /// </remarks>
    private static void CheckAgainstTotal(int read, DropboxTeamInfo team)
    {
        var mayHaveLeftMeanwhile = 5 + team.ProvisionedUsers / 1000;
        if (read == 0 ? team.ProvisionedUsers == 0 : read + mayHaveLeftMeanwhile >= team.ProvisionedUsers) return;
        throw new ProvisioningException(
            ErrorIds.IncompleteList, ProblemCategory.InvalidData,
            $"Dropbox's list of members ended after {read} of the {team.ProvisionedUsers} people whom the team counts.", team.TeamId,
            "Nothing is shown, since people would be missing. Run it again.");
    }
}
