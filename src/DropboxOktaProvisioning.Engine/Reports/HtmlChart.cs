using System.Globalization;

namespace DropboxOktaProvisioning.Engine.Reports;

/// <summary>Activation over time as a drawing: who is active now, by the day of joining; how many are assigned now; and what earlier looks counted.</summary>
internal static class HtmlChart
{
    private const double Left = 48, Right = 628, Top = 12, Bottom = 208;
    private const int MostDates = 7;

    public static void Write(HtmlText html, ActivationReport report)
    {
        html.Write("<section aria-labelledby=\"time\">\n<h2 id=\"time\">Activation over time</h2>\n");
        if (report.Joined.Count == 0)
        {
            html.Write("<p class=\"muted\">Nobody whose day of joining is known is active yet.</p>\n</section>\n");
            return;
        }

        Observation[] looks = [.. report.Looks.Where(look => look.Everyone && report.Everyone)];
        var end = report.MadeOn.UtcDateTime;
        var start = report.Joined[0].Day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
        if (looks.Length > 0 && looks[0].On.UtcDateTime < start) start = looks[0].On.UtcDateTime;
        if (end - start < TimeSpan.FromDays(1)) start = end.AddDays(-1);
        var highest = Nice(Math.Max(report.Progress.Assigned, looks.Select(look => Math.Max(look.Assigned, look.Active)).DefaultIfEmpty().Max()));
        double X(DateTime time) => Left + ((Right - Left) * Math.Clamp((time - start) / (end - start), 0, 1));
        double Y(int count) => Bottom - ((Bottom - Top) * count / highest);

        html.Write($"<svg class=\"chart\" viewBox=\"0 0 640 236\" role=\"img\" aria-labelledby=\"chart-title\"><title id=\"chart-title\">{Summary(report)}</title>\n");
        foreach (var count in (int[])[0, highest / 2, highest])
            html.Write($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Right}\" y1=\"{Y(count)}\" y2=\"{Y(count)}\"/><text class=\"end\" x=\"{Left - 8}\" y=\"{Y(count) + 4}\">{Short(count)}</text>\n");
        var dates = Dates(start, end);
        foreach (var (day, text) in dates) html.Write($"<text class=\"middle\" x=\"{X(day)}\" y=\"{Bottom + 20}\">{text}</text>\n");

        var steps = Steps(report.Joined, X, Y);
        html.Write($"<path class=\"area\" d=\"M{Left} {Bottom}{steps}H{Right}V{Bottom}Z\"/><path class=\"line\" d=\"M{Left} {Bottom}{steps}H{Right}\"/>\n");
        html.Write($"<line class=\"target\" x1=\"{Left}\" x2=\"{Right}\" y1=\"{Y(report.Progress.Assigned)}\" y2=\"{Y(report.Progress.Assigned)}\"/>\n");
        foreach (var look in looks.TakeLast(60)) html.Write($"<circle class=\"look\" cx=\"{X(look.On.UtcDateTime)}\" cy=\"{Y(look.Active)}\" r=\"3.5\"/>\n");
        html.Write($"""
            </svg>
            <p class="legend muted"><span class="key line"></span> active now, by the day of joining <span class="key target"></span> assigned now{(looks.Length > 0 ? " " : "")}
            """);
        if (looks.Length > 0) html.Write("<span class=\"key look\"></span> active, as earlier looks counted");
        html.Write("</p>\n<details><summary>The same in numbers</summary><div class=\"wide\"><table><thead><tr><th scope=\"col\">Month</th><th scope=\"col\" class=\"number\">Joined</th><th scope=\"col\" class=\"number\">Active by its end</th></tr></thead>\n<tbody>\n");
        var before = 0;
        foreach (var month in report.Joined.GroupBy(day => day.Day.ToString("yyyy-MM", CultureInfo.InvariantCulture)))
        {
            var total = month.Last().Total;
            html.Write($"<tr><th scope=\"row\">{month.Key}</th><td class=\"number\">{total - before}</td><td class=\"number\">{total}</td></tr>\n");
            before = total;
        }

        html.Write("</tbody></table></div></details>\n</section>\n");
    }

    private static string Summary(ActivationReport report) => string.Create(
        CultureInfo.InvariantCulture,
        $"The active rose from {report.Joined[0].Total} on {report.Joined[0].Day:yyyy-MM-dd} to {report.Progress.Active} on {report.MadeOn.UtcDateTime:yyyy-MM-dd}, of {report.Progress.Assigned} assigned.");

    // Steps, for nobody joins between two days.
    private static string Steps(IReadOnlyList<JoinedByDay> joined, Func<DateTime, double> x, Func<int, double> y) => string.Concat(joined.Select(
        day => FormattableString.Invariant($"H{x(day.Day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc)):0.#}V{y(day.Total):0.#}")));

    // The first days of months where there are some, else days; as many as have room, and none so far out that it would be cut.
    private static List<(DateTime Day, string Text)> Dates(DateTime start, DateTime end)
    {
        var byMonth = end - start > TimeSpan.FromDays(75);
        var first = byMonth ? new DateTime(start.Year, start.Month, 1, 0, 0, 0, DateTimeKind.Utc).AddMonths(1) : start.Date.AddDays(1);
        var room = (end - start) * 0.04;
        List<DateTime> all = [];
        for (var day = first; day < end; day = byMonth ? day.AddMonths(1) : day.AddDays(1))
            if (day - start > room && end - day > room) all.Add(day);
        var every = (all.Count + MostDates - 1) / MostDates;
        return [.. all.Where((_, i) => i % every == 0).Select(day => (day, day.ToString(byMonth ? "MMM yyyy" : "d MMM", CultureInfo.InvariantCulture)))];
    }

    private static string Short(int count) => count >= 10_000 ? string.Create(CultureInfo.InvariantCulture, $"{count / 1000.0:0.#}k") : count.ToString("N0", CultureInfo.InvariantCulture);

    // The next round number whose half is one too.
    private static int Nice(int highest)
    {
        var unit = (int)Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(Math.Max(highest, 1)))));
        int[] round = unit == 1 ? [2, 4, 6, 8, 10] : [unit, 2 * unit, 3 * unit, 4 * unit, 5 * unit, 6 * unit, 8 * unit, 10 * unit];
        return round.First(one => one >= highest);
    }
}
