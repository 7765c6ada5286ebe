using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;

namespace DropboxOktaProvisioning.Benchmarks;

/// <summary>The least that any client must do: a fresh process that reads the same pages, both services side by side, and looks at each token once.</summary>
internal static class FloorRun
{
    public const string Child = "floor";

    /// <summary>What it took.</summary>
    public sealed record Taken(int Pages, double Megabytes, double WallSeconds, double CpuSeconds);

    public static Task<Taken> RunAsync(HostProcess host) => ChildProcess.RunAsync<Taken>(Child, [.. host.ConnectArguments[..2], host.DropboxAccessToken]);

    public static object InChild(string[] arguments) => ReadAllAsync(new Uri(arguments[0]), arguments[1], arguments[2]).GetAwaiter().GetResult();

    private static async Task<Taken> ReadAllAsync(Uri address, string oktaToken, string dropboxToken)
    {
        using var okta = new PageReader(address, new AuthenticationHeaderValue("SSWS", oktaToken));
        using var dropbox = new PageReader(address, new AuthenticationHeaderValue("Bearer", dropboxToken));
        var app = await okta.FindAppAsync();

        var cpu = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(okta.ReadAppUsersAsync(app), dropbox.ReadMembersAsync());
        return new Taken(
            okta.Pages + dropbox.Pages, (okta.Bytes + dropbox.Bytes) / 1e6, watch.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
    }

    private sealed class PageReader(Uri address, AuthenticationHeaderValue authorization) : IDisposable
    {
        private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = address };
        private byte[] _buffer = new byte[1 << 20];

        public int Pages { get; private set; }

        public long Bytes { get; private set; }

        public async Task<string> FindAppAsync()
        {
            var (length, _) = await GetAsync("/api/v1/apps?limit=200");
            using var apps = JsonDocument.Parse(_buffer.AsMemory(0, length));
            return apps.RootElement.EnumerateArray().Single(app => app.GetProperty("name").GetString() == "dropbox_for_business").GetProperty("id").GetString()!;
        }

        public async Task ReadAppUsersAsync(string app)
        {
            for (string? next = $"/api/v1/apps/{app}/users?limit=500&expand=user"; next is not null;)
            {
                (var length, next) = await GetAsync(next);
                Tokenize(_buffer.AsSpan(0, length));
            }
        }

        public async Task ReadMembersAsync()
        {
            var (path, body) = ("/2/team/members/list_v2", """{"limit":1000,"include_removed":true}""");
            while (true)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, null, "application/json") };
                var (length, _) = await SendAsync(request);
                var (cursor, more) = Tokenize(_buffer.AsSpan(0, length));
                if (!more) return;
                (path, body) = ("/2/team/members/list/continue_v2", $$"""{"cursor":"{{cursor}}"}""");
            }
        }

        public void Dispose() => _http.Dispose();

        private async Task<(int Length, string? Next)> GetAsync(string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            return await SendAsync(request);
        }

        private async Task<(int Length, string? Next)> SendAsync(HttpRequestMessage request)
        {
            request.Headers.Authorization = authorization;
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            answer.EnsureSuccessStatusCode();
            await using var body = await answer.Content.ReadAsStreamAsync();
            var length = 0;
            while (await body.ReadAsync(_buffer.AsMemory(length)) is > 0 and var read)
                if ((length += read) == _buffer.Length) Array.Resize(ref _buffer, length * 2);
            Pages++;
            Bytes += length;
            var next = answer.Headers.TryGetValues("Link", out var links)
                ? links.SelectMany(link => link.Split(',')).FirstOrDefault(link => link.Contains("rel=\"next\"", StringComparison.Ordinal))
                : null;
            return (length, next?.Split('<', '>')[1]);
        }

        private static (string? Cursor, bool More) Tokenize(ReadOnlySpan<byte> json)
        {
            var (cursor, more) = ((string?)null, false);
            var reader = new Utf8JsonReader(json);
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1) continue;
                if (reader.ValueTextEquals("cursor"u8) && reader.Read()) cursor = reader.GetString();
                else if (reader.ValueTextEquals("has_more"u8) && reader.Read()) more = reader.GetBoolean();
            }

            return (cursor, more);
        }
    }
}
