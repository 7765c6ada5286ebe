using System.Security;

namespace DropboxOktaProvisioning.Connections;

/// <summary>Secrets that come as text, taken straight into a SecureString.</summary>
internal static class Secret
{
    public static SecureString? FromEnvironment(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? Of(text) : null;

    public static SecureString Of(string text)
    {
        var secret = new SecureString();
        foreach (var letter in text) secret.AppendChar(letter);
        secret.MakeReadOnly();
        return secret;
    }
}
