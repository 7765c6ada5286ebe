using System.Text;
using System.Text.Json.Nodes;

namespace DropboxOktaProvisioning.Sandbox.Tests;

/// <summary>The sandbox invents no fields: whatever stands in its answers stands in the samples of the published specifications (<c>tests/Samples</c>).</summary>
public sealed class SpecShapeTests : IDisposable
{
    // What an org or an app fills as it likes.
    private static readonly string[] Open = ["settings.app.", "profile.", "details.", "debugContext.debugData.", "_links.", "origin.access_method."];
    private readonly ProvisioningWorld _world = new(new SandboxOptions { UserCount = 300 });
    private readonly HttpClient _http;

    public SpecShapeTests() => _http = new HttpClient(new SandboxHandler(_world));

    public void Dispose()
    {
        _http.Dispose();
        _world.Dispose();
    }

    [Theory]
    [InlineData("okta-app-users", "/api/v1/apps/{app}/users?limit=500&expand=user")]
    [InlineData("okta-apps", "/api/v1/apps?filter=name%20eq%20%22dropbox_for_business%22")]
    [InlineData("okta-groups", "/api/v1/groups")]
    [InlineData("okta-logs", "/api/v1/logs?since=2025-11-01T00%3A00%3A00Z&until=2027-01-01T00%3A00%3A00Z&limit=1000")]
    [InlineData("dropbox-members", "team/members/list_v2", """{"include_removed":true}""")]
    [InlineData("dropbox-members-info", "team/members/get_info_v2", """{"members":[{".tag":"email","email":"nobody@contoso.example"},{".tag":"team_member_id","team_member_id":"{member}"}]}""")]
    [InlineData("dropbox-team", "team/get_info", "null")]
    [InlineData("dropbox-events", "team_log/get_events", "{}")]
    public async Task An_answer_has_no_field_that_the_sample_lacks(string sample, string address, string? body = null)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        Collect(JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Samples", sample + ".json")))!, "", known);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Collect(await AskAsync(address, body), "", seen);
        Assert.True(seen.Count > 3, "the answer is empty");
        Assert.Empty(seen.Except(known).Where(path => !Array.Exists(Open, open => path.Contains(open, StringComparison.Ordinal) || ("." + path).Contains("." + open, StringComparison.Ordinal))).Order(StringComparer.Ordinal));
    }

    private static void Collect(JsonNode? node, string path, HashSet<string> into)
    {
        if (node is JsonArray list)
            foreach (var item in list) Collect(item, path, into);
        if (node is not JsonObject json) return;
        foreach (var (name, value) in json)
        {
            into.Add($"{path}{name}");
            Collect(value, $"{path}{name}.", into);
        }
    }

    private async Task<JsonNode> AskAsync(string address, string? body)
    {
        using var request = body is null
            ? new HttpRequestMessage(HttpMethod.Get, new Uri(_world.OktaOrigin, address.Replace("{app}", _world.App.Id, StringComparison.Ordinal)))
            : new HttpRequestMessage(HttpMethod.Post, new Uri(_world.DropboxOrigin, "/2/" + address))
            {
                Content = new StringContent(body.Replace("{member}", await AnyMemberAsync(body), StringComparison.Ordinal), Encoding.UTF8, "application/json"),
            };
        request.Headers.Authorization = body is null ? new("SSWS", _world.OktaApiToken) : new("Bearer", _world.DropboxAccessToken);
        using var answer = await _http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    private async Task<string> AnyMemberAsync(string body) => !body.Contains("{member}", StringComparison.Ordinal) ? ""
        : (string)(await AskAsync("team/members/list_v2", "{}"))["members"]![0]!["profile"]!["team_member_id"]!;
}
