using DropboxOktaProvisioning.Connections;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Readiness;

namespace DropboxOktaProvisioning.Bridge;

/// <summary>Reads and judges the prerequisites of an org and a team that are connected.</summary>
/// <param name="org">The org; null leaves all about the app unknown.</param>
/// <param name="team">The team.</param>
/// <param name="journal">Where admins' statements are.</param>
internal sealed class ReadinessCheck(OktaOrg? org, DropboxTeam team, JournalChoice journal)
{
    private static readonly TimeSpan LogIns = TimeSpan.FromDays(30);

    /// <summary>How far back log-ins are looked at.</summary>
    public TimeSpan LogInPeriod { get; init; } = LogIns;

    /// <summary>The setting that holds the silent switch, where the admin knows it.</summary>
    public string? SettingName { get; init; }

    /// <summary>What cannot be read is unknown, and no error.</summary>
    public bool IsLenient { get; init; }

    /// <summary>Reads all that is judged by.</summary>
    /// <param name="app">The app's id or label, null for the only one.</param>
    /// <param name="progress">Where events go.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task<ReadinessFacts> ReadAsync(string? app, IProgress<RunEvent> progress, CancellationToken cancel)
    {
        await using var opened = await journal.Location.OpenReadOnlyAsync(journal.Time, cancel);
        var statements = await opened.StatementsAsync(team.TeamId, cancel);
        var reader = new ReadinessReader(org?.Client, team.Client, team.Time) { IsLenient = IsLenient };
        return await reader.ReadAsync(app, LogInPeriod, statements, progress, cancel) with { SettingName = SettingName };
    }

    /// <summary>The error where a notice would tell people something untrue.</summary>
    public static ProvisioningException? Stop(IReadOnlyList<ProvisioningPrerequisite> rows)
    {
        ProvisioningPrerequisite[] lies = [.. rows.Where(row => row is { Outcome: PrerequisiteOutcome.Failed, BlocksNotice: true })];
        return lies.Length == 0 ? null : new ProvisioningException(
            ErrorIds.NotReady, ProblemCategory.InvalidOperation,
            $"Nobody was told, because people could not do what the notice says. {string.Join("; ", lies.Select(row => $"{row.Name}: {row.Evidence}"))}", lies[0].Name,
            $"{lies[0].Remedy} Look at all with Test-SilentProvisioningReadiness. -Force tells them all the same.");
    }

    /// <summary>What nothing tells, in one line; null where all is known. That nobody was handed in is no news to who only sends.</summary>
    public static string? Open(IReadOnlyList<ProvisioningPrerequisite> rows)
    {
        string[] open = [.. rows.Where(row => row.Outcome is PrerequisiteOutcome.Unknown && row.Name != "Seats").Select(row => row.Name).Distinct()];
        return open.Length == 0 ? null : $"Nothing tells whether these are right: {string.Join(", ", open)}. Test-SilentProvisioningReadiness says where to look and how to state it.";
    }

    /// <summary>What fails for the people at hand without making a notice untrue, in one line; null where nothing does.</summary>
    public static string? Shortcomings(IReadOnlyList<ProvisioningPrerequisite> rows)
    {
        ProvisioningPrerequisite[] some = [.. rows.Where(row => row is { Outcome: PrerequisiteOutcome.Failed, Name: "Seats" or "VerifiedDomain" })];
        return some.Length == 0 ? null : string.Join(" ", some.Select(row => $"{row.Evidence} {row.Remedy}"));
    }
}
