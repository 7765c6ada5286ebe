using System.Net.Security;
using System.Security;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>How to reach and sign in to the mail server.</summary>
public sealed record SmtpOptions
{
    /// <summary>The server's name or address.</summary>
    public required string Host { get; init; }

    /// <summary>The port; 587 is where mail is submitted.</summary>
    public int Port { get; init; } = 587;

    /// <summary>The encryption.</summary>
    public SmtpTls Tls { get; init; } = SmtpTls.Required;

    /// <summary>The user to sign in as; null sends without signing in.</summary>
    public string? UserName { get; init; }

    /// <summary>The password, or the OAuth 2.0 access token when <see cref="UseOAuth"/> is on.</summary>
    public SecureString? Secret { get; init; }

    /// <summary>Sign in with an OAuth 2.0 access token (SASL OAUTHBEARER or XOAUTH2, whichever the server has).</summary>
    public bool UseOAuth { get; init; }

    /// <summary>Ask the certificate's issuer whether it was revoked.</summary>
    public bool CheckRevocation { get; init; } = true;

    /// <summary>How many mails may be on their way at once, each on a connection of its own. A server that takes fewer is heeded.</summary>
    public int Connections { get; init; } = 4;

    /// <summary>How long one mail, or one sign-in, may take. Shorter than the lease of a claim, so that a slow mail stays ours.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Judges the server's certificate in place of the system; for tests.</summary>
    internal RemoteCertificateValidationCallback? CertificateValidation { get; init; }

    /// <summary>Host and port; the secret never shows.</summary>
    public override string ToString() => FormattableString.Invariant($"{Host}:{Port}");
}
