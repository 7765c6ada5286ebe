namespace DropboxOktaProvisioning.Sandbox.Tests;

public sealed class PushTests
{
    private const string New = "new.person@contoso.example";

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public async Task An_assignment_is_pushed_after_the_delay_silently_or_not_by_the_switch_at_that_moment(bool silent, int mails)
    {
        using var client = WorldClient.Of();
        var world = client.World;
        world.AddPerson(New, "New", "Person");
        var id = Person(world).OktaUserId;
        var answer = await client.Okta(client.AppPath + "/users", "POST", $$"""{"id":"{{id}}","scope":"USER"}""");
        Assert.Equal(("STAGED", null), ((string)answer.Json["status"]!, (string?)answer.Json["externalId"]));
        Assert.Equal(SandboxStage.NotProvisioned, Person(world).Stage);
        world.Advance(TimeSpan.FromSeconds(299));
        Assert.Equal(SandboxStage.NotProvisioned, Person(world).Stage);
        world.App.IsSilent = silent;
        world.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(SandboxStage.AwaitingActivation, Person(world).Stage);
        Assert.Equal(mails, world.WelcomeMails.Count(mail => mail.Email == New));
        var appUser = (await client.Okta($"{client.AppPath}/users/{id}")).Json;
        Assert.Equal(("PROVISIONED", Person(world).TeamMemberId), ((string)appUser["status"]!, (string)appUser["externalId"]!));
        var member = (await client.Dropbox("team/members/get_info_v2", $$"""{"members":[{".tag":"email","email":"{{New}}"}]}""")).Json["members_info"]![0]!["profile"]!;
        Assert.Equal("invited", (string)member["status"]![".tag"]!);
        Assert.Equal("2026-01-05T09:05:00Z", (string)member["invited_on"]!);
    }

    [Fact]
    public void The_queue_at_the_start_is_pushed_within_the_delay_in_order_and_by_the_switch_of_each_moment()
    {
        using var world = new ProvisioningWorld(new SandboxOptions { UserCount = 2000 });
        var queued = world.People.Count(person => person.Case == SandboxCase.PushQueued);
        Assert.Equal(queued, world.People.Count(person => person is { Case: SandboxCase.PushQueued, Stage: SandboxStage.NotProvisioned }));
        world.Advance(TimeSpan.FromSeconds(150));
        var halfway = world.WelcomeMails.Count;
        Assert.InRange(halfway, 1, queued - 1);
        world.App.IsSilent = true;
        world.Advance(TimeSpan.FromSeconds(150));
        Assert.Equal(halfway, world.WelcomeMails.Count);
        Assert.Equal(world.WelcomeMails.OrderBy(mail => mail.Time), world.WelcomeMails);
        Assert.Equal(0, world.People.Count(person => person is { Case: SandboxCase.PushQueued, Stage: SandboxStage.NotProvisioned }));
        Assert.Equal(SandboxStage.NotProvisioned, world.People.First(person => person.Case == SandboxCase.PushFailed).Stage);
    }

    [Fact]
    public async Task Assigning_a_group_assigns_its_people_through_it_and_leaves_the_others_as_they_are()
    {
        using var client = WorldClient.Of();
        var group = (await client.Okta("/api/v1/groups?q=All Dropbox")).Json[0]!["id"]!;
        var free = client.World.People.Where(person => person.Stage == SandboxStage.NotAssigned).ToList();
        Assert.Equal(200, (await client.Okta($"{client.AppPath}/groups/{group}", "PUT")).Status);
        Assert.Equal(2, (await client.Okta(client.AppPath + "/groups")).Json.AsArray().Count);
        foreach (var person in free)
        {
            var appUser = (await client.Okta($"{client.AppPath}/users/{person.OktaUserId}")).Json;
            Assert.Equal(("GROUP", "STAGED"), ((string)appUser["scope"]!, (string)appUser["status"]!));
            Assert.EndsWith((string)group!, (string)appUser["_links"]!["group"]!["href"]!, StringComparison.Ordinal);
        }

        client.World.Advance(TimeSpan.FromMinutes(5));
        Assert.All(free, person => Assert.Equal(SandboxStage.AwaitingActivation, client.World.People.First(now => now.Email == person.Email).Stage));
        Assert.Equal(200, (await client.Okta($"{client.AppPath}/groups/{group}", "PUT", "{}")).Status);
        Assert.Equal(2, (await client.Okta(client.AppPath + "/groups")).Json.AsArray().Count);
    }

    [Fact]
    public void Who_is_on_the_team_already_is_linked_without_a_second_invitation()
    {
        using var world = new ProvisioningWorld(new SandboxOptions { UserCount = 400 });
        var unmanaged = world.People.First(person => person is { Stage: SandboxStage.Unmanaged, OktaUserId: not null });
        world.Assign(unmanaged.Email);
        world.Assign(unmanaged.Email);
        world.Advance(TimeSpan.FromMinutes(5));
        var linked = world.People.Single(person => person.OktaUserId == unmanaged.OktaUserId);
        Assert.Equal(unmanaged.TeamMemberId, linked.ExternalId);
        Assert.DoesNotContain(world.WelcomeMails, mail => string.Equals(mail.Email, unmanaged.Email, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_push_of_an_inactive_app_fails()
    {
        using var client = WorldClient.Of();
        client.World.AddPerson(New, "New", "Person");
        client.World.Assign(New);
        client.World.App.IsActive = false;
        client.World.Advance(TimeSpan.FromMinutes(5));
        var appUser = (await client.Okta($"{client.AppPath}/users/{Person(client.World).OktaUserId}")).Json;
        Assert.Equal(("STAGED", "ERROR"), ((string)appUser["status"]!, (string)appUser["syncState"]!));
    }

    [Fact]
    public async Task Signing_on_makes_an_invited_member_active_at_that_time()
    {
        using var client = WorldClient.Of();
        var world = client.World;
        var person = world.People.First(candidate => candidate.Stage == SandboxStage.AwaitingActivation);
        world.Advance(TimeSpan.FromDays(3));
        world.SignOn(person.Email.ToUpperInvariant());
        world.SignOn(person.Email);
        var member = (await client.Dropbox("team/members/get_info_v2", $$"""{"members":[{".tag":"team_member_id","team_member_id":"{{person.TeamMemberId}}"}]}""")).Json["members_info"]![0]!["profile"]!;
        Assert.Equal(("active", "2026-01-08T09:00:00Z"), ((string)member["status"]![".tag"]!, (string)member["joined_on"]!));
        Assert.Null(member["invited_on"]);
        Assert.Equal(SandboxStage.Active, world.People.First(candidate => candidate.OktaUserId == person.OktaUserId).Stage);
    }

    [Theory]
    [InlineData(SandboxCase.PushQueued, "not on the team yet")]
    [InlineData(SandboxCase.PushFailed, "the push failed")]
    [InlineData(SandboxCase.NotAssigned, "not assigned")]
    [InlineData(SandboxCase.OktaSuspended, "SUSPENDED in Okta")]
    [InlineData(SandboxCase.OktaLockedOut, "LOCKED_OUT in Okta")]
    [InlineData(SandboxCase.OktaStaged, "STAGED in Okta")]
    [InlineData(SandboxCase.Suspended, "suspended on the team")]
    [InlineData(SandboxCase.RemovedGone, "removed on the team")]
    public void Who_cannot_sign_on_is_told_why(SandboxCase @case, string why)
    {
        using var world = new ProvisioningWorld();
        var person = world.People.First(candidate => candidate.Case == @case);
        var problem = Assert.Throws<ArgumentException>(() => world.SignOn(person.Email));
        Assert.Contains(person.Email, problem.Message, StringComparison.Ordinal);
        Assert.Contains(why, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Strangers_cannot_sign_on_be_assigned_or_be_added_twice()
    {
        using var world = new ProvisioningWorld();
        Assert.Contains("nobody@contoso.example", Assert.Throws<ArgumentException>(() => world.SignOn("nobody@contoso.example")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => world.Assign("nobody@contoso.example"));
        Assert.Throws<ArgumentException>(() => world.AddPerson("no address", "No", "Address"));
        Assert.Throws<ArgumentException>(() => world.AddPerson(world.People[3].Email, "Same", "Address"));
        world.AddPerson(New, "New", "Person");
        Assert.Throws<ArgumentException>(() => world.AddPerson(New.ToUpperInvariant(), "New", "Person"));
    }

    private static SandboxPerson Person(ProvisioningWorld world) => world.People[world.People.Count - 1];
}
