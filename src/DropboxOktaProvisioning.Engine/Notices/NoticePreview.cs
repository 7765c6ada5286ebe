using System.Text;
using System.Text.Encodings.Web;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>Writes what the notices look like to a folder: a page and a text of each kind in each language, and a page that leads to them. Nothing is sent.</summary>
public static class NoticePreview
{
    // A template is shown as it will be, but cannot run or load anything here: no script, no picture, no address but the page's own.
    private const string Policy = """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">""";

    /// <summary>Writes the samples.</summary>
    /// <param name="options">The options of the run.</param>
    /// <param name="folder">The folder; where it is not there it is made for its owner alone. Null for a new one below the temporary files.</param>
    /// <returns>The files, the page that leads to the others first.</returns>
    /// <exception cref="ProvisioningException">InvalidSender, InvalidSsoUrl, TemplateNotFound, TemplateInvalid, or PreviewUnavailable.</exception>
    public static IReadOnlyList<string> Write(NoticeOptions options, string? folder)
    {
        ArgumentNullException.ThrowIfNull(options);
        // Whatever a run would use: who looks wants to see all.
        var all = options.Manners with { ReminderAfter = [1], Managers = ManagerDirectory.Nobody, DigestTo = options.Manners.DigestTo ?? "helpdesk@contoso.example" };
        var samples = new NoticeComposer(options with { Manners = all }).Samples(full: true).ToList();
        var files = new List<string>();
        try
        {
            if (folder is null) folder = Directory.CreateTempSubdirectory("dropbox-notices-").FullName;
            else OwnerOnly.CreateFolder(folder);
            files.Add(WriteFile(folder, "index.html", Index(samples)));
            foreach (var (name, language, content) in samples)
            {
                var place = Path.Combine(folder, language);
                OwnerOnly.CreateFolder(place);
                files.Add(WriteFile(place, name + ".html", Page(name, language, content)));
                files.Add(WriteFile(place, name + ".txt", $"{content.Subject}\n\n{content.Text}"));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ProvisioningException(
                ErrorIds.PreviewUnavailable, ProblemCategory.ResourceUnavailable, $"The samples cannot be written to '{folder}': {exception.Message}", folder,
                "Name a folder with -PreviewPath where this account may write.", exception);
        }

        return files;
    }

    private static string WriteFile(string folder, string name, string text)
    {
        var path = Path.Combine(folder, name);
        using var file = OwnerOnly.Open(path, FileMode.Create);
        file.Write(Encoding.UTF8.GetBytes(text));
        return path;
    }

    private static string Index(IReadOnlyList<(string Name, string Language, NoticeContent Content)> samples)
    {
        var rows = samples.Select(sample =>
            $"<tr><td>{Encoded(sample.Language)}</td><td><a href=\"{Encoded(sample.Language)}/{Encoded(sample.Name)}.html\">{Encoded(sample.Name)}</a></td>" +
            $"<td><a href=\"{Encoded(sample.Language)}/{Encoded(sample.Name)}.txt\">text</a></td><td>{Encoded(sample.Content.Subject)}</td></tr>");
        return Html("en", "Samples of the notices", $"""
            <h1>Samples of the notices</h1>
            <p>Nothing was sent. The people in them do not exist.</p>
            <table>
            <tr><th>Language</th><th>Kind</th><th></th><th>Subject</th></tr>
            {string.Join('\n', rows)}
            </table>
            """);
    }

    private static string Page(string name, string language, NoticeContent content) => Html(language, content.Subject, $"""
        <p><a href="../index.html">All samples</a> · {Encoded(language)} · {Encoded(name)} · <a href="{Encoded(name)}.txt">text</a></p>
        <h1>{Encoded(content.Subject)}</h1>
        <iframe sandbox title="{Encoded(content.Subject)}" srcdoc="{Encoded(content.Html)}"></iframe>
        """);

    private static string Html(string language, string title, string body) => $$"""
        <!DOCTYPE html>
        <html lang="{{Encoded(language)}}">
        <head>
        <meta charset="utf-8">
        {{Policy}}
        <title>{{Encoded(title)}}</title>
        <style>
        body { font-family: 'Segoe UI', Helvetica, Arial, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1e1919; background: #fff; }
        h1 { font-size: 1.3rem; } td, th { text-align: left; padding: .2rem .8rem .2rem 0; vertical-align: top; } iframe { width: 100%; height: 36rem; border: 1px solid #bbb; }
        </style>
        </head>
        <body>
        {{body}}
        </body>
        </html>

        """;

    private static string Encoded(string text) => HtmlEncoder.Default.Encode(text);
}
