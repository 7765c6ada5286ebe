using System.Globalization;

namespace DropboxOktaProvisioning.Engine.Reports;

/// <summary>The sections of the report, the most important first. They can be read without the script; it only makes them filter the table.</summary>
internal static class HtmlSections
{
    private const int MostRows = 12;

    public static void Write(HtmlText html, ActivationReport report)
    {
        Changes(html, report);
        Tiles(html, report);
        html.Write("<div class=\"pair\">\n");
        Funnel(html, report.Progress);
        HtmlChart.Write(html, report);
        html.Write("</div>\n");
        Obstacles(html, report);
        if (report.Domains.Count > 1 || report.Departments.Count > 1)
        {
            html.Write("<div class=\"pair\">\n");
            Groups(html, "domains", "By domain", "Domain", report.Domains, "no domain");
            Groups(html, "departments", "By department", "Department", report.Departments, "no department");
            html.Write("</div>\n");
        }

        Readiness(html, report.Readiness);
        Everyone(html, report);
    }

    private static void Changes(HtmlText html, ActivationReport report)
    {
        var progress = report.Progress;
        html.Write("<section aria-labelledby=\"changes\">\n<h2 id=\"changes\">What changed</h2>\n");
        if (progress.ComparedWith is not { } then)
        {
            html.Write("<p class=\"muted\">No earlier look was kept. The next report says what has changed since this one.</p>\n</section>\n");
            return;
        }

        html.Write($"<p class=\"lead\">Since {HtmlReport.Minute(then)}: {(progress.Change == "nothing" ? "nothing that counts" : progress.Change)}.</p>\n");
        if (report.Changes.Count > 0)
        {
            html.Write("<ul class=\"changes\">\n");
            foreach (var change in report.Changes.Take(MostRows))
            {
                var from = change.From is { } before ? Words.Of(before) : "Not seen before";
                if (change.To is { } to)
                    html.Write($"<li><button type=\"button\" disabled data-kind=\"change\" data-value=\"{Value(change.From)} {Value(to)}\" data-title=\"{from} → {Words.Of(to)}\"><b>{change.People}</b> {from} <span aria-hidden=\"true\">→</span><span class=\"hidden\"> to </span> {Words.Of(to)}</button></li>\n");
                else html.Write($"<li><span><b>{change.People}</b> {from} <span aria-hidden=\"true\">→</span><span class=\"hidden\"> to </span> gone from both lists</span></li>\n");
            }

            html.Write("</ul>\n");
            Rest(html, report.Changes.Skip(MostRows).Sum(change => change.People), "more people changed in other ways");
        }

        html.Write("</section>\n");
    }

    private static void Tiles(HtmlText html, ActivationReport report)
    {
        var progress = report.Progress;
        var waiting = report.Obstacles.Where(obstacle => obstacle.NextAction is NextAction.Notify).Sum(obstacle => obstacle.People);
        html.Write("<dl class=\"tiles\">\n");
        html.Write($"<div><dt>Active</dt><dd>{Percent(progress.Active, progress.Assigned)}</dd><dd class=\"muted\">{progress.Active} of {progress.Assigned} assigned</dd></div>\n");
        html.Write($"<div><dt>Only have to sign on</dt><dd>{waiting}</dd><dd class=\"muted\">to be told or reminded</dd></div>\n");
        html.Write($"<div><dt>Need an admin</dt><dd>{progress.Stuck}</dd><dd class=\"muted\">{Newly(progress.NewlyStuck)}</dd></div>\n");
        html.Write($"<div><dt>Days to activation</dt><dd>{Days(progress.MedianDays)}</dd><dd class=\"muted\">{(progress.Percentile90Days is { } most ? $"median; nine of ten within {Days(most)}" : "nobody joined after a notice yet")}</dd></div>\n");
        html.Write("</dl>\n");
    }

    private static void Funnel(HtmlText html, ActivationProgress progress)
    {
        html.Write("<section aria-labelledby=\"funnel\">\n<h2 id=\"funnel\">From assigned to active</h2>\n<ol class=\"funnel\">\n");
        Step(html, progress, "Assigned", (int)StandingMarks.Assigned, progress.Assigned, progress.AssignedChange);
        Step(html, progress, "Provisioned", (int)StandingMarks.Provisioned, progress.Provisioned, progress.ProvisionedChange);
        Step(html, progress, "Told", (int)StandingMarks.Told, progress.Told, progress.ToldChange);
        Step(html, progress, "Tried", 32, progress.Tried, null);
        Step(html, progress, "Active", (int)StandingMarks.Active, progress.Active, progress.ActiveChange);
        html.Write("</ol>\n<p class=\"muted note\">Who joined without a notice from here is not among the told.</p>\n</section>\n");
    }

    private static void Step(HtmlText html, ActivationProgress progress, string title, int mark, int? count, int? change)
    {
        if (count is not { } known)
        {
            html.Write($"<li><span class=\"step\">{title}</span><span class=\"muted unknown\">not known: the logs were not read</span></li>\n");
            return;
        }

        html.Write($"<li><button type=\"button\" class=\"step\" disabled data-kind=\"reached\" data-value=\"{Value(mark)}\" data-title=\"{title}\">{title}</button>");
        Bar(html, known, progress.Assigned);
        html.Write($"<span class=\"count\"><b>{known}</b> <span class=\"muted\">{Percent(known, progress.Assigned)}</span>");
        if (change is not (null or 0)) html.Write($" <span class=\"delta{(change < 0 ? " less" : "")}\">{change.Value.ToString("+#,0;−#,0", CultureInfo.InvariantCulture)}</span>");
        html.Write("</span>");
        if (known < progress.Assigned)
            html.Write($"<button type=\"button\" class=\"not\" disabled data-kind=\"missing\" data-value=\"{Value(mark)}\" data-title=\"Not yet: {title}\">{progress.Assigned - known} not yet</button>");
        html.Write("</li>\n");
    }

    private static void Obstacles(HtmlText html, ActivationReport report)
    {
        html.Write("<section aria-labelledby=\"obstacles\">\n<h2 id=\"obstacles\">Where people are stuck, and why</h2>\n");
        if (report.Obstacles.Count == 0)
        {
            html.Write("<p class=\"muted\">Nobody is: there is nothing to do.</p>\n</section>\n");
            return;
        }

        html.Write("<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">People</th><th scope=\"col\">Stage</th><th scope=\"col\">Why</th><th scope=\"col\">Next</th></tr></thead>\n<tbody>\n");
        var most = report.Obstacles[0].People;
        for (var i = 0; i < Math.Min(MostRows, report.Obstacles.Count); i++)
        {
            var obstacle = report.Obstacles[i];
            html.Write($"<tr><td class=\"ranked\"><button type=\"button\" disabled data-kind=\"obstacle\" data-value=\"{Value(i)}\" data-title=\"{Words.Of(obstacle.Stage)}: {obstacle.Reason}\"><b>{obstacle.People}</b><span class=\"hidden\"> people: show them</span></button>");
            Bar(html, obstacle.People, most);
            html.Write($"</td><td><span class=\"stage s{Value(obstacle.Stage)}\">{Words.Of(obstacle.Stage)}</span></td><td><bdi>{obstacle.Reason}</bdi></td><td>{Words.Of(obstacle.NextAction)}</td></tr>\n");
        }

        html.Write("</tbody>\n</table></div>\n");
        Rest(html, report.Obstacles.Skip(MostRows).Sum(obstacle => obstacle.People), "more people for other reasons; the table of everyone has them");
        html.Write("</section>\n");
    }

    private static void Groups(HtmlText html, string id, string title, string header, IReadOnlyList<ActivationProgress> groups, string nameless)
    {
        if (groups.Count < 2) return;
        html.Write($"<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{title}</h2>\n<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">{header}</th><th scope=\"col\" class=\"number\">Assigned</th><th scope=\"col\">Active</th><th scope=\"col\" class=\"number\">Stuck</th></tr></thead>\n<tbody>\n");
        foreach (var group in groups.Take(MostRows))
        {
            html.Write($"<tr><th scope=\"row\"><bdi>{(group.Group.Length == 0 ? nameless : group.Group)}</bdi></th><td class=\"number\">{group.Assigned}</td><td class=\"share\">");
            Bar(html, group.Active, group.Assigned);
            html.Write($"<span>{group.Active} <span class=\"muted\">{Percent(group.Active, group.Assigned)}</span></span></td><td class=\"number\">{group.Stuck}</td></tr>\n");
        }

        html.Write("</tbody>\n</table></div>\n");
        Rest(html, groups.Count - MostRows, "smaller ones are not shown");
        html.Write("</section>\n");
    }

    private static void Readiness(HtmlText html, IReadOnlyList<ProvisioningPrerequisite>? rows)
    {
        html.Write("<section aria-labelledby=\"readiness\">\n<h2 id=\"readiness\">Readiness</h2>\n");
        if (rows is null)
        {
            html.Write("<p class=\"muted\">Not looked at: no team was connected, or it was left out.</p>\n</section>\n");
            return;
        }

        html.Write("<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">Prerequisite</th><th scope=\"col\">Outcome</th><th scope=\"col\">What was seen, and what to do</th></tr></thead>\n<tbody>\n");
        foreach (var row in rows.OrderBy(row => row.Outcome switch { PrerequisiteOutcome.Failed => 0, PrerequisiteOutcome.Warning => 1, PrerequisiteOutcome.Unknown => 2, _ => 3 }))
        {
            var sign = row.Outcome switch { PrerequisiteOutcome.Passed => "✓", PrerequisiteOutcome.Failed => "✕", PrerequisiteOutcome.Warning => "!", _ => "?" };
            html.Write($"<tr><th scope=\"row\">{Words.Of(row.Name)}</th><td><span class=\"outcome o{Value(row.Outcome)}\"><span aria-hidden=\"true\">{sign} </span>{row.Outcome.ToString()}</span></td><td><bdi>{row.Evidence}</bdi>");
            if (row.Remedy is not null) html.Write($" <bdi class=\"muted\">{row.Remedy}</bdi>");
            html.Write("</td></tr>\n");
        }

        html.Write("</tbody>\n</table></div>\n</section>\n");
    }

    private static void Everyone(HtmlText html, ActivationReport report)
    {
        html.Write("""
            <section id="everyone" aria-labelledby="everyone-title">
            <h2 id="everyone-title">Everyone</h2>
            <noscript><p>The table needs JavaScript, which is off here. The action plan (CSV) has the same people.</p></noscript>
            <div class="tools">
            <label class="search" for="search">Search <input type="search" id="search" disabled autocomplete="off" spellcheck="false" placeholder="name, address, department, reason …"></label>
            <div class="chips" role="group" aria-label="Only one stage">

            """);
        foreach (var stage in report.People.GroupBy(person => person.Stage).OrderBy(stage => stage.Key))
            html.Write($"<button type=\"button\" disabled aria-pressed=\"false\" data-kind=\"stage\" data-value=\"{Value(stage.Key)}\" data-title=\"{Words.Of(stage.Key)}\">{Words.Of(stage.Key)} <b>{stage.Count()}</b></button>\n");
        html.Write($"""
            </div>
            <p class="found"><span id="found" role="status">{report.People.Count} people</span> <button type="button" id="reset" hidden>Show everyone</button></p>
            </div>
            <div id="scroller" class="scroller" role="region" aria-label="Everyone, a table that scrolls" tabindex="0">
            <table id="table" aria-rowcount="{(report.People.Count + 1).ToString(CultureInfo.InvariantCulture)}">
            <caption class="hidden">Everyone, with stage, reason and what to do next. A header's button sorts by its column; a name's button shows all that is known of that person.</caption>
            <thead><tr aria-rowindex="1"></tr></thead>
            <tbody></tbody>
            </table>
            </div>
            <p class="muted" id="printed" data-most="{Value(MostPrinted)}" hidden></p>
            </section>

            """);
    }

    private static int MostPrinted => HtmlReport.MostPrinted;

    private static void Bar(HtmlText html, int part, int whole)
    {
        var width = whole == 0 ? 0 : 100.0 * part / whole;
        html.Write($"<svg class=\"bar\" viewBox=\"0 0 100 1\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"back\" width=\"100\" height=\"1\"/><rect class=\"front\" width=\"{width}\" height=\"1\"/></svg>");
    }

    private static void Rest(HtmlText html, int count, string what)
    {
        if (count > 0) html.Write($"<p class=\"muted\">{count} {what}.</p>\n");
    }

    private static string Newly(int? stuck) => stuck is > 0 and var some ? string.Create(CultureInfo.InvariantCulture, $"{some} of them newly") : "before they get further";

    // As the progress counts it: 100 % means all.
    private static string Percent(int part, int whole) => whole == 0 ? "–" : string.Create(CultureInfo.InvariantCulture, $"{100L * part / whole} %");

    private static string Days(double? days) => days?.ToString("0.#", CultureInfo.InvariantCulture) ?? "–";

    // A number for the script: without separators.
    private static string Value(Enum? value) => value is null ? "-1" : Value(Convert.ToInt32(value, CultureInfo.InvariantCulture));

    private static string Value(int value) => value.ToString(CultureInfo.InvariantCulture);
}
