using System.Globalization;
using System.Net.Sockets;
using CsCheck;

namespace DropboxOktaProvisioning.Sandbox.Tests;

public sealed class FaultTests
{
    [Fact]
    public async Task Okta_rate_limit_has_the_real_headers_and_body()
    {
        using var client = WorldClient.Of();
        client.World.Faults.Script(SandboxFault.RateLimited, "/users");
        var answer = await client.Okta(client.AppPath + "/users");
        Assert.Equal((429, "E0000047"), (answer.Status, answer.OktaCode));
        Assert.Equal("0", answer.Header("X-Rate-Limit-Remaining"));
        Assert.NotEqual("0", answer.Header("X-Rate-Limit-Limit"));
        Assert.Null(answer.Header("Retry-After"));
        Assert.Equal(20, Reset(answer) - Date(answer));
        Assert.Equal(200, (await client.Okta(client.AppPath + "/users")).Status);
    }

    [Fact]
    public async Task Okta_concurrency_limit_has_neither_limit_nor_remaining()
    {
        using var client = WorldClient.Of();
        client.World.Faults.Script(SandboxFault.ConcurrencyLimited);
        var answer = await client.Okta("/api/v1/users");
        Assert.Equal((429, "0", "0"), (answer.Status, answer.Header("X-Rate-Limit-Limit"), answer.Header("X-Rate-Limit-Remaining")));
    }

    [Fact]
    public async Task Dropbox_rate_limit_has_retry_after_with_json_or_text()
    {
        using var client = WorldClient.Of();
        client.World.Faults.Script(SandboxFault.RateLimited, times: 30);
        var types = new HashSet<string?>();
        for (var i = 0; i < 30; i++)
        {
            var answer = await client.Dropbox("team/get_info");
            Assert.Equal((429, "20"), (answer.Status, answer.Header("Retry-After")));
            types.Add(answer.Type);
            if (answer.Type == "application/json") Assert.Equal("too_many_requests", (string)answer.Json["error"]!["reason"]![".tag"]!);
        }

        Assert.Equal(["application/json", "text/plain"], types.Order());
    }

    [Fact]
    public async Task A_small_bucket_empties_and_fills_again_after_its_window()
    {
        using var client = WorldClient.Of();
        client.World.Faults.LimitRequests(SandboxService.Okta, 3, "/api/v1/apps");
        client.World.Advance(TimeSpan.FromSeconds(17.5));
        for (var left = 2; left >= 0; left--)
        {
            var answer = await client.Okta(client.AppPath + "/users?limit=5");
            Assert.Equal((200, "3", left.ToString(CultureInfo.InvariantCulture)), (answer.Status, answer.Header("X-Rate-Limit-Limit"), answer.Header("X-Rate-Limit-Remaining")));
        }

        var refused = await client.Okta(client.AppPath + "/users?limit=5");
        Assert.Equal(429, refused.Status);
        Assert.Equal(200, (await client.Okta(client.AppPath)).Status);
        var wait = Reset(refused) - Date(refused);
        Assert.Equal(61, wait);
        client.World.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(429, (await client.Okta(client.AppPath + "/users?limit=5")).Status);
        client.World.Advance(TimeSpan.FromSeconds(wait - 59));
        Assert.Equal(200, (await client.Okta(client.AppPath + "/users?limit=5")).Status);
    }

    [Fact]
    public async Task Who_waits_on_the_worlds_clock_for_each_reset_reads_everybody_without_real_time_passing()
    {
        using var client = WorldClient.Of();
        client.World.Faults.LimitRequests(SandboxService.Okta, 2);
        var start = client.World.Clock.GetUtcNow();
        var (read, pages, refusals) = (0, 0, 0);
        for (var next = client.AppPath + "/users?limit=20"; next is not null;)
        {
            var answer = await client.Okta(next);
            if (answer.Status == 429)
            {
                refusals++;
                await Task.Delay(TimeSpan.FromSeconds(Reset(answer) - Date(answer)), client.World.Clock);
                continue;
            }

            pages++;
            read += answer.Json.AsArray().Count;
            next = answer.Next;
        }

        Assert.Equal(client.World.People.Count(person => person.Stage is not (SandboxStage.NotAssigned or SandboxStage.Unmanaged)), read);
        Assert.Equal((pages - 1) / 2, refusals);
        Assert.Equal(start.AddMinutes(refusals), client.World.Clock.GetUtcNow());
    }

    [Fact]
    public async Task A_small_Dropbox_bucket_says_how_long_to_wait()
    {
        using var client = WorldClient.Of();
        client.World.Faults.LimitRequests(SandboxService.Dropbox, 1);
        Assert.Equal(200, (await client.Dropbox("team/get_info")).Status);
        client.World.Advance(TimeSpan.FromSeconds(20));
        var refused = await client.Dropbox("team/get_info");
        Assert.Equal((429, "40"), (refused.Status, refused.Header("Retry-After")));
        client.World.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(200, (await client.Dropbox("team/get_info")).Status);
    }

    [Fact]
    public async Task Server_errors_are_of_several_kinds()
    {
        using var client = WorldClient.Of();
        client.World.Faults.Script(SandboxFault.ServerError, times: 40);
        var statuses = new HashSet<int>();
        for (var i = 0; i < 20; i++)
        {
            statuses.Add((await client.Okta("/api/v1/groups")).Status);
            statuses.Add((await client.Dropbox("team/get_info")).Status);
        }

        Assert.Equal([500, 502, 503], statuses.Order());
    }

    [Fact]
    public async Task A_reset_breaks_before_the_work_and_a_lost_answer_after_it()
    {
        using var client = WorldClient.Of();
        var free = client.World.People.Where(person => person.Stage == SandboxStage.NotAssigned).ToList();
        client.World.Faults.Script(SandboxFault.Reset, "/users");
        client.World.Faults.Script(SandboxFault.AnswerLost, "/users", nth: 2);
        var reset = await Assert.ThrowsAsync<HttpRequestException>(() => Assign(free[0]));
        Assert.IsType<SocketException>(reset.InnerException);
        Assert.Equal(SandboxStage.NotAssigned, Stage(free[0]));
        await Assert.ThrowsAsync<HttpRequestException>(() => Assign(free[1]));
        Assert.Equal(SandboxStage.NotProvisioned, Stage(free[1]));
        Assert.Equal([0, 0], client.World.Requests.Select(request => request.Status));
        Assert.Equal(2, client.World.Faults.Injected);

        Task Assign(SandboxPerson person) => client.Okta(client.AppPath + "/users", "POST", $$"""{"id":"{{person.OktaUserId}}"}""");
        SandboxStage Stage(SandboxPerson person) => client.World.People.First(now => now.OktaUserId == person.OktaUserId).Stage;
    }

    [Fact]
    public async Task A_truncated_body_breaks_in_the_middle_and_a_quietly_cut_one_ends_there()
    {
        using var world = new ProvisioningWorld();
        using var http = new HttpClient(new SandboxHandler(world));
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "SSWS " + world.OktaApiToken);
        var address = new Uri(world.OktaOrigin, "/api/v1/groups");
        var whole = await http.GetStringAsync(address);
        world.Faults.Script(SandboxFault.Truncated, times: 2);
        world.Faults.Script(SandboxFault.TruncatedQuietly, nth: 3);

        var buffered = await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(address));
        Assert.IsAssignableFrom<IOException>(buffered.InnerException);
        using var response = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead);
        Assert.True(response.IsSuccessStatusCode);
        await using var stream = await response.Content.ReadAsStreamAsync();
        using var reader = new StreamReader(stream);
        await Assert.ThrowsAsync<HttpIOException>(() => reader.ReadToEndAsync());

        var cut = await http.GetByteArrayAsync(address);
        Assert.Equal(System.Text.Encoding.UTF8.GetByteCount(whole) / 2, cut.Length);
    }

    [Fact]
    public void Empty_pages_in_between_lose_nobody_who_goes_on() => Gen.Select(Gen.Int[1, 6], Gen.Int[1, 3], Gen.Int[20, 120]).Sample((nth, times, limit) =>
    {
        using var client = WorldClient.Of(300);
        var people = client.OktaList(client.AppPath + "/users?limit=500").GetAwaiter().GetResult().Items;
        var members = client.Members().GetAwaiter().GetResult().Items;
        client.World.Faults.Script(SandboxFault.EmptyPage, "/users", nth, times);
        client.World.Faults.Script(SandboxFault.EmptyPage, "members/list", nth, times);
        var (found, pages) = client.OktaList($"{client.AppPath}/users?limit={limit}").GetAwaiter().GetResult();
        var (listed, listPages) = client.Members(limit).GetAwaiter().GetResult();
        Assert.Equal(people.Select(person => person.ToJsonString()), found.Select(person => person.ToJsonString()));
        Assert.Equal(members.Select(member => member.ToJsonString()), listed.Select(member => member.ToJsonString()));
        if (nth <= 300 * 8 / 10 / limit) Assert.Equal((true, true), (pages.Contains(0), listPages.Contains(0)));
    }, iter: 15);

    [Fact]
    public async Task An_empty_end_has_nobody_and_no_next_page_and_the_same_request_again_has_them()
    {
        using var client = WorldClient.Of();
        client.World.Faults.Script(SandboxFault.EmptyEnd);
        client.World.Faults.Script(SandboxFault.EmptyEnd, "members/list");
        var (empty, again) = (await client.Okta(client.AppPath + "/users?limit=10"), await client.Okta(client.AppPath + "/users?limit=10"));
        Assert.Equal((0, null, 10), (empty.Json.AsArray().Count, empty.Next, again.Json.AsArray().Count));
        Assert.NotNull(again.Next);
        var members = await client.Dropbox("team/members/list_v2", """{"limit":10}""");
        Assert.Equal((0, false), (members.Json["members"]!.AsArray().Count, (bool)members.Json["has_more"]!));
        Assert.Equal(10, (await client.Dropbox("team/members/list_v2", """{"limit":10}""")).Json["members"]!.AsArray().Count);
    }

    [Fact]
    public async Task An_expired_cursor_is_refused_and_the_first_page_is_not()
    {
        using var client = WorldClient.Of();
        client.World.Faults.SetRate(SandboxFault.ExpiredCursor, 1);
        var page = await client.Okta(client.AppPath + "/users");
        Assert.Equal(200, page.Status);
        Assert.Equal(400, (await client.Okta(page.Next!)).Status);
        var members = await client.Dropbox("team/members/list_v2", """{"limit":10}""");
        Assert.Equal(200, members.Status);
        var next = await client.Dropbox("team/members/list/continue_v2", $$"""{"cursor":"{{members.Json["cursor"]}}"}""");
        Assert.Equal((409, "invalid_cursor"), (next.Status, next.DropboxTag));
    }

    [Fact]
    public async Task Latency_and_slow_bodies_move_the_virtual_clock_and_run_timeouts_down()
    {
        using var client = WorldClient.Of();
        var start = client.World.Clock.GetUtcNow();
        client.World.Faults.Latency = TimeSpan.FromSeconds(2);
        client.World.Faults.Script(SandboxFault.SlowBody, "/groups");
        Assert.Equal(200, (await client.Okta("/api/v1/groups")).Status);
        Assert.Equal(start.AddSeconds(32), client.World.Clock.GetUtcNow());

        using var http = new HttpClient(new SandboxHandler(client.World));
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(1), client.World.Clock);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => http.GetAsync(new Uri(client.World.OktaOrigin, "/api/v1/groups"), timeout.Token));
    }

    [Fact]
    public async Task A_request_that_hangs_ends_when_the_caller_gives_up()
    {
        using var client = WorldClient.Of();
        client.World.Faults.Script(SandboxFault.Hang);
        using var http = new HttpClient(new SandboxHandler(client.World));
        using var giveUp = new CancellationTokenSource();
        var request = http.GetAsync(new Uri(client.World.OktaOrigin, "/api/v1/groups"), giveUp.Token);
        client.World.Advance(TimeSpan.FromDays(1));
        Assert.False(request.IsCompleted);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
    }

    [Fact]
    public async Task An_html_page_comes_with_status_200()
    {
        using var client = WorldClient.Of();
        client.World.Faults.Script(SandboxFault.HtmlPage);
        var answer = await client.Okta("/api/v1/groups");
        Assert.Equal((200, "text/html"), (answer.Status, answer.Type));
        Assert.StartsWith("<!DOCTYPE html>", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rates_come_true_about_as_often_as_they_say_and_the_same_for_the_same_seed()
    {
        var first = await Statuses(5);
        Assert.Equal(first, await Statuses(5));
        Assert.NotEqual(first, await Statuses(6));
        Assert.InRange(first.Count(status => status == 429), 30, 90);
        Assert.InRange(first.Count(status => status >= 500), 15, 65);

        static async Task<List<int>> Statuses(int seed)
        {
            using var client = WorldClient.Of(10);
            client.World.Faults.Apply(string.Create(CultureInfo.InvariantCulture, $"429:0.2, 500:0.1, seed:{seed}"));
            var statuses = new List<int>();
            for (var i = 0; i < 300; i++) statuses.Add((await client.Okta("/api/v1/groups?limit=1")).Status);
            return statuses;
        }
    }

    [Theory]
    [InlineData("418:0.1", "418")]
    [InlineData("429", "429")]
    [InlineData("429:often", "429:often")]
    [InlineData("429:1.5", "429:1.5")]
    [InlineData("429:-0.5", "429:-0.5")]
    [InlineData("429:NaN", "429:NaN")]
    [InlineData("429:0.6,500:0.6", "500:0.6")]
    [InlineData("seed:x", "seed:x")]
    [InlineData("wait:-1", "wait:-1")]
    public void A_wrong_description_of_faults_is_refused_and_quoted(string spec, string quoted)
    {
        using var world = new ProvisioningWorld();
        Assert.Contains($"'{quoted}'", Assert.Throws<FormatException>(() => world.Faults.Apply(spec)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_of_lists_or_cursors_does_not_count_where_there_is_none()
    {
        using var client = WorldClient.Of();
        client.World.Faults.Script(SandboxFault.ExpiredCursor, times: 2);
        Assert.Equal(200, (await client.Okta("/api/v1/users")).Status);
        Assert.Equal(200, (await client.Dropbox("team/members/list_v2", "{}")).Status);
        client.World.Faults.Script(SandboxFault.EmptyPage, times: 2);
        Assert.Equal(200, (await client.Okta("/api/v1/users/me")).Status);
        Assert.Equal(200, (await client.Dropbox("team/get_info")).Status);
        Assert.Equal(0, client.World.Faults.Injected);
    }

    [Fact]
    public async Task The_wait_of_a_429_can_be_set()
    {
        using var client = WorldClient.Of();
        client.World.Faults.Apply("429:1,wait:2");
        Assert.Equal("2", (await client.Dropbox("team/get_info")).Header("Retry-After"));
        var okta = await client.Okta("/api/v1/groups");
        Assert.Equal(2, Reset(okta) - Date(okta));
    }

    [Fact]
    public async Task Clear_ends_every_fault()
    {
        using var client = WorldClient.Of();
        client.World.Faults.Apply("500:1");
        client.World.Faults.Script(SandboxFault.Reset);
        client.World.Faults.LimitRequests(SandboxService.Okta, 1);
        client.World.Faults.Clear();
        for (var i = 0; i < 5; i++) Assert.Equal(200, (await client.Okta("/api/v1/groups")).Status);
        Assert.Equal(0, client.World.Faults.Injected);
    }

    [Fact]
    public async Task The_log_keeps_the_latest_and_the_counters_count_all()
    {
        using var client = new WorldClient(new ProvisioningWorld(new SandboxOptions { RequestLogCapacity = 3 }));
        for (var i = 0; i < 5; i++) await client.Okta("/api/v1/groups?limit=" + (i + 1));
        await client.Dropbox("team/get_info");
        Assert.Equal((5, 1), (client.World.RequestCount(SandboxService.Okta), client.World.RequestCount(SandboxService.Dropbox)));
        Assert.Equal(["/api/v1/groups?limit=4", "/api/v1/groups?limit=5", "/2/team/get_info"], client.World.Requests.Select(request => request.Path));
        Assert.All(client.World.Requests, request => Assert.Equal(200, request.Status));
    }

    private static long Reset(Answer answer) => long.Parse(answer.Header("X-Rate-Limit-Reset")!, CultureInfo.InvariantCulture);

    private static long Date(Answer answer) => DateTimeOffset.ParseExact(answer.Header("Date")!, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeSeconds();
}
