using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Tests.Http;

namespace DropboxOktaProvisioning.Engine.Tests.Okta;

/// <summary>Reading the System Log.</summary>
public sealed class OktaLogTests
{
    private static readonly DateTimeOffset Since = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly Rig _rig = new();

    private async Task<List<OktaLogEvent>> AllAsync(OktaClient client) => await Rig.AllAsync(client.ListLogAsync(Since, Since.AddDays(1), "eventType eq \"x\"", null, default));

    [Fact]
    public async Task Both_ends_and_the_filter_are_sent_and_what_is_missing_is_null()
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(Reply.Json("""
            [{"published":"2026-03-01T10:00:00.000Z","eventType":"application.provision.user.push","outcome":{"result":"FAILURE","reason":"no seat"},
              "actor":{"id":"00uAdmin"},"target":[{"id":"00u1","type":"User"},{"id":"0oa1","type":"AppInstance"},null,{"type":"odd"}],"debugContext":{"debugData":{"error_code":"limit"}},"new":{"x":1}},
             {"published":"2026-03-01T11:00:00Z","eventType":"never.seen.before","outcome":null,"target":null,"debugContext":{"debugData":null}}]
            """));

        List<OktaLogEvent> events = await AllAsync(client);

        Assert.Equal(
            "/api/v1/logs?since=2026-03-01T00%3A00%3A00.000Z&until=2026-03-02T00%3A00%3A00.000Z&filter=eventType%20eq%20%22x%22&sortOrder=ASCENDING&limit=1000", _rig.Network.Requests[^1].PathAndQuery);
        Assert.Equal(("FAILURE", "no seat", "limit"), (events[0].Result, events[0].Reason, events[0].ErrorCode));
        Assert.Equal(["00uAdmin", "00u1", "0oa1"], events[0].Ids);
        Assert.Equal(("never.seen.before", null, null, 0), (events[1].Type, events[1].Result, events[1].Reason, events[1].Ids.Count));
    }

    [Theory]
    [InlineData("""[{"eventType":"x"}]""")]
    [InlineData("""[{"published":"2026-03-01T10:00:00Z"}]""")]
    [InlineData("""[{"published":"yesterday","eventType":"x"}]""")]
    [InlineData("""[7]""")]
    [InlineData("""{}""")]
    public async Task An_entry_without_its_time_or_its_type_is_an_error(string body)
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(Reply.Json(body));
        Assert.Equal(ErrorIds.MalformedAnswer, (await Assert.ThrowsAsync<ServiceException>(() => AllAsync(client))).ErrorId);
    }
}
