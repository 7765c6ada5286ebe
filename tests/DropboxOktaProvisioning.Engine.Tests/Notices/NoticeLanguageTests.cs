using System.Globalization;
using CsCheck;
using DropboxOktaProvisioning.Engine.Notices;

namespace DropboxOktaProvisioning.Engine.Tests.Notices;

public sealed class NoticeLanguageTests : IDisposable
{
    private static readonly NoticeOptions Options = new()
    {
        From = "IT <it@contoso.example>", TeamName = "Contoso",
        Manners = new NoticeManners { ReminderAfter = [3], Managers = new ManagerDirectory((_, _) => throw new InvalidOperationException()), DigestTo = "help@contoso.example", Clock = PersonClock.Of("UTC") },
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("templates-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(null, "en", "Hello")]
    [InlineData("", "en", "Hello")]
    [InlineData("nonsense!", "en", "Hello")]
    [InlineData("pt_BR", "en", "Hello")]
    [InlineData("de_DE", "en", "Guten Tag")]
    [InlineData("de-AT", "en", "Guten Tag")]
    [InlineData("DE", "en", "Guten Tag")]
    [InlineData("fr_CA.UTF-8", "en", "Bonjour")]
    [InlineData("es_419", "en", "Hola")]
    [InlineData("ja-Jpan-JP", "en", "Ada 様")]
    [InlineData("pt-BR,de;q=0.7,en;q=0.5", "en", "Guten Tag")]
    [InlineData("pt_BR", "ja", "Ada 様")]
    [InlineData("en_GB", "fr-CH", "Hello")]
    [InlineData(null, "fr-CH", "Bonjour")]
    public void The_words_are_of_the_region_or_the_language_else_of_the_default_one(string? profile, string fallback, string greeting)
    {
        var content = new NoticeComposer(Options with { Language = fallback }).Compose(new DropboxUserStatus { Email = "ada@contoso.example", Name = "Ada", Language = profile });
        Assert.StartsWith(greeting, content.Text, StringComparison.Ordinal);
        Assert.Contains(greeting, content.Html.Replace("&#x69D8;", "様", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void A_default_language_without_templates_is_refused()
    {
        foreach (var language in new[] { "pt", "", "not a tag" })
        {
            var problem = Assert.Throws<ProvisioningException>(() => new NoticeComposer(Options with { Language = language }));
            Assert.Equal((ErrorIds.TemplateNotFound, language), (problem.ErrorId, problem.Target));
            Assert.Contains("en, de, fr, es, ja", problem.RecommendedAction, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_folder_with_languages_adds_them_and_what_is_missing_is_built_in()
    {
        Write("pt-BR/Activation.subject.liquid", "Sua conta");
        Write("de_at/Activation.subject.liquid", "Servus");
        Write("Activation.subject.liquid", "Flat");
        Write("notes/readme.txt", "no templates");
        var composer = new NoticeComposer(Options with { TemplatePath = _folder });

        NoticeContent To(string? language) => composer.Compose(new DropboxUserStatus { Email = "ada@contoso.example", Language = language });
        Assert.Equal(["Sua conta", "Servus", "Ihr Dropbox-Konto bei Contoso ist bereit", "Flat", "Flat"], new[] { "pt_BR", "de-AT", "de_DE", "en", "xx" }.Select(language => To(language).Subject));
        Assert.StartsWith("Hello", To("pt-br").Text, StringComparison.Ordinal);
        Assert.StartsWith("Guten Tag", To("de-at").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_languages_speaks_to_everybody_alike()
    {
        Write("Activation.subject.liquid", "Flat");
        var composer = new NoticeComposer(Options with { TemplatePath = _folder, Language = "de" });
        Assert.All(new[] { "ja", "en", "de", null }, language =>
        {
            var content = composer.Compose(new DropboxUserStatus { Email = "ada@contoso.example", Language = language });
            Assert.Equal("Flat", content.Subject);
            Assert.StartsWith("Guten Tag", content.Text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void An_error_in_any_language_is_found_before_anything_is_sent_and_one_in_a_kind_that_is_not_used_is_not()
    {
        Write("fr/LastReminder.text.liquid", "{{ person.nmae }}");
        var problem = Assert.Throws<ProvisioningException>(() => new NoticeComposer(Options with { TemplatePath = _folder }));
        Assert.Equal(ErrorIds.TemplateInvalid, problem.ErrorId);
        Assert.Contains(Path.Combine("fr", "LastReminder.text.liquid"), problem.Message, StringComparison.Ordinal);
        _ = new NoticeComposer(Options with { TemplatePath = _folder, Manners = NoticeManners.None });
    }

    [Theory]
    [InlineData("{% for p in people %}{{ p.wohm }}{% endfor %}", "p.wohm")]
    [InlineData("{{ tile_url }}", "tile_url")]
    [InlineData("{{ people | number }}{{ told_count }}", "told_count")]
    public void A_mail_about_others_has_its_own_variables_and_no_others(string source, string word)
    {
        Write("ManagerEscalation.text.liquid", source);
        var problem = Assert.Throws<ProvisioningException>(() => new NoticeComposer(Options with { TemplatePath = _folder }));
        Assert.Equal(ErrorIds.TemplateInvalid, problem.ErrorId);
        Assert.Contains(word, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "March 1, 2026", "12,345")]
    [InlineData("en-gb", "1 March 2026", "12,345")]
    [InlineData("de-ch", "1. März 2026", "12.345")]
    [InlineData("fr", "1er mars 2026", "12\u202f345")]
    [InlineData("es", "1 de marzo de 2026", "12.345")]
    [InlineData("ja", "2026年3月1日", "12,345")]
    [InlineData("sv", "2026-03-01", "12345")]
    public void Days_and_numbers_are_written_as_the_language_does(string language, string day, string number)
    {
        Assert.Equal(day, NoticeLanguage.Day(new DateTime(2026, 3, 1), language));
        Assert.Equal(number, 12345.ToString("N0", NoticeLanguage.CultureOf(language)));
        Assert.DoesNotContain("er ", NoticeLanguage.Day(new DateTime(2026, 3, 11), language), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_kind_is_there_in_every_language_in_its_own_words_and_ends_nowhere_in_the_middle()
    {
        var samples = new NoticeComposer(Options).Samples(full: true).ToList();
        Assert.Equal(5 * 6, samples.Count);
        foreach (var kind in samples.GroupBy(sample => sample.Name))
        {
            Assert.Equal(5, kind.Select(sample => sample.Content.Subject).Distinct().Count());
            foreach (var (name, language, content) in kind)
            {
                Assert.All(new[] { content.Subject, content.Text, content.Html }, text => Assert.DoesNotMatch(@"\{[{%]|[%}]\}|  ,|\.\.", text));
                Assert.Contains($"<html lang=\"{language}\">", content.Html, StringComparison.Ordinal);
                Assert.Equal(Count(content.Html, "<p>"), Count(content.Html, "</p>"));
                Assert.Equal(Count(content.Html, "<li>"), Count(content.Html, "</li>"));
                if (name is TemplateSet.Digest) continue;
                Assert.Contains("https://www.dropbox.com/sso", content.Text, StringComparison.Ordinal);
                if (name is TemplateSet.Reminder or TemplateSet.LastReminder or TemplateSet.Escalation) Assert.Contains(NoticeLanguage.Day(new DateTime(2026, 3, 2), language), content.Text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void What_stands_in_a_mail_about_others_is_text_and_no_formula()
    {
        var line = new MailLine { Email = "+eve@contoso.example", Name = "=HYPERLINK(\"x\")\r\nBcc: a@b", Reason = "<script>alert(1)</script>", Kind = NoticeKind.Reminder, Step = 2 };
        var content = new NoticeComposer(Options).ComposeDigest(new RunSummary(DateTimeOffset.UnixEpoch, 1, [line], [line], [line], [line], [line]));
        Assert.DoesNotContain("<script", content.Html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("- '=HYPERLINK(\"x\") Bcc: a@b <+eve@contoso.example>, reminder 2\n", content.Text, StringComparison.Ordinal);
        Assert.Contains("help@contoso.example", content.To.Address, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_without_end_is_cut_and_counted()
    {
        var lines = Enumerable.Range(0, 5000).Select(number => new MailLine { Email = $"p{number}@contoso.example", Kind = NoticeKind.Activation }).ToList();
        var content = new NoticeComposer(Options).ComposeDigest(new RunSummary(DateTimeOffset.UnixEpoch, 5000, lines, [], [], [], []));
        Assert.Contains("Told: 5,000", content.Text, StringComparison.Ordinal);
        Assert.Contains("and 4,800 more", content.Text, StringComparison.Ordinal);
        Assert.Contains("p199@", content.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("p200@", content.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_a_profile_says_a_language_is_chosen()
    {
        var library = new TemplateLibrary(null, "en", [TemplateSet.Ordinary]);
        Gen.String.Null().Sample(text => Assert.Contains(library.Choose(text), library.Languages), iter: 2000);
        Gen.OneOfConst("de", "DE_de", "fr-FR", "xx", "-", "_", ",", ";q=1", "@", ".").Array[0, 6].Sample(parts => Assert.Contains(library.Choose(string.Concat(parts)), library.Languages), iter: 2000);
    }

    [Fact]
    public void Samples_are_files_of_their_owner_that_run_and_load_nothing()
    {
        Write("en/Activation.html.liquid", "<html><body><script>alert('{{ person.name }}')</script><img src=\"https://example.com/a.png\"></body></html>");
        var folder = Path.Combine(_folder, "preview");
        var files = NoticePreview.Write(Options with { TemplatePath = _folder }, folder);

        Assert.Equal(Path.Combine(folder, "index.html"), files[0]);
        Assert.Equal(1 + (5 * 6 * 2), files.Count);
        Assert.All(files, file => Assert.True(File.Exists(file)));
        foreach (var file in files.Where(file => file.EndsWith(".html", StringComparison.Ordinal)))
        {
            var html = File.ReadAllText(file);
            Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
            Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<img", html, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Equal(30, Count(File.ReadAllText(files[0]), ".html\">"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
            foreach (var file in files) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        File.WriteAllText(Path.Combine(_folder, "file"), "");
        Assert.Equal(ErrorIds.PreviewUnavailable, Assert.Throws<ProvisioningException>(() => NoticePreview.Write(Options, Path.Combine(_folder, "file", "x"))).ErrorId);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private void Write(string file, string text)
    {
        var path = Path.Combine(_folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
