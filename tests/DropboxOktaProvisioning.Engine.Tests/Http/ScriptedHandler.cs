using System.Net;
using System.Text;

namespace DropboxOktaProvisioning.Engine.Tests.Http;

/// <summary>A network that answers by a script, one step per request, and remembers what was sent.</summary>
internal sealed class ScriptedHandler : HttpMessageHandler
{
    private readonly Queue<Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>> _steps = new();

    public List<Sent> Requests { get; } = [];

    /// <summary>What answers when the script is at its end; null makes that a failure of the test.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage>? Otherwise { get; set; }

    public bool Disposed { get; private set; }

    public ScriptedHandler Then(params HttpResponseMessage[] answers)
    {
        foreach (HttpResponseMessage answer in answers) _steps.Enqueue((_, _) => Task.FromResult(answer));
        return this;
    }

    public ScriptedHandler ThenThrow(Exception exception) => ThenDo((_, _) => Task.FromException<HttpResponseMessage>(exception));

    public ScriptedHandler ThenDo(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> step)
    {
        _steps.Enqueue(step);
        return this;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string? body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
        Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>? step;
        lock (Requests)
        {
            Requests.Add(new Sent(
                request.Method.Method, request.RequestUri!, request.Headers.Authorization?.ToString(), body,
                request.Content?.Headers.ContentType?.ToString(), request.Headers.UserAgent.ToString(), request.Headers.Accept.ToString()));
            if (!_steps.TryDequeue(out step) && Otherwise is null) throw new InvalidOperationException($"Not in the script: {request.Method} {request.RequestUri}");
        }

        return step is null ? Otherwise!(request) : await step(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        Disposed = true;
        base.Dispose(disposing);
    }
}

/// <summary>A request as it reached the network.</summary>
internal sealed record Sent(string Method, Uri Address, string? Authorization, string? Body, string? ContentType, string UserAgent, string Accept)
{
    public string PathAndQuery => Address.PathAndQuery;
}

/// <summary>Answers for scripts.</summary>
internal static class Reply
{
    public static HttpResponseMessage Json(string json, int status = 200, params (string Name, string Value)[] headers) =>
        Of(status, new StringContent(json, Encoding.UTF8, "application/json"), headers);

    public static HttpResponseMessage Text(string text, int status, string mediaType = "text/plain", params (string Name, string Value)[] headers) =>
        Of(status, new StringContent(text, Encoding.UTF8, mediaType), headers);

    public static HttpResponseMessage OktaError(int status, string code, string summary = "It was refused", params (string Name, string Value)[] headers) =>
        Json($$"""{"errorCode":"{{code}}","errorSummary":"{{summary}}","errorLink":"{{code}}","errorId":"oaeTest1","errorCauses":[]}""", status,
            [("X-Okta-Request-Id", "reqTest1"), .. headers]);

    public static HttpResponseMessage DropboxError(int status, string tag, string more = "") =>
        Json($$$"""{"error_summary":"{{{tag}}}/..","error":{".tag":"{{{tag}}}"{{{more}}}}}""", status, ("X-Dropbox-Request-Id", "dbxTest1"));

    public static HttpResponseMessage Of(int status, HttpContent content, params (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = content };
        foreach ((string name, string value) in headers) Assert.True(response.Headers.TryAddWithoutValidation(name, value));
        return response;
    }
}
