using System.Globalization;
using System.Text;
using CsvHelper;

namespace DropboxOktaProvisioning.Engine.Reports;

/// <summary>What is to do, as CSV: one line for each person for whom an admin or the person has something to do.</summary>
/// <remarks>
/// UTF-8 with a byte order mark, commas, and lines that end in CR LF, as spreadsheets open it. No cell can be taken for a formula: one that begins with
/// <c>=</c>, <c>+</c>, <c>-</c>, <c>@</c>, a tab, a line break or an apostrophe has one more apostrophe in front. Taking one away gives back what was there.
/// </remarks>
public static class ActionPlan
{
    private const string Dangerous = "=+-@\t\r\n'＝＋－＠";

    private static readonly (string Header, Func<DropboxUserStatus, string?> Cell)[] Columns =
    [
        ("Email", person => person.Email),
        ("Name", person => person.Name),
        ("Department", person => person.Department),
        ("Stage", person => person.Stage.ToString()),
        ("NextAction", person => person.NextAction.ToString()),
        ("Reason", person => person.Reason),
        ("DaysWaiting", person => person.DaysWaiting?.ToString(CultureInfo.InvariantCulture)),
        ("LastNotice", person => Day(person.LastNotice)),
        ("PersonalAccount", person => person.PersonalAccount.ToString()),
        ("OktaUserId", person => person.OktaUserId),
        ("TeamMemberId", person => person.TeamMemberId),
        ("TeamId", person => person.TeamId),
    ];

    /// <summary>Writes the plan, what is to do first by kind, then by address.</summary>
    public static async Task WriteAsync(Stream stream, IEnumerable<DropboxUserStatus> people, CancellationToken cancel)
    {
        await using var text = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true);
        await using var csv = new CsvWriter(text, CultureInfo.InvariantCulture, leaveOpen: true);
        foreach (var (header, _) in Columns) csv.WriteField(header);
        await csv.NextRecordAsync();
        foreach (var person in people.Where(person => person.NextAction is not NextAction.None)
            .OrderBy(person => person.NextAction).ThenBy(person => person.Email, StringComparer.OrdinalIgnoreCase))
        {
            cancel.ThrowIfCancellationRequested();
            foreach (var (_, cell) in Columns) csv.WriteField(Harmless(cell(person) ?? ""));
            await csv.NextRecordAsync();
        }
    }

    /// <summary>A text as a cell that no spreadsheet takes for a formula.</summary>
    public static string Harmless(string text) => text.Length > 0 && Dangerous.Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;

    private static string? Day(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
