using System.Security.Cryptography;
using System.Text;
using MimeKit;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>The words of one notice to one person, ready to become a mail.</summary>
/// <param name="To">The recipient.</param>
/// <param name="Subject">The subject, one line.</param>
/// <param name="Text">The plain text.</param>
/// <param name="Html">The same as HTML.</param>
internal sealed record NoticeContent(MailboxAddress To, string Subject, string Text, string Html);

/// <summary>Writes the notices. Everything that can be wrong with sender, address or templates is found when it is created.</summary>
internal sealed class NoticeComposer
{
    private const int LongestName = 100, LongestSubject = 200;

    private readonly Dictionary<string, MailboxAddress> _senders;
    private readonly MailboxAddress? _rehearsal;
    private readonly Uri _ssoUrl;
    private readonly string? _team;
    private readonly TemplateSet _ordinary;
    private readonly TemplateSet _personal;

    /// <summary>Checks the options and parses all templates.</summary>
    /// <exception cref="ProvisioningException">InvalidSender, InvalidSsoUrl, TemplateNotFound or TemplateInvalid.</exception>
    public NoticeComposer(NoticeOptions options)
    {
        MailboxAddress[] senders = [.. new[] { options.From }.Concat(options.MoreSenders).Select(Sender).DistinctBy(sender => Key(sender.Address))];
        Senders = [.. senders.Select(sender => Key(sender.Address))];
        _senders = senders.ToDictionary(sender => Key(sender.Address));
        _rehearsal = options.RedirectTo is { } address ? Rehearsal(address) : null;
        _ssoUrl = SsoUrl(options.SsoUrl);
        _team = NullIfEmpty(MailText.OneLine(options.TeamName, LongestName));
        if (options.TemplatePath is { } folder) TemplateSet.CheckFolder(folder);
        _ordinary = TemplateSet.Load(TemplateSet.Ordinary, options.TemplatePath);
        _personal = TemplateSet.Load(TemplateSet.PersonalAccount, options.TemplatePath);
        TryOut();
    }

    /// <summary>The senders' addresses, in the order of their turns.</summary>
    public IReadOnlyList<string> Senders { get; }

    /// <summary>SHA-256 over all that makes the words but the person: senders, address, team and templates.</summary>
    public string Digest
    {
        get
        {
            string[] texts = [.. Senders.Select(sender => _senders[sender].ToString()), _ssoUrl.AbsoluteUri, _team ?? "", .. _ordinary.Sources, .. _personal.Sources];
            // Each with its length, so that no text can end where another one begins.
            var all = string.Concat(texts.Select(text => FormattableString.Invariant($"{text.Length}:{text}")));
            return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(all))).ToLowerInvariant();
        }
    }

    /// <summary>The Message-ID of a notice, the same for every try.</summary>
    public string MessageId(string noticeId) => $"{noticeId}@{MailboxAddress.EncodeAddrspec(Senders[0]).Split('@')[^1]}";

    /// <summary>Writes the words for one person.</summary>
    /// <exception cref="ProvisioningException">The address is none (InvalidAddress), or the templates cannot be filled in for this person (TemplateInvalid).</exception>
    public NoticeContent Compose(DropboxUserStatus person)
    {
        var address = MailText.BareAddress(person.Email) ?? throw new ProvisioningException(
            ErrorIds.InvalidAddress, ProblemCategory.InvalidData, $"'{MailText.OneLine(person.Email, LongestName)}' is not a mail address.", person.Email,
            "Correct the address in Okta or in Dropbox.");
        var name = NullIfEmpty(MailText.OneLine(person.Name, LongestName));
        var set = person.PersonalAccount == PersonalAccountLikelihood.None ? _ordinary : _personal;
        var values = new Dictionary<string, object?>
        {
            ["person"] = new Dictionary<string, object?> { ["name"] = OrAbsent(name), ["email"] = address.Address },
            ["sso_url"] = _ssoUrl.AbsoluteUri,
            ["tile_url"] = person.TileUrl is { IsAbsoluteUri: true } tile && tile.Scheme == Uri.UriSchemeHttps ? tile.AbsoluteUri : AbsentValue.Instance,
            ["days_waiting"] = person.DaysWaiting is { } days ? days : AbsentValue.Instance,
            ["personal_account"] = person.PersonalAccount != PersonalAccountLikelihood.None,
            ["team"] = OrAbsent(_team),
        };
        return new NoticeContent(
            new MailboxAddress(name ?? "", address.Address), MailText.OneLine(set.Subject.Render(values), LongestSubject), set.Text.Render(values), set.Html.Render(values));
    }

    /// <summary>Makes the mail.</summary>
    /// <param name="content">Its words.</param>
    /// <param name="notice">The notice: its id, its Message-ID, and who sends it.</param>
    /// <param name="now">The date that it bears.</param>
    public MimeMessage ToMessage(NoticeContent content, ActivationNotice notice, DateTimeOffset now)
    {
        // The constructor without arguments makes up a Message-ID out of this machine's name, which takes longer than all the rest.
        var message = new MimeMessage(Array.Empty<object>())
        {
            Subject = content.Subject,
            Date = now,
            MessageId = notice.MessageId!,
            Body = new BodyBuilder { TextBody = content.Text, HtmlBody = content.Html }.ToMessageBody(),
        };
        message.From.Add(_senders[notice.Sender ?? Senders[0]]);
        message.To.Add(_rehearsal ?? content.To);
        if (_rehearsal is not null)
        {
            message.Subject = $"[for {content.To.Address}] {content.Subject}";
            message.Headers.Add("X-Redirected-For", content.To.Address);
        }

        // RFC 3834: so that no vacation notice answers it; the second is the same for Exchange.
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Headers.Add("X-Auto-Response-Suppress", "OOF, AutoReply");
        message.Headers.Add("X-Notice-Id", notice.Id);
        return message;
    }

    private static MailboxAddress Sender(string from)
    {
        var sender = MailText.Mailbox(from) ?? throw new ProvisioningException(
            ErrorIds.InvalidSender, ProblemCategory.InvalidArgument, $"'{MailText.OneLine(from, LongestName)}' is not one sender's address.", from,
            "Give one address, such as it@contoso.example or 'IT <it@contoso.example>'.");
        return new MailboxAddress(MailText.OneLine(sender.Name, LongestName), sender.Address);
    }

    private static MailboxAddress Rehearsal(string text) => MailText.BareAddress(text) ?? throw new ProvisioningException(
        ErrorIds.InvalidAddress, ProblemCategory.InvalidArgument, $"'{MailText.OneLine(text, LongestName)}' is not one address for a rehearsal.", text,
        "Give your own address, such as me@contoso.example.");

    // A sender's mails are counted by the address, and nobody writes it twice in the same way.
    private static string Key(string address) => address.ToLowerInvariant();

    private static Uri SsoUrl(string text)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps && url.IsDefaultPort && url.UserInfo.Length == 0
            && url.IdnHost is "dropbox.com" or "www.dropbox.com")
        {
            return url;
        }

        throw new ProvisioningException(
            ErrorIds.InvalidSsoUrl, ProblemCategory.InvalidArgument,
            $"'{MailText.OneLine(text, LongestSubject)}' is not an address where people sign on to Dropbox.", text,
            "Give an https address on dropbox.com or www.dropbox.com, such as https://www.dropbox.com/sso or the one that the Dropbox admin console shows.");
    }

    // A template that parses can still ask for a value that is not there; better now than after half of the people.
    private void TryOut()
    {
        foreach (var personal in new[] { PersonalAccountLikelihood.None, PersonalAccountLikelihood.Confirmed })
        {
            var full = new DropboxUserStatus
            {
                Email = "ada@contoso.example", Name = "Ada", PersonalAccount = personal, DaysWaiting = 3, TileUrl = new Uri("https://contoso.example/home"),
            };
            foreach (var person in new[] { full, new DropboxUserStatus { Email = full.Email, PersonalAccount = personal } })
            {
                var content = Compose(person);
                var empty = content.Subject.Length == 0 ? "subject" : string.IsNullOrWhiteSpace(content.Text) ? "text"
                    : string.IsNullOrWhiteSpace(content.Html) ? "html" : null;
                if (empty is null) continue;
                var set = personal == PersonalAccountLikelihood.None ? TemplateSet.Ordinary : TemplateSet.PersonalAccount;
                throw TemplateFile.Invalid($"{set}.{empty}.liquid", "becomes an empty text");
            }
        }
    }

    private static object OrAbsent(string? text) => text is null ? AbsentValue.Instance : text;

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
