using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Engine.Plans;

/// <summary>Makes a plan out of what was read and worked out. Changes nothing.</summary>
public static class PlanMaker
{
    private const int FewestSamples = 3;

    /// <summary>The whole plan, sealed.</summary>
    /// <param name="frame">Team, app, switch, scope and words.</param>
    /// <param name="notices">What would happen for each person of the scope.</param>
    public static ProvisioningPlan Make(ProvisioningPlan frame, IReadOnlyList<PlannedNotice> notices)
    {
        ArgumentNullException.ThrowIfNull(frame);
        return PlanSeal.Seal(frame with
        {
            Id = Guid.NewGuid().ToString("N"), People = [.. notices.Where(planned => planned.IsToPerson).Select(Person)], Managers = [.. Managers(notices)], Samples = [.. Samples(notices)],
        });
    }

    /// <summary>A scope as a plan holds it.</summary>
    public static PlannedScope Scope(VerificationScope scope) => scope switch
    {
        VerificationScope.Groups groups => new PlannedScope { Kind = "Groups", Names = groups.Names },
        VerificationScope.Domains domains => new PlannedScope { Kind = "Domains", Names = domains.Names },
        VerificationScope.People people => new PlannedScope { Kind = "People", Names = people.Addresses },
        _ => new PlannedScope { Kind = "Everyone" },
    };

    /// <summary>The scope of a plan.</summary>
    public static VerificationScope Scope(PlannedScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return scope.Kind switch
        {
            "Groups" => new VerificationScope.Groups(scope.Names),
            "Domains" => new VerificationScope.Domains(scope.Names),
            "People" => new VerificationScope.People(scope.Names),
            _ => new VerificationScope.Everyone(),
        };
    }

    private static PlannedPerson Person(PlannedNotice planned) => new()
    {
        Email = planned.Notice.Email,
        Stage = planned.Person.Stage,
        State = planned.Notice.State,
        Kind = planned.Notice.Kind,
        Step = planned.Notice.Step,
        PersonalAccount = planned.Person.PersonalAccount,
        Reason = planned.Notice.Reason,
        OktaUserId = planned.Notice.OktaUserId,
        TeamMemberId = planned.Notice.TeamMemberId,
    };

    private static IEnumerable<PlannedManager> Managers(IReadOnlyList<PlannedNotice> notices) =>
        from planned in notices
        where planned.Notice is { Kind: NoticeKind.ManagerEscalation, State: NoticeState.Planned or NoticeState.Waiting }
        select new PlannedManager { Email = planned.Notice.Email, About = planned.Notice.About! };

    // The first one of each kind, so that none is overlooked; then others. What waits for its hour leaves by the same words.
    private static IEnumerable<NoticeSample> Samples(IReadOnlyList<PlannedNotice> notices)
    {
        var sent = notices.Where(planned => planned is { IsWanted: true, IsToPerson: true }).ToArray();
        var kinds = sent.DistinctBy(planned => (planned.Notice.Kind, planned.Person.PersonalAccount is PersonalAccountLikelihood.None)).ToArray();
        return kinds.Concat(sent.Except(kinds).Take(FewestSamples - kinds.Length)).Select(Sample);
    }

    private static NoticeSample Sample(PlannedNotice planned)
    {
        var content = planned.Compose();
        return new NoticeSample
        {
            Email = planned.Notice.Email, Kind = planned.Notice.Kind, PersonalAccount = planned.Person.PersonalAccount,
            Subject = content.Subject, Text = content.Text, Html = content.Html,
        };
    }
}
