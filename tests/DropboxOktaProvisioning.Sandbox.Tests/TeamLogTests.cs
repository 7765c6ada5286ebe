using System.Text.Json.Nodes;
using CsCheck;

namespace DropboxOktaProvisioning.Sandbox.Tests;

/// <summary>The team's log over HTTP: its routes, its cursors, and that it tells what has happened.</summary>
public sealed class TeamLogTests
{
    private static string Type(JsonNode one) => (string)one["event_type"]![".tag"]!;

    private static DateTimeOffset Time(JsonNode one) => (DateTimeOffset)one["timestamp"]!;

    private static async Task<List<JsonNode>> ReadAsync(WorldClient client, string arguments = "{}")
    {
        var events = new List<JsonNode>();
        var answer = await client.Dropbox("team_log/get_events", arguments);
        while (true)
        {
            Assert.Equal(200, answer.Status);
            events.AddRange(answer.Json["events"]!.AsArray().Select(one => one!));
            if (!(bool)answer.Json["has_more"]!) return events;
            answer = await client.Dropbox("team_log/get_events/continue", $$"""{"cursor":"{{answer.Json["cursor"]}}"}""");
        }
    }

    private static List<string> Texts(IEnumerable<JsonNode> events) => [.. events.Select(one => one.ToJsonString())];

    [Fact]
    public void Every_event_comes_once_at_every_page_size() => Gen.Int[1, 1000].Sample(limit =>
    {
        using var client = WorldClient.Of(150);
        var whole = Texts(ReadAsync(client).GetAwaiter().GetResult());
        Assert.True(whole.Count > 150);
        Assert.Equal(whole, Texts(ReadAsync(client, $$"""{"limit":{{limit}}}""").GetAwaiter().GetResult()));
    }, iter: 10);

    [Fact]
    public async Task The_same_seed_has_the_same_history_also_when_it_is_read_late()
    {
        using var one = WorldClient.Of(100, 5);
        using var other = WorldClient.Of(100, 5);
        var early = Texts(await ReadAsync(one));
        other.World.SignOn(other.World.People.First(person => person.Stage == SandboxStage.AwaitingActivation && person.PersonalAccount == SandboxPersonalAccount.None).Email);
        var late = Texts(await ReadAsync(other));
        Assert.Equal(early, late.Take(early.Count));
        Assert.Equal(early.Count + 2, late.Count);
    }

    [Theory]
    [InlineData("""{"category":"domains"}""", "domains", null)]
    [InlineData("""{"category":{".tag":"sharing"}}""", "sharing", null)]
    [InlineData("""{"event_type":"sso_change_policy"}""", "team_policies", "sso_change_policy")]
    [InlineData("""{"event_type":{".tag":"member_change_status"},"limit":7}""", "members", "member_change_status")]
    public async Task A_category_or_a_type_is_all_that_comes(string arguments, string category, string? type)
    {
        using var client = WorldClient.Of();
        var found = await ReadAsync(client, arguments);
        var all = await ReadAsync(client);
        Assert.NotEmpty(found);
        Assert.Equal(Texts(all.Where(one => (string)one["event_category"]![".tag"]! == category && (type is null || Type(one) == type))), Texts(found));
    }

    [Fact]
    public async Task A_time_range_has_its_start_in_it_and_its_end_not()
    {
        using var client = WorldClient.Of();
        var all = await ReadAsync(client);
        var (start, end) = (Time(all[all.Count / 3]), Time(all[all.Count / 2]));
        var found = await ReadAsync(client, $$$"""{"time":{"start_time":"{{{start:yyyy-MM-dd'T'HH:mm:ss'Z'}}}","end_time":"{{{end:yyyy-MM-dd'T'HH:mm:ss'Z'}}}"}}""");
        Assert.Equal(Texts(all.Where(one => Time(one) >= start && Time(one) < end)), Texts(found));
        Assert.Contains(found, one => Time(one) == start);
    }

    [Fact]
    public async Task The_log_is_not_quite_sorted() // no client may lean on an order that the service does not promise
    {
        using var client = WorldClient.Of();
        var times = (await ReadAsync(client)).Select(Time).ToList();
        Assert.NotEqual(times.Order(), times);
    }

    [Fact]
    public async Task Who_signs_on_joins_in_the_log_and_who_is_pushed_is_invited_in_it()
    {
        using var client = WorldClient.Of();
        var before = await ReadAsync(client);
        var person = client.World.People.First(person => person.Stage == SandboxStage.AwaitingActivation && person.PersonalAccount != SandboxPersonalAccount.None);
        client.World.SignOn(person.Email);
        client.World.AddPerson("late@contoso.example", "Late", "Comer");
        client.World.Assign("late@contoso.example");
        client.World.Advance(TimeSpan.FromHours(1));

        var since = (await ReadAsync(client)).Skip(before.Count).ToList();
        Assert.Equal(
            ["account_capture_migrate_account", "member_change_status", "login_success"],
            since.Where(one => string.Equals((string?)one["context"]?["email"], person.Email, StringComparison.OrdinalIgnoreCase)).Select(Type));
        Assert.Contains(since, one => (string?)one["participants"]!.AsArray().FirstOrDefault()?["user"]!["email"] == "late@contoso.example"
            && (string)one["details"]!["new_value"]![".tag"]! == "invited");
        Assert.Equal(SandboxPersonalAccount.None, client.World.People.First(one => one.Email == person.Email).PersonalAccount);
    }

    [Fact]
    public async Task A_persons_own_events_are_found_by_the_accounts_id()
    {
        using var client = WorldClient.Of();
        var member = (await client.Members()).Items[5]["profile"]!;
        var found = await ReadAsync(client, $$"""{"account_id":"{{member["account_id"]}}"}""");
        Assert.NotEmpty(found);
        Assert.All(found, one => Assert.Contains((string)member["email"]!, one.ToJsonString(), StringComparison.OrdinalIgnoreCase));
        Assert.Equal("account_id_not_found", (await client.Dropbox("team_log/get_events", """{"account_id":"dbid:nobody"}""")).DropboxTag);
    }

    [Theory]
    [InlineData("""{"category":"members","event_type":"login_success"}""", 409)]
    [InlineData("""{"time":{"start_time":"2026-01-02T00:00:00Z","end_time":"2026-01-01T00:00:00Z"}}""", 409)]
    [InlineData("""{"time":{"start_time":"2026-01-02"}}""", 400)]
    [InlineData("""{"limit":1001}""", 400)]
    [InlineData("""{"cursor":"x"}""", 400)]
    [InlineData("null", 400)]
    public async Task Wrong_arguments_are_refused(string arguments, int status)
    {
        using var client = WorldClient.Of(50);
        Assert.Equal(status, (await client.Dropbox("team_log/get_events", arguments)).Status);
    }

    [Fact]
    public async Task A_token_without_the_scope_is_refused()
    {
        using var client = WorldClient.Of(50);
        client.World.DropboxScopes = new HashSet<string>(["members.read", "team_info.read"]);
        var answer = await client.Dropbox("team_log/get_events", "{}");
        Assert.Equal((401, "missing_scope", "events.read"), (answer.Status, answer.DropboxTag, (string)answer.Json["error"]!["required_scope"]!));
    }

    [Fact]
    public async Task Faults_of_the_log_are_an_empty_page_a_bad_cursor_and_a_reset_with_its_time()
    {
        using var client = WorldClient.Of();
        var whole = Texts(await ReadAsync(client));
        client.World.Faults.Script(SandboxFault.EmptyPage, "get_events", 2, 2);
        Assert.Equal(whole, Texts(await ReadAsync(client, """{"limit":50}""")));

        client.World.Faults.Clear();
        var first = await client.Dropbox("team_log/get_events", """{"limit":50}""");
        foreach (var (fault, tag) in new[] { (SandboxFault.ExpiredCursor, "bad_cursor"), (SandboxFault.LogReset, "reset") })
        {
            client.World.Faults.Script(fault);
            var answer = await client.Dropbox("team_log/get_events/continue", $$"""{"cursor":"{{first.Json["cursor"]}}"}""");
            Assert.Equal((409, tag), (answer.Status, answer.DropboxTag));
            if (fault == SandboxFault.LogReset) Assert.Equal(Time(first.Json["events"]![49]!), (DateTimeOffset)answer.Json["error"]!["reset"]!);
        }

        Assert.Equal("bad_cursor", (await client.Dropbox("team_log/get_events/continue", """{"cursor":"x"}""")).DropboxTag);
    }
}
