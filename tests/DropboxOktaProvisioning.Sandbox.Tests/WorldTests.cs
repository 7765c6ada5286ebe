using System.Security.Cryptography;
using System.Text;
using CsCheck;

namespace DropboxOktaProvisioning.Sandbox.Tests;

public sealed class WorldTests
{
    [Fact]
    public async Task The_same_seed_gives_the_same_world_byte_for_byte()
    {
        Assert.Equal(await Picture(seed: 7), await Picture(seed: 7));
        Assert.NotEqual(await Picture(seed: 7), await Picture(seed: 8));
    }

    [Fact]
    public void Every_stage_and_every_case_is_there_from_50_people_on() => Gen.Select(Gen.Int[50, 400], Gen.Int).Sample((users, seed) =>
    {
        using var world = new ProvisioningWorld(new SandboxOptions { UserCount = users, Seed = seed });
        var people = world.People.ToList();
        return people.Count == users
            && people.Select(person => person.Stage).Distinct().Count() == Enum.GetValues<SandboxStage>().Length
            && people.Select(person => person.Case).Distinct().Count() == Enum.GetValues<SandboxCase>().Length - 1
            && !people.Exists(person => person.Case == SandboxCase.Added);
    }, iter: 60);

    [Fact]
    public void Any_number_of_people_can_be_asked_for_from_one_on()
    {
        for (var users = 1; users < 60; users++)
        {
            using var world = new ProvisioningWorld(new SandboxOptions { UserCount = users, Seed = users });
            Assert.Equal(users, world.People.Count);
            Assert.Equal(SandboxStage.Active, world.People[0].Stage);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2_000_001)]
    public void Too_few_or_too_many_people_are_refused(int users) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ProvisioningWorld(new SandboxOptions { UserCount = users }));

    [Fact]
    public void Most_people_are_active_or_wait()
    {
        using var world = new ProvisioningWorld(new SandboxOptions { UserCount = 5000 });
        var stages = world.People.CountBy(person => person.Stage).ToDictionary();
        Assert.InRange(stages[SandboxStage.Active], 2000, 3500);
        Assert.InRange(stages[SandboxStage.AwaitingActivation], 1000, 1700);
        Assert.All(stages.Values, count => Assert.InRange(count, 20, 3500));
    }

    [Fact]
    public void Addresses_and_ids_are_unique_even_in_a_large_world()
    {
        using var world = new ProvisioningWorld(new SandboxOptions { UserCount = 30_000, Seed = 3 });
        var people = world.People.ToList();
        Assert.Equal(people.Count, people.Select(person => person.Email).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        var ids = people.Where(person => person.OktaUserId is not null).Select(person => person.OktaUserId).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        var members = people.Where(person => person.TeamMemberId is not null).Select(person => person.TeamMemberId).ToList();
        Assert.Equal(members.Count, members.Distinct().Count());
    }

    [Fact]
    public void Names_are_varied_and_some_are_awkward()
    {
        using var world = new ProvisioningWorld();
        var names = world.People.Select(person => person.Name).ToList();
        Assert.True(names.Distinct().Count() > 190);
        Assert.Contains(names, name => name.Any(character => character > 127));
        Assert.Contains(names, name => name.Contains('\'', StringComparison.Ordinal));
        Assert.Contains(names, name => name.Contains("<b>", StringComparison.Ordinal));
        Assert.Contains(names, name => name.Contains('"', StringComparison.Ordinal));
        Assert.All(world.People, person => Assert.DoesNotContain(person.Email, character => character > 127));
    }

    [Fact]
    public async Task A_hundred_thousand_people_are_found_by_id_and_by_login()
    {
        using var client = WorldClient.Of(100_000);
        foreach (var number in new[] { 0, 1, 49_999, 99_999 })
        {
            var person = client.World.People[number];
            if (person.OktaUserId is null) continue;
            Assert.Equal(person.OktaUserId, (string)(await client.Okta("/api/v1/users/" + Uri.EscapeDataString(person.Email.ToUpperInvariant()))).Json["id"]!);
            Assert.Equal(person.Email, (string)(await client.Okta("/api/v1/users/" + person.OktaUserId)).Json["profile"]!["login"]!);
        }
    }

    [Fact]
    public void Two_people_in_conflict_have_each_others_external_id()
    {
        using var world = new ProvisioningWorld();
        var conflicts = world.People.Where(person => person.Stage == SandboxStage.Conflict).ToList();
        Assert.Equal(0, conflicts.Count % 2);
        Assert.NotEmpty(conflicts);
        foreach (var person in conflicts)
        {
            var other = conflicts.Single(candidate => candidate.TeamMemberId == person.ExternalId);
            Assert.NotSame(person, other);
            Assert.Equal(person.TeamMemberId, other.ExternalId);
        }
    }

    [Fact]
    public async Task The_two_services_list_in_different_orders()
    {
        using var client = WorldClient.Of();
        var assigned = (await client.OktaList(client.AppPath + "/users?limit=500")).Items.Select(item => (string?)item["externalId"]).OfType<string>().ToList();
        var listed = (await client.Members()).Items.Select(item => (string)item["profile"]!["team_member_id"]!).Where(assigned.Contains).ToList();
        Assert.Equal(assigned.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        Assert.NotEqual(assigned, listed);
    }

    [Fact]
    public async Task Requests_assignments_and_a_moving_clock_may_come_from_many_threads()
    {
        using var client = WorldClient.Of(400);
        var world = client.World;
        var free = world.People.Where(person => person.Stage == SandboxStage.NotAssigned).ToList();
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var (users, _) = await client.OktaList(client.AppPath + "/users?limit=17&expand=user");
            var (members, _) = await client.Members(17);
            Assert.Equal(users.Count, users.Select(user => (string)user["id"]!).Distinct().Count());
            Assert.Equal(members.Count, members.Select(member => (string)member["profile"]!["team_member_id"]!).Distinct().Count());
        }));
        var writer = Task.Run(async () =>
        {
            foreach (var person in free)
            {
                world.Assign(person.Email);
                await Task.Delay(TimeSpan.FromMinutes(1), world.Clock);
            }
        });
        await Task.WhenAll(readers.Append(writer)).WaitAsync(TimeSpan.FromSeconds(60));
        world.Advance(TimeSpan.FromMinutes(5));
        Assert.All(free, person => Assert.Equal(SandboxStage.AwaitingActivation, world.People.First(now => now.OktaUserId == person.OktaUserId).Stage));
    }

    [Fact]
    public async Task A_world_that_was_disposed_of_answers_no_more()
    {
        using var client = WorldClient.Of();
        client.World.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.Okta("/api/v1/users/me"));
    }

    [Fact]
    public void Made_up_credentials_say_that_they_are()
    {
        using var world = new ProvisioningWorld();
        Assert.All(new[] { world.OktaApiToken, world.DropboxRefreshToken, world.DropboxAccessToken }, token => Assert.Contains("not-real", token, StringComparison.Ordinal));
    }

    private static async Task<string> Picture(int seed)
    {
        using var client = WorldClient.Of(120, seed);
        var text = new StringBuilder(client.World.OktaApiToken + client.World.DropboxRefreshToken);
        for (var next = client.AppPath + "/users?limit=50&expand=user"; next is not null;)
        {
            var answer = await client.Okta(next);
            text.Append(answer.Body).Append(answer.Header("Link")).Append(answer.Header("X-Okta-Request-Id"));
            next = answer.Next;
        }

        foreach (var path in new[] { "/api/v1/users?limit=200", "/api/v1/groups", client.AppPath }) text.Append((await client.Okta(path)).Body);
        var members = await client.Dropbox("team/members/list_v2", """{"include_removed":true}""");
        text.Append(members.Body).Append(members.Header("X-Dropbox-Request-Id"));
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
