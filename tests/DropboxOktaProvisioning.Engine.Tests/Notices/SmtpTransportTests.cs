using System.Net;
using DropboxOktaProvisioning.Engine.Notices;
using Microsoft.Extensions.Time.Testing;
using MimeKit;

namespace DropboxOktaProvisioning.Engine.Tests.Notices;

public sealed class SmtpTransportTests
{
    private const string Secret = "made-up-secret-4711";

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Many_mails_leave_encrypted_over_one_connection_that_says_goodbye()
    {
        await using var server = new ScriptedMailServer();
        await using (var transport = Transport(server, user: "it"))
        {
            await transport.OpenAsync(CancellationToken.None);
            for (var i = 0; i < 5; i++) Assert.Equal(DeliveryState.Sent, (await SendAsync(transport, $"p{i}@contoso.example")).State);
        }

        Assert.Equal(5, server.Messages.Count);
        Assert.Equal(1, server.Connections);
        Assert.Contains("STARTTLS", server.Commands);
        Assert.True(server.Commands.ToList().IndexOf("STARTTLS") < server.Commands.ToList().FindIndex(line => line.StartsWith("AUTH", StringComparison.Ordinal)));
        Assert.Equal("QUIT", server.Commands.Last());
    }

    [Fact]
    public async Task Mails_side_by_side_have_a_connection_each_up_to_the_most_that_are_allowed()
    {
        await using var server = new ScriptedMailServer();
        await using (var transport = Transport(server, user: "it"))
        {
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => SendAsync(transport, $"p{i}@contoso.example")));
            Assert.All(outcomes, outcome => Assert.Equal(DeliveryState.Sent, outcome.State));
        }

        Assert.Equal(20, server.Messages.Count);
        Assert.Equal(4, server.Connections);
    }

    [Theory]
    [InlineData("MAIL")]
    [InlineData("RCPT")]
    [InlineData("DATA-END")]
    public async Task A_server_that_takes_so_many_mails_on_one_connection_gets_the_next_ones_on_a_new_one(string refuses)
    {
        await using var server = new ScriptedMailServer();
        var taken = 0;
        server.Script = line =>
        {
            if (line.StartsWith("EHLO", StringComparison.Ordinal)) taken = 0;
            return line.StartsWith(refuses, StringComparison.Ordinal) && ++taken > 3 ? new Reaction("421 4.7.0 Too many messages in this connection", true) : null;
        };
        await using (var transport = Transport(server, connections: 1))
        {
            for (var i = 0; i < 10; i++) Assert.Equal(DeliveryState.Sent, (await SendAsync(transport, $"p{i}@contoso.example")).State);
        }

        Assert.Equal(10, server.Messages.Distinct().Count());
        Assert.Equal(4, server.Connections);
    }

    [Fact]
    public async Task A_server_that_wants_no_mail_at_all_is_not_asked_again_and_again()
    {
        await using var server = new ScriptedMailServer();
        server.Script = line => line.StartsWith("MAIL", StringComparison.Ordinal) ? new Reaction("421 4.3.2 Closing for tonight", true) : null;
        await using var transport = Transport(server, connections: 1);

        var outcome = await SendAsync(transport, "ada@contoso.example");

        Assert.Equal(DeliveryState.Failed, outcome.State);
        Assert.Contains("421 4.3.2 Closing for tonight", outcome.Reason, StringComparison.Ordinal);
        Assert.Equal(1, server.Connections);
    }

    [Theory]
    [InlineData("432 4.3.2 Concurrent connections limit exceeded", false)]
    [InlineData("421 4.7.0 Too many connections", true)]
    public async Task A_connection_that_the_server_has_no_room_for_is_given_up_and_its_mail_goes_over_another_one(string answer, bool hangsUp)
    {
        await using var server = new ScriptedMailServer();
        var begun = 0;
        using var four = new CountdownEvent(4);
        server.Script = line =>
        {
            if (!line.StartsWith("MAIL", StringComparison.Ordinal)) return null;
            var turn = Interlocked.Increment(ref begun);
            // Nothing is answered before all four are there: who is refused has another one to go over.
            if (turn <= 4 && !four.Signal()) four.Wait(TimeSpan.FromMinutes(1));
            return turn is 2 or 3 ? new Reaction(answer, hangsUp) : null;
        };
        await using var transport = Transport(server);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => SendAsync(transport, $"p{i}@contoso.example")));

        Assert.All(outcomes, outcome => Assert.Equal(DeliveryState.Sent, outcome.State));
        Assert.Equal(12, server.Messages.Count);
        Assert.Equal(12, server.Messages.Distinct().Count());
        Assert.Equal(4, server.Connections);
    }

    [Fact]
    public async Task Where_the_server_has_no_room_at_all_the_mail_fails_in_its_words()
    {
        await using var server = new ScriptedMailServer();
        server.Script = line => line.StartsWith("MAIL", StringComparison.Ordinal) ? new Reaction("432 4.3.2 Not now") : null;
        await using var transport = Transport(server);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => SendAsync(transport, $"p{i}@contoso.example")));

        Assert.All(outcomes, outcome => Assert.Equal(DeliveryState.Failed, outcome.State));
        Assert.All(outcomes, outcome => Assert.Contains("Not now", outcome.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tls_from_the_first_byte_works_too()
    {
        await using var server = new ScriptedMailServer { ImplicitTls = true };
        await using var transport = Transport(server, SmtpTls.Implicit);
        Assert.Equal(DeliveryState.Sent, (await SendAsync(transport)).State);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public async Task Without_tls_that_can_be_trusted_nothing_is_said(bool offersStartTls, bool trust)
    {
        await using var server = new ScriptedMailServer { OffersStartTls = offersStartTls };
        await using var transport = Transport(server, user: "it", trust: trust);

        var problem = await Assert.ThrowsAsync<ProvisioningException>(() => transport.OpenAsync(CancellationToken.None));

        Assert.Equal(ErrorIds.MailTlsUnavailable, problem.ErrorId);
        Assert.DoesNotContain(server.Commands, line => line.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tls_can_be_switched_off_by_name()
    {
        await using var server = new ScriptedMailServer { OffersStartTls = false };
        await using var transport = Transport(server, SmtpTls.None);
        Assert.Equal(DeliveryState.Sent, (await SendAsync(transport)).State);
    }

    [Theory]
    [InlineData("PLAIN LOGIN", false)]
    [InlineData("XOAUTH2", true)]
    [InlineData("OAUTHBEARER", true)]
    [InlineData("PLAIN", true)]
    public async Task A_refused_sign_in_is_named_without_the_secret(string mechanisms, bool oauth)
    {
        await using var server = new ScriptedMailServer
        {
            Auth = mechanisms,
            Script = line => line.StartsWith("AUTH", StringComparison.Ordinal) ? new Reaction($"535 5.7.8 no, not with {Secret}") : null,
        };
        await using var transport = Transport(server, user: "it@contoso.example", oauth: oauth);

        var problem = await Assert.ThrowsAsync<ProvisioningException>(() => transport.OpenAsync(CancellationToken.None));

        Assert.Equal(ErrorIds.MailSignInRefused, problem.ErrorId);
        Assert.Contains("it@contoso.example", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_stands_where_the_servers_words_are_cut_leaves_no_part_of_itself()
    {
        await using var server = new ScriptedMailServer
        {
            Script = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? new Reaction("550 " + new string('x', 290) + " " + Secret) : null,
        };
        await using var transport = Transport(server, user: "it");

        Assert.DoesNotContain(Secret[..5], (await SendAsync(transport)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_repeats_the_secret_in_its_thanks_is_not_quoted_with_it()
    {
        await using var server = new ScriptedMailServer { Script = line => line == "DATA-END" ? new Reaction($"250 2.0.0 thank you, {Secret}") : null };
        await using var transport = Transport(server, user: "it");

        Assert.Equal("2.0.0 thank you, ***", (await SendAsync(transport)).Reason);
    }

    [Theory]
    [InlineData("XOAUTH2")]
    [InlineData("OAUTHBEARER")]
    public async Task A_token_signs_in(string mechanism)
    {
        await using var server = new ScriptedMailServer { Auth = mechanism };
        await using var transport = Transport(server, user: "it@contoso.example", oauth: true);
        Assert.Equal(DeliveryState.Sent, (await SendAsync(transport)).State);
        Assert.Contains(server.Commands, line => line.StartsWith("AUTH " + mechanism, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unreachable()
    {
        await using var server = new ScriptedMailServer();
        await using var transport = Transport(server);
        server.Close();

        Assert.Equal(ErrorIds.MailServerUnreachable, (await Assert.ThrowsAsync<ProvisioningException>(() => transport.OpenAsync(CancellationToken.None))).ErrorId);
    }

    [Fact]
    public async Task An_address_that_nobody_can_connect_to_is_unreachable_in_words()
    {
        await using var transport = new SmtpTransport(new SmtpOptions { Host = "0.0.0.0", Port = 25 }, _clock);

        Assert.Equal(ErrorIds.MailServerUnreachable, (await Assert.ThrowsAsync<ProvisioningException>(() => transport.OpenAsync(CancellationToken.None))).ErrorId);
        Assert.Equal(DeliveryState.Failed, (await SendAsync(transport)).State);
    }

    [Fact]
    public async Task Cancelling_ends_the_wait_for_a_certificate_check_that_nobody_can_break_off()
    {
        using var cancellation = new CancellationTokenSource();
        using var endless = new ManualResetEventSlim();
        await using var server = new ScriptedMailServer();
        await using var transport = new SmtpTransport(
            new SmtpOptions
            {
                Host = "127.0.0.1",
                Port = server.Port,
                CheckRevocation = false,
                CertificateValidation = (_, certificate, _, _) =>
                {
                    cancellation.Cancel();
                    endless.Wait();
                    return certificate?.Subject == "CN=localhost";
                },
            },
            _clock);

        await Assert.ThrowsAsync<OperationCanceledException>(() => transport.OpenAsync(cancellation.Token));

        endless.Set();
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_unreachable_when_the_time_is_over()
    {
        await using var server = new ScriptedMailServer { Script = _ => Reaction.Silence };
        await using var transport = Transport(server);
        var opening = transport.OpenAsync(CancellationToken.None);
        await Patience.UntilAsync("a connection is there", () => server.Connections > 0);

        _clock.Advance(TimeSpan.FromMinutes(3));

        Assert.Equal(ErrorIds.MailServerUnreachable, (await Assert.ThrowsAsync<ProvisioningException>(() => opening)).ErrorId);
    }

    [Theory]
    [InlineData("CONNECT")]
    [InlineData("EHLO")]
    [InlineData("STARTTLS")]
    [InlineData("AUTH")]
    public async Task Cancelling_ends_the_wait_for_a_server_that_falls_silent_while_it_is_signed_in_to(string command)
    {
        using var cancellation = new CancellationTokenSource();
        await using var server = new ScriptedMailServer();
        server.Script = line =>
        {
            if (line.Split(' ')[0] != command) return null;
            cancellation.Cancel();
            return Reaction.Silence;
        };
        await using var transport = Transport(server, user: "it");

        await Assert.ThrowsAsync<OperationCanceledException>(() => transport.OpenAsync(cancellation.Token));
    }

    [Theory]
    [InlineData("MAIL", "550 5.7.1 sender unknown", true)]
    [InlineData("RCPT", "550 5.1.1 no such person", true)]
    [InlineData("RCPT", "451 4.3.0 try later", false)]
    [InlineData("DATA", "554 5.5.1 no", true)]
    [InlineData("DATA-END", "552 5.3.4 too big", true)]
    [InlineData("DATA-END", "451 4.7.1 greylisted", false)]
    public async Task What_the_server_refuses_in_words_failed_with_those_words(string command, string words, bool permanent)
    {
        var refuse = true;
        await using var server = new ScriptedMailServer { Script = line => refuse && line.Split(' ')[0] == command ? new Reaction(words) : null };
        await using var transport = Transport(server);

        var outcome = await SendAsync(transport);

        Assert.Equal(DeliveryState.Failed, outcome.State);
        Assert.Contains($"{(permanent ? "for good" : "for now")}: {words}", outcome.Reason, StringComparison.Ordinal);
        Assert.False(outcome.IsDown);
        refuse = false;
        Assert.Equal(DeliveryState.Sent, (await SendAsync(transport)).State);
        Assert.Equal(1, server.Connections);
    }

    [Theory]
    [InlineData("MAIL")]
    [InlineData("RCPT")]
    public async Task A_connection_lost_before_the_recipient_was_accepted_is_made_again_once(string command)
    {
        var deaths = 1;
        await using var server = new ScriptedMailServer { Script = line => line.Split(' ')[0] == command && deaths-- > 0 ? Reaction.Dies : null };
        await using var transport = Transport(server);

        Assert.Equal(DeliveryState.Sent, (await SendAsync(transport)).State);

        Assert.Equal(2, server.Connections);
        Assert.Single(server.Messages);
    }

    [Theory]
    [InlineData("DATA")]
    [InlineData("DATA-END")]
    public async Task A_connection_lost_after_the_recipient_was_accepted_leaves_it_unknown_and_is_not_tried_again(string command)
    {
        await using var server = new ScriptedMailServer { Script = line => line == command ? Reaction.Dies : null };
        await using var transport = Transport(server);

        Assert.Equal(DeliveryState.Unknown, (await SendAsync(transport)).State);

        Assert.Equal(1, server.Connections);
    }

    [Theory]
    [InlineData("RCPT", DeliveryState.Failed)]
    [InlineData("DATA-END", DeliveryState.Unknown)]
    public async Task Cancelling_tells_by_the_recipient_whether_it_may_have_left(string command, DeliveryState expected)
    {
        using var cancellation = new CancellationTokenSource();
        await using var server = new ScriptedMailServer();
        server.Script = line =>
        {
            if (line.Split(' ')[0] != command) return null;
            cancellation.Cancel();
            return Reaction.Silence;
        };
        await using var transport = Transport(server);

        using var message = Message("ada@contoso.example");
        var outcome = await transport.DeliverAsync(message, "n1", cancellation.Token);

        Assert.Equal(expected, outcome.State);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task A_server_that_falls_silent_after_the_recipient_leaves_it_unknown()
    {
        await using var server = new ScriptedMailServer();
        server.Script = line =>
        {
            if (line != "DATA-END") return null;
            _clock.Advance(TimeSpan.FromMinutes(3));
            return Reaction.Silence;
        };
        await using var transport = Transport(server);

        var outcome = await SendAsync(transport);

        Assert.Equal(DeliveryState.Unknown, outcome.State);
        Assert.Contains("in time", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_dies_for_good_is_given_up_after_three_losses()
    {
        await using var server = new ScriptedMailServer();
        await using var transport = Transport(server);
        Assert.Equal(DeliveryState.Sent, (await SendAsync(transport)).State);
        server.Script = line => line.StartsWith("MAIL", StringComparison.Ordinal) || line == "CONNECT" ? Reaction.Dies : null;

        var first = await SendAsync(transport);
        var second = await SendAsync(transport);

        Assert.Equal((DeliveryState.Failed, false), (first.State, first.IsDown));
        Assert.Equal((DeliveryState.Failed, true), (second.State, second.IsDown));
        Assert.Equal(3, server.Connections);
    }

    [Fact]
    public async Task A_server_that_wants_a_sign_in_first_is_given_up_at_once()
    {
        await using var server = new ScriptedMailServer
        {
            Script = line => line.StartsWith("MAIL", StringComparison.Ordinal) ? new Reaction("530 5.7.0 authentication required") : null,
        };
        await using var transport = Transport(server);

        var outcome = await SendAsync(transport);

        Assert.Equal((DeliveryState.Failed, true), (outcome.State, outcome.IsDown));
    }

    [Fact]
    public void The_options_never_show_the_secret() => Assert.Equal("mail.contoso.example:587", new SmtpOptions
    {
        Host = "mail.contoso.example", UserName = "it", Secret = new NetworkCredential("", Secret).SecurePassword,
    }.ToString());

    private SmtpTransport Transport(
        ScriptedMailServer server, SmtpTls tls = SmtpTls.Required, string? user = null, bool oauth = false, bool trust = true, int connections = 4) => new(
            new SmtpOptions
            {
                Host = "127.0.0.1",
                Port = server.Port,
                Tls = tls,
                UserName = user,
                Secret = user is null ? null : new NetworkCredential("", Secret).SecurePassword,
                UseOAuth = oauth,
                Connections = connections,
                CheckRevocation = false,
                CertificateValidation = trust ? (_, certificate, _, _) => certificate?.Subject == "CN=localhost" : null,
            },
            _clock);

    private static async Task<DeliveryOutcome> SendAsync(SmtpTransport transport, string to = "ada@contoso.example")
    {
        using var message = Message(to);
        return await transport.DeliverAsync(message, "n1", CancellationToken.None);
    }

    private static MimeMessage Message(string to) => new(
        [new MailboxAddress("IT", "it@contoso.example")], [new MailboxAddress("", to)], "Sign on", new TextPart("plain") { Text = "Hello\r\n.\r\nthere" });
}
