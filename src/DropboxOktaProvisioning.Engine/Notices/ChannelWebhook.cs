using System.Net.Http.Headers;
using System.Security;
using System.Text.Json.Nodes;
using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>What a channel is told of a run: figures and no names.</summary>
/// <param name="Title">What it is about.</param>
/// <param name="Facts">Figures with their names, in order.</param>
/// <param name="Note">What to do, if there is something.</param>
public sealed record ChannelSummary(string Title, IReadOnlyList<KeyValuePair<string, string>> Facts, string? Note);

/// <summary>Posts to a channel of Teams or Slack. Its address is a secret: whoever has it may post.</summary>
/// <remarks>Nothing hangs on it: what goes wrong is said, and a post whose answer got lost is not repeated.</remarks>
public sealed class ChannelWebhook : IDisposable
{
    private const string Service = "webhook";

    private static readonly RetryOptions Retry = new() { MaxRetries = 2, MaxWait = TimeSpan.FromSeconds(30), AttemptTimeout = TimeSpan.FromSeconds(20) };

    // Slack's own hosts; those of Teams' incoming webhooks, and of the two platforms that its workflows run on.
    private static readonly (string Host, WebhookKind Kind)[] Hosts =
    [
        ("hooks.slack.com", WebhookKind.Slack), ("hooks.slack-gov.com", WebhookKind.Slack), (".webhook.office.com", WebhookKind.Teams),
        (".logic.azure.com", WebhookKind.Teams), (".powerplatform.com", WebhookKind.Teams),
    ];

    private readonly WebhookKind _kind;
    private readonly string _path;
    private readonly ServiceConnection _connection;

    /// <summary>Checks the address; nothing is sent yet.</summary>
    /// <param name="address">The webhook's whole address.</param>
    /// <param name="kind">Whose webhook it is; null tells by the host.</param>
    /// <param name="time">The clock of waits.</param>
    /// <exception cref="ProvisioningException">It is no https address, or the host does not tell whose it is (InvalidWebhook). The address never shows.</exception>
    public ChannelWebhook(SecureString address, WebhookKind? kind, TimeProvider time)
        : this(address, kind, time, null)
    {
    }

    internal ChannelWebhook(SecureString address, WebhookKind? kind, TimeProvider time, Func<HttpMessageHandler>? handler)
    {
        ArgumentNullException.ThrowIfNull(address);
        var isAddress = Uri.TryCreate(SecretText.Reveal(address), UriKind.Absolute, out var url);
        if (!isAddress || url!.UserInfo.Length > 0 || (url.Scheme != Uri.UriSchemeHttps && !(url.IsLoopback && url.Scheme == Uri.UriSchemeHttp)))
            throw Invalid("The webhook's address is no https address.", "Copy it again from the channel's settings, the whole of it.");
        _kind = kind ?? KindOf(url.IdnHost) ?? throw Invalid($"The host {url.IdnHost} does not tell whose webhook it is.", "Give -WebhookKind Teams or -WebhookKind Slack.");
        _path = url.PathAndQuery;
        _connection = new ServiceConnection(
            Service, new Uri(url.GetLeftPart(UriPartial.Authority)), _ => new NoToken(), Read, new ConnectionOptions { Time = time, Retry = Retry, PrimaryHandler = handler });
    }

    /// <summary>Posts it.</summary>
    /// <returns>Null if it was taken; else what went wrong and what to do.</returns>
    public async Task<string?> PostAsync(ChannelSummary summary, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(summary);
        var body = (_kind == WebhookKind.Slack ? ToSlack(summary) : ToTeams(summary)).ToJsonString();
        var request = new ServiceRequest(HttpMethod.Post, _path)
        {
            About = "the post",
            Permission = "",
            Safe = false,
            ReadsAnswer = false,
            Anonymous = true,
            Content = () => new StringContent(body, new MediaTypeHeaderValue("application/json", "utf-8")),
            Secrets = [_path, .. _path.Split('/', '?', '&', '=').Where(part => part.Length > 5)],
        };
        try
        {
            // Nobody hears of the request: its path is the secret.
            using var answer = await _connection.SendAsync(request, null, cancellationToken);
            return null;
        }
        catch (ServiceException exception)
        {
            var what = exception.MayHaveBeenApplied ? " It may or may not have been posted, and is not posted again." : "";
            return $"The channel was not told: {exception.Message}{what} {exception.RecommendedAction} No mail hangs on it.";
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private static WebhookKind? KindOf(string host) =>
        Hosts.Where(known => known.Host[0] == '.' ? host.EndsWith(known.Host, StringComparison.OrdinalIgnoreCase) : host.Equals(known.Host, StringComparison.OrdinalIgnoreCase))
            .Select(known => (WebhookKind?)known.Kind).FirstOrDefault();

    private static JsonObject ToSlack(ChannelSummary summary)
    {
        var lines = new[] { $"*{ForSlack(summary.Title)}*" }.Concat(summary.Facts.Select(fact => $"{ForSlack(fact.Key)}: {ForSlack(fact.Value)}"));
        if (summary.Note is { } note) lines = lines.Append(ForSlack(note));
        return new JsonObject { ["text"] = string.Join('\n', lines) };
    }

    private static JsonObject ToTeams(ChannelSummary summary)
    {
        var body = new JsonArray(
            new JsonObject { ["type"] = "TextBlock", ["text"] = ForTeams(summary.Title), ["weight"] = "Bolder", ["wrap"] = true },
            new JsonObject
            {
                ["type"] = "FactSet",
                ["facts"] = new JsonArray([.. summary.Facts.Select(fact => new JsonObject { ["title"] = ForTeams(fact.Key), ["value"] = ForTeams(fact.Value) })]),
            });
        if (summary.Note is { } note) body.Add(new JsonObject { ["type"] = "TextBlock", ["text"] = ForTeams(note), ["wrap"] = true });
        return new JsonObject
        {
            ["type"] = "message",
            ["attachments"] = new JsonArray(new JsonObject
            {
                ["contentType"] = "application/vnd.microsoft.card.adaptive",
                ["content"] = new JsonObject
                {
                    ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json", ["type"] = "AdaptiveCard", ["version"] = "1.2", ["body"] = body,
                },
            }),
        };
    }

    // A name must not become a link, or call somebody; Slack's three characters have their entities.
    private static string ForSlack(string text) =>
        Line(text).Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    // Cards read some Markdown; without its brackets there is no link.
    private static string ForTeams(string text) => Line(text).Replace('[', '(').Replace(']', ')').Replace('<', '(').Replace('>', ')');

    private static string Line(string text) => MailText.OneLine(text, 300);

    private static ServiceException Read(FailedAnswer failed)
    {
        var said = failed.Response.Content.Headers.ContentType?.MediaType == "text/plain" && failed.Quote(System.Text.Encoding.UTF8.GetString(failed.Body)) is { } quote
            ? $" It says: {MailText.OneLine(quote, 100)}." : "";
        return new ServiceException(
            failed.Status == 429 ? ErrorIds.RateLimitExceeded : ErrorIds.RequestRefused, ProblemCategory.ConnectionError, Service,
            $"{failed.Origin.Host} answered {failed.Status}.{said}",
            failed.Status switch
            {
                429 => "Fewer runs, or a webhook of its own, keep below its limit.",
                401 or 403 or 404 or 410 => "Make a new webhook in the channel, or switch the workflow on again, and give its address.",
                400 => "Check that -WebhookKind is right.",
                _ => "Look into the channel.",
            })
        {
            StatusCode = failed.Status,
            MayHaveBeenApplied = failed.Status is < 400 or >= 500,
        };
    }

    private static ProvisioningException Invalid(string what, string action) => new(ErrorIds.InvalidWebhook, ProblemCategory.InvalidArgument, what, null, action);

    /// <summary>The address itself is what lets us in.</summary>
    private sealed class NoToken : ITokenSource
    {
        public ValueTask SignAsync(HttpRequestMessage request, IProgress<RunEvent>? progress, CancellationToken cancel) => default;

        public ValueTask<bool> TryRenewAsync(
            HttpResponseMessage refusal, HttpRequestMessage refused, IProgress<RunEvent>? progress, CancellationToken cancel) => ValueTask.FromResult(false);

        public void Dispose()
        {
        }
    }
}
