using System.Net;
using System.Net.Sockets;
using DropboxOktaProvisioning.Engine.Http;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>One connection to the mail server, which remembers whether the recipient of the mail in flight was accepted.</summary>
internal sealed class SmtpSession : SmtpClient
{
    private readonly SmtpOptions _options;

    // The framework's own stream waits for an answer with less ado than MailKit's, and a notice takes three. It waits without looking at a
    // cancellation token, so whoever cancels hangs up.
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private string? _secret;

    public SmtpSession(SmtpOptions options)
    {
        _options = options;
        // Whoever waits has a clock, and hangs up.
        Timeout = System.Threading.Timeout.Infinite;
        CheckCertificateRevocation = options.CheckRevocation;
        if (options.CertificateValidation is { } judge) ServerCertificateValidationCallback = judge;
    }

    /// <summary>The server has said yes to the recipient of the mail that was sent last: from then on the mail may arrive.</summary>
    public bool RecipientAccepted { get; private set; }

    /// <summary>The server has taken a mail on this connection.</summary>
    public bool HasDelivered { get; private set; }

    /// <summary>Forgets the last mail.</summary>
    public void Begin() => RecipientAccepted = false;

    /// <summary>Ends the wait for an answer, on whatever thread it is waited for.</summary>
    public void HangUp() => _socket.Dispose();

    /// <summary>Connects, encrypts and signs in.</summary>
    /// <remarks>The errors have no inner ones: those hold what the server said, as it said it, and a server may repeat the secret.</remarks>
    /// <exception cref="ProvisioningException">MailServerUnreachable, MailTlsUnavailable, MailServerRefused or MailSignInRefused.</exception>
    public void SignIn(CancellationToken cancellationToken)
    {
        // Not on the thread that cancels: it would wait where a connect cannot be broken off.
        using var hangUp = cancellationToken.Register(() => ThreadPool.QueueUserWorkItem(_ => HangUp()));
        try
        {
            Connect(cancellationToken);
            if (_options.UserName is not null) Authenticate(cancellationToken);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // Whatever it says, we have hung up.
            throw new OperationCanceledException(cancellationToken);
        }
    }

    /// <summary>Whether the exception means that the connection is gone, not that the server said no.</summary>
    public static bool IsConnectionLost(Exception exception) =>
        exception is IOException or SocketException or ProtocolException or ServiceNotConnectedException or TimeoutException;

    /// <summary>The server's own words, on one line, without what we must not repeat.</summary>
    public string Words(SmtpCommandException exception) => FormattableString.Invariant($"{(int)exception.StatusCode} {Words(exception.Message)}");

    /// <inheritdoc cref="Words(SmtpCommandException)"/>
    /// <remarks>The secret goes before the text is cut, so that no part of it is left at the end.</remarks>
    public string Words(string said) => MailText.OneLine(SecretText.Redact(said, _secret), 300);

    /// <inheritdoc/>
    protected override void OnRecipientAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response)
    {
        RecipientAccepted = true;
        base.OnRecipientAccepted(message, mailbox, response);
    }

    /// <inheritdoc/>
    protected override void OnMessageSent(MessageSentEventArgs e)
    {
        HasDelivered = true;
        base.OnMessageSent(e);
    }

    /// <inheritdoc/>
    /// <remarks>A notice is small, and to tell the server its size beforehand it would be written twice. Only where it goes in one numbered piece is it measured.</remarks>
    protected override long GetSize(FormatOptions options, MimeMessage message, CancellationToken cancellationToken) =>
        Capabilities.HasFlag(SmtpCapabilities.BinaryMime) ? base.GetSize(options, message, cancellationToken) : -1;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) _socket.Dispose();
    }

    private void Connect(CancellationToken cancellationToken)
    {
        try
        {
            _socket.Connect(Dns.GetHostAddressesAsync(_options.Host, cancellationToken).GetAwaiter().GetResult(), _options.Port);
            Connect(new NetworkStream(_socket, ownsSocket: true), _options.Host, _options.Port, Security(_options), cancellationToken);
        }
        catch (SslHandshakeException exception)
        {
            throw NoTls($"did not agree on TLS: {FirstLine(exception.Message)}");
        }
        catch (NotSupportedException)
        {
            throw NoTls("does not offer STARTTLS");
        }
        catch (SmtpCommandException exception)
        {
            throw new ProvisioningException(
                ErrorIds.MailServerRefused, ProblemCategory.ConnectionError, $"The mail server {_options} refuses the connection: {Words(exception)}", _options.Host,
                "Ask whoever runs the mail server to let this machine send.");
        }
        catch (Exception exception) when (exception is ArgumentException || IsConnectionLost(exception))
        {
            // An argument is wrong where a name has no address that can be connected to.
            throw new ProvisioningException(
                ErrorIds.MailServerUnreachable, ProblemCategory.ConnectionError, $"The mail server {_options} cannot be reached: {FirstLine(exception.Message)}",
                _options.Host, "Check the server's name, the port and the firewall.");
        }
    }

    private void Authenticate(CancellationToken cancellationToken)
    {
        var credential = new NetworkCredential(_options.UserName, _options.Secret);
        _secret = credential.Password;
        try
        {
            if (!_options.UseOAuth) Authenticate(credential, cancellationToken);
            else if (AuthenticationMechanisms.Contains("OAUTHBEARER")) Authenticate(new SaslMechanismOAuthBearer(credential), cancellationToken);
            else Authenticate(new SaslMechanismOAuth2(credential), cancellationToken);
        }
        catch (AuthenticationException exception)
        {
            throw Refused(exception.InnerException is SmtpCommandException said ? Words(said) : "user name or secret is wrong.");
        }
        catch (SmtpCommandException exception)
        {
            throw Refused(Words(exception));
        }
        catch (NotSupportedException)
        {
            throw Refused("it offers no sign-in of this kind.");
        }
        catch (Exception exception) when (IsConnectionLost(exception))
        {
            throw new ProvisioningException(
                ErrorIds.MailServerUnreachable, ProblemCategory.ConnectionError, $"The mail server {_options} ended the connection during the sign-in.",
                _options.Host, "Try again later, or ask whoever runs the mail server.");
        }
    }

    private static SecureSocketOptions Security(SmtpOptions options) => options.Tls switch
    {
        SmtpTls.None => SecureSocketOptions.None,
        SmtpTls.Implicit => SecureSocketOptions.SslOnConnect,
        SmtpTls.Required when options.Port == 465 => SecureSocketOptions.SslOnConnect,
        _ => SecureSocketOptions.StartTls,
    };

    private static string FirstLine(string text) => MailText.OneLine(text.Split('\n')[0], 300);

    private ProvisioningException NoTls(string what) => new(
        ErrorIds.MailTlsUnavailable, ProblemCategory.ConnectionError, $"The mail server {_options} {what}.", _options.Host,
        "Use the port and the name that the server's certificate is for. Only on a network that you trust, switch TLS off by name.");

    private ProvisioningException Refused(string why) => new(
        ErrorIds.MailSignInRefused, ProblemCategory.AuthenticationError, $"The mail server {_options} refuses the sign-in of '{_options.UserName}': {why}",
        _options.UserName, "Check the user name and the password or token, and that the account may send through SMTP.");
}
