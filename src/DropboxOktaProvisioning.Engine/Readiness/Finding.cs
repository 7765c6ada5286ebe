using System.Globalization;
using DropboxOktaProvisioning.Engine.Dropbox;

namespace DropboxOktaProvisioning.Engine.Readiness;

/// <summary>Makes the rows of prerequisites: one way to say each thing.</summary>
internal static class Finding
{
    public static ProvisioningPrerequisite Api(string name, PrerequisiteOutcome outcome, string evidence, string? remedy = null) =>
        new() { Name = name, Outcome = outcome, Basis = FactBasis.Api, Evidence = evidence, Remedy = outcome is PrerequisiteOutcome.Passed ? null : remedy };

    public static ProvisioningPrerequisite Unknown(string name, string evidence, string remedy) =>
        new() { Name = name, Outcome = PrerequisiteOutcome.Unknown, Basis = FactBasis.Unknown, Evidence = evidence, Remedy = remedy };

    public static ProvisioningPrerequisite Log(string name, PrerequisiteOutcome outcome, DropboxEvent seen, string evidence, string? remedy = null) => new()
    {
        Name = name,
        Outcome = outcome,
        Basis = FactBasis.EventLog,
        Evidence = evidence,
        ObservedOn = seen.Timestamp,
        Actor = seen.Actor?.Email,
        Remedy = outcome is PrerequisiteOutcome.Passed ? null : remedy,
    };

    public static ProvisioningPrerequisite Stated(string name, AdminStatement statement, string evidence) => new()
    {
        Name = name,
        Outcome = PrerequisiteOutcome.Passed,
        Basis = FactBasis.AdminStatement,
        Evidence = evidence,
        ObservedOn = statement.On,
        Actor = statement.By,
    };

    public static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>What to add where a later event says something else than an admin did.</summary>
    public static string Against(AdminStatement? statement, DateTimeOffset on) =>
        statement is not null && statement.On < on ? $" {statement.By} stated otherwise on {Day(statement.On)}, before that." : "";
}
