using System.Text.Json.Nodes;
using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Tests.Http;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Engine.Tests.Verification;

/// <summary>The two ways to read people: by name, and out of the lists of all.</summary>
public sealed class ReadersTests
{
    private const string Assigned = """
        [{"id":"00u1","status":"PROVISIONED","scope":"USER","credentials":{"userName":"pat@contoso.example"},
          "_embedded":{"user":{"id":"00u1","status":"ACTIVE","profile":{"login":"pat@contoso.example","email":"pat@contoso.example"}}}}]
        """;

    private const string Member = """
        {"profile":{"team_member_id":"dbmid:1","external_id":"00u1","email":"renamed@contoso.example","status":{".tag":"active"}}}
        """;

    private readonly Rig _rig = new();

    [Theory]
    [InlineData(1, "pat@contoso.example")]
    [InlineData(Verifier.FewPeople + 1, "pat@contoso.example")]
    [InlineData(1, "renamed@contoso.example")]
    [InlineData(Verifier.FewPeople + 1, "renamed@contoso.example")]
    [InlineData(2, "pat@contoso.example", "renamed@contoso.example")]
    [InlineData(Verifier.FewPeople + 1, "renamed@contoso.example", "pat@contoso.example")]
    public async Task A_member_who_is_known_by_the_Okta_users_id_alone_is_found_either_way_and_once(int asked, params string[] pats)
    {
        using var okta = await _rig.OktaAsync();
        using var dropbox = await _rig.DropboxAsync();
        _rig.Network.Otherwise = Answer;
        var rows = new StatusRows(new PersonalAccounts([]), null, "dbtid:A", DateTimeOffset.UnixEpoch, _ => null);
        var verifier = new Verifier(okta, dropbox, new OktaApp(new JsonObject { ["id"] = "0oa1" }), rows);
        var names = pats.Concat(Enumerable.Range(1, asked - pats.Length).Select(i => $"nobody{i}@contoso.example"));

        var found = new List<DropboxUserStatus>();
        await foreach (var outcome in verifier.RunAsync(new VerificationScope.People([.. names]), null, CancellationToken.None))
            if (outcome.Status is { } status) found.Add(status);

        var pat = Assert.Single(found);
        Assert.Equal((ProvisioningStage.Active, "dbmid:1", "00u1"), (pat.Stage, pat.TeamMemberId, pat.OktaUserId));
    }

    private static HttpResponseMessage Answer(HttpRequestMessage request) => request.RequestUri!.AbsolutePath switch
    {
        "/api/v1/apps/0oa1/users" => Reply.Json(request.RequestUri.Query.Contains("renamed", StringComparison.Ordinal) ? "[]" : Assigned),
        "/api/v1/apps/0oa1/users/00u1" => Reply.Json(Assigned.Trim()[1..^1]),
        "/api/v1/users/renamed%40contoso.example" or "/api/v1/users/renamed@contoso.example" => Reply.OktaError(404, "E0000007"),
        "/api/v1/users" => Reply.Json("[]"),
        "/2/team/members/list_v2" => Reply.Json($$"""{"members":[{{Member}}],"cursor":"c","has_more":false}"""),
        "/2/team/members/get_info_v2" => Reply.Json(new JsonObject { ["members_info"] = new JsonArray([.. Asked(request).Select(Found)]) }.ToJsonString()),
        "/2/team/get_info" => Reply.Json(Rig.Team.Replace("\"num_provisioned_users\":5", "\"num_provisioned_users\":1", StringComparison.Ordinal)),
        var path => throw new InvalidOperationException($"Not expected: {path}"),
    };

    private static IEnumerable<JsonNode> Asked(HttpRequestMessage request) =>
        JsonNode.Parse(request.Content!.ReadAsStream())!["members"]!.AsArray().Select(selector => selector!);

    private static JsonNode Found(JsonNode selector)
    {
        if ((string?)selector["external_id"] != "00u1" && (string?)selector["email"] != "renamed@contoso.example")
            return new JsonObject { [".tag"] = "id_not_found", ["id_not_found"] = (string?)(selector["email"] ?? selector["external_id"] ?? selector["team_member_id"]) };
        var member = JsonNode.Parse(Member)!.AsObject();
        member[".tag"] = "member_info";
        return member;
    }
}
