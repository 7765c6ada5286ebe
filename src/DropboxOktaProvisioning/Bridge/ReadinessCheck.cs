using DropboxOktaProvisioning.Connections;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Readiness;

namespace DropboxOktaProvisioning.Bridge;

/// <summary>Reads and judges the prerequisites of an org and a team that are connected.</summary>
internal sealed class ReadinessCheck(OktaOrg org, DropboxTeam team, JournalChoice journal)
{
    private static readonly TimeSpan LogIns = TimeSpan.FromDays(30);

    /// <summary>How far back log-ins are looked at.</summary>
    public TimeSpan LogInPeriod { get; init; } = LogIns;

    /// <summary>The setting that holds the silent switch, where the admin knows it.</summary>
    public string? SettingName { get; init; }

    /// <summary>The rows.</summary>
    /// <param name="app">The app's id or label, null for the only one.</param>
    /// <param name="people">Who is to come, null where that is not known.</param>
    /// <param name="progress">Where events go.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task<IReadOnlyList<ProvisioningPrerequisite>> RunAsync(
        string? app, IReadOnlyList<DropboxUserStatus>? people, IProgress<RunEvent> progress, CancellationToken cancel)
    {
        var facts = await new ReadinessReader(org.Client, team.Client, team.Time).ReadAsync(app, LogInPeriod, progress, cancel);
        await using var opened = await journal.Location.OpenReadOnlyAsync(journal.Time, cancel);
        var statements = await opened.StatementsAsync(team.TeamId, cancel);
        return ReadinessTable.Judge(facts with { Statements = statements, People = people, SettingName = SettingName });
    }

    /// <summary>The error where a notice would tell people something untrue; and what to warn of in one line, null for nothing.</summary>
    public static (ProvisioningException? Stop, string? Warning) Gate(IReadOnlyList<ProvisioningPrerequisite> rows)
    {
        string Named(IEnumerable<ProvisioningPrerequisite> some) => string.Join("; ", some.Select(row => $"{row.Name}: {row.Evidence}"));
        ProvisioningPrerequisite[] lies = [.. rows.Where(row => row is { Outcome: PrerequisiteOutcome.Failed, BlocksNotice: true })];
        var stop = lies.Length == 0 ? null : new ProvisioningException(
            ErrorIds.NotReady, ProblemCategory.InvalidOperation, $"Nobody was told, because people could not do what the notice says. {Named(lies)}", lies[0].Name,
            $"{lies[0].Remedy} Look at all with Test-SilentProvisioningReadiness. -Force tells them all the same.");

        // That nobody was handed in is no news to who only sends.
        string[] open = [.. rows.Where(row => row.Outcome is PrerequisiteOutcome.Unknown && row.Name != "Seats").Select(row => row.Name).Distinct()];
        return (stop, open.Length == 0 ? null : $"Nothing tells whether these are right: {string.Join(", ", open)}. Test-SilentProvisioningReadiness says where to look and how to state it.");
    }
}
