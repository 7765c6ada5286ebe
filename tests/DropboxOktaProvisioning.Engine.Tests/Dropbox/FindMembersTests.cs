using System.Text.Json.Nodes;
using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Tests.Http;

namespace DropboxOktaProvisioning.Engine.Tests.Dropbox;

public sealed class FindMembersTests
{
    private readonly Rig _rig = new();

    private static DropboxSelector[] By(params IEnumerable<string> emails) => [.. emails.Select(DropboxSelector.ByEmail)];

    [Fact]
    public async Task People_are_asked_for_by_address_and_who_is_not_there_is_absent()
    {
        using DropboxTeamClient client = await _rig.DropboxAsync();
        _rig.Network.Then(Reply.Json($$$"""{"members_info":[{{{Member("a@contoso.example")}}},{".tag":"id_not_found","id_not_found":"b@contoso.example"}]}"""));

        IReadOnlyList<DropboxMember> members = await client.FindMembersAsync(By("A@contoso.example", "b@contoso.example", "a@CONTOSO.example"), _rig.Log, default);

        Assert.Equal("a@contoso.example", Assert.Single(members).Email);
        Sent sent = Assert.Single(_rig.Network.Requests);
        Assert.Equal("/2/team/members/get_info_v2", sent.PathAndQuery);
        Assert.Equal("""{"members":[{".tag":"email","email":"A@contoso.example"},{".tag":"email","email":"b@contoso.example"}]}""", sent.Body);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(101)]
    [InlineData(250)]
    public async Task Many_people_are_asked_for_in_hundreds(int count)
    {
        using DropboxTeamClient client = await _rig.DropboxAsync();
        var sizes = new List<int>();
        _rig.Network.Otherwise = request =>
        {
            string[] asked = [.. JsonNode.Parse(request.Content!.ReadAsStream())!["members"]!.AsArray().Select(m => (string)m!["email"]!)];
            sizes.Add(asked.Length);
            return Reply.Json($$"""{"members_info":[{{string.Join(',', asked.Select(e => Member(e)))}}]}""");
        };

        IReadOnlyList<DropboxMember> members = await client.FindMembersAsync(By(Enumerable.Range(0, count).Select(i => $"p{i}@contoso.example")), null, default);

        Assert.Equal(count, members.Count);
        Assert.Equal(count, sizes.Sum());
        Assert.Equal((count + 99) / 100, sizes.Count);
    }

    [Fact]
    public async Task One_member_found_by_two_addresses_comes_once()
    {
        using DropboxTeamClient client = await _rig.DropboxAsync();
        string ann = Member("a@contoso.example", """,{"email":"a2@contoso.example"},{"email":"a3@contoso.example"}""");
        _rig.Network.Then(Reply.Json($$"""{"members_info":[{{ann}},{{ann}}]}"""), Reply.Json($$"""{"members_info":[{{ann}}]}"""));

        Assert.Single(await client.FindMembersAsync(By("a@contoso.example", "a2@contoso.example"), null, default));
        Assert.Single(await client.FindMembersAsync(By("a3@contoso.example", "a2@contoso.example"), null, default));
    }

    [Fact]
    public async Task A_member_found_by_an_address_that_the_answer_does_not_show_is_taken()
    {
        using DropboxTeamClient client = await _rig.DropboxAsync();
        _rig.Network.Then(Reply.Json($$"""{"members_info":[{{Member("a@contoso.example")}}]}"""));

        Assert.Single(await client.FindMembersAsync(By("alias@contoso.example"), null, default));
    }

    [Theory]
    [InlineData("", 2)]
    [InlineData("""{".tag":"id_not_found","id_not_found":"a@contoso.example"}""", 1)]
    public async Task An_address_that_the_answer_passes_over_is_an_error(string items, int missing)
    {
        using DropboxTeamClient client = await _rig.DropboxAsync();
        _rig.Network.Then(Reply.Json($$"""{"members_info":[{{items}}]}"""));

        ServiceException error = await Assert.ThrowsAsync<ServiceException>(() => client.FindMembersAsync(By("a@contoso.example", "b@contoso.example"), null, default));

        Assert.Equal(ErrorIds.IncompleteList, error.ErrorId);
        Assert.Contains($"about {missing} of 2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"members_info":[{".tag":"brand_new"}]}""")]
    [InlineData("""{"members_info":[null]}""")]
    [InlineData("""{"members_info":null}""")]
    [InlineData("""{"members_info":[{".tag":"member_info"}]}""")]
    public async Task An_answer_that_does_not_say_who_is_who_is_an_error(string body)
    {
        using DropboxTeamClient client = await _rig.DropboxAsync();
        _rig.Network.Then(Reply.Json(body));

        ServiceException error = await Assert.ThrowsAsync<ServiceException>(() => client.FindMembersAsync(By("a@contoso.example"), null, default));

        Assert.Equal(ErrorIds.MalformedAnswer, error.ErrorId);
    }

    private static string Member(string email, string moreSecondary = "") => $$"""
        {".tag":"member_info","profile":{"team_member_id":"dbmid:{{email}}","email":"{{email}}","status":{".tag":"active"},
         "secondary_emails":[{"email":null},null{{moreSecondary}}]},"roles":[]}
        """;
}
