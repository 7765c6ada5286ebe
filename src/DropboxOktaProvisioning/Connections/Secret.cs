using System.Security;

namespace DropboxOktaProvisioning.Connections;

/// <summary>Secrets from the environment, taken straight into a SecureString.</summary>
internal static class Secret
{
    public static SecureString? FromEnvironment(string variable)
    {
        var text = Environment.GetEnvironmentVariable(variable);
        if (string.IsNullOrEmpty(text)) return null;
        var secret = new SecureString();
        foreach (var letter in text) secret.AppendChar(letter);
        secret.MakeReadOnly();
        return secret;
    }
}
