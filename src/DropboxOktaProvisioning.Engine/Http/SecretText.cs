using System.Runtime.InteropServices;
using System.Security;

namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>Turns secrets to text for the moment that a request needs them, and keeps them out of messages.</summary>
internal static class SecretText
{
    /// <summary>What stands in a text where a secret stood.</summary>
    private const string Mask = "***";

    public static string Reveal(SecureString secret)
    {
        nint memory = Marshal.SecureStringToGlobalAllocUnicode(secret);
        try
        {
            return Marshal.PtrToStringUni(memory, secret.Length);
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(memory);
        }
    }

    public static SecureString Protect(string text)
    {
        var secret = new SecureString();
        foreach (char c in text) secret.AppendChar(c);
        secret.MakeReadOnly();
        return secret;
    }

    /// <summary>Copies a secret that can stand in a header; the caller may dispose its own.</summary>
    /// <exception cref="ProvisioningException"><see cref="ErrorIds.InvalidToken"/>; the text is never quoted.</exception>
    public static SecureString Check(SecureString? secret, string what)
    {
        string text = secret is null ? "" : Reveal(secret);
        string? flaw =
            text.Length == 0 ? "is empty"
            : text.AsSpan().IndexOfAny('\r', '\n') >= 0 ? "holds a line break"
            : text.Any(char.IsWhiteSpace) ? "holds a space"
            : text.Any(c => c is < '!' or > '~') ? "holds a character that no token has"
            : null;
        if (flaw is not null)
        {
            throw new ProvisioningException(ErrorIds.InvalidToken, ProblemCategory.InvalidArgument, $"The {what} {flaw}.",
                null, $"Copy the {what} again: the bare value on one line, with nothing before or after it.");
        }

        return secret!.Copy();
    }

    /// <summary>Takes the secrets out of a text that somebody else wrote.</summary>
    public static string Redact(string text, params ReadOnlySpan<string?> secrets)
    {
        foreach (string? secret in secrets)
        {
            if (!string.IsNullOrEmpty(secret)) text = text.Replace(secret, Mask, StringComparison.Ordinal);
        }

        return text;
    }
}
