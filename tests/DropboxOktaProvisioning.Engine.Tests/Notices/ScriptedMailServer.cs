using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Operators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace DropboxOktaProvisioning.Engine.Tests.Notices;

/// <summary>What the server does at a command: say a line, say it and hang up, or hang up without a word.</summary>
internal sealed record Reaction(string? Line, bool HangUp = false)
{
    public static Reaction Dies { get; } = new(null, true);

    /// <summary>Says nothing and keeps the line open.</summary>
    public static Reaction Silence { get; } = new((string?)null);
}

/// <summary>A mail server on the loopback, with STARTTLS, AUTH and a script for what goes wrong.</summary>
internal sealed class ScriptedMailServer : IAsyncDisposable
{
    private static readonly X509Certificate2 Certificate = SelfSigned();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _sessions = [];
    private readonly Task _accepting;

    public ScriptedMailServer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public bool OffersStartTls { get; init; } = true;

    public bool ImplicitTls { get; init; }

    public string Auth { get; init; } = "PLAIN LOGIN";

    /// <summary>Called with each command line (and "DATA-END" after a message); null lets the server do as it should.</summary>
    public Func<string, Reaction?> Script { get; set; } = _ => null;

    public ConcurrentQueue<string> Messages { get; } = [];

    public ConcurrentQueue<string> Commands { get; } = [];

    /// <summary>How many connections were made.</summary>
    public int Connections { get; private set; }

    /// <summary>Takes no further connections.</summary>
    public void Close() => _listener.Stop();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_sessions);
        _stop.Dispose();
    }

    // Made by BouncyCastle, because MailKit brings a System.Formats.Asn1 into this process which the framework's own maker of certificates
    // does not fit when a net8.0 test host runs on a later runtime.
    private static X509Certificate2 SelfSigned()
    {
        var random = new SecureRandom();
        var keys = new ECKeyPairGenerator();
        keys.Init(new ECKeyGenerationParameters(SecObjectIdentifiers.SecP256r1, random));
        var pair = keys.GenerateKeyPair();
        var name = new X509Name("CN=localhost");
        var maker = new X509V3CertificateGenerator();
        maker.SetSerialNumber(BigInteger.One);
        maker.SetIssuerDN(name);
        maker.SetSubjectDN(name);
        maker.SetNotBefore(DateTime.UnixEpoch);
        maker.SetNotAfter(new DateTime(2200, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        maker.SetPublicKey(pair.Public);
        var store = new Pkcs12StoreBuilder().Build();
        var entry = new X509CertificateEntry(maker.Generate(new Asn1SignatureFactory("SHA256withECDSA", pair.Private, random)));
        store.SetKeyEntry("key", new AsymmetricKeyEntry(pair.Private), [entry]);
        using var file = new MemoryStream();
        store.Save(file, [], random);
        return new X509Certificate2(file.ToArray());
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Connections++;
                _sessions.Add(ServeAsync(client));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var owned = client;
        try
        {
            Stream stream = client.GetStream();
            if (ImplicitTls) stream = await EncryptAsync(stream);
            await TalkAsync(stream);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
        {
        }
    }

    private async Task<Stream> EncryptAsync(Stream stream)
    {
        var tls = new SslStream(stream);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, _stop.Token);
        return tls;
    }

    private async Task TalkAsync(Stream stream)
    {
        var encrypted = ImplicitTls;
        if (!await AnswerAsync(stream, "CONNECT", "220 test server")) return;
        while (await ReadLineAsync(stream) is { } line)
        {
            Commands.Enqueue(line);
            var verb = line.Split(' ')[0].ToUpperInvariant();
            switch (verb)
            {
                case "EHLO":
                    var extensions = "250-test\r\n" + (OffersStartTls && !encrypted ? "250-STARTTLS\r\n" : "") + $"250-AUTH {Auth}\r\n250 8BITMIME";
                    if (!await AnswerAsync(stream, line, extensions)) return;
                    break;
                case "STARTTLS":
                    if (!await AnswerAsync(stream, line, "220 go ahead")) return;
                    stream = await EncryptAsync(stream);
                    encrypted = true;
                    break;
                case "AUTH":
                    if (!await AnswerAsync(stream, line, "235 welcome")) return;
                    break;
                case "DATA":
                    var refusal = Script(line);
                    if (!await ReactAsync(stream, refusal ?? new Reaction("354 go on"))) return;
                    if (refusal is not null) break;
                    if (await ReadMessageAsync(stream) is not { } message) return;
                    var reaction = Script("DATA-END");
                    if (reaction is null) Messages.Enqueue(message);
                    if (!await ReactAsync(stream, reaction ?? new Reaction("250 queued as 1"))) return;
                    break;
                case "QUIT":
                    await AnswerAsync(stream, line, "221 bye");
                    return;
                default:
                    if (!await AnswerAsync(stream, line, "250 fine")) return;
                    break;
            }
        }
    }

    private Task<bool> AnswerAsync(Stream stream, string command, string answer) => ReactAsync(stream, Script(command) ?? new Reaction(answer));

    private async Task<bool> ReactAsync(Stream stream, Reaction reaction)
    {
        if (reaction.Line is not null) await stream.WriteAsync(Encoding.UTF8.GetBytes(reaction.Line + "\r\n"), _stop.Token);
        return !reaction.HangUp;
    }

    private async Task<string?> ReadMessageAsync(Stream stream)
    {
        var message = new StringBuilder();
        while (await ReadLineAsync(stream) is { } line)
        {
            if (line == ".") return message.ToString();
            message.Append(line.StartsWith("..", StringComparison.Ordinal) ? line[1..] : line).Append("\r\n");
        }

        return null;
    }

    private async Task<string?> ReadLineAsync(Stream stream)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one, _stop.Token) == 1)
        {
            if (one[0] == '\n') return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            line.Add(one[0]);
        }

        return null;
    }
}
