using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;
using DropboxOktaProvisioning.Engine.Reports;

namespace DropboxOktaProvisioning.Engine.Tests.Reports;

/// <summary>People for reports, harmless ones and hostile ones, and the files that are made of them.</summary>
internal static class ReportFixture
{
    public static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private static readonly string[] Pieces =
    [
        "</script>", "<script>alert(1)</script>", "<!--", "-->", "]]>", "\"", "'", "&lt;", "&", "<img src=x onerror=alert(1)>", "\u2028", "\u2029", "\u202E", "\0", "\r\n", "\n", "\t", "\\", "\ud800", "\udc00",
        "\ud83d\ude00", "\ufeff", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", ",", ";", "{{ name }}", "${x}", "`", "é", "ß", "日本", "javascript:alert(1)", "\u0085", "\u007f", "\ufffe",
    ];

    /// <summary>Every odd text that somebody may be called.</summary>
    public static Gen<string> Text { get; } = Gen.OneOf(Gen.OneOfConst(Pieces), Gen.String[0, 6]).Array[0, 8].Select(string.Concat);

    /// <summary>People of every kind with such texts.</summary>
    public static Gen<DropboxUserStatus[]> People { get; } = Gen.Select(
        Text, Text, Text, Text, Gen.Enum<ProvisioningStage>(), Gen.Enum<NextAction>(), Gen.Int[-1, 400], Gen.Bool).Select(one => new DropboxUserStatus
        {
            Email = one.Item1,
            Name = one.Item2,
            Reason = one.Item3,
            Department = one.Item4,
            Stage = one.Item5,
            NextAction = one.Item6,
            DaysWaiting = one.Item7 < 0 ? null : one.Item7,
            AssignmentStatus = one.Item8 ? "PROVISIONED" : null,
            DropboxStatus = one.Item5 is ProvisioningStage.Active ? "active" : "invited",
            OktaStatus = one.Item4,
            JoinedOn = one.Item5 is ProvisioningStage.Active ? Now.AddDays(-one.Item7) : null,
        }).Array[0, 12];

    public static ActivationReport Report(IReadOnlyCollection<DropboxUserStatus> people) => ActivationReport.Of(people, TeamMemory.Empty, everyone: true, Now);

    public static async Task<string> HtmlAsync(ActivationReport report) => await TextAsync(stream => HtmlReport.WriteAsync(stream, report, default));

    public static async Task<string> TextAsync(Func<Stream, Task> write)
    {
        using var stream = new MemoryStream();
        await write(stream);
        return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(stream.ToArray());
    }

    /// <summary>The one JSON block of a page, as a browser finds it: up to the first end of a script.</summary>
    public static JsonElement Block(string html)
    {
        var start = html.IndexOf("<script type=\"application/json\" id=\"people\">", StringComparison.Ordinal);
        var text = html[(html.IndexOf('>', start) + 1)..];
        return JsonDocument.Parse(text[..text.IndexOf("</script", StringComparison.OrdinalIgnoreCase)]).RootElement;
    }

    /// <summary>A text as UTF-8 can hold it: half a surrogate pair becomes the mark of what is none.</summary>
    public static string Storable(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    public static int Count(string text, string pattern) => Regex.Count(text, pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
}
