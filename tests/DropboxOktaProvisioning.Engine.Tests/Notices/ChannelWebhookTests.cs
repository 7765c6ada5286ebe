using System.Text.Json;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Tests.Http;

namespace DropboxOktaProvisioning.Engine.Tests.Notices;

public sealed class ChannelWebhookTests : IDisposable
{
    private const string Slack = "https://hooks.slack.com/services/T00000000/B00000000/SecretOfTheChannel";
    private static readonly ChannelSummary Summary = new("Dropbox activation: <Contoso> & [sons](https://contoso.example)", [new("Told", "12"), new("Failed", "1")], "Look <!here>");

    private readonly ScriptedHandler _network = new();
    private readonly InstantTime _time = new();

    public void Dispose() => _network.Dispose();

    [Theory]
    [InlineData(Slack, null, "text")]
    [InlineData("https://hooks.slack-gov.com/services/x", null, "text")]
    [InlineData("https://contoso.webhook.office.com/webhookb2/x", null, "attachments")]
    [InlineData("https://prod-12.westeurope.logic.azure.com/workflows/x?sig=secret", null, "attachments")]
    [InlineData("https://default0.0.environment.api.powerplatform.com:443/powerautomate/x?sig=secret", null, "attachments")]
    [InlineData("https://relay.contoso.example/x", WebhookKind.Teams, "attachments")]
    [InlineData(Slack, WebhookKind.Teams, "attachments")]
    public async Task The_host_tells_whose_it_is_and_the_kind_overrules_it(string address, WebhookKind? kind, string form)
    {
        _network.Then(Reply.Text("ok", 200));
        using var hook = Hook(address, kind);

        Assert.Null(await hook.PostAsync(Summary, CancellationToken.None));

        var sent = Assert.Single(_network.Requests);
        Assert.Equal(("POST", new Uri(address), "application/json; charset=utf-8"), (sent.Method, sent.Address, sent.ContentType));
        Assert.Null(sent.Authorization);
        using var body = JsonDocument.Parse(sent.Body!);
        Assert.True(body.RootElement.TryGetProperty(form, out _), sent.Body);
    }

    [Fact]
    public async Task A_name_calls_nobody_and_is_no_link()
    {
        _network.Then(Reply.Text("ok", 200), Reply.Text("", 202));
        using (var slack = Hook(Slack)) await slack.PostAsync(Summary, CancellationToken.None);
        using (var teams = Hook(Slack, WebhookKind.Teams)) await teams.PostAsync(Summary, CancellationToken.None);

        using var text = JsonDocument.Parse(_network.Requests[0].Body!);
        Assert.Equal(
            "*Dropbox activation: &lt;Contoso&gt; &amp; [sons](https://contoso.example)*\nTold: 12\nFailed: 1\nLook &lt;!here&gt;", text.RootElement.GetProperty("text").GetString());
        using var card = JsonDocument.Parse(_network.Requests[1].Body!);
        var blocks = card.RootElement.GetProperty("attachments")[0].GetProperty("content").GetProperty("body");
        Assert.Equal("Dropbox activation: (Contoso) & (sons)(https://contoso.example)", blocks[0].GetProperty("text").GetString());
        Assert.Equal("1", blocks[1].GetProperty("facts")[1].GetProperty("value").GetString());
    }

    [Fact]
    public async Task A_limit_is_waited_for_and_what_got_lost_is_not_repeated()
    {
        _network.Then(Reply.Text("slow down", 429, headers: ("Retry-After", "3")), Reply.Text("ok", 200));
        using var hook = Hook(Slack);
        Assert.Null(await hook.PostAsync(Summary, CancellationToken.None));
        Assert.Contains(TimeSpan.FromSeconds(3), _time.Waits);

        _network.ThenThrow(new HttpRequestException(HttpRequestError.ResponseEnded, "lost"));
        var lost = await hook.PostAsync(Summary, CancellationToken.None);

        Assert.Contains("not posted again", lost, StringComparison.Ordinal);
        Assert.Equal(3, _network.Requests.Count);
    }

    [Theory]
    [InlineData(400, "-WebhookKind")]
    [InlineData(403, "new webhook")]
    [InlineData(404, "new webhook")]
    [InlineData(410, "new webhook")]
    [InlineData(429, "keep below its limit")]
    [InlineData(302, "not posted again")]
    [InlineData(500, "not posted again")]
    public async Task What_went_wrong_is_said_with_what_to_do_and_without_the_address(int status, string named)
    {
        _network.Otherwise = _ => Reply.Text("no_service T00000000/B00000000/SecretOfTheChannel", status);
        using var hook = Hook(Slack);

        var trouble = await hook.PostAsync(Summary, CancellationToken.None);

        Assert.StartsWith($"The channel was not told: hooks.slack.com answered {status}. It says: no_service ", trouble, StringComparison.Ordinal);
        Assert.Contains(named, trouble, StringComparison.Ordinal);
        Assert.DoesNotContain("Secret", trouble, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://hooks.slack.com/services/Secret")]
    [InlineData("hooks.slack.com/services/Secret")]
    [InlineData("https://user:Secret@hooks.slack.com/x")]
    [InlineData("https://contoso.example/Secret")]
    [InlineData("https://hooks.slack.com.contoso.example/Secret")]
    [InlineData("https://xlogic.azure.com/Secret")]
    [InlineData("ftp://127.0.0.1/Secret")]
    [InlineData("")]
    public void An_address_that_is_none_is_refused_and_does_not_show(string address)
    {
        var problem = Assert.Throws<ProvisioningException>(() => Hook(address));

        Assert.Equal((ErrorIds.InvalidWebhook, ProblemCategory.InvalidArgument), (problem.ErrorId, problem.Category));
        Assert.DoesNotContain("Secret", problem + problem.RecommendedAction, StringComparison.Ordinal);
    }

    private ChannelWebhook Hook(string address, WebhookKind? kind = null) => new(SecretText.Protect(address), kind, _time, () => _network);
}
