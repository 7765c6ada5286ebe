using DropboxOktaProvisioning.SandboxHost;

namespace DropboxOktaProvisioning.Sandbox.Tests;

public sealed class HostTests
{
    [Fact]
    public async Task Both_services_are_served_on_one_port_with_links_to_it()
    {
        var world = Real(300);
        await using var server = await SandboxServer.StartAsync(world);
        using var client = new WorldClient(world, new HttpClient(), server.Origin);
        var first = await client.Okta(client.AppPath + "/users?limit=100&expand=user");
        Assert.StartsWith(server.Origin.AbsoluteUri, first.Next!, StringComparison.Ordinal);
        Assert.StartsWith(server.Origin.AbsoluteUri, (string)first.Json[0]!["_links"]!["app"]!["href"]!, StringComparison.Ordinal);
        var (items, pages) = await client.OktaList(client.AppPath + "/users?limit=100&expand=user");
        Assert.Equal(items.Count, items.Select(item => (string)item["id"]!).Distinct().Count());
        Assert.True(pages.Count > 1);
        var (members, memberPages) = await client.Members(120);
        Assert.Equal(world.People.Count(person => person.TeamMemberId is not null), members.Count);
        Assert.True(memberPages.Count > 1);
        Assert.Equal(200, (await client.Token(("grant_type", "refresh_token"), ("refresh_token", world.DropboxRefreshToken), ("client_id", world.DropboxAppKey))).Status);
    }

    [Fact]
    public async Task Refusals_and_login_names_survive_the_network()
    {
        var world = Real(4000);
        await using var server = await SandboxServer.StartAsync(world);
        using var client = new WorldClient(world, new HttpClient(), server.Origin);
        var refused = await client.Okta(client.AppPath + "/users?limit=501");
        Assert.Equal((400, "E0000001"), (refused.Status, refused.OktaCode));
        Assert.Equal("E0000011", (await client.Okta("/api/v1/users/me", authorization: "SSWS wrong")).OktaCode);
        var person = world.People.First(candidate => candidate.OktaUserId is not null && candidate.Email.Contains('\'', StringComparison.Ordinal));
        Assert.Equal(person.OktaUserId, (string)(await client.Okta("/api/v1/users/" + Uri.EscapeDataString(person.Email))).Json["id"]!);
        var body = await client.Dropbox("team/get_info", body: null);
        Assert.Equal((400, "text/plain"), (body.Status, body.Type));
    }

    [Fact]
    public async Task Broken_connections_and_bodies_are_really_broken()
    {
        var world = Real(50);
        await using var server = await SandboxServer.StartAsync(world);
        using var client = new WorldClient(world, new HttpClient(), server.Origin);
        world.Faults.Script(SandboxFault.Reset, "/groups");
        world.Faults.Script(SandboxFault.Truncated, "/groups", nth: 2);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.Okta("/api/v1/groups"));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.Okta("/api/v1/groups"));
        Assert.Equal(200, (await client.Okta("/api/v1/groups")).Status);
    }

    [Fact]
    public async Task A_hanging_request_is_let_go_when_the_caller_gives_up_and_others_are_served_meanwhile()
    {
        var world = Real(50);
        await using var server = await SandboxServer.StartAsync(world);
        using var client = new WorldClient(world, new HttpClient(), server.Origin);
        world.Faults.Script(SandboxFault.Hang, "/groups");
        using var http = new HttpClient();
        using var giveUp = new CancellationTokenSource();
        var hanging = http.GetAsync(new Uri(server.Origin, "/api/v1/groups"), giveUp.Token);
        while (world.Faults.Injected == 0) await Task.Yield();
        Assert.Equal(200, (await client.Okta("/api/v1/groups")).Status);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);
    }

    [Fact]
    public void The_command_line_is_read()
    {
        var options = HostOptions.Parse(["--port", "0", "--users=5000", "--seed", "-3", "--latency", "25", "--faults", "429:0.1"]);
        Assert.Equal(new HostOptions { Users = 5000, Seed = -3, Latency = TimeSpan.FromMilliseconds(25), Faults = "429:0.1" }, options);
        Assert.True(HostOptions.Parse(["--help"]).ShowHelp);
    }

    [Theory]
    [InlineData("--prot", "--prot", "1")]
    [InlineData("--port", "--port")]
    [InlineData("--port", "--port", "65536")]
    [InlineData("--users", "--users", "0")]
    [InlineData("--users", "--users=many")]
    [InlineData("--latency", "--latency", "-1")]
    [InlineData("extra", "extra")]
    public void A_wrong_argument_is_named(string named, params string[] arguments) =>
        Assert.Contains(named, Assert.Throws<FormatException>(() => HostOptions.Parse(arguments)).Message, StringComparison.Ordinal);

    private static ProvisioningWorld Real(int users) => new(new SandboxOptions { UserCount = users, Clock = TimeProvider.System, Start = TimeProvider.System.GetUtcNow() });
}
