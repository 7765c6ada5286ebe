using System.Net.Sockets;
using System.Text;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Tests.Http;
using MimeKit;

namespace DropboxOktaProvisioning.Engine.Tests.Notices;

public sealed class GraphTransportTests : IDisposable
{
    private const string Secret = "eyJ.SecretGraphToken";

    private readonly ScriptedHandler _network = new();
    private readonly InstantTime _time = new();
    private readonly EventLog _log = new();
    private readonly Queue<DateTimeOffset?> _ends = new();
    private int _fetched;

    public void Dispose() => _network.Dispose();

    [Fact]
    public async Task A_mail_goes_as_mime_with_its_own_headers_and_is_accepted_which_is_not_delivered()
    {
        _network.Then(Taken());
        await using var transport = Transport();
        await transport.OpenAsync(CancellationToken.None);

        var outcome = await SendAsync(transport);

        Assert.Equal(DeliveryState.Accepted, outcome.State);
        Assert.Equal("Microsoft Graph took it on (request id graph-1); whether it was delivered it does not tell.", outcome.Reason);
        var sent = Assert.Single(_network.Requests);
        Assert.Equal(("POST", "https://graph.microsoft.com/v1.0/users/it%40contoso.example/sendMail"), (sent.Method, sent.Address.AbsoluteUri));
        Assert.Equal(("text/plain", $"Bearer {Secret}1"), (sent.ContentType, sent.Authorization));
        using var message = await MimeMessage.LoadAsync(new MemoryStream(Convert.FromBase64String(sent.Body!)));
        Assert.Equal("n1@contoso.example", message.MessageId);
        Assert.Equal("n1", message.Headers["X-Notice-Id"]);
        Assert.Equal("ada@contoso.example", message.To.Mailboxes.Single().Address);
    }

    [Fact]
    public async Task A_mailbox_may_be_named_by_its_id()
    {
        _network.Then(Taken());
        await using var transport = Transport(mailbox: "0b/1 2");

        await SendAsync(transport);

        Assert.EndsWith("/users/0b%2F1%202/sendMail", _network.Requests[0].Address.AbsoluteUri, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_throttled_mail_is_sent_again_when_graph_says(int status)
    {
        _network.Then(Answer(status, "throttled", ("Retry-After", "17")), Taken());
        await using var transport = Transport();

        Assert.Equal(DeliveryState.Accepted, (await SendAsync(transport)).State);

        Assert.Equal(_network.Requests[0].Body, _network.Requests[1].Body);
        Assert.Equal(TimeSpan.FromSeconds(17), Assert.Single(_log.Events.OfType<Waiting>()).Delay);
        Assert.Contains(TimeSpan.FromSeconds(17), _time.Waits);
    }

    [Theory]
    [InlineData(429, "300", 1)]
    [InlineData(503, "300", 1)]
    [InlineData(429, "60", 4)]
    public async Task Where_graph_asks_for_more_patience_than_a_claim_lasts_the_mail_surely_did_not_leave_and_the_run_ends(int status, string seconds, int requests)
    {
        for (var i = 0; i < requests; i++) _network.Then(Answer(status, "throttled", ("Retry-After", seconds)));
        await using var transport = Transport();

        var outcome = await SendAsync(transport);

        Assert.Equal((DeliveryState.Failed, true), (outcome.State, outcome.IsDown));
        Assert.Contains(" until 2026-", outcome.Reason, StringComparison.Ordinal);
        Assert.Contains("-SenderLimit", outcome.Reason, StringComparison.Ordinal);
        Assert.Equal(requests, _network.Requests.Count);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(200)]
    [InlineData(204)]
    [InlineData(302)]
    public async Task An_answer_that_is_neither_yes_nor_no_leaves_it_unknown_and_it_is_not_sent_again(int status)
    {
        _network.Then(Answer(status, "broken"));
        await using var transport = Transport();

        Assert.Equal((DeliveryState.Unknown, false), (await SendAsync(transport) is var outcome ? outcome.State : default, outcome.IsDown));

        Assert.Single(_network.Requests);
    }

    [Fact]
    public async Task An_answer_that_got_lost_leaves_it_unknown_and_after_three_the_run_ends()
    {
        _network.ThenThrow(new HttpRequestException(HttpRequestError.ResponseEnded, "lost"))
            .ThenThrow(new IOException("reset", new SocketException((int)SocketError.ConnectionReset)))
            .ThenThrow(new TimeoutException("late"));
        await using var transport = Transport();

        var outcomes = new List<DeliveryOutcome>();
        for (var i = 0; i < 3; i++) outcomes.Add(await SendAsync(transport));

        Assert.All(outcomes, outcome => Assert.Equal(DeliveryState.Unknown, outcome.State));
        Assert.Equal([false, false, true], outcomes.Select(outcome => outcome.IsDown));
        Assert.Equal(3, _network.Requests.Count);
    }

    [Theory]
    [InlineData(HttpRequestError.NameResolutionError)]
    [InlineData(HttpRequestError.ConnectionError)]
    [InlineData(HttpRequestError.SecureConnectionError)]
    [InlineData(HttpRequestError.ProxyTunnelError)]
    public async Task A_mail_that_found_no_connection_surely_did_not_leave(HttpRequestError error)
    {
        _network.ThenThrow(new HttpRequestException(error, "no way"));
        await using var transport = Transport();

        var outcome = await SendAsync(transport);

        Assert.Equal((DeliveryState.Failed, true), (outcome.State, outcome.IsDown));
    }

    [Theory]
    [InlineData(400, "ErrorInvalidRecipients", "At least one recipient is not valid", false)]
    [InlineData(413, "TooLarge", "too large", false)]
    [InlineData(403, "ErrorAccessDenied", "Mail.Send", true)]
    [InlineData(404, "ErrorInvalidUser", "-GraphMailbox", true)]
    public async Task What_graph_refuses_in_words_failed_with_those_words_and_says_what_to_do(int status, string code, string named, bool isDown)
    {
        _network.Then(Answer(status, $$$"""{"error":{"code":"{{{code}}}","message":"{{{(isDown ? code : named)}}}"}}"""));
        await using var transport = Transport();

        var outcome = await SendAsync(transport);

        Assert.Equal((DeliveryState.Failed, isDown), (outcome.State, outcome.IsDown));
        Assert.Contains(named, outcome.Reason, StringComparison.Ordinal);
        if (isDown) Assert.Contains(code, outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_token_is_fetched_once_more_and_then_the_run_ends()
    {
        _network.Then(Answer(401, ""), Taken(), Answer(401, ""), Answer(401, ""));
        await using var transport = Transport();

        Assert.Equal(DeliveryState.Accepted, (await SendAsync(transport)).State);
        var outcome = await SendAsync(transport);

        Assert.Equal((DeliveryState.Failed, true), (outcome.State, outcome.IsDown));
        Assert.Equal([1, 2, 2, 3], _network.Requests.Select(request => request.Authorization![^1] - '0'));
    }

    [Fact]
    public async Task A_token_is_kept_until_a_little_before_its_end_and_one_without_an_end_until_it_is_refused()
    {
        _network.Otherwise = _ => Taken();
        _ends.Enqueue(InstantTime.Start.AddHours(1));
        await using var transport = Transport();

        for (var i = 0; i < 3; i++) await SendAsync(transport);
        _time.Advance(TimeSpan.FromMinutes(56));
        for (var i = 0; i < 3; i++) await SendAsync(transport);
        _time.Advance(TimeSpan.FromDays(2));
        await SendAsync(transport);

        Assert.Equal([1, 1, 1, 2, 2, 2, 2], _network.Requests.Select(request => request.Authorization![^1] - '0'));
    }

    [Fact]
    public async Task A_token_that_cannot_be_fetched_is_found_before_the_first_mail_and_ends_the_run_later()
    {
        var problem = new ProvisioningException(ErrorIds.InvalidToken, ProblemCategory.InvalidArgument, "no token", null, "sign in");
        await using var transport = new GraphTransport(new GraphOptions { Token = _ => throw problem, Time = _time, PrimaryHandler = () => _network });

        Assert.Same(problem, await Assert.ThrowsAsync<ProvisioningException>(() => transport.OpenAsync(CancellationToken.None)));

        var outcome = await SendAsync(transport);
        Assert.Equal((DeliveryState.Failed, "no token", true), (outcome.State, outcome.Reason, outcome.IsDown));
        Assert.Empty(_network.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("eyJ\nSecretGraphToken")]
    public async Task A_token_that_cannot_be_one_is_refused_without_being_quoted(string token)
    {
        await using var transport = new GraphTransport(new GraphOptions
        {
            Token = _ => Task.FromResult(new GraphToken(SecretText.Protect(token), null)), Time = _time, PrimaryHandler = () => _network,
        });

        var problem = await Assert.ThrowsAsync<ProvisioningException>(() => transport.OpenAsync(CancellationToken.None));

        Assert.Equal(ErrorIds.InvalidToken, problem.ErrorId);
        if (token.Length > 0) Assert.DoesNotContain(token, problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_tells_by_the_mails_first_byte_whether_it_may_have_left()
    {
        using var whileAsked = new CancellationTokenSource();
        await using (var transport = new GraphTransport(new GraphOptions
        {
            Token = async cancel =>
            {
                await whileAsked.CancelAsync();
                await Task.Delay(Timeout.Infinite, cancel);
                return null!;
            },
            Time = _time,
            PrimaryHandler = () => _network,
        }))
        {
            Assert.Equal(DeliveryState.Failed, (await SendAsync(transport, whileAsked.Token)).State);
        }

        using var whileSent = new CancellationTokenSource();
        _network.ThenDo(async (_, cancel) =>
        {
            await whileSent.CancelAsync();
            await Task.Delay(Timeout.Infinite, cancel);
            return Taken();
        });
        await using (var transport = Transport()) Assert.Equal(DeliveryState.Unknown, (await SendAsync(transport, whileSent.Token)).State);

        using var whileThrottled = new CancellationTokenSource();
        _network.Then(Answer(429, "", ("Retry-After", "60")));
        await using (var transport = Transport(new Canceller(whileThrottled))) Assert.Equal(DeliveryState.Failed, (await SendAsync(transport, whileThrottled.Token)).State);
    }

    [Fact]
    public async Task Nothing_that_is_said_holds_the_token_though_every_answer_repeats_it()
    {
        foreach (var status in new[] { 200, 400, 401, 403, 404, 429, 500, 503 })
        {
            _network.Otherwise = request => Answer(status, $$$"""{"error":{"code":"{{{request.Headers.Authorization!.Parameter}}}","message":"{{{request.Headers.Authorization.Parameter}}}"}}""");
            await using var transport = Transport();
            var outcome = await SendAsync(transport);
            Assert.DoesNotContain(Secret, outcome.ToString(), StringComparison.Ordinal);
        }

        Assert.All(_log.Events, reported => Assert.DoesNotContain(Secret, reported.ToString(), StringComparison.Ordinal));
        Assert.DoesNotContain(Secret, new GraphToken(SecretText.Protect(Secret), null).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://graph.microsoft.us", true)]
    [InlineData("https://dod-graph.microsoft.us/v1.0", true)]
    [InlineData("https://microsoftgraph.chinacloudapi.cn", true)]
    [InlineData("http://127.0.0.1:8080", true)]
    [InlineData("http://graph.microsoft.com", false)]
    [InlineData("https://graph.microsoft.com:8443", false)]
    [InlineData("https://graph.microsoft.com.contoso.example", false)]
    [InlineData("https://contoso.example", false)]
    public async Task The_token_goes_to_microsoft_graph_alone(string address, bool isTaken)
    {
        var options = new GraphOptions { Token = _ => throw new InvalidOperationException(), Address = new Uri(address) };
        if (isTaken) await new GraphTransport(options).DisposeAsync();
        else Assert.Equal(ErrorIds.InvalidDomain, Assert.Throws<ProvisioningException>(() => new GraphTransport(options)).ErrorId);
    }

    private static HttpResponseMessage Taken() => Answer(202, "", ("request-id", "graph-1"));

    private static HttpResponseMessage Answer(int status, string text, params (string Name, string Value)[] headers) =>
        Reply.Of(status, new StringContent(text, Encoding.UTF8, text.StartsWith('{') ? "application/json" : "text/html"), headers);

    private static async Task<DeliveryOutcome> SendAsync(GraphTransport transport, CancellationToken cancellationToken = default)
    {
        using var message = new MimeMessage(
            [new MailboxAddress("IT", "it@contoso.example")], [new MailboxAddress("", "ada@contoso.example")], "Sign on", new TextPart("plain") { Text = "Grüße\n" })
        {
            MessageId = "n1@contoso.example",
        };
        message.Headers.Add("X-Notice-Id", "n1");
        return await transport.DeliverAsync(message, "n1", cancellationToken);
    }

    private GraphTransport Transport(IProgress<RunEvent>? progress = null, string? mailbox = null) => new(new GraphOptions
    {
        Token = _ => Task.FromResult(new GraphToken(SecretText.Protect($"{Secret}{++_fetched}"), _ends.TryDequeue(out var end) ? end : null)),
        Mailbox = mailbox,
        Time = _time,
        Progress = progress ?? _log,
        PrimaryHandler = () => _network,
    });

    private sealed class Canceller(CancellationTokenSource cancellation) : IProgress<RunEvent>
    {
        public void Report(RunEvent value)
        {
            if (value is Waiting) cancellation.Cancel();
        }
    }
}
