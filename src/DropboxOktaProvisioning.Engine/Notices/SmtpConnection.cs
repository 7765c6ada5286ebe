using MailKit;
using MailKit.Net.Smtp;
using MimeKit;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>One way to the mail server: opened once, used for one mail after the other, and opened anew when it was lost.</summary>
/// <remarks>
/// A mail that was lost before the server accepted its recipient surely did not leave, and is tried once more on a new connection. One that was
/// lost after that may have left: Unknown. What the server refuses in words did not leave: Failed. It blocks the thread that it is used on, which
/// has the server's answer sooner than a task would.
/// </remarks>
internal sealed class SmtpConnection(SmtpOptions options, TimeProvider time) : IDisposable
{
    // After so many lost connections without an answer in between, the server is not asked again in this run.
    private const int MostLosses = 3;

    private SmtpSession? _session;
    private int _losses;

    /// <summary>Whether the way is open.</summary>
    public bool IsConnected => _session is { IsConnected: true };

    /// <summary>The server had no room for the last mail on this way, by its own words or because it let us in no more; it surely did not leave.</summary>
    public bool HadNoRoom { get; private set; }

    /// <summary>Connects and signs in.</summary>
    public void Open(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.Timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            Connect(linked.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ProvisioningException(
                ErrorIds.MailServerUnreachable, ProblemCategory.ConnectionError, $"The mail server {options} does not answer.", options.Host,
                "Check the server's name, the port and the firewall.", exception);
        }
    }

    /// <summary>Hands one mail over; cancelling gives an outcome too.</summary>
    public DeliveryOutcome Deliver(MimeMessage message, CancellationToken cancellationToken)
    {
        HadNoRoom = false;
        var reason = "";
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            using var limit = new CancellationTokenSource(options.Timeout, time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
            var accepted = false;
            try
            {
                var session = Connect(linked.Token);
                using var hangUp = linked.Token.Register(session.HangUp);
                session.Begin();
                try
                {
                    var answer = session.Send(message, linked.Token);
                    _losses = 0;
                    return DeliveryOutcome.Sent(session.Words(answer));
                }
                catch (ServiceNotAuthenticatedException exception)
                {
                    return DeliveryOutcome.Failed($"The mail server wants a sign-in first: {session.Words(exception.Message)}") with { IsDown = true };
                }
                catch (SmtpCommandException exception) when ((int)exception.StatusCode >= 400)
                {
                    _losses = 0;
                    if (attempt == 1 && EndsItself(session, exception))
                    {
                        Drop();
                        continue;
                    }

                    HadNoRoom = exception.StatusCode is SmtpStatusCode.ServiceNotAvailable or (SmtpStatusCode)432;
                    return Refused(session, exception);
                }
                finally
                {
                    accepted = session.RecipientAccepted;
                }
            }
            catch (ProvisioningException exception)
            {
                // No connection, so nothing has left on this one.
                HadNoRoom = true;
                reason = exception.Message;
                if (++_losses >= MostLosses) return DeliveryOutcome.Failed(reason) with { IsDown = true };
            }
            catch (NotSupportedException exception)
            {
                return DeliveryOutcome.Failed($"The mail server cannot take this mail: {exception.Message}");
            }
            catch (Exception exception) when (exception is SmtpCommandException || SmtpSession.IsConnectionLost(exception) || linked.IsCancellationRequested)
            {
                Drop();
                var cancelled = cancellationToken.IsCancellationRequested;
                reason = cancelled ? "the run was cancelled."
                    : limit.IsCancellationRequested ? "the mail server did not answer in time."
                    : "the connection to the mail server was lost.";
                var isDown = ++_losses >= MostLosses;
                if (accepted) return DeliveryOutcome.Unknown("After the recipient was accepted, " + reason) with { IsDown = isDown };
                if (cancelled || isDown) return DeliveryOutcome.Failed("It did not leave: " + reason) with { IsDown = isDown };
            }
        }

        return DeliveryOutcome.Failed("It did not leave: " + reason);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_session is not { } session) return;
        _session = null;
        // A polite goodbye, for which nobody waits long.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1), time);
        using var hangUp = limit.Token.Register(session.HangUp);
        try
        {
            if (session.IsConnected) session.Disconnect(quit: true, limit.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException || SmtpSession.IsConnectionLost(exception))
        {
            // Everything is delivered and recorded; the server has left first.
        }

        session.Dispose();
    }

    // Many servers take so many mails on one connection and then end it; on the next one this mail is as welcome as the first.
    private static bool EndsItself(SmtpSession session, SmtpCommandException exception) => session.HasDelivered && exception.StatusCode == SmtpStatusCode.ServiceNotAvailable;

    private static DeliveryOutcome Refused(SmtpSession session, SmtpCommandException exception)
    {
        var what = exception.ErrorCode switch
        {
            SmtpErrorCode.SenderNotAccepted => "the sender",
            SmtpErrorCode.RecipientNotAccepted => "the recipient",
            _ => "the mail",
        };
        // RFC 5321: a reply of 5yz is final, one of 4yz passes.
        var howLong = (int)exception.StatusCode >= 500 ? "for good" : "for now";
        return DeliveryOutcome.Failed($"The mail server refuses {what} {howLong}: {session.Words(exception)}");
    }

    private SmtpSession Connect(CancellationToken cancellationToken)
    {
        if (_session is { IsConnected: true }) return _session;
        Drop();
        var session = new SmtpSession(options);
        // A look-up, a revocation list, and on macOS a connect cannot be broken off; nobody waits for them once this is cancelled.
        var signingIn = Task.Factory.StartNew(() => session.SignIn(cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            signingIn.WaitAsync(cancellationToken).GetAwaiter().GetResult();
        }
        catch
        {
            _ = signingIn.ContinueWith(
                over =>
                {
                    _ = over.Exception;
                    session.Dispose();
                },
                CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }

        return _session = session;
    }

    private void Drop()
    {
        _session?.Dispose();
        _session = null;
    }
}
