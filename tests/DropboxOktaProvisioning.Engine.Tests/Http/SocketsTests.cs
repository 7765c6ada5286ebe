using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning.Engine.Tests.Http;

/// <summary>The real handler against a real socket on this machine, for what a scripted handler cannot show.</summary>
public sealed class SocketsTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    private readonly InstantTime _time = new();

    [Fact]
    public async Task Compressed_answers_are_read_and_cookies_are_not_sent_back()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true)) await gzip.WriteAsync("[]"u8.ToArray());
        byte[] answer = [.. Encoding.ASCII.GetBytes($"{Ok}Set-Cookie: sid=1\r\nContent-Encoding: gzip\r\nContent-Length: {packed.Length}\r\n\r\n"), .. packed.ToArray()];
        await using var server = new Server(answer, answer);
        using OktaClient client = await ConnectAsync(server);

        Assert.Empty(await client.GetDropboxAppsAsync(null, default));

        Assert.Contains("gzip", server.Requests[0], StringComparison.Ordinal);
        Assert.DoesNotContain("Cookie", server.Requests[1], StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("traceparent", server.Requests[1], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var elsewhere = new Server(Bytes(Ok + "Content-Length: 2\r\n\r\n[]"));
        await using var server = new Server(Bytes($"HTTP/1.1 302 Found\r\nLocation: {elsewhere.Address}\r\nContent-Length: 0\r\n\r\n"));

        ServiceException error = await Assert.ThrowsAsync<ServiceException>(() => ConnectAsync(server));

        Assert.Equal(ErrorIds.NotAnOktaOrg, error.ErrorId);
        Assert.Empty(elsewhere.Requests);
    }

    [Theory]
    [InlineData("Content-Length: 50\r\n\r\n[{\"id\":\"0oa1\"}")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n3\r\n[{\"\r\n")]
    [InlineData("Connection: close\r\n\r\n[{\"id\":\"0oa1\"}")]
    public async Task A_body_that_the_server_cuts_is_read_again(string cut)
    {
        await using var server = new Server(Bytes(Ok + cut), Bytes(Ok + "Content-Length: 2\r\n\r\n[]"));
        var log = new EventLog();

        using OktaClient client = await ConnectAsync(server, log);

        Assert.Equal(2, server.Requests.Count);
        Assert.Equal("The connection broke.", Assert.Single(log.Events.OfType<Waiting>()).Reason);
    }

    [Fact]
    public async Task A_machine_that_refuses_the_connection_is_told_from_a_name_that_is_not_known()
    {
        var server = new Server();
        await server.DisposeAsync();

        ServiceException refused = await Assert.ThrowsAsync<ServiceException>(() => ConnectAsync(server));
        ServiceException unknown = await Assert.ThrowsAsync<ServiceException>(() => OktaClient.ConnectAsync(
            "no-such-org.invalid", SecretText.Protect(Rig.OktaToken), new ConnectionOptions { Time = _time }, null, default));

        Assert.Equal((ErrorIds.ServiceUnreachable, ErrorIds.ServiceUnreachable), (refused.ErrorId, unknown.ErrorId));
        Assert.Contains("refused the connection", refused.Message, StringComparison.Ordinal);
        Assert.Contains("no-such-org.invalid", unknown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("refused the connection", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_speaks_no_TLS_is_told_so()
    {
        await using var server = new Server(Bytes("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"));
        string address = server.Address.Replace("http://", "https://", StringComparison.Ordinal);

        ServiceException error = await Assert.ThrowsAsync<ServiceException>(() => OktaClient.ConnectAsync(
            address, SecretText.Protect(Rig.OktaToken), new ConnectionOptions { Time = _time, AllowLoopbackHttp = true }, null, default));

        Assert.Equal(ErrorIds.ServiceUnreachable, error.ErrorId);
        Assert.Contains("TLS", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_http_needs_to_be_allowed_even_on_this_machine()
    {
        await using var server = new Server();

        ProvisioningException error = await Assert.ThrowsAsync<ProvisioningException>(() => OktaClient.ConnectAsync(
            "x", SecretText.Protect(Rig.OktaToken), new ConnectionOptions { Origin = new Uri(server.Address) }, null, default));

        Assert.Equal(ErrorIds.InvalidDomain, error.ErrorId);
        Assert.Empty(server.Requests);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private Task<OktaClient> ConnectAsync(Server server, EventLog? log = null) => OktaClient.ConnectAsync(
        server.Address, SecretText.Protect(Rig.OktaToken), new ConnectionOptions { Time = _time, AllowLoopbackHttp = true }, log, default);

    /// <summary>Answers each connection's one request with the next of the given bytes, then hangs up.</summary>
    private sealed class Server : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _loop;

        public Server(params byte[][] answers)
        {
            _listener.Start();
            Address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
            _loop = ServeAsync(answers);
        }

        public string Address { get; }

        public List<string> Requests { get; } = [];

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            _listener.Stop();
            await _loop;
            _stop.Dispose();
        }

        private async Task ServeAsync(byte[][] answers)
        {
            try
            {
                foreach (byte[] answer in answers)
                {
                    using TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                    NetworkStream stream = client.GetStream();
                    var buffer = new byte[16 << 10];
                    int read = await stream.ReadAsync(buffer, _stop.Token);
                    Requests.Add(Encoding.ASCII.GetString(buffer, 0, read));
                    await stream.WriteAsync(answer, _stop.Token);
                }
            }
            catch (OperationCanceledException)
            {
            }
        }
    }
}
