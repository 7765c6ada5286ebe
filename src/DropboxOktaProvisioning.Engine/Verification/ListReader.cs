using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Workflow;

namespace DropboxOktaProvisioning.Engine.Verification;

/// <summary>All that was read of both services.</summary>
/// <param name="People">Everybody, joined.</param>
/// <param name="Join">The two lists behind that.</param>
/// <param name="Team">The team, asked for behind its list.</param>
internal sealed record WholeReading(IReadOnlyList<PersonFacts> People, PeopleJoin Join, DropboxTeamInfo Team)
{
    /// <summary>Whether there is nobody assigned beside a team with people. Okta tells no total, and leaves out whom the token's admin must not see: it may be right, and is worth a second look.</summary>
    public static bool IsDoubtful(int assignments, DropboxTeamInfo team) => assignments == 0 && team.ProvisionedUsers > 0;
}

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
        var outlook = new ReadingOutlook(okta, dropbox);
        await SideBySide.RunAsync(
            token => new WholeList("the app's users", progress).ReadAsync(
                _ => okta.ListAppUsersAsync(appId, progress, token),
                () =>
                {
                    join.ForgetAssignments();
                    assignments = 0;
                },
                page =>
                {
                    join.Add(page);
                    assignments += page.Count;
                    progress?.Report(outlook.Assignments(assignments));
                }),
            async token =>
            {
                team = await new TeamMembers(dropbox, progress).ReadAsync(
                    () =>
                    {
                        join.ForgetMembers();
                        members = 0;
                    },
                    page =>
                    {
                        join.Add(page);
                        members += page.Count;
                        progress?.Report(outlook.Members(members));
                    },
                    () => join.OnTeam, token);
                join.EndMembers();
            },
            cancel);

        var people = join.Join();
        if (WholeReading.IsDoubtful(assignments, team))
            progress?.Report(new Caution($"Okta was asked twice and has nobody assigned the app, while the team counts {team.ProvisionedUsers} people. If that is not so, check the app (-App) and whom the token's admin may see."));
        return new WholeReading(people, join, team);
    }
}
