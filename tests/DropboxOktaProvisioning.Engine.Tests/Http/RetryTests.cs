using System.Globalization;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning.Engine.Tests.Http;

public sealed class RetryTests
{
    private readonly Rig _rig = new();

    private static string ServerDate => InstantTime.Start.AddHours(-2).ToString("r", CultureInfo.InvariantCulture);

    private static string Epoch(double secondsAfterServerDate) =>
        InstantTime.Start.AddHours(-2).AddSeconds(secondsAfterServerDate).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    public static TheoryData<string, (string Name, string Value)[], double> AskedWaits => new()
    {
        { "seconds", [("Retry-After", "7")], 7 },
        { "no time at all", [("Retry-After", "0")], 1 },
        { "a date by the server's own clock", [("Date", ServerDate), ("Retry-After", InstantTime.Start.AddHours(-2).AddSeconds(30).ToString("r", CultureInfo.InvariantCulture))], 30 },
        { "a date that is past", [("Date", ServerDate), ("Retry-After", InstantTime.Start.AddHours(-3).ToString("r", CultureInfo.InvariantCulture))], 1 },
        { "the reset and a second by the server's own clock", [("Date", ServerDate), ("X-Rate-Limit-Limit", "600"), ("X-Rate-Limit-Remaining", "0"), ("X-Rate-Limit-Reset", Epoch(20))], 21 },
        { "the soonest of several resets", [("Date", ServerDate), ("X-Rate-Limit-Reset", Epoch(50)), ("X-Rate-Limit-Reset", Epoch(20))], 21 },
        { "Retry-After before the reset", [("Date", ServerDate), ("Retry-After", "3"), ("X-Rate-Limit-Reset", Epoch(20))], 3 },
        { "the reset where Retry-After is nonsense", [("Date", ServerDate), ("Retry-After", "soon"), ("X-Rate-Limit-Reset", Epoch(20))], 21 },
        { "the local clock where the server has none", [("X-Rate-Limit-Reset", InstantTime.Start.AddSeconds(9).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture))], 10 },
    };

    [Theory]
    [MemberData(nameof(AskedWaits))]
    public async Task A_rate_limited_request_waits_as_asked(string form, (string Name, string Value)[] headers, double seconds)
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(Reply.OktaError(429, "E0000047", "API call exceeded rate limit", headers), Reply.Json("[]"));

        await client.GetDropboxAppsAsync(_rig.Log, default);

        Assert.True(_rig.Time.Waits.SequenceEqual([TimeSpan.FromSeconds(seconds)]), $"{form}: {string.Join(' ', _rig.Time.Waits)}");
        Waiting waiting = Assert.Single(_rig.Log.Events.OfType<Waiting>());
        Assert.Equal(
            ("Okta", "The rate limit is reached.", TimeSpan.FromSeconds(seconds), InstantTime.Start.AddSeconds(seconds), 1),
            (waiting.Service, waiting.Reason, waiting.Delay, waiting.Until, waiting.Attempt));
    }

    [Fact]
    public async Task Too_many_requests_at_once_waits_1_2_4_8_8_whatever_the_reset_says()
    {
        using OktaClient client = await _rig.OktaAsync();
        for (int i = 0; i < 5; i++)
        {
            _rig.Network.Then(Reply.OktaError(429, "E0000047", "x",
                ("Date", ServerDate), ("X-Rate-Limit-Limit", "0"), ("X-Rate-Limit-Remaining", "0"), ("X-Rate-Limit-Reset", Epoch(40))));
        }

        _rig.Network.Then(Reply.Json("[]"));
        await client.GetDropboxAppsAsync(_rig.Log, default);

        Assert.Equal([1, 2, 4, 8, 8], _rig.Time.Waits.Select(w => w.TotalSeconds));
        Assert.Equal(7, client.RequestCount);
    }

    [Fact]
    public async Task A_wait_longer_than_allowed_is_an_error_at_once_that_says_until_when()
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(Reply.OktaError(429, "E0000047", "x", ("Retry-After", "3600")));

        ServiceException error = await Assert.ThrowsAsync<ServiceException>(() => client.GetDropboxAppsAsync(_rig.Log, default));

        Assert.Equal((ErrorIds.RateLimitExceeded, ProblemCategory.LimitsExceeded, 429), (error.ErrorId, error.Category, error.StatusCode));
        Assert.Contains("until 2026-03-02 10:00:00Z", error.Message, StringComparison.Ordinal);
        Assert.Empty(_rig.Time.Waits);
    }

    [Fact]
    public async Task A_rate_limit_that_does_not_end_is_an_error_after_the_last_try()
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Otherwise = _ => Reply.OktaError(429, "E0000047", "x", ("Retry-After", "2"));

        ServiceException error = await Assert.ThrowsAsync<ServiceException>(() => client.GetDropboxAppsAsync(_rig.Log, default));

        Assert.Equal(ErrorIds.RateLimitExceeded, error.ErrorId);
        Assert.Equal(6, _rig.Network.Requests.Count);
        Assert.Equal(5, _rig.Time.Waits.Count);
    }

    public static TheoryData<string, Func<HttpResponseMessage>> Troubles => new()
    {
        { "500", () => Reply.OktaError(500, "E0000009") },
        { "502 as a page", () => Reply.Text("<html>Bad gateway</html>", 502, "text/html") },
        { "read-only mode", () => Reply.OktaError(503, "E0000010") },
        { "timeout of a proxy", () => Reply.Text("", 408) },
        { "reset", () => throw new HttpRequestException("reset", new IOException("x", new SocketException((int)SocketError.ConnectionReset))) },
        { "ended early", () => throw new HttpRequestException(HttpRequestError.ResponseEnded, "x") },
        { "name lost for a moment", () => throw new HttpRequestException(HttpRequestError.NameResolutionError, "x") },
        { "cut quietly", () => Reply.Json("""[{"id":"0oa1"},{"id":"0o""") },
        { "cut at the end of an entry", () => Reply.Json("""[{"id":"0oa1"}""") },
        { "empty", () => Reply.Json("") },
        { "body that breaks", () => Reply.Of(200, new StreamContent(new BreakingStream("[{\"id\":"))) },
    };

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task A_read_is_repeated_after_passing_trouble(string trouble, Func<HttpResponseMessage> answer)
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.ThenDo((_, _) => Task.FromResult(answer())).ThenDo((_, _) => Task.FromResult(answer())).Then(Reply.Json("""[{"id":"0oa1"}]"""));

        IReadOnlyList<OktaApp> apps = await client.GetDropboxAppsAsync(_rig.Log, default);

        Assert.True(apps.Count == 1, trouble);
        Assert.Equal(3, _rig.Network.Requests.Count);
        Waiting[] waits = [.. _rig.Log.Events.OfType<Waiting>()];
        Assert.Equal(2, waits.Length);
        Assert.All(waits, wait => Assert.Matches("^[A-Z].*[.]$", wait.Reason));
        Assert.InRange(_rig.Time.Waits[0].TotalSeconds, 0.5, 1);
        Assert.InRange(_rig.Time.Waits[1].TotalSeconds, 1, 2);
    }

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task A_change_is_not_repeated_after_an_unclear_answer(string trouble, Func<HttpResponseMessage> answer)
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.ThenDo((_, _) => Task.FromResult(answer()));
        if (trouble == "name lost for a moment")
        {
            // It never left, so nothing about it is unclear.
            _rig.Network.Then(Reply.Json("{}"));
            await client.ReplaceAppAsync("0oa1", [], _rig.Log, default);
            return;
        }

        await Assert.ThrowsAsync<ServiceException>(() => client.ReplaceAppAsync("0oa1", [], _rig.Log, default));
        Assert.Single(_rig.Network.Requests);
        Assert.Empty(_rig.Time.Waits);
    }

    [Fact]
    public async Task A_change_with_an_unclear_outcome_says_so()
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.ThenThrow(new HttpRequestException(HttpRequestError.ResponseEnded, "x")).Then(Reply.OktaError(500, "E0000009"), Reply.OktaError(400, "E0000001"));

        ServiceException[] errors =
        [
            await Assert.ThrowsAsync<ServiceException>(() => client.ReplaceAppAsync("0oa1", [], null, default)),
            await Assert.ThrowsAsync<ServiceException>(() => client.ReplaceAppAsync("0oa1", [], null, default)),
            await Assert.ThrowsAsync<ServiceException>(() => client.ReplaceAppAsync("0oa1", [], null, default)),
        ];

        Assert.Equal([true, true, false], errors.Select(e => e.MayHaveBeenApplied));
        Assert.Contains("may or may not have been made", errors[0].Message, StringComparison.Ordinal);
        Assert.Contains("may or may not have been made", errors[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_is_repeated_after_a_rate_limit_with_the_same_body()
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(Reply.OktaError(429, "E0000047", "x", ("Retry-After", "2")), Reply.Json("{}"));

        await client.ReplaceAppAsync("0oa1", JsonNode.Parse("""{"label":"x"}""")!.AsObject(), _rig.Log, default);

        Assert.Equal(["""{"label":"x"}""", """{"label":"x"}"""], _rig.Network.Requests.Select(r => r.Body));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(501)]
    public async Task A_refusal_is_not_repeated(int status)
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(Reply.OktaError(status, "E0000001"));

        ServiceException error = await Assert.ThrowsAsync<ServiceException>(() => client.GetDropboxAppsAsync(_rig.Log, default));

        Assert.Equal(status, error.StatusCode);
        Assert.Single(_rig.Network.Requests);
    }

    [Fact]
    public async Task An_answer_that_is_wrong_but_whole_is_not_repeated()
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(Reply.Json("""[{"id":]"""));

        ServiceException error = await Assert.ThrowsAsync<ServiceException>(() => client.GetDropboxAppsAsync(_rig.Log, default));

        Assert.Equal(ErrorIds.MalformedAnswer, error.ErrorId);
        Assert.Single(_rig.Network.Requests);
    }

    [Fact]
    public async Task No_retries_means_one_try()
    {
        using OktaClient client = await _rig.OktaAsync(_rig.Options with { Retry = new RetryOptions { MaxRetries = 0 } });
        _rig.Network.Then(Reply.OktaError(500, "E0000009"));

        ServiceException error = await Assert.ThrowsAsync<ServiceException>(() => client.GetDropboxAppsAsync(_rig.Log, default));

        Assert.Equal(ErrorIds.ServiceFailed, error.ErrorId);
    }

    [Fact]
    public async Task Waits_grow_to_their_largest_and_are_the_same_for_the_same_seed()
    {
        async Task<IReadOnlyList<TimeSpan>> WaitsAsync()
        {
            var rig = new Rig();
            using OktaClient client = await rig.OktaAsync(rig.Options with { Retry = new RetryOptions { Seed = 7, MaxRetries = 9, MaxDelay = TimeSpan.FromSeconds(20) } });
            rig.Network.Otherwise = _ => Reply.OktaError(500, "E0000009");
            await Assert.ThrowsAsync<ServiceException>(() => client.GetDropboxAppsAsync(null, default));
            return rig.Time.Waits;
        }

        IReadOnlyList<TimeSpan> waits = await WaitsAsync();

        Assert.Equal(9, waits.Count);
        Assert.All(waits, (wait, i) => Assert.InRange(wait.TotalSeconds, Math.Min(Math.Pow(2, i), 20) / 2, Math.Min(Math.Pow(2, i), 20)));
        Assert.Equal(waits, await WaitsAsync());
    }

    [Fact]
    public async Task A_failing_service_that_names_a_time_is_given_that_time()
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(Reply.OktaError(503, "E0000010", "x", ("Retry-After", "45")), Reply.Json("[]"));

        await client.GetDropboxAppsAsync(_rig.Log, default);

        Assert.Equal([45], _rig.Time.Waits.Select(w => w.TotalSeconds));
    }

    [Fact]
    public async Task An_answer_that_does_not_come_is_given_up_and_tried_again()
    {
        using OktaClient client = await _rig.OktaAsync(_rig.Options with { Retry = new RetryOptions { AttemptTimeout = TimeSpan.FromMilliseconds(20) } });
        _rig.Network.ThenDo(async (_, cancel) =>
        {
            await Task.Delay(Timeout.Infinite, cancel);
            throw new InvalidOperationException();
        }).Then(Reply.Json("[]"));

        await client.GetDropboxAppsAsync(_rig.Log, default);

        Assert.Equal("No answer came in time.", Assert.Single(_rig.Log.Events.OfType<Waiting>()).Reason);
    }

    [Fact]
    public async Task A_reported_request_shows_neither_the_people_asked_for_nor_the_cursor()
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(
            Reply.Json("[]", 200, ("Link", "<https://contoso.okta.com/api/v1/apps/0oa1/users?after=CURSOR&limit=500&q=ann%40contoso.example>; rel=\"next\"")),
            Reply.Json("[]"), Reply.Json("[]"));

        await client.SearchAppUsersAsync("0oa1", "ann@contoso.example", _rig.Log, default);
        await client.FindUsersByEmailAsync(["ann@contoso.example"], _rig.Log, default);

        Assert.Equal(
            ["/api/v1/apps/0oa1/users?q=…&limit=500&expand=user", "/api/v1/apps/0oa1/users?after=…&limit=500&q=…", "/api/v1/users?search=…&limit=200"],
            _rig.Log.Events.OfType<RequestDone>().TakeLast(3).Select(done => done.Path));
    }

    [Fact]
    public async Task Every_request_is_reported_and_only_answered_ones_count()
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.ThenThrow(new HttpRequestException(HttpRequestError.ResponseEnded, "x")).Then(Reply.OktaError(500, "E0000009"), Reply.Json("[]"));
        int before = client.RequestCount;

        await client.GetDropboxAppsAsync(_rig.Log, default);

        Assert.Equal(2, client.RequestCount - before);
        Assert.Equal([0, 500, 200], _rig.Log.Events.OfType<RequestDone>().Skip(1).Select(r => r.StatusCode));
        Assert.All(_rig.Log.Events.OfType<RequestDone>(), r => Assert.StartsWith("/api/v1/apps?", r.Path, StringComparison.Ordinal));
    }
}

/// <summary>A body that breaks after its beginning.</summary>
internal sealed class BreakingStream(string beginning) : MemoryStream(System.Text.Encoding.UTF8.GetBytes(beginning))
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await base.ReadAsync(buffer, cancellationToken);
        return read > 0 ? read : throw new HttpIOException(HttpRequestError.ResponseEnded, "The response ended prematurely.");
    }
}
