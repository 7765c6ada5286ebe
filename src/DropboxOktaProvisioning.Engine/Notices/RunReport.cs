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
        var (told, escalated, waiting, failed) = (new List<MailLine>(), new List<MailLine>(), new List<MailLine>(), new List<MailLine>());
        var stuck = new Dictionary<DropboxUserStatus, MailLine>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < results.Count; i++)
        {
            var (planned, result) = (plan[i], results[i]);
            var line = new MailLine
            {
                Email = planned.Person.Email, Name = planned.Person.Name, Kind = result.Kind, Step = result.Step, Stage = planned.Person.Stage, Reason = result.Reason, Until = result.NotBefore,
            };
            var list = result.State switch
            {
                NoticeState.Sent or NoticeState.Accepted or NoticeState.Planned => planned.IsToPerson ? told : escalated,
                NoticeState.Waiting => waiting,
                NoticeState.Failed or NoticeState.Unknown => failed,
                _ => planned.IsOpen ? failed : null,
            };
            list?.Add(line);
            if (planned.IsToPerson && NeedAHand.Contains(planned.Person.Stage)) Need(planned.Person, line with { Reason = planned.Person.Reason });
            else if (planned.IsOver || (!planned.IsToPerson && result.State == NoticeState.Skipped && !planned.IsOpen)) Need(planned.Person, line);
        }

        return new RunSummary(now, plan.Count(planned => planned.IsToPerson), told, escalated, waiting, failed, [.. stuck.Values]);

        // Who is stuck, and whose manager cannot be told of it, is one person.
        void Need(DropboxUserStatus person, MailLine line) => stuck[person] = stuck.TryGetValue(person, out var known) ? known with { Reason = $"{known.Reason} {line.Reason}" } : line;
    }
}
