namespace DropboxOktaProvisioning.Engine.Plans;

/// <summary>What every plan must have. A file may lack any of it, or have it twice, whatever its hash says.</summary>
internal static class PlanFlaws
{
    /// <summary>The kinds of scope.</summary>
    public static readonly string[] ScopeKinds = ["Everyone", "Groups", "Domains", "People"];

    /// <summary>The first thing that is wrong; null where all is there.</summary>
    public static string? Find(ProvisioningPlan plan) =>
        plan is not { Id.Length: > 0, TeamId.Length: > 0, TeamName: not null, AppId.Length: > 0, AppLabel: not null } ? "it does not say for which team and app it is"
        : plan.OktaOrg is not { IsAbsoluteUri: true } ? "it does not say for which Okta org it is"
        : plan.Scope is not { Names: not null } scope || !ScopeKinds.Contains(scope.Kind) || scope.Names.Any(name => name is null) ? "it does not say whom it is about"
        : plan.Switch is null || !Enum.IsDefined(plan.Switch.State) ? "it does not say what becomes of the switch"
        : plan.Words is not { From.Count: > 0, SsoUrl: not null, Digest: not null } || plan.Words.From.Any(sender => sender is null) ? "it does not say by which words"
        : plan.Manners is not { Language.Length: > 0, ReminderAfter: not null, WorkingDay: not null } || !plan.Manners.WorkingDay.All(Enum.IsDefined) ? "it does not say in which language, how often and when"
        : plan.ToldStages is null || !plan.ToldStages.All(Enum.IsDefined) ? "it does not say who is told"
        : plan.People is null || !plan.People.All(IsWhole) ? "what it says of a person is not whole"
        : plan.Managers is null || plan.Managers.Any(manager => manager is not { Email: not null, About: not null }) ? "what it says of a manager is not whole"
        : plan.Samples is null || !plan.Samples.All(IsWhole) ? "one of its samples is not whole"
        : plan.Forecast is { Basis: null } || plan.Forecast?.Basis.Any(basis => basis is null) == true ? "its forecast is not whole"
        : null;

    private static bool IsWhole(PlannedPerson? person) =>
        person is { Email: not null, Reason: not null, State: NoticeState.Planned or NoticeState.Waiting or NoticeState.Skipped or NoticeState.Failed }
        && Enum.IsDefined(person.Stage) && Enum.IsDefined(person.Kind) && Enum.IsDefined(person.PersonalAccount);

    private static bool IsWhole(NoticeSample? sample) =>
        sample is { Email: not null, Subject: not null, Text: not null, Html: not null } && Enum.IsDefined(sample.Kind) && Enum.IsDefined(sample.PersonalAccount);
}
