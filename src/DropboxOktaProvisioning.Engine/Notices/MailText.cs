using System.Globalization;
using System.Text;
using MimeKit;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>Makes foreign text safe to stand on one line of a mail, and reads addresses strictly.</summary>
internal static class MailText
{
    // RFC 5321: a path is at most 256 octets with its brackets.
    private const int LongestAddress = 254;

    /// <summary>One line without control characters or marks that turn the reading direction, cut to a number of characters.</summary>
    public static string OneLine(string? text, int longest)
    {
        if (string.IsNullOrEmpty(text)) return "";
        if (IsOneLine(text, longest)) return text;
        var line = new StringBuilder(Math.Min(text.Length, longest));
        var blank = false;
        Span<char> characters = stackalloc char[2];
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || IsBreak(rune))
            {
                blank = line.Length > 0;
                continue;
            }

            if (Rune.IsControl(rune) || TurnsDirection(rune) || rune == Rune.ReplacementChar) continue;
            if (line.Length + rune.Utf16SequenceLength + (blank ? 1 : 0) > longest) break;
            if (blank) line.Append(' ');
            blank = false;
            line.Append(characters[..rune.EncodeToUtf16(characters)]);
        }

        return line.ToString();
    }

    /// <summary>The address, if the text is one bare address and nothing else.</summary>
    public static MailboxAddress? BareAddress(string? text)
    {
        var address = Mailbox(text);
        return address is not null && string.Equals(address.Address, text!.Trim(), StringComparison.Ordinal) ? address : null;
    }

    /// <summary>The mailbox, if the text is one address with or without a name.</summary>
    public static MailboxAddress? Mailbox(string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > 1000 || text.Any(char.IsControl)) return null;
        if (!MailboxAddress.TryParse(text, out var mailbox)) return null;
        var at = mailbox.Address.LastIndexOf('@');
        var usable = at > 0 && at < mailbox.Address.Length - 1 && mailbox.Address.Length <= LongestAddress && mailbox.Route.Count == 0
            && !mailbox.Address.Any(character => char.IsWhiteSpace(character) || char.IsControl(character));
        return usable ? mailbox : null;
    }

    // Nearly every text is one already.
    private static bool IsOneLine(string text, int longest) =>
        text.Length <= longest && text[0] != ' ' && text[^1] != ' ' && !text.AsSpan().ContainsAnyExceptInRange(' ', '~') && !text.Contains("  ", StringComparison.Ordinal);

    private static bool IsBreak(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static bool TurnsDirection(Rune rune) => rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x200E or 0x200F;
}
