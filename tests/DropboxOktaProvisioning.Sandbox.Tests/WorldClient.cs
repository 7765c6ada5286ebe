using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace DropboxOktaProvisioning.Sandbox.Tests;

/// <summary>Talks plain HTTP to a world, without any of the product's clients.</summary>
internal sealed class WorldClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly Uri _okta;
    private readonly Uri _dropbox;

    public WorldClient(ProvisioningWorld world, HttpClient? http = null, Uri? origin = null)
    {
        World = world;
        _http = http ?? new HttpClient(new SandboxHandler(world));
        (_okta, _dropbox) = (origin ?? world.OktaOrigin, origin ?? world.DropboxOrigin);
    }

    public ProvisioningWorld World { get; }

    public static WorldClient Of(int users = 200, int seed = 1) => new(new ProvisioningWorld(new SandboxOptions { UserCount = users, Seed = seed }));

    public void Dispose()
    {
        _http.Dispose();
        World.Dispose();
    }

    public async Task<Answer> Okta(string pathOrAddress, string method = "GET", string? body = null, string? authorization = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(_okta, pathOrAddress));
        request.Headers.TryAddWithoutValidation("Authorization", authorization ?? "SSWS " + World.OktaApiToken);
        if (body is not null) request.Content = Json(body);
        return await Send(request);
    }

    public async Task<Answer> Dropbox(string route, string? body = "null", string? authorization = null, string contentType = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_dropbox, "/2/" + route));
        request.Headers.TryAddWithoutValidation("Authorization", authorization ?? "Bearer " + World.DropboxAccessToken);
        request.Content = body is null ? new ByteArrayContent([]) : Json(body);
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return await Send(request);
    }

    public async Task<Answer> Token(params (string Name, string Value)[] form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_dropbox, "/oauth2/token"))
        {
            Content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        };
        return await Send(request);
    }

    /// <summary>All elements of an Okta list, following its next links; the sizes of its pages.</summary>
    public async Task<(List<JsonNode> Items, List<int> Pages)> OktaList(string path)
    {
        var (items, pages) = (new List<JsonNode>(), new List<int>());
        for (var next = path; next is not null;)
        {
            var answer = await Okta(next);
            Assert.Equal(200, answer.Status);
            var page = answer.Json.AsArray();
            pages.Add(page.Count);
            items.AddRange(page.Select(item => item!));
            next = answer.Next;
        }

        return (items, pages);
    }

    /// <summary>All members of the team, following its cursors.</summary>
    public async Task<(List<JsonNode> Items, List<int> Pages)> Members(int limit = 1000, bool removed = true)
    {
        var (items, pages) = (new List<JsonNode>(), new List<int>());
        var answer = await Dropbox("team/members/list_v2", $$"""{"limit":{{limit}},"include_removed":{{(removed ? "true" : "false")}}}""");
        while (true)
        {
            Assert.Equal(200, answer.Status);
            var page = answer.Json["members"]!.AsArray();
            pages.Add(page.Count);
            items.AddRange(page.Select(item => item!));
            if (!(bool)answer.Json["has_more"]!) return (items, pages);
            answer = await Dropbox("team/members/list/continue_v2", $$"""{"cursor":"{{answer.Json["cursor"]}}"}""");
        }
    }

    public string AppPath => "/api/v1/apps/" + World.App.Id;

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private async Task<Answer> Send(HttpRequestMessage request)
    {
        using var response = await _http.SendAsync(request);
        return new Answer(response.StatusCode, response.Headers, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync());
    }
}

internal sealed class Answer(HttpStatusCode status, HttpResponseHeaders headers, string? type, string body)
{
    private JsonNode? _json;

    public int Status => (int)status;

    public string? Type => type;

    public string Body => body;

    public JsonNode Json => _json ??= JsonNode.Parse(body)!;

    public string? Header(string name) => headers.TryGetValues(name, out var values) ? string.Join('|', values) : null;

    /// <summary>The address of the next page, out of its own Link header.</summary>
    public string? Next => headers.TryGetValues("Link", out var values)
        ? values.Where(value => value.EndsWith("; rel=\"next\"", StringComparison.Ordinal)).Select(value => value[1..value.IndexOf('>', StringComparison.Ordinal)]).SingleOrDefault()
        : null;

    public string OktaCode => (string)Json["errorCode"]!;

    public string DropboxTag => (string)Json["error"]![".tag"]!;
}
