using System.Collections.Concurrent;
using System.Globalization;
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
internal sealed partial class NoticeComposer
{
    private const int LongestName = 100, LongestSubject = 200;

    private readonly Dictionary<string, (MailboxAddress Address, ConcurrentBag<MailForm> Blank)> _senders;
    private readonly MailboxAddress? _rehearsal;
    private readonly Uri _ssoUrl;
    private readonly string? _team;
    private readonly NoticeManners _manners;
    private readonly MailboxAddress? _digestTo;
    private readonly TemplateLibrary _library;

    /// <summary>Checks the options, parses all templates that the run may use, and fills each in once.</summary>
    /// <exception cref="ProvisioningException">InvalidSender, InvalidSsoUrl, InvalidAddress, TemplateNotFound or TemplateInvalid.</exception>
    public NoticeComposer(NoticeOptions options)
    {
        MailboxAddress[] senders = [.. new[] { options.From }.Concat(options.MoreSenders).Select(Sender).DistinctBy(sender => Key(sender.Address))];
        Senders = [.. senders.Select(sender => Key(sender.Address))];
        _senders = senders.ToDictionary(sender => Key(sender.Address), sender => (sender, new ConcurrentBag<MailForm>()));
        _rehearsal = options.RedirectTo is { } address ? Rehearsal(address) : null;
        _ssoUrl = SsoUrl(options.SsoUrl);
        _team = NullIfEmpty(MailText.OneLine(options.TeamName, LongestName));
        _manners = options.Manners;
        _digestTo = _manners.DigestTo is { } helpdesk ? MailText.Mailbox(helpdesk) ?? throw NoAddress(helpdesk, "Give one address, such as helpdesk@contoso.example.") : null;
        _library = new TemplateLibrary(options.TemplatePath, options.Language, _manners.TemplateNames);
        TryOut();
    }

    /// <summary>The senders' addresses, in the order of their turns.</summary>
    public IReadOnlyList<string> Senders { get; }

    /// <summary>SHA-256 over all that makes the words but the person: senders, address, team and templates, and which reminder it is on which day.</summary>
    public string Digest
    {
        get
        {
            string[] texts = [.. Senders.Select(sender => _senders[sender].Address.ToString()), _ssoUrl.AbsoluteUri, _team ?? "", .. _library.Sources, .. _manners.ReminderAfter.Append(_manners.MaximumReminders).Select(number => number.ToString(CultureInfo.InvariantCulture))];
            // Each with its length, so that no text can end where another one begins.
            var all = string.Concat(texts.Select(text => FormattableString.Invariant($"{text.Length}:{text}")));
            return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(all))).ToLowerInvariant();
        }
    }

    /// <summary>The Message-ID of a notice, the same for every try.</summary>
    public string MessageId(string noticeId) => $"{noticeId}@{MailboxAddress.EncodeAddrspec(Senders[0]).Split('@')[^1]}";

    /// <summary>Writes the words for one person.</summary>
    /// <param name="person">The person.</param>
    /// <param name="occasion">What it is for; the first notice without one.</param>
    /// <exception cref="ProvisioningException">The address is none (InvalidAddress), or the templates cannot be filled in for this person (TemplateInvalid).</exception>
    public NoticeContent Compose(DropboxUserStatus person, Occasion? occasion = null) => Compose(person, occasion ?? Occasion.First, _library.Choose(person.Language));

    private NoticeContent Compose(DropboxUserStatus person, Occasion occasion, string language)
    {
        var to = To(person.Email, person.Name);
        var hasPersonalAccount = person.PersonalAccount != PersonalAccountLikelihood.None;
        var values = Values(to, language);
        values["tile_url"] = person.TileUrl is { IsAbsoluteUri: true } tile && tile.Scheme == Uri.UriSchemeHttps ? tile.AbsoluteUri : AbsentValue.Instance;
        values["days_waiting"] = person.DaysWaiting is { } days ? days : AbsentValue.Instance;
        values["personal_account"] = hasPersonalAccount;
        values["reminder"] = occasion.Step;
        values["told_on"] = occasion.ToldOn is { } told
            ? NoticeLanguage.Day(TimeZoneInfo.ConvertTime(told, _manners.Clock.Zones(person.TimeZone, person.CountryCode)[0]).DateTime, language) : AbsentValue.Instance;
        return Render(occasion.TemplateName(hasPersonalAccount), language, to, values);
    }

    /// <summary>From when on a mail to this person may leave; null for now.</summary>
    public DateTimeOffset? WaitsUntil(DropboxUserStatus person, DateTimeOffset now) => _rehearsal is not null ? null : _manners.Hours.WaitsUntil(now, _manners.Clock.Zones(person.TimeZone, person.CountryCode));

    /// <summary>From when on a mail to this manager may leave; null for now.</summary>
    public DateTimeOffset? WaitsUntil(Recipient manager, DateTimeOffset now) => _rehearsal is not null ? null : _manners.Hours.WaitsUntil(now, _manners.Clock.Zones(manager.TimeZone, manager.CountryCode));

    /// <summary>Makes the mail, which the caller disposes of when it has left.</summary>
    /// <param name="content">Its words.</param>
    /// <param name="notice">The notice: its id, its Message-ID, and who sends it.</param>
    /// <param name="now">The date that it bears.</param>
    public MailForm ToMail(NoticeContent content, ActivationNotice notice, DateTimeOffset now)
    {
        var (sender, blank) = _senders[notice.Sender ?? Senders[0]];
        if (!blank.TryTake(out var form)) form = new MailForm(sender, _rehearsal, blank);
        form.Fill(content, notice, now);
        return form;
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

    private Dictionary<string, object?> Values(MailboxAddress to, string language) => new()
    {
        ["person"] = new Dictionary<string, object?> { ["name"] = OrAbsent(NullIfEmpty(to.Name ?? "")), ["email"] = to.Address },
        ["sso_url"] = _ssoUrl.AbsoluteUri,
        ["team"] = OrAbsent(_team),
        ["language"] = language,
    };

    private NoticeContent Render(string name, string language, MailboxAddress to, Dictionary<string, object?> values)
    {
        var set = _library.Find(name, language);
        return new NoticeContent(to, MailText.OneLine(set.Subject.Render(values, language), LongestSubject), set.Text.Render(values, language), set.Html.Render(values, language));
    }

    private static MailboxAddress To(string email, string? name)
    {
        var address = MailText.BareAddress(email) ?? throw NoAddress(email, "Correct the address in Okta or in Dropbox.");
        return new MailboxAddress(MailText.OneLine(name, LongestName), address.Address);
    }

    private static ProvisioningException NoAddress(string text, string action) => new(
        ErrorIds.InvalidAddress, ProblemCategory.InvalidData, $"'{MailText.OneLine(text, LongestName)}' is not a mail address.", text, action);

    private static object OrAbsent(string? text) => text is null ? AbsentValue.Instance : text;

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
