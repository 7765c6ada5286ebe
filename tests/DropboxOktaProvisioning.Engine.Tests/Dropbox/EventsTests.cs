using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Tests.Http;

namespace DropboxOktaProvisioning.Engine.Tests.Dropbox;

/// <summary>The team's log: the forms of the published spec, cursors, resets, and words that nobody knows.</summary>
public sealed class EventsTests
{
    private readonly Rig _rig = new();

    private static string Event(string time, string type = "login_success", string more = "") =>
        $$$"""{"timestamp":"2026-{{{time}}}","event_category":{".tag":"logins"},"event_type":{".tag":"{{{type}}}","description":"x"},"details":{".tag":"{{{type}}}_details"}{{{more}}}}""";

    private static string Page(string cursor, bool more, params string[] events) =>
        $$"""{"events":[{{string.Join(',', events)}}],"cursor":"{{cursor}}","has_more":{{(more ? "true" : "false")}}}""";

    private async Task<List<DropboxEvent>> ReadAsync(DropboxEventQuery query)
    {
        using DropboxTeamClient client = await _rig.DropboxAsync();
        return await Rig.AllAsync(client.ListEventsAsync(query, _rig.Log, default));
    }

    [Fact]
    public async Task Events_come_from_all_pages_and_an_empty_one_with_more_behind_it_ends_nothing()
    {
        _rig.Network.Then(
            Reply.Json(Rig.Team), Reply.Json(Rig.Admin),
            Reply.Json(Page("c1", true, Event("02-01T00:00:00Z"))), Reply.Json(Page("c2", true)), Reply.Json(Page("c3", false, Event("01-01T00:00:00Z"))));
        using DropboxTeamClient client = await _rig.ConnectDropboxAsync();
        var query = new DropboxEventQuery { EventType = "login_success", Since = new(2026, 1, 1, 2, 0, 0, TimeSpan.FromHours(2)), Until = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero) };
        List<DropboxEvent> events = await Rig.AllAsync(client.ListEventsAsync(query, _rig.Log, default));

        Assert.Equal([2, 1], events.Select(e => e.Timestamp.Month));
        Assert.Equal(
            [
                ("/2/team_log/get_events", """{"limit":1000,"time":{"start_time":"2026-01-01T00:00:00Z","end_time":"2026-03-01T00:00:00Z"},"event_type":"login_success"}"""),
                ("/2/team_log/get_events/continue", """{"cursor":"c1"}"""),
                ("/2/team_log/get_events/continue", """{"cursor":"c2"}"""),
            ],
            _rig.Network.Requests.Skip(2).Select(r => (r.PathAndQuery, r.Body!)));
    }

    [Fact]
    public async Task People_are_read_in_each_of_their_places_and_details_stay_as_they_are()
    {
        using DropboxTeamClient client = await _rig.DropboxAsync();
        _rig.Network.Then(Reply.Json(Page("c", false, """
            {"timestamp":"2026-01-02T03:04:05Z","event_category":{".tag":"members"},"involve_non_team_member":true,
             "actor":{".tag":"admin","admin":{".tag":"team_member","account_id":"dbid:1","email":"admin@contoso.example","team_member_id":"dbmid:1"}},
             "context":{".tag":"non_team_member","account_id":"dbid:2","display_name":"B","email":"b@contoso.example"},
             "participants":[{".tag":"user","user":{".tag":"non_team_member","email":"c@contoso.example"}},{".tag":"group","display_name":"G"},{".tag":"hologram"}],
             "event_type":{".tag":"member_change_status"},
             "details":{".tag":"member_change_status_details","new_value":{".tag":"active"},"action":{".tag":"team_join_details","has_linked_apps":true}}}
            """)));
        DropboxEvent one = Assert.Single(await Rig.AllAsync(client.ListEventsAsync(new DropboxEventQuery(), _rig.Log, default)));

        Assert.True(one.IsByAdmin && one.InvolvesNonTeamMember);
        Assert.Equal(new DropboxEventPerson("team_member", "admin@contoso.example", "dbid:1", "dbmid:1"), one.Actor);
        Assert.Equal(new DropboxEventPerson("non_team_member", "b@contoso.example", "dbid:2", null), one.Context);
        Assert.Equal([new DropboxEventPerson("non_team_member", "c@contoso.example", null, null)], one.Participants);
        Assert.Equal(("members", "active", null), (one.Category, one.Detail("new_value"), one.Detail("new_value", "nothing")));
        Assert.True(one.DetailIsTrue("action", "has_linked_apps"));
        Assert.False(one.DetailIsTrue("action", "has_linked_devices"));
        Assert.Equal("""{"limit":1000}""", _rig.Network.Requests.Single().Body);
    }

    [Theory]
    [InlineData("""{"timestamp":"2026-01-02T03:04:05Z","event_type":"bare"}""", "bare")]
    [InlineData("""{"timestamp":"2026-01-02T03:04:05Z","event_type":{".tag":"dreamt"},"actor":{".tag":"ghost"},"context":null,"participants":null,"details":7}""", "dreamt")]
    [InlineData("""{"timestamp":"2026-01-02T03:04:05Z","event_type":{".tag":"x"},"actor":"anonymous","context":[1],"participants":{},"event_category":9}""", "x")]
    public async Task Words_and_forms_that_nobody_knows_are_read_over(string json, string type)
    {
        using DropboxTeamClient client = await _rig.DropboxAsync();
        _rig.Network.Then(Reply.Json(Page("c", false, json)));
        DropboxEvent one = Assert.Single(await Rig.AllAsync(client.ListEventsAsync(new DropboxEventQuery(), _rig.Log, default)));
        Assert.Equal((type, null, null, 0), (one.Type, one.Actor, one.Detail("new_value"), one.Participants.Count));
    }

    [Theory]
    [InlineData("""{"events":[{"event_type":{".tag":"x"}}],"cursor":"c","has_more":false}""")]
    [InlineData("""{"events":[{"timestamp":"yesterday","event_type":{".tag":"x"}}],"cursor":"c","has_more":false}""")]
    [InlineData("""{"cursor":"c","has_more":false}""")]
    [InlineData("""{"events":[],"cursor":"c"}""")]
    [InlineData("""{"events":[],"has_more":true}""")]
    public async Task A_page_that_lacks_what_it_must_have_is_an_error(string page)
    {
        using DropboxTeamClient client = await _rig.DropboxAsync();
        _rig.Network.Then(Reply.Json(page));
        var error = await Assert.ThrowsAsync<ServiceException>(() => Rig.AllAsync(client.ListEventsAsync(new DropboxEventQuery(), _rig.Log, default)));
        Assert.Equal(ErrorIds.MalformedAnswer, error.ErrorId);
    }

    [Fact]
    public async Task A_reset_goes_on_from_its_time_and_what_was_read_does_not_come_again()
    {
        using DropboxTeamClient client = await _rig.DropboxAsync();
        string first = Event("01-05T00:00:00Z"), second = Event("01-06T00:00:00Z");
        _rig.Network.Then(
            Reply.Json(Page("c1", true, first)),
            Reply.DropboxError(409, "reset", ""","reset":"2026-01-05T00:00:00Z" """),
            Reply.Json(Page("c2", false, first, second)));
        List<DropboxEvent> events = await Rig.AllAsync(client.ListEventsAsync(new DropboxEventQuery { Category = "logins" }, _rig.Log, default));

        Assert.Equal([5, 6], events.Select(e => e.Timestamp.Day));
        Assert.Equal("""{"limit":1000,"time":{"start_time":"2026-01-04T23:00:00Z"},"category":"logins"}""", _rig.Network.Requests[^1].Body);
    }

    [Fact]
    public async Task A_reset_never_leads_to_before_what_was_asked_for()
    {
        using DropboxTeamClient client = await _rig.DropboxAsync();
        _rig.Network.Then(
            Reply.Json(Page("c1", true)), Reply.DropboxError(409, "reset", ""","reset":"2020-01-01T00:00:00Z" """), Reply.Json(Page("c2", false)));
        await Rig.AllAsync(client.ListEventsAsync(new DropboxEventQuery { Since = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) }, _rig.Log, default));
        Assert.Contains("2026-01-01T00:00:00Z", _rig.Network.Requests[^1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_is_always_reset_is_an_error_and_no_loop()
    {
        using DropboxTeamClient client = await _rig.DropboxAsync();
        int cursor = 0;
        _rig.Network.Otherwise = request => request.RequestUri!.AbsolutePath.EndsWith("continue", StringComparison.Ordinal)
            ? Reply.DropboxError(409, "reset", ""","reset":"2026-01-05T00:00:00Z" """)
            : Reply.Json(Page($"c{cursor++}", true, Event("01-05T00:00:00Z")));
        var error = await Assert.ThrowsAsync<ServiceException>(() => Rig.AllAsync(client.ListEventsAsync(new DropboxEventQuery(), _rig.Log, default)));
        Assert.Equal(ErrorIds.CursorExpired, error.ErrorId);
        Assert.InRange(_rig.Network.Requests.Count, 4, 20);
    }

    [Theory]
    [InlineData("bad_cursor", "")]
    [InlineData("reset", "")]
    [InlineData("reset", ""","reset":"soon" """)]
    public async Task A_place_that_is_lost_for_good_is_an_error(string tag, string more)
    {
        using DropboxTeamClient client = await _rig.DropboxAsync();
        _rig.Network.Then(Reply.Json(Page("c1", true, Event("01-05T00:00:00Z"))), Reply.DropboxError(409, tag, more));
        var error = await Assert.ThrowsAsync<ServiceException>(() => Rig.AllAsync(client.ListEventsAsync(new DropboxEventQuery(), _rig.Log, default)));
        Assert.Equal(ErrorIds.CursorExpired, error.ErrorId);
    }

    [Fact]
    public async Task A_token_without_the_scope_is_told_which_one()
    {
        using DropboxTeamClient client = await _rig.DropboxAsync();
        _rig.Network.Then(Reply.DropboxError(401, "missing_scope", ""","required_scope":"events.read" """));
        var error = await Assert.ThrowsAsync<ServiceException>(() => Rig.AllAsync(client.ListEventsAsync(new DropboxEventQuery(), _rig.Log, default)));
        Assert.Equal(ErrorIds.MissingScope, error.ErrorId);
        Assert.Contains("events.read", error.Message + error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_category_and_a_type_together_are_refused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => ReadAsync(new DropboxEventQuery { Category = "members", EventType = "x" }));
}
