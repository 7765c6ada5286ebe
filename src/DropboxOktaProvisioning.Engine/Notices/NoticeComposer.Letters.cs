using System.Globalization;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <content>Mails about others: to a manager, and to the helpdesk.</content>
internal sealed partial class NoticeComposer
{
    // A mail that nobody scrolls through to its end helps nobody; the counts are of all.
    private const int MostLines = 200, LongestReason = 300;

    /// <summary>The mail to a manager about people who were reminded for the last time.</summary>
    public NoticeContent ComposeEscalation(Recipient manager, IReadOnlyList<MailLine> people) => ComposeEscalation(manager, people, _library.Choose(manager.Language));

    /// <summary>The mail to the helpdesk about a run.</summary>
    public NoticeContent ComposeDigest(RunSummary summary) => ComposeDigest(summary, _library.Default);

    private NoticeContent ComposeEscalation(Recipient manager, IReadOnlyList<MailLine> people, string language)
    {
        var to = To(manager.Email, manager.Name);
        var values = Values(to, language);
        AddLines(values, "people", people, language, _manners.Clock.Zones(manager.TimeZone, manager.CountryCode)[0]);
        return Render(TemplateSet.Escalation, language, to, values);
    }

    private NoticeContent ComposeDigest(RunSummary summary, string language)
    {
        var to = _digestTo!;
        var zone = _manners.Clock.Zones(null, null)[0];
        var values = Values(to, language);
        values["day"] = NoticeLanguage.Day(TimeZoneInfo.ConvertTime(summary.On, zone).DateTime, language);
        values["people_count"] = summary.People;
        AddLines(values, "told", summary.Told, language, zone);
        AddLines(values, "escalated", summary.Escalated, language, zone);
        AddLines(values, "waiting", summary.Waiting, language, zone);
        AddLines(values, "failed", summary.Failed, language, zone);
        AddLines(values, "stuck", summary.Stuck, language, zone);
        return Render(TemplateSet.Digest, language, to, values);
    }

    private static void AddLines(Dictionary<string, object?> values, string name, IReadOnlyList<MailLine> lines, string language, TimeZoneInfo zone)
    {
        object Day(DateTimeOffset? time, string clock) => time is not { } known ? AbsentValue.Instance
            : NoticeLanguage.Day(TimeZoneInfo.ConvertTime(known, zone).DateTime, language) + TimeZoneInfo.ConvertTime(known, zone).ToString(clock, CultureInfo.InvariantCulture);
        values[name] = lines.Take(MostLines).Select(line => new Dictionary<string, object?>
        {
            ["who"] = Cell(string.IsNullOrWhiteSpace(line.Name) ? line.Email : $"{MailText.OneLine(line.Name, LongestName)} <{line.Email}>", LongestSubject + LongestName),
            ["email"] = Cell(line.Email, LongestSubject + LongestName),
            ["kind"] = line.Kind.ToString(),
            ["step"] = line.Step,
            ["stage"] = line.Stage.ToString(),
            ["reason"] = Cell(line.Reason, LongestReason),
            ["told_on"] = Day(line.ToldOn, "''"),
            ["until"] = Day(line.Until, " HH:mm"),
        }).ToList();
        values[name + "_count"] = lines.Count;
        values[name + "_more"] = Math.Max(0, lines.Count - MostLines);
    }

    // Such a list is soon pasted into a sheet, where a text that begins so would be a formula.
    private static string Cell(string text, int longest) =>
        MailText.OneLine(text, longest) is var line && line.Length > 0 && "=+-@".Contains(line[0], StringComparison.Ordinal) ? "'" + line : line;
}
