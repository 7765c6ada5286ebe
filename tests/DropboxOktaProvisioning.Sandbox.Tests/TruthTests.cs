using System.Text.Json.Nodes;
using CsCheck;

namespace DropboxOktaProvisioning.Sandbox.Tests;

/// <summary>The stage that the world tells of a person is the one that its two services' answers add up to.</summary>
public sealed class TruthTests
{
    [Fact]
    public void Every_stage_follows_from_what_the_services_answer() => Gen.Select(Gen.Int[50, 300], Gen.Int[0, 1000], Gen.Int[0, 600]).Sample((users, seed, seconds) =>
    {
        using var client = WorldClient.Of(users, seed);
        client.World.Advance(TimeSpan.FromSeconds(seconds));
        foreach (var person in client.World.People.Where(person => person.Stage == SandboxStage.AwaitingActivation).Take(users / 20)) client.World.SignOn(person.Email);
        Compare(client).GetAwaiter().GetResult();
    }, iter: 15);

    private static async Task Compare(WorldClient client)
    {
        var oktaUsers = (await client.OktaList("/api/v1/users")).Items.ToDictionary(user => (string)user["id"]!);
        var appUsers = (await client.OktaList(client.AppPath + "/users?limit=500")).Items.ToDictionary(user => (string)user["id"]!);
        var members = (await client.Members()).Items.Select(member => member["profile"]!).ToList();
        var byId = members.ToDictionary(member => (string)member["team_member_id"]!);
        var byAddress = new Dictionary<string, JsonNode>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in members)
        {
            byAddress.Add((string)member["email"]!, member);
            foreach (var other in member["secondary_emails"]!.AsArray()) byAddress.Add((string)other!["email"]!, member);
        }

        foreach (var person in client.World.People)
        {
            var okta = person.OktaUserId is null ? null : oktaUsers[person.OktaUserId];
            var appUser = person.OktaUserId is null ? null : appUsers.GetValueOrDefault(person.OktaUserId);
            var linked = (string?)appUser?["externalId"] is { } id ? byId[id] : null;
            var addressed = byAddress.GetValueOrDefault((string?)okta?["profile"]!["email"] ?? person.Email);
            Assert.Equal(person.Stage, Stage(okta, appUser, linked, addressed));
            Assert.Equal(person.TeamMemberId, (string?)addressed?["team_member_id"]);
        }

        Assert.Equal(client.World.People.Count(person => person.OktaUserId is not null), oktaUsers.Count);
        Assert.Equal(client.World.People.Count(person => person.TeamMemberId is not null), members.Count);
    }

    // Written from the design's table of stages, not from the sandbox's own rule.
    private static SandboxStage Stage(JsonNode? okta, JsonNode? appUser, JsonNode? linked, JsonNode? addressed)
    {
        if (linked is not null && addressed is not null && linked != addressed) return SandboxStage.Conflict;
        var status = (string?)(linked ?? addressed)?["status"]![".tag"];
        if (status == "removed") return SandboxStage.Removed;
        if (appUser is null) return status is null ? SandboxStage.NotAssigned : SandboxStage.Unmanaged;
        if (status == "suspended") return SandboxStage.Suspended;
        if (status == "active") return SandboxStage.Active;
        if ((string)okta!["status"]! != "ACTIVE") return SandboxStage.CannotSignOn;
        return status is null ? SandboxStage.NotProvisioned : SandboxStage.AwaitingActivation;
    }
}
