using System.Net.Http.Headers;
using DropboxOktaProvisioning.Engine.Http;
using MimeKit;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>Sends mails through Microsoft Graph (<c>POST /users/{id}/sendMail</c>, the mail as MIME so that its Message-ID and headers stay).</summary>
/// <remarks>
/// Graph takes a mail on (202) before it is sent, and tells nothing of its delivery: Accepted. One that it throttled surely did not leave and is
/// tried again when Graph says; one whose answer got lost, or that failed midway, may have left: Unknown, and it is not tried again.
/// </remarks>
public sealed class GraphTransport : INoticeTransport
{
    // After so many lost answers in a row, Graph is not asked again in this run.
    private const int MostLosses = 3;

    // All tries of one mail together take less than the lease of its claim, so that it stays ours.
    private static readonly RetryOptions Retry = new()
    {
        MaxRetries = 3, MaxWait = TimeSpan.FromMinutes(2), AttemptTimeout = TimeSpan.FromSeconds(45), UnavailableDidNotRun = true,
    };

    private readonly GraphOptions _options;
    private readonly GraphTokenSource _tokens;
    private readonly ServiceConnection _connection;
    private int _losses;

    /// <summary>Checks the options; nothing is sent yet.</summary>
    /// <exception cref="ProvisioningException">The address is none of Microsoft Graph (InvalidDomain).</exception>
    public GraphTransport(GraphOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _tokens = new GraphTokenSource(options.Token, options.Time);
        _connection = new ServiceConnection(
            GraphErrors.Service, options.Origin(), _ => _tokens, GraphErrors.Read,
            new ConnectionOptions { Time = options.Time, PrimaryHandler = options.PrimaryHandler, Retry = Retry });
    }

    /// <inheritdoc/>
    public string Name => "Graph";

    /// <summary>As many as Graph takes at once of one app for one mailbox ("Throttling limits: Outlook service limits").</summary>
    public int Connections => 4;

    /// <inheritdoc/>
    public Task OpenAsync(CancellationToken cancellationToken) => _tokens.OpenAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<DeliveryOutcome> DeliverAsync(MimeMessage message, string noticeId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        var mailbox = _options.Mailbox ?? message.From.Mailboxes.Single().Address;
        using var mail = new MailContent(await MimeAsync(message, cancellationToken));
        var request = new ServiceRequest(HttpMethod.Post, $"/v1.0/users/{Uri.EscapeDataString(mailbox)}/sendMail")
        {
            About = $"a mail of {mailbox}",
            Permission = "Mail.Send",
            Safe = false,
            ReadsAnswer = false,
            Content = () => mail,
            Target = mailbox,
        };
        try
        {
            using var answer = await _connection.SendAsync(request, new Listener(_options.Progress, mail), cancellationToken);
            return answer.Status == 202 ? Accepted(answer.RequestId) : Lost($"Microsoft Graph answered {answer.Status}, which is no acceptance.");
        }
        catch (ServiceException exception) when (exception.MayHaveBeenApplied)
        {
            return Lost(exception.Message);
        }
        catch (ServiceException exception)
        {
            _losses = 0;
            return DeliveryOutcome.Failed($"{exception.Message} {exception.RecommendedAction}") with { IsDown = GraphErrors.IsDown(exception) };
        }
        catch (ProvisioningException exception)
        {
            // No token, so nothing has left.
            return DeliveryOutcome.Failed(exception.Message) with { IsDown = true };
        }
        catch (OperationCanceledException)
        {
            return mail.HasLeft ? DeliveryOutcome.Unknown("The run was cancelled before Microsoft Graph had answered.")
                : DeliveryOutcome.Failed("It did not leave: the run was cancelled.");
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _connection.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<byte[]> MimeAsync(MimeMessage message, CancellationToken cancellationToken)
    {
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        using var mime = new MemoryStream();
        await message.WriteToAsync(format, mime, cancellationToken);
        return System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(mime.GetBuffer(), 0, (int)mime.Length));
    }

    private DeliveryOutcome Accepted(string? requestId)
    {
        _losses = 0;
        return DeliveryOutcome.Accepted(
            $"Microsoft Graph took it on{(requestId is null ? "" : $" (request id {MailText.OneLine(requestId, 100)})")}; whether it was delivered it does not tell.");
    }

    private DeliveryOutcome Lost(string reason) =>
        DeliveryOutcome.Unknown(reason) with { IsDown = Interlocked.Increment(ref _losses) >= MostLosses };

    /// <summary>The mail on its way: from when its first byte is asked for it may arrive.</summary>
    private sealed class MailContent : ByteArrayContent
    {
        public MailContent(byte[] text)
            : base(text) => Headers.ContentType = new MediaTypeHeaderValue("text/plain");

        public bool HasLeft { get; set; }

        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context, CancellationToken cancellationToken)
        {
            HasLeft = true;
            return base.SerializeToStreamAsync(stream, context, cancellationToken);
        }
    }

    /// <summary>Hands reports on, and hears from a wait that the try before surely did not count.</summary>
    private sealed class Listener(IProgress<RunEvent>? next, MailContent mail) : IProgress<RunEvent>
    {
        public void Report(RunEvent value)
        {
            if (value is Waiting) mail.HasLeft = false;
            next?.Report(value);
        }
    }
}
