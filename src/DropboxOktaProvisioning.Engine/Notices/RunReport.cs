namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>Sums a run up for the helpdesk.</summary>
internal static class RunReport
{
    private static readonly ProvisioningStage[] NeedAHand =
        [ProvisioningStage.NotProvisioned, ProvisioningStage.CannotSignOn, ProvisioningStage.Suspended, ProvisioningStage.Conflict];

    /// <summary>What became of the plan.</summary>
    /// <param name="plan">The notices to people, and those to managers.</param>
    /// <param name="results">What became of each, in the same order.</param>
    /// <param name="now">When.</param>
    public static RunSummary Of(IReadOnlyList<PlannedNotice> plan, IReadOnlyList<ActivationNotice> results, DateTimeOffset now)
    {
        var (told, waiting, failed, stuck) = (new List<MailLine>(), new List<MailLine>(), new List<MailLine>(), new List<MailLine>());
        for (var i = 0; i < results.Count; i++)
        {
            var (planned, result) = (plan[i], results[i]);
            var line = new MailLine
            {
                Email = planned.Person.Email, Name = planned.Person.Name, Kind = result.Kind, Step = result.Step, Stage = planned.Person.Stage, Reason = result.Reason, Until = result.NotBefore,
            };
            var list = result.State switch
            {
                NoticeState.Sent or NoticeState.Accepted or NoticeState.Planned => told,
                NoticeState.Waiting => waiting,
                NoticeState.Failed or NoticeState.Unknown => failed,
                _ => planned.IsOpen ? failed : null,
            };
            list?.Add(line);
            if (planned.IsToPerson && NeedAHand.Contains(planned.Person.Stage)) stuck.Add(line with { Reason = planned.Person.Reason });
            else if (planned.IsOver || (!planned.IsToPerson && result.State == NoticeState.Skipped && !planned.IsOpen)) stuck.Add(line);
        }

        return new RunSummary(now, plan.Count(planned => planned.IsToPerson), told, waiting, failed, stuck);
    }
}
