using CsCheck;
using DropboxOktaProvisioning.Engine.Notices;
using MimeKit;

namespace DropboxOktaProvisioning.Engine.Tests.Notices;

public sealed class NoticeComposerTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly NoticeOptions Options = new() { From = "IT <it@contoso.example>", TeamName = "Contoso" };

    private readonly string _folder = Directory.CreateTempSubdirectory("templates-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_mail_has_text_and_html_and_says_that_a_machine_wrote_it()
    {
        using var message = Compose(new DropboxUserStatus { Email = "ada@contoso.example", Name = "Ada Example" });

        Assert.IsType<MultipartAlternative>(message.Body);
        Assert.Equal("\"IT\" <it@contoso.example>", message.From.ToString());
        Assert.Equal("\"Ada Example\" <ada@contoso.example>", message.To.ToString());
        Assert.Equal(Now, message.Date);
        Assert.Equal("n1@contoso.example", message.MessageId);
        Assert.Equal("auto-generated", message.Headers["Auto-Submitted"]);
        Assert.Equal("n1", message.Headers["X-Notice-Id"]);
        Assert.Equal("Your Dropbox account at Contoso is ready", message.Subject!);
        Assert.Contains("Hello Ada Example,", message.TextBody!, StringComparison.Ordinal);
        Assert.Contains("https://www.dropbox.com/sso", message.TextBody!, StringComparison.Ordinal);
        Assert.Contains("href=\"https://www.dropbox.com/sso\"", message.HtmlBody!, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_name_a_team_or_a_tile_the_words_still_read_well()
    {
        using var message = Compose(new DropboxUserStatus { Email = "ada@contoso.example" }, Options with { TeamName = null });

        Assert.Equal("Your Dropbox account is ready", message.Subject!);
        Assert.StartsWith("Hello,", message.TextBody!, StringComparison.Ordinal);
        foreach (var body in new[] { message.TextBody!, message.HtmlBody! })
        {
            Assert.DoesNotContain("tile", body, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("{", body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_tile_is_named_when_the_person_can_see_it()
    {
        var tile = new Uri("https://contoso.okta.example/home/dropbox_for_business/0oa1/2?a=1&b=2");
        using var message = Compose(new DropboxUserStatus { Email = "ada@contoso.example", TileUrl = tile });
        Assert.Contains(tile.AbsoluteUri, message.TextBody!, StringComparison.Ordinal);
        Assert.Contains("?a=1&amp;b=2", message.HtmlBody!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PersonalAccountLikelihood.Suspected)]
    [InlineData(PersonalAccountLikelihood.Likely)]
    [InlineData(PersonalAccountLikelihood.Confirmed)]
    public void People_with_a_personal_account_read_of_both_choices(PersonalAccountLikelihood likelihood)
    {
        using var message = Compose(new DropboxUserStatus { Email = "ada@contoso.example", PersonalAccount = likelihood });
        using var ordinary = Compose(new DropboxUserStatus { Email = "ada@contoso.example" });
        foreach (var body in new[] { message.TextBody!, message.HtmlBody! })
        {
            Assert.Contains("Transfer it to the team.", body, StringComparison.Ordinal);
            Assert.Contains("Keep it separate.", body, StringComparison.Ordinal);
            Assert.DoesNotContain("activated", body, StringComparison.OrdinalIgnoreCase);
        }

        Assert.DoesNotContain("personal", ordinary.TextBody, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_name_cannot_add_a_header()
    {
        using var message = Compose(new DropboxUserStatus { Email = "eve@contoso.example", Name = "Eve\r\nBcc: x@example.com" });
        Assert.Equal(["eve@contoso.example"], message.GetRecipients().Select(mailbox => mailbox.Address));
        Assert.DoesNotContain(message.Headers, header => header.Id == HeaderId.Bcc);
        using var parsed = Reparse(message);
        Assert.Empty(parsed.Bcc);
        Assert.Equal("Eve Bcc: x@example.com", parsed.To.Mailboxes.Single().Name);
    }

    [Fact]
    public void No_text_whatever_adds_a_recipient_a_header_or_html()
    {
        var nasty = Gen.OneOf(
            Gen.String, Gen.OneOfConst("\r\n", "\n", "\r", "\0", "\u2028", "<script>", "\"", ",", "<x@example.com>", "=?utf-8?Q?=0ABcc:_x?=", "{{ sso_url }}", "\ud800", "é🙂"));
        var names = nasty.Array[0, 6].Select(string.Concat);
        Gen.Select(names, names).Sample((name, team) =>
        {
            using var message = Compose(new DropboxUserStatus { Email = "ada@contoso.example", Name = name }, Options with { TeamName = team });
            using var parsed = Reparse(message);
            Assert.Equal("ada@contoso.example", Assert.Single(parsed.GetRecipients()).Address);
            Assert.Equal(message.Headers.Select(header => header.Field), parsed.Headers.Select(header => header.Field));
            Assert.DoesNotContain("<script", parsed.HtmlBody, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(parsed.Subject!, character => char.IsControl(character));
        }, iter: 300, threads: 1);
    }

    [Fact]
    public void Html_in_a_name_is_text_in_the_html_and_stays_as_it_is_in_the_text()
    {
        using var message = Compose(new DropboxUserStatus { Email = "ada@contoso.example", Name = "<b>Ada</b> & Co" });
        Assert.Contains("&lt;b&gt;Ada&lt;/b&gt; &amp; Co", message.HtmlBody!, StringComparison.Ordinal);
        Assert.Contains("Hello <b>Ada</b> & Co,", message.TextBody!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_without_end_is_cut()
    {
        using var message = Compose(new DropboxUserStatus { Email = "ada@contoso.example", Name = new string('a', 100_000) });
        Assert.Equal(100, message.To.Mailboxes.Single().Name!.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nobody")]
    [InlineData("a@contoso.example, b@contoso.example")]
    [InlineData("a@contoso.example\r\nBcc: x@example.com")]
    [InlineData("Team: a@contoso.example;")]
    public void The_sender_is_one_address(string from) =>
        Assert.Equal(ErrorIds.InvalidSender, Assert.Throws<ProvisioningException>(() => new NoticeComposer(Options with { From = from })).ErrorId);

    [Theory]
    [InlineData("http://www.dropbox.com/sso")]
    [InlineData("https://www.dropbox.com.example.com/sso")]
    [InlineData("https://dropbox.example/sso")]
    [InlineData("https://user@www.dropbox.com/sso")]
    [InlineData("https://www.dropbox.com:8443/sso")]
    [InlineData("/sso")]
    public void The_sign_on_address_is_dropboxs_own(string url) =>
        Assert.Equal(ErrorIds.InvalidSsoUrl, Assert.Throws<ProvisioningException>(() => new NoticeComposer(Options with { SsoUrl = url })).ErrorId);

    [Fact]
    public void The_teams_own_sign_on_address_is_taken()
    {
        using var message = Compose(new DropboxUserStatus { Email = "ada@contoso.example" }, Options with { SsoUrl = "https://dropbox.com/sso/123" });
        Assert.Contains("https://dropbox.com/sso/123", message.TextBody!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ada")]
    [InlineData("ada@")]
    [InlineData("@contoso.example")]
    [InlineData("ada@contoso.example, eve@example.com")]
    [InlineData("Ada <ada@contoso.example>")]
    [InlineData("ada@contoso.example\nBcc: eve@example.com")]
    public void An_address_that_is_none_is_refused(string email) => Assert.Equal(
        ErrorIds.InvalidAddress,
        Assert.Throws<ProvisioningException>(() => new NoticeComposer(Options).Compose(new DropboxUserStatus { Email = email })).ErrorId);

    [Fact]
    public void A_template_of_the_admins_own_takes_the_place_of_one_file_and_no_other()
    {
        Write("Activation.subject.liquid", "\ufeffMoin {{ person.name | upcase }}, {{ days_waiting }} days");
        using var message = Compose(
            new DropboxUserStatus { Email = "ada@contoso.example", Name = "Ada", DaysWaiting = 4 }, Options with { TemplatePath = _folder });
        Assert.Equal("Moin ADA, 4 days", message.Subject!);
        Assert.Contains("Hello Ada,", message.TextBody!, StringComparison.Ordinal);
    }

    [Fact]
    public void The_built_in_templates_are_a_folder_to_start_from()
    {
        foreach (var file in NoticeTemplates.FileNames) Write(file, NoticeTemplates.Read("en", file));
        var person = new DropboxUserStatus { Email = "ada@contoso.example", PersonalAccount = PersonalAccountLikelihood.Likely };
        using var own = Compose(person, Options with { TemplatePath = _folder });
        using var builtIn = Compose(person);
        Assert.Equal(18, NoticeTemplates.FileNames.Count);
        Assert.Equal((builtIn.Subject, builtIn.TextBody, builtIn.HtmlBody), (own.Subject, own.TextBody, own.HtmlBody));
    }

    [Fact]
    public void A_folder_that_is_not_there_or_holds_no_template_is_named()
    {
        foreach (var folder in new[] { _folder, Path.Combine(_folder, "missing") })
        {
            var problem = Assert.Throws<ProvisioningException>(() => new NoticeComposer(Options with { TemplatePath = folder }));
            Assert.Equal(ErrorIds.TemplateNotFound, problem.ErrorId);
            Assert.Contains(folder, problem.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("fine\nfine {{ person.name", "line 2, column")]
    [InlineData("\n\n  {% nonsense %}", "line 3, column 14")]
    [InlineData("{% if team %}", "line 1, column")]
    public void An_error_in_a_template_is_named_with_file_line_and_column(string source, string place)
    {
        Write("ActivationPersonalAccount.html.liquid", source);
        var problem = Assert.Throws<ProvisioningException>(() => new NoticeComposer(Options with { TemplatePath = _folder }));
        Assert.Equal(ErrorIds.TemplateInvalid, problem.ErrorId);
        Assert.Contains("ActivationPersonalAccount.html.liquid", problem.Message, StringComparison.Ordinal);
        Assert.Contains(place, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{ person.nmae }}", "person.nmae")]
    [InlineData("{% if team %}{% else %}{{ persona.name }}{% endif %}{{ persona.name }}", "persona")]
    [InlineData("{{ team | uppcase }}", "uppcase")]
    [InlineData("{% include 'x' %}", "cannot be filled in")]
    [InlineData("{% for i in (1..2000000000) %}{% endfor %}", "range")]
    [InlineData("{% assign a = 'x,x,x,x,x,x,x,x' | split: ',' %}{% for i in a %}{% for j in a %}{% for k in a %}{% for l in a %}{% for m in a %}{{ m }}{% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}", "does not come to an end")]
    [InlineData("{% assign a = 'xxxxxxxxxxxxxxxx' %}{% assign n = 'x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x' | split: ',' %}{% for i in n %}{% assign a = a | append: a %}{% endfor %}", "longer than")]
    [InlineData("   ", "empty")]
    public void A_template_that_asks_for_what_is_not_there_or_does_not_end_is_refused_before_anything_is_sent(string source, string words)
    {
        Write("Activation.text.liquid", source);
        var problem = Assert.Throws<ProvisioningException>(() => new NoticeComposer(Options with { TemplatePath = _folder }));
        Assert.Equal(ErrorIds.TemplateInvalid, problem.ErrorId);
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_that_is_too_large_or_not_text_is_refused()
    {
        Write("Activation.text.liquid", new string('x', 300_000));
        Assert.Equal(ErrorIds.TemplateInvalid, Assert.Throws<ProvisioningException>(() => new NoticeComposer(Options with { TemplatePath = _folder })).ErrorId);
        File.WriteAllBytes(Path.Combine(_folder, "Activation.text.liquid"), [0x48, 0xff, 0xfe, 0xc3]);
        Assert.Equal(ErrorIds.TemplateInvalid, Assert.Throws<ProvisioningException>(() => new NoticeComposer(Options with { TemplatePath = _folder })).ErrorId);
    }

    private static MimeMessage Compose(DropboxUserStatus person, NoticeOptions? options = null)
    {
        var composer = new NoticeComposer(options ?? Options);
        return composer.ToMail(composer.Compose(person), new ActivationNotice { Id = "n1", MessageId = composer.MessageId("n1") }, Now).Message;
    }

    private static MimeMessage Reparse(MimeMessage message)
    {
        using var wire = new MemoryStream();
        message.WriteTo(wire);
        wire.Position = 0;
        return MimeMessage.Load(wire);
    }

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder, file), text);
}
