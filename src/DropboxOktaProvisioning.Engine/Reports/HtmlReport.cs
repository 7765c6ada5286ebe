using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DropboxOktaProvisioning.Engine.Reports;

/// <summary>The report as one HTML file that needs nothing else: no network, no second file.</summary>
/// <remarks>Its content-security policy allows one style and one script, by their hashes, and nothing else: what people are called cannot run.</remarks>
public static class HtmlReport
{
    /// <summary>So many rows of the table are printed; the action plan has all.</summary>
    internal const int MostPrinted = 500;

    private static readonly string Style = Resource("report.css");
    private static readonly string Script = Resource("report.js");

    private static readonly string Policy =
        $"default-src 'none'; script-src {Hash(Script)}; style-src {Hash(Style)}; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    /// <summary>Writes it.</summary>
    public static async Task WriteAsync(Stream stream, ActivationReport report, CancellationToken cancel)
    {
        await using var text = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 64 * 1024, leaveOpen: true);
        var html = new HtmlText(text);
        var title = report.Team is null ? "Dropbox activation" : $"Dropbox activation: {report.Team}";
        html.Write($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{Policy}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="referrer" content="no-referrer">
            <meta name="robots" content="noindex">
            <title>{title}</title>
            <style>
            """);
        html.Write(Style);
        html.Write($"""
            </style>
            </head>
            <body>
            <a class="skip" href="#everyone">To the table of everyone</a>
            <header>
            <p class="eyebrow">Dropbox activation</p>
            <h1>{report.Team ?? "Dropbox Business"}</h1>
            <p class="muted">{Minute(report.MadeOn)}, {report.People.Count} {(report.People.Count == 1 ? "person" : "people")}{(report.Everyone ? "" : " of those that were chosen")}</p>
            </header>
            <main>

            """);
        HtmlSections.Write(html, report);
        html.Write($"""
            </main>
            <footer class="muted">
            <p>Assigned: has the app in Okta. Provisioned: of those, on the team. Told: a notice surely left. Tried: tried to sign on, or joined. Active: joined the team. Days run from the notice to joining.
            This file holds personal data and needs no network.</p>
            </footer>
            <dialog id="person" aria-labelledby="person-title"><h2 id="person-title"></h2><dl id="facts"></dl><form method="dialog"><button>Close</button></form></dialog>
            <script type="application/json" id="people">
            """);
        await text.FlushAsync(cancel);
        await PeopleColumns.WriteAsync(stream, report, cancel);
        html.Write("</script>\n<script>");
        html.Write(Script);
        html.Write("</script>\n</body>\n</html>\n");
        await text.FlushAsync(cancel);
    }

    /// <summary>A time to the minute, UTC.</summary>
    internal static string Minute(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC";

    /// <summary>A file beside this one, as it is embedded; its hash is of exactly what stands in the page.</summary>
    private static string Resource(string name)
    {
        using var stream = typeof(HtmlReport).Assembly.GetManifestResourceStream("reports/" + name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";
}
