using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DropboxOktaProvisioning.Tests;

/// <summary>A service on loopback that lets everybody sign in and then never answers: whoever waits for it waits until stopped.</summary>
internal sealed class HangingService : IDisposable
{
    private const string App = """[{"id":"0oa1","name":"dropbox_for_business","label":"Dropbox Business","status":"ACTIVE","signOnMode":"SAML_2_0","settings":{"app":{"silent":false}}}]""";
    private const string Team = """{"team_id":"dbtid:x","name":"Contoso","num_licensed_users":9,"num_provisioned_users":9,"num_used_licenses":9}""";
    private const string Admin = """{"admin_profile":{"team_member_id":"dbmid:a","email":"admin@contoso.example","status":{".tag":"active"}}}""";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly List<Socket> _open = [];
    private readonly SemaphoreSlim _hung = new(0);
    private readonly bool _answersSignIn;

    public HangingService(bool answersSignIn = true)
    {
        _answersSignIn = answersSignIn;
        _listener.Start();
        _ = Task.Run(AcceptAsync); // away from the test runner's few threads
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Address => $"http://127.0.0.1:{Port}";

    /// <summary>Waits until somebody waits for an answer.</summary>
    public Task SomebodyWaitsAsync() => _hung.WaitAsync(TimeSpan.FromMinutes(1));

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
            while (true)
            {
                if (!_answersSignIn) _hung.Release(); // also for protocols in which the server speaks first
                var length = await socket.ReceiveAsync(buffer, _end.Token);
                if (length == 0) return;
                var request = Encoding.ASCII.GetString(buffer, 0, length);
                if (_answersSignIn && Answer(request) is { } body)
                {
                    await socket.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Okta-Request-Id: r\r\nContent-Length: {body.Length}\r\n\r\n{body}"), _end.Token);
                    continue;
                }

                // A body may come behind its head; only a head is a question.
                if (request.Contains(" HTTP/1.1", StringComparison.Ordinal)) _hung.Release();
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The client left.
        }
    }

    private static string? Answer(string request) =>
        request.Contains("&limit=1 ", StringComparison.Ordinal) ? App
        : request.Contains("/team/get_info ", StringComparison.Ordinal) ? Team
        : request.Contains("get_authenticated_admin ", StringComparison.Ordinal) ? Admin
        : null;
}
