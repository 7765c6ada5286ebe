using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace DropboxOktaProvisioning.Benchmarks;

/// <summary>The table as markdown, and below it the pictures.</summary>
internal static class ResultTable
{
    public static string Format(IReadOnlyList<Measurement> measurements)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}, {Environment.ProcessorCount} processors{Load()}. Numbers are median (minimum–maximum, runs).");
        text.AppendLine();
        text.AppendLine("| benchmark | what | measured | bound | |");
        text.AppendLine("|---|---|---:|---:|---|");
        foreach (var row in measurements)
            text.AppendLine(CultureInfo.InvariantCulture, $"| {row.Group} | {row.What} | {row.Value} | {row.Bound} | {(row.IsOver ? "**over**" : row.Bound.Length > 0 ? "ok" : "")} |");
        foreach (var row in measurements.Where(row => row.Picture.Length > 0)) text.AppendLine().AppendLine("```text").Append(row.Picture).AppendLine("```");
        return text.ToString();
    }

    // A shared machine's other work is part of every number, so the reader is told of it.
    private static string Load() => File.Exists("/proc/loadavg") ? $", load {File.ReadAllText("/proc/loadavg").Split(' ')[0]} at the end" : "";
}
