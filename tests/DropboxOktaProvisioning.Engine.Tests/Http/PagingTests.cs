using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning.Engine.Tests.Http;

public sealed class PagingTests
{
    private const string Base = "https://contoso.okta.com";
    private readonly Rig _rig = new();

    [Theory]
    [InlineData("https://evil.example/api/v1/apps?after=1")]
    [InlineData("http://contoso.okta.com/api/v1/apps?after=1")]
    [InlineData("https://contoso.okta.com:444/api/v1/apps?after=1")]
    [InlineData("https://contoso.okta.com@evil.example/api/v1/apps?after=1")]
    [InlineData("https://contoso.okta.com.evil.example/x")]
    [InlineData("//evil.example/x")]
    [InlineData("file:///etc/passwd")]
    public async Task A_next_page_on_another_host_is_refused_before_anything_is_sent(string next)
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(Reply.Json("""[{"id":"00u1"}]""", 200, ("Link", $"<{next}>; rel=\"next\"")));

        var handedOut = new List<OktaAppUser>();
        ServiceException error = await Assert.ThrowsAsync<ServiceException>(async () =>
        {
            await foreach (IReadOnlyList<OktaAppUser> page in client.ListAppUsersAsync("0oa1", _rig.Log, default)) handedOut.AddRange(page);
        });

        Assert.Equal(ErrorIds.ForeignNextLink, error.ErrorId);
        Assert.Empty(handedOut);
        Assert.Single(_rig.Network.Requests);
    }

    [Fact]
    public async Task The_handler_itself_lets_nothing_out_to_another_host()
    {
        using var network = new ScriptedHandler();
        using var invoker = new HttpMessageInvoker(new AuthorizationHandler(
            "Okta", new Uri(Base), new FixedTokenSource("SSWS", SecretText.Protect(Rig.OktaToken))) { InnerHandler = network });
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://evil.example/");

        ServiceException error = await Assert.ThrowsAsync<ServiceException>(() => invoker.SendAsync(request, default));

        Assert.Equal(ErrorIds.ForeignNextLink, error.ErrorId);
        Assert.Empty(network.Requests);
        Assert.Null(request.Headers.Authorization);
    }

    [Fact]
    public async Task The_next_pages_address_is_taken_untouched()
    {
        using OktaClient client = await _rig.OktaAsync();
        const string next = Base + "/api/v1/apps/0oa1/users?after=%41%2d%7e+a%20b&limit=500&&x='(%C3%A4)";
        _rig.Network.Then(Reply.Json("""[{"id":"00u0"}]""", 200, ("Link", $"<{Base}/self>; rel=\"self\""), ("Link", $"<{next}>; rel=\"next\"")), Reply.Json("""[{"id":"00u1"}]"""));

        Assert.Equal(2, (await Rig.AllAsync(client.ListAppUsersAsync("0oa1", _rig.Log, default))).Count);

        Assert.Equal(next[Base.Length..], _rig.Network.Requests[1].PathAndQuery);
    }

    [Fact]
    public async Task A_last_page_with_nobody_on_it_is_asked_for_twice_and_the_people_of_the_second_answer_count()
    {
        using OktaClient client = await _rig.OktaAsync();
        HttpResponseMessage Page(string json, string? next) => next is null ? Reply.Json(json) : Reply.Json(json, 200, ("Link", $"<{Base}/api/v1/apps/0oa1/users?after={next}&limit=500>; rel=\"next\""));
        _rig.Network.Then(Page("""[{"id":"00u1"}]""", "a"), Page("[]", null), Page("""[{"id":"00u2"}]""", "b"), Page("[]", null), Page("[]", null));

        var people = await Rig.AllAsync(client.ListAppUsersAsync("0oa1", _rig.Log, default));

        // The second time that the same end is empty it is believed.
        Assert.Equal(["00u1", "00u2"], people.Select(one => one.Id));
        Assert.Equal(["a", "a", "b", "b"], _rig.Network.Requests.Skip(1).Select(sent => sent.PathAndQuery.Split("after=")[1].Split('&')[0]));
    }

    [Fact]
    public async Task A_first_page_that_was_doubted_leaves_the_doubt_to_a_later_end()
    {
        using OktaClient client = await _rig.OktaAsync();
        HttpResponseMessage Page(string json, string next) => Reply.Json(json, 200, ("Link", $"<{Base}/api/v1/apps/0oa1/users?after={next}&limit=500>; rel=\"next\""));
        _rig.Network.Then(Reply.Json("[]"), Page("""[{"id":"00u1"}]""", "a"), Reply.Json("[]"), Page("""[{"id":"00u2"}]""", "b"), Reply.Json("""[{"id":"00u3"}]"""));

        Assert.Equal(["00u1", "00u2", "00u3"], (await Rig.AllAsync(client.ListAppUsersAsync("0oa1", _rig.Log, default))).Select(one => one.Id));
    }

    [Fact]
    public async Task A_list_with_nobody_on_it_is_asked_for_twice_and_then_believed()
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(Reply.Json("[]"), Reply.Json("[]"));

        Assert.Empty(await Rig.AllAsync(client.ListAppUsersAsync("0oa1", _rig.Log, default)));

        Assert.Equal(_rig.Network.Requests[0].PathAndQuery, _rig.Network.Requests[1].PathAndQuery);
        Assert.Equal(2, _rig.Network.Requests.Count);
    }

    [Fact]
    public async Task A_first_page_with_nobody_on_it_is_not_the_end_where_the_second_answer_goes_on()
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(Reply.Json("[]"), Reply.Json("""[{"id":"00u1"}]""", 200, ("Link", $"<{Base}/api/v1/apps/0oa1/users?after=a&limit=500>; rel=\"next\"")), Reply.Json("""[{"id":"00u2"}]"""));

        Assert.Equal(["00u1", "00u2"], (await Rig.AllAsync(client.ListAppUsersAsync("0oa1", _rig.Log, default))).Select(one => one.Id));
    }

    [Theory]
    [InlineData("<https://contoso.okta.com/a>; rel=\"next\", <https://contoso.okta.com/b>; rel=\"next\"")]
    [InlineData("<https://contoso.okta.com/a b>; rel=\"next\"")]
    [InlineData("<https://contoso.okta.com/a#b>; rel=\"next\"")]
    [InlineData("<:>; rel=\"next\"")]
    public async Task A_next_page_that_cannot_be_told_is_an_error_and_not_the_end(string link)
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(Reply.Json("[]", 200, ("Link", link)));

        ServiceException error = await Assert.ThrowsAsync<ServiceException>(() => Rig.AllAsync(client.ListAppUsersAsync("0oa1", null, default)));

        Assert.Equal(ErrorIds.MalformedAnswer, error.ErrorId);
    }

    [Fact]
    public async Task A_page_that_names_itself_as_the_next_one_is_an_error()
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Otherwise = _ => Reply.Json("""[{"id":"00u1"}]""", 200, ("Link", $"<{Base}/api/v1/apps/0oa1/users?after=1>; rel=\"next\""));

        ServiceException error = await Assert.ThrowsAsync<ServiceException>(() => Rig.AllAsync(client.ListAppUsersAsync("0oa1", null, default)));

        Assert.Equal(ErrorIds.RepeatedPage, error.ErrorId);
        Assert.Equal(2, _rig.Network.Requests.Count);
    }

    private static HttpResponseMessage Page(string json, string next) => Reply.Json(json, 200, ("Link", $"<{Base}/api/v1/apps/0oa1/users?after={next}&limit=500>; rel=\"next\""));

    private IEnumerable<string> Places => _rig.Network.Requests.Select(sent => sent.PathAndQuery.Split("after=") is [_, var place] ? place.Split('&')[0] : "first");

    [Theory]
    [InlineData("b")]
    [InlineData("b2")]
    public async Task An_empty_page_in_the_middle_is_asked_for_again_and_the_list_goes_on_as_the_second_answer_says(string then)
    {
        using OktaClient client = await _rig.OktaAsync();
        // The page that was asked for ahead is let go, whatever it has: the second answer may lead elsewhere.
        _rig.Network.Then(Page("""[{"id":"00u1"}]""", "a"), Page("[]", "b"), Reply.Json("""[{"id":"00uX"}]"""), Page("""[{"id":"00u2"}]""", then), Reply.Json("""[{"id":"00u3"}]"""));

        Assert.Equal(["00u1", "00u2", "00u3"], (await Rig.AllAsync(client.ListAppUsersAsync("0oa1", null, default))).Select(one => one.Id));

        Assert.Equal(["first", "a", "b", "a", then], Places);
    }

    [Fact]
    public async Task Each_empty_page_is_doubted_for_itself_and_what_failed_ahead_of_it_does_no_harm()
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(
            Page("[]", "a"), Reply.OktaError(400, "E0000031", "Invalid after"), Page("""[{"id":"00u1"}]""", "a"),
            Page("[]", "b"), Reply.OktaError(400, "E0000031", "Invalid after"), Page("""[{"id":"00u2"}]""", "b"), Reply.Json("""[{"id":"00u3"}]"""));

        Assert.Equal(["00u1", "00u2", "00u3"], (await Rig.AllAsync(client.ListAppUsersAsync("0oa1", null, default))).Select(one => one.Id));

        Assert.Equal(["first", "a", "first", "a", "b", "a", "b"], Places);
    }

    [Theory]
    [InlineData("b", "b")]
    [InlineData("b", null)]
    [InlineData(null, "b")]
    public async Task A_page_that_is_empty_twice_is_an_error_where_one_of_the_answers_goes_on(string? first, string? second)
    {
        using OktaClient client = await _rig.OktaAsync();
        HttpResponseMessage Empty(string? next) => next is null ? Reply.Json("[]") : Page("[]", next);
        _rig.Network.Then(Page("""[{"id":"00u1"}]""", "a"), Empty(first));
        if (first is not null) _rig.Network.Then(Reply.Json("""[{"id":"00u3"}]"""));
        _rig.Network.Then(Empty(second));
        _rig.Network.Otherwise = _ => Reply.Json("""[{"id":"00u3"}]""");

        ServiceException error = await Assert.ThrowsAsync<ServiceException>(() => Rig.AllAsync(client.ListAppUsersAsync("0oa1", null, default)));

        Assert.Equal(ErrorIds.IncompleteList, error.ErrorId);
        Assert.Contains("the app's users", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_page_of_members_is_asked_for_again_by_the_same_cursor()
    {
        using DropboxTeamClient client = await _rig.DropboxAsync();
        static string Members(string members, string cursor, bool more) => $$"""{"has_more":{{(more ? "true" : "false")}},"cursor":"{{cursor}}","members":[{{members}}]}""";
        static string Member(int number) => $$$$"""{"profile":{"team_member_id":"dbmid:{{{{number}}}}","email":"a{{{{number}}}}@contoso.example","status":{".tag":"active"}}}""";
        _rig.Network.Then(
            Reply.Json(Members(Member(1), "c1", true)), Reply.Json(Members("", "c2", true)), Reply.Json(Members(Member(9), "c9", false)),
            Reply.Json(Members(Member(2), "c2", true)), Reply.Json(Members(Member(3), "c3", false)));

        Assert.Equal(["dbmid:1", "dbmid:2", "dbmid:3"], (await Rig.AllAsync(client.ListMembersAsync(true, null, default))).Select(one => one.TeamMemberId));

        Assert.Equal(["c1", "c2", "c1", "c2"], _rig.Network.Requests.Skip(1).Select(sent => sent.Body![11..13]));
    }

    [Fact]
    public async Task Empty_pages_of_a_log_are_no_cause_for_doubt()
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(Page("[]", "a"), Page("[]", "b"), Reply.Json("""[{"published":"2026-03-02T09:00:00.000Z","eventType":"user.session.start"}]"""));

        Assert.Single(await Rig.AllAsync(client.ListLogAsync(InstantTime.Start.AddDays(-1), InstantTime.Start, "x", null, default)));

        Assert.Equal(3, _rig.Network.Requests.Count);
    }

    [Theory]
    [InlineData("""[{"id":"00u1"},{"status":"ACTIVE"}]""", "entry 2")]
    [InlineData("""[{"id":"00u1"},{"id":""}]""", "entry 2")]
    [InlineData("""[null]""", "entry 1")]
    [InlineData("""[{"id":"00u1"},{"id":17}]""", "$[1].id")]
    [InlineData("""[{"id":"00u1","statusChanged":"yesterday"}]""", "$[0].statusChanged")]
    public async Task An_entry_that_cannot_be_used_is_an_error_with_its_place(string body, string place)
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(Reply.Json(body, 200, ("X-Okta-Request-Id", "req7")));

        ServiceException error = await Assert.ThrowsAsync<ServiceException>(() => Rig.AllAsync(client.ListAppUsersAsync("0oa1", null, default)));

        Assert.Equal((ErrorIds.MalformedAnswer, "req7"), (error.ErrorId, error.RequestId));
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_place_that_Okta_no_longer_knows_is_CursorExpired_and_a_bad_first_page_is_not()
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(
            Page("""[{"id":"00u1"}]""", "old"), Reply.OktaError(400, "E0000031", "Invalid after"),
            Reply.OktaError(400, "E0000031"));

        Assert.Equal(ErrorIds.CursorExpired, (await Assert.ThrowsAsync<ServiceException>(() => Rig.AllAsync(client.ListAppUsersAsync("0oa1", null, default)))).ErrorId);
        Assert.Equal(ErrorIds.RequestRefused, (await Assert.ThrowsAsync<ServiceException>(() => Rig.AllAsync(client.ListAppUsersAsync("0oa1", null, default)))).ErrorId);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(200_000)]
    public async Task An_answer_larger_than_allowed_is_refused_whether_it_says_its_size_or_not(int size)
    {
        foreach (bool saysSize in new[] { true, false })
        {
            var rig = new Rig();
            using OktaClient client = await rig.OktaAsync(rig.Options with { MaxAnswerBytes = size - 1 });
            var body = new UnsizedStream(size);
            var content = new StreamContent(body);
            if (saysSize) content.Headers.ContentLength = size;
            rig.Network.Then(Reply.Of(200, content));

            ServiceException error = await Assert.ThrowsAsync<ServiceException>(() => client.GetDropboxAppsAsync(null, default));

            Assert.Equal((ErrorIds.AnswerTooLarge, ProblemCategory.LimitsExceeded), (error.ErrorId, error.Category));
            Assert.Single(rig.Network.Requests);
            Assert.Equal(saysSize, !body.WasRead);
        }
    }

    [Fact]
    public async Task A_cursor_that_comes_again_is_an_error()
    {
        using DropboxTeamClient client = await _rig.DropboxAsync();
        _rig.Network.Otherwise = _ => Reply.Json("""{"members":[{"profile":{"team_member_id":"dbmid:1","email":"a@contoso.example","status":{".tag":"active"}}}],"cursor":"same","has_more":true}""");

        ServiceException error = await Assert.ThrowsAsync<ServiceException>(() => Rig.AllAsync(client.ListMembersAsync(false, null, default)));

        Assert.Equal((ErrorIds.RepeatedPage, "Dropbox"), (error.ErrorId, error.Service));
    }

    [Theory]
    [InlineData("""{"members":[],"cursor":"c"}""")]
    [InlineData("""{"cursor":"c","has_more":false}""")]
    [InlineData("""{"members":[],"has_more":true}""")]
    [InlineData("""{"members":[null],"has_more":false}""")]
    [InlineData("""{"members":[{"profile":{"team_member_id":"dbmid:1","email":"a@contoso.example"}}],"has_more":false}""")]
    [InlineData("null")]
    [InlineData("[]")]
    public async Task A_page_of_members_that_cannot_be_used_is_an_error(string body)
    {
        using DropboxTeamClient client = await _rig.DropboxAsync();
        _rig.Network.Then(Reply.Json(body));

        Assert.Equal(ErrorIds.MalformedAnswer, (await Assert.ThrowsAsync<ServiceException>(() => Rig.AllAsync(client.ListMembersAsync(false, null, default)))).ErrorId);
    }

    [Fact]
    public async Task A_cursor_that_expired_is_CursorExpired_and_the_list_is_not_started_again()
    {
        using DropboxTeamClient client = await _rig.DropboxAsync();
        _rig.Network.Then(
            Reply.Json("""{"members":[{"profile":{"team_member_id":"dbmid:1","email":"a@contoso.example","status":{".tag":"active"}}}],"cursor":"c1","has_more":true}"""), Reply.DropboxError(409, "invalid_cursor"));

        Assert.Equal(ErrorIds.CursorExpired, (await Assert.ThrowsAsync<ServiceException>(() => Rig.AllAsync(client.ListMembersAsync(false, null, default)))).ErrorId);
        Assert.Equal(2, _rig.Network.Requests.Count);
    }

    /// <summary>A body that does not say how long it is, and whether it was read.</summary>
    private sealed class UnsizedStream(int size) : MemoryStream(new byte[size])
    {
        public override bool CanSeek => false;

        public bool WasRead { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            WasRead = true;
            return base.ReadAsync(buffer, cancellationToken);
        }
    }
}
