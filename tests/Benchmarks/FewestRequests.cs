using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace DropboxOktaProvisioning.Benchmarks;

/// <summary>How many pages a full check takes at least, counted by a client of its own so that the module is not its own judge.</summary>
internal sealed record FewestRequests(int AppUsers, int Members)
{
    private const int OktaPage = 500;
    private const int DropboxPage = 1000;

    public int OktaPages => (AppUsers + OktaPage - 1) / OktaPage;

    public int DropboxPages => (Members + DropboxPage - 1) / DropboxPage;

    /// <summary>What was read, as it really is.</summary>
    public string Title => string.Create(CultureInfo.InvariantCulture, $"{AppUsers:N0} app users × {Members:N0} members");

    public static async Task<FewestRequests> CountAsync(HostProcess host)
    {
        using var http = new HttpClient { BaseAddress = host.Address };
        return new FewestRequests(await AppUsersAsync(http, host.OktaToken), await MembersAsync(http, host.DropboxAccessToken));
    }

    private static async Task<int> AppUsersAsync(HttpClient http, string token)
    {
        var authorization = new AuthenticationHeaderValue("SSWS", token);
        var (apps, _) = await GetAsync(http, "/api/v1/apps?limit=200", authorization);
        var id = apps.EnumerateArray().Single(app => app.GetProperty("name").GetString() == "dropbox_for_business").GetProperty("id").GetString();
        var count = 0;
        for (var next = $"/api/v1/apps/{id}/users?limit={OktaPage}"; next is not null;)
        {
            (var page, next) = await GetAsync(http, next, authorization);
            count += page.GetArrayLength();
        }

        return count;
    }

    private static async Task<(JsonElement Body, string? Next)> GetAsync(HttpClient http, string address, AuthenticationHeaderValue authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Authorization = authorization } };
        using var answer = await http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        var next = answer.Headers.TryGetValues("Link", out var links)
            ? links.SelectMany(link => link.Split(',')).FirstOrDefault(link => link.Contains("rel=\"next\"", StringComparison.Ordinal))
            : null;
        return (JsonElement.Parse(await answer.Content.ReadAsStringAsync()), next?.Split('<', '>')[1]);
    }

    private static async Task<int> MembersAsync(HttpClient http, string token)
    {
        var count = 0;
        var (path, body) = ("/2/team/members/list_v2", $$"""{"limit":{{DropboxPage}},"include_removed":true}""");
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path)
            {
                Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
                Content = new StringContent(body, Encoding.UTF8, "application/json"),
            };
            using var answer = await http.SendAsync(request);
            answer.EnsureSuccessStatusCode();
            var page = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
            count += page.GetProperty("members").GetArrayLength();
            if (!page.GetProperty("has_more").GetBoolean()) return count;
            (path, body) = ("/2/team/members/list/continue_v2", $$"""{"cursor":"{{page.GetProperty("cursor").GetString()}}"}""");
        }
    }
}
