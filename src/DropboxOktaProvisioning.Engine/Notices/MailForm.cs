using System.Collections.Concurrent;
using MimeKit;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>A mail whose parts stay, filled in for one person after the other: to make a new one takes longer than all the rest of it.</summary>
/// <remarks>Disposing of it gives it back for the next person.</remarks>
internal sealed class MailForm : IDisposable
{
    private const string NoticeId = "X-Notice-Id", RedirectedFor = "X-Redirected-For";

    private readonly ConcurrentBag<MailForm> _blank;
    private readonly MailboxAddress? _rehearsal;
    private readonly TextPart _text = new("plain");
    private readonly TextPart _html = new("html");

    /// <param name="sender">Who sends it.</param>
    /// <param name="rehearsal">To whom it goes in the person's place; null for the person.</param>
    /// <param name="blank">Where it lies when it is not in use.</param>
    public MailForm(MailboxAddress sender, MailboxAddress? rehearsal, ConcurrentBag<MailForm> blank)
    {
        _blank = blank;
        _rehearsal = rehearsal;
        // The constructor without arguments makes up a Message-ID out of this machine's name.
        Message = new MimeMessage(Array.Empty<object>());
        Message.From.Add(sender);
        // RFC 3834: so that no vacation notice answers it; the second is the same for Exchange.
        Message.Headers.Add("Auto-Submitted", "auto-generated");
        Message.Headers.Add("X-Auto-Response-Suppress", "OOF, AutoReply");
        Message.Body = new MultipartAlternative(_text, _html);
    }

    /// <summary>The mail, until this is disposed of.</summary>
    public MimeMessage Message { get; }

    /// <summary>Writes everything anew that is not the same for all.</summary>
    /// <param name="content">Its words.</param>
    /// <param name="notice">The notice: its id and its Message-ID.</param>
    /// <param name="now">The date that it bears.</param>
    public void Fill(NoticeContent content, ActivationNotice notice, DateTimeOffset now)
    {
        Message.Subject = _rehearsal is null ? content.Subject : $"[for {content.To.Address}] {content.Subject}";
        Message.Date = now;
        Message.MessageId = notice.MessageId!;
        if (Message.To.Count == 0) Message.To.Add(_rehearsal ?? content.To);
        else if (_rehearsal is null) Message.To[0] = content.To;
        if (_rehearsal is not null) Message.Headers[RedirectedFor] = content.To.Address;
        Message.Headers[NoticeId] = notice.Id;
        Fill(_text, content.Text);
        Fill(_html, content.Html);
    }

    /// <inheritdoc/>
    public void Dispose() => _blank.Add(this);

    private static void Fill(TextPart part, string text)
    {
        // The content is a stream in memory that nobody else has.
        part.Content?.Dispose();
        // The mail server's way of sending the last one is not this one's.
        part.ContentTransferEncoding = ContentEncoding.Default;
        part.Text = text;
    }
}
