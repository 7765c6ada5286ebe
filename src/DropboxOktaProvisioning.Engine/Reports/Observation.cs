namespace DropboxOktaProvisioning.Engine.Reports;

/// <summary>One look at a team: when, and how far everybody who is known had come then.</summary>
/// <param name="On">When, UTC.</param>
/// <param name="Everyone">Whether everybody had been looked at by then: only such counts can be compared with each other.</param>
/// <param name="Assigned">How many were assigned the app.</param>
/// <param name="Provisioned">How many of them were on the team.</param>
/// <param name="Told">How many of them a notice had left for.</param>
/// <param name="Active">How many of them were active.</param>
/// <param name="Stuck">How many of them needed an admin.</param>
public sealed record Observation(DateTimeOffset On, bool Everyone, int Assigned, int Provisioned, int Told, int Active, int Stuck)
{
    internal static Observation Of(DateTimeOffset on, bool everyone, ObservedPeople people)
    {
        int assigned = 0, provisioned = 0, told = 0, active = 0, stuck = 0;
        foreach (var standing in people.Standings)
        {
            assigned += Has(standing, StandingMarks.Assigned);
            provisioned += Has(standing, StandingMarks.Provisioned);
            told += Has(standing, StandingMarks.Told);
            active += Has(standing, StandingMarks.Active);
            stuck += Has(standing, StandingMarks.Stuck);
        }

        return new Observation(on, everyone, assigned, provisioned, told, active, stuck);
    }

    private static int Has(Standing standing, StandingMarks mark) => (standing.Marks & mark) != 0 ? 1 : 0;
}
