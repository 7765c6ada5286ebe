using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace DropboxOktaProvisioning.Benchmarks;

/// <summary>A mail server on the loopback with TLS from the first byte, which takes everything and keeps nothing.</summary>
internal sealed class MailSink : IDisposable
{
    private static readonly byte[] EndOfMail = "\r\n.\r\n"u8.ToArray();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate = SelfSigned();
    private int _mails;

    public MailSink()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Mails => _mails;

    public void Dispose()
    {
        _listener.Dispose();
        _certificate.Dispose();
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The benchmark is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var owned = client;
        client.NoDelay = true;
        await using var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsServerAsync(_certificate);
        await SayAsync("220 sink");
        var buffer = new byte[256 * 1024];
        var (length, inMail) = (0, false);
        while (await stream.ReadAsync(buffer.AsMemory(length)) is > 0 and var read)
        {
            length += read;
            var used = 0;
            while (true)
            {
                var rest = buffer.AsSpan(used, length - used);
                var end = rest.IndexOf(inMail ? EndOfMail : "\r\n"u8);
                if (end < 0) break;
                var line = inMail ? "." : Encoding.ASCII.GetString(rest[..end]);
                used += end + (inMail ? EndOfMail.Length : 2);
                if (inMail) Interlocked.Increment(ref _mails);
                inMail = !inMail && line == "DATA";
                await SayAsync(line == "DATA" ? "354 go on" : line.StartsWith("EHLO", StringComparison.Ordinal) ? "250-sink\r\n250-PIPELINING\r\n250-SIZE 10485760\r\n250 8BITMIME" : line == "QUIT" ? "221 bye" : "250 2.0.0 Ok: queued as 4711");
            }

            buffer.AsSpan(used, length - used).CopyTo(buffer);
            length -= used;
        }

        Task SayAsync(string text) => stream.WriteAsync(Encoding.ASCII.GetBytes(text + "\r\n")).AsTask();
    }
}
