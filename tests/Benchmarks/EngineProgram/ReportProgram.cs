using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using DropboxOktaProvisioning;
using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Reports;

namespace EngineProgram;

/// <summary>Writes reports of made-up people, each with a difference to an earlier look, and tells how long it took.</summary>
internal static class ReportProgram
{
    /// <summary>Arguments: the file to write, how many people, how many times.</summary>
    public static async Task RunAsync(string[] arguments)
    {
        var (path, count, times) = (arguments[0], int.Parse(arguments[1], CultureInfo.InvariantCulture), int.Parse(arguments[2], CultureInfo.InvariantCulture));
        var people = Enumerable.Range(0, count).Select(Person).ToArray();
        await using var journal = await NoticeJournal.OpenInMemoryAsync("report", TimeProvider.System, default);
        await journal.ObserveAsync("dbtid:one", [.. people.Select((person, i) => i % 20 == 0 ? person with { Stage = ProvisioningStage.AwaitingActivation } : person)], true, null, default);
        var runs = new double[times];
        var keeps = new double[times];
        for (var i = 0; i < times; i++)
        {
            var watch = Stopwatch.StartNew();
            var report = ActivationReport.Of(people, await journal.RecallAsync("dbtid:one", null, default), everyone: true, DateTimeOffset.UtcNow) with { Team = "Contoso" };
            await WholeFile.WriteAsync(path, overwrite: true, (stream, cancel) => HtmlReport.WriteAsync(stream, report, cancel), default);
            runs[i] = watch.Elapsed.TotalSeconds;
            watch.Restart();
            await journal.ObserveAsync("dbtid:one", people, true, null, default);
            keeps[i] = watch.Elapsed.TotalSeconds;
        }

        Console.Out.Write(JsonSerializer.Serialize(new { WriteSeconds = runs, KeepSeconds = keeps }));
    }

    private static DropboxUserStatus Person(int i)
    {
        var stage = (ProvisioningStage)(i % 10 < 6 ? 0 : i % 10 < 8 ? 1 : i % 9);
        var joined = DateTimeOffset.UtcNow.AddDays(-1 - (i * 37 % 300));
        return new DropboxUserStatus
        {
            Email = string.Create(CultureInfo.InvariantCulture, $"person{i * 7919L % 1_000_003:0000000}.surname{i % 977}@{(i % 3 == 0 ? "contoso" : "fabrikam")}.example"),
            Name = string.Create(CultureInfo.InvariantCulture, $"Person {i} Súrname{i % 977}"),
            Department = string.Create(CultureInfo.InvariantCulture, $"Department {i % 40}"),
            OktaUserId = string.Create(CultureInfo.InvariantCulture, $"00u{i:x17}"),
            TeamMemberId = string.Create(CultureInfo.InvariantCulture, $"dbmid:{i:x30}"),
            TeamId = "dbtid:one",
            AssignmentStatus = "PROVISIONED",
            OktaStatus = "ACTIVE",
            DropboxStatus = stage is ProvisioningStage.Active ? "active" : "invited",
            Stage = stage,
            NextAction = stage switch { ProvisioningStage.Active => NextAction.None, ProvisioningStage.AwaitingActivation => NextAction.Notify, _ => NextAction.FixInOkta },
            Reason = stage is ProvisioningStage.Active ? string.Create(CultureInfo.InvariantCulture, $"Joined on {joined:yyyy-MM-dd}.")
                : string.Create(CultureInfo.InvariantCulture, $"Okta's push on {joined:yyyy-MM-dd} ended as FAILURE: reason {i % 30}."),
            DaysWaiting = stage is ProvisioningStage.AwaitingActivation ? i % 300 : null,
            InvitedOn = stage is ProvisioningStage.Active ? null : joined,
            JoinedOn = stage is ProvisioningStage.Active ? joined : null,
            LastNotice = i % 3 == 0 ? null : joined.AddDays(-3),
        };
    }
}
