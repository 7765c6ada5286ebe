using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace DropboxOktaProvisioning.Tests;

/// <summary>A small HTTP service on loopback that answers by a function; where that gives nothing it never answers.</summary>
internal partial class ScriptedService : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly List<Socket> _open = [];
    private readonly SemaphoreSlim _hung = new(0);
    private readonly Func<string, (int Status, string Body)?> _answer;
    private readonly bool _waitsForRequest;

    public ScriptedService(Func<string, (int Status, string Body)?> answer, bool greets = true)
    {
        _answer = answer;
        _waitsForRequest = greets;
        _listener.Start();
        _ = Task.Run(AcceptAsync); // away from the test runner's few threads
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Address => $"http://127.0.0.1:{Port}";

    /// <summary>Waits until somebody waits for an answer.</summary>
    public Task SomebodyWaitsAsync() => _hung.WaitAsync(TimeSpan.FromMinutes(1));

    /// <summary>Whether a request held one of the secrets of the scan.</summary>
    public bool SawSecret { get; private set; }

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        lock (_open) _open.ForEach(socket => socket.Dispose());
        _end.Dispose();
        _hung.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_end.Token);
                lock (_open) _open.Add(socket);
                _ = ServeAsync(socket);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            var buffer = new byte[64 * 1024];
            var held = 0;
            while (true)
            {
                if (!_waitsForRequest) _hung.Release(); // also for protocols in which the server speaks first
                if (held == buffer.Length) Array.Resize(ref buffer, 2 * buffer.Length);
                var length = await socket.ReceiveAsync(buffer.AsMemory(held), _end.Token);
                if (length == 0) return;
                held += length;
                var request = Encoding.ASCII.GetString(buffer, 0, held);
                SawSecret |= request.Contains("ForTheScan", StringComparison.Ordinal);
                // An answer to half a request would have the client send the next one behind the other half.
                if (!IsWhole(request)) continue;
                held = 0;
                if (!request.Contains(" HTTP/1.1", StringComparison.Ordinal)) continue; // of another protocol
                if (_answer(request) is var (status, body))
                {
                    await socket.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} -\r\nContent-Type: application/json\r\nX-Okta-Request-Id: r\r\nContent-Length: {body.Length}\r\n\r\n{body}"), _end.Token);
                    continue;
                }

                _hung.Release();
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The client left.
        }
    }

    // What has no head is of another protocol, and whole as it comes.
    private static bool IsWhole(string request)
    {
        if (!request.Contains(" HTTP/1.1", StringComparison.Ordinal)) return true;
        var head = request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        return head >= 4 && (!int.TryParse(BodyLength().Match(request[..head]).Groups[1].Value, null, out var length) || request.Length >= head + length);
    }

    [GeneratedRegex(@"^Content-Length: (\d+)\r$", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex BodyLength();
}
