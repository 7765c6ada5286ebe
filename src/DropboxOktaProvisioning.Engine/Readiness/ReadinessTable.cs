namespace DropboxOktaProvisioning.Engine.Readiness;

/// <summary>Judges every prerequisite from what was read. Pure: the same facts give the same rows.</summary>
public static class ReadinessTable
{
    private static readonly TimeSpan Noticeable = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Fatal = TimeSpan.FromMinutes(5);

    /// <summary>One row each, in the order of the workflow: the app, single sign-on, the team, the clocks.</summary>
    public static IReadOnlyList<ProvisioningPrerequisite> Judge(ReadinessFacts facts)
    {
        IEnumerable<ProvisioningPrerequisite> rows =
        [
            .. AppPrerequisites.Judge(facts), SsoPolicy.Judge(facts), SsoPolicy.JudgeCertificate(facts), .. TeamPrerequisites.Judge(facts),
            Clock("Okta", facts.OktaClockAhead), Clock("Dropbox", facts.DropboxClockAhead),
        ];
        // What an API said, it said just now.
        return [.. rows.Select(row => row is { Basis: FactBasis.Api, ObservedOn: null } ? row with { ObservedOn = facts.Now } : row)];
    }

    // A service's Date has whole seconds, and the answer took its time: less than a minute says nothing.
    private static ProvisioningPrerequisite Clock(string service, TimeSpan? ahead)
    {
        var name = service + "Clock";
        const string remedy = "Set this machine's clock by a time server. Signed requests are refused when it is off by more than a few minutes.";
        if (ahead is not { } off) return Finding.Unknown(name, $"No answer of {service} told the time.", remedy);
        var size = off.Duration();
        var evidence = size < Noticeable
            ? $"This machine's clock agrees with {service}'s to less than a minute."
            : $"This machine's clock is {size.TotalMinutes:0} minutes {(off > TimeSpan.Zero ? "behind" : "ahead of")} {service}'s.";
        var outcome = size < Noticeable ? PrerequisiteOutcome.Passed : size < Fatal ? PrerequisiteOutcome.Warning : PrerequisiteOutcome.Failed;
        return Finding.Api(name, outcome, evidence, remedy);
    }
}
