using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using DropboxOktaProvisioning.RealParts;

namespace DropboxOktaProvisioning.Benchmarks;

/// <summary>Many notices over several connections with TLS, against MailKit sending mails that were made before; and what the journal alone costs.</summary>
internal static class NoticeBenchmark
{
    private const string Name = "notices";
    private const int People = 10_000, Connections = 4, Journaled = 100_000;

    /// <summary>Seconds: of each round, of the journal where mails take no time, and of sending as many to a real mail server and of the journal meanwhile, null where there is none.</summary>
    private sealed record Taken(double[] Ready, double[] Ours, double Journal, double? Real, double? RealJournal);

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        using var sink = new MailSink();
        await using var real = MailServer.Program is null ? null : await MailServer.StartAsync();
        string[] arguments = [Repository.EngineProgram, "notices", .. new[] { sink.Port, People, Connections, Journaled, real?.Port ?? 0 }.Select(number => number.ToString(CultureInfo.InvariantCulture))];
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"The engine program ended with exit code {process.ExitCode}.");
        var taken = JsonSerializer.Deserialize<Taken>(output)!;
        var (ready, ours) = (Median(taken.Ready), Median(taken.Ours));
        var speed = ready / ours;
        var journal = taken.Journal * People / Journaled;
        List<Measurement> measurements =
        [
            new(Name, $"{People:N0} ready-made mails by MailKit, {Connections} connections, TLS, s", Number(ready, "0.00")),
            new(Name, $"{People:N0} notices, claimed, made, sent and recorded, s", Number(ours, "0.00")),
            new(Name, "… their speed against the ready-made ones", Number(speed * 100, "0") + " %", "≥ 80 %", speed < 0.8),
            new(Name, $"the journal at work while {Journaled:N0} notices are sent to a transport that only says yes, s", Number(taken.Journal, "0.0")),
            new(Name, "… against the time to send as many to the sink, which does nothing with them", Number(journal / ours * 100, "0.0") + " %"),
        ];
        if (taken is { Real: { } sending, RealJournal: { } atWork })
        {
            measurements.Add(new(Name, $"{People:N0} notices to a real mail server (Exim, which queues them on the disk), s", Number(sending, "0.00")));
            measurements.Add(new(Name, "… the part of that time in which the journal was at work", Number(atWork / sending * 100, "0.0") + " %", "< 10 %", atWork / sending >= 0.1));
        }

        return measurements;
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
