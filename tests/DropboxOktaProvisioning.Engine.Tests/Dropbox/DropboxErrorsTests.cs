using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Tests.Http;

namespace DropboxOktaProvisioning.Engine.Tests.Dropbox;

public sealed class DropboxErrorsTests
{
    private readonly Rig _rig = new();

    public static TheoryData<string, HttpResponseMessage, string, ProblemCategory, string, string?> Refusals => new()
    {
        { "a bad token", Reply.DropboxError(401, "invalid_access_token"), ErrorIds.TokenRefused, ProblemCategory.AuthenticationError, "Link the app again", "invalid_access_token" },
        { "an expired token", Reply.DropboxError(401, "expired_access_token"), ErrorIds.TokenRefused, ProblemCategory.AuthenticationError, "refresh token", "expired_access_token" },
        { "a missing scope", Reply.DropboxError(401, "missing_scope", ",\"required_scope\":\"team_info.read\""), ErrorIds.MissingScope, ProblemCategory.PermissionDenied, "Tick team_info.read", "missing_scope" },
        { "a user's token", Reply.Text("Error in call to API function \"team/get_info\": This is a DfB team management function and you are not a team admin", 400), ErrorIds.NotATeamToken, ProblemCategory.AuthenticationError, "team scopes", null },
        { "a token that is none", Reply.Text("Error in call to API function \"team/get_info\": The given OAuth 2 access token is malformed.", 400), ErrorIds.TokenRefused, ProblemCategory.AuthenticationError, "malformed", null },
        { "a bad request", Reply.Text("Error in call to API function \"team/get_info\": request body: could not decode input as JSON", 400), ErrorIds.RequestRefused, ProblemCategory.InvalidArgument, "could not decode input as JSON", null },
        { "a plan that lacks it", Reply.Json("""{"error_summary":"invalid_account_type/endpoint/.","error":{".tag":"invalid_account_type","invalid_account_type":{".tag":"endpoint"}}}""", 403), ErrorIds.PermissionDenied, ProblemCategory.PermissionDenied, "invalid_account_type/endpoint", "invalid_account_type/endpoint" },
        { "a route that is closed", Reply.DropboxError(401, "route_access_denied"), ErrorIds.PermissionDenied, ProblemCategory.PermissionDenied, "team_info.read", "route_access_denied" },
        { "words for people", Reply.Json("""{"error_summary":"x/...","error":{".tag":"other"},"user_message":{"text":"Please ask your admin","locale":"en"}}""", 409), ErrorIds.RequestRefused, ProblemCategory.InvalidArgument, "Please ask your admin", "other" },
        { "an error without a tag", Reply.Json("""{"error_summary":null,"error":17}""", 409), ErrorIds.RequestRefused, ProblemCategory.InvalidArgument, "409", null },
        { "a page", Reply.Text("<html>Blocked by contoso</html>", 200, "text/html"), ErrorIds.MalformedAnswer, ProblemCategory.InvalidData, "text/html", null },
        { "a redirect", Reply.Text("", 302, "text/html"), ErrorIds.MalformedAnswer, ProblemCategory.InvalidData, "302", null },
        { "no team id", Reply.Json("{}"), ErrorIds.MalformedAnswer, ProblemCategory.InvalidData, "team_id", null },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Each_refusal_is_its_own_error_with_what_to_do(
        string what, HttpResponseMessage answer, string id, ProblemCategory category, string named, string? code)
    {
        _rig.Network.Then(answer);

        ServiceException error = await Assert.ThrowsAsync<ServiceException>(() => _rig.ConnectDropboxAsync());

        Assert.True((id, category) == (error.ErrorId, error.Category), $"{what}: {error.ErrorId} {error.Category}");
        Assert.Contains(named, error.Message + error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(("Dropbox", (int)answer.StatusCode, code), (error.Service, error.StatusCode, error.ServiceCode));
        Assert.DoesNotContain("..", error.Message, StringComparison.Ordinal);
        Assert.True(_rig.Network.Disposed);
    }

    [Fact]
    public async Task An_admin_who_left_is_AdminNotActive_with_the_request_id()
    {
        _rig.Network.Then(Reply.Json(Rig.Team), Reply.DropboxError(409, "admin_not_active"));

        ServiceException error = await Assert.ThrowsAsync<ServiceException>(() => _rig.ConnectDropboxAsync());

        Assert.Equal((ErrorIds.AdminNotActive, "dbxTest1"), (error.ErrorId, error.RequestId));
    }

    [Fact]
    public async Task A_token_that_does_not_say_who_linked_it_has_no_admin()
    {
        _rig.Network.Then(Reply.Json(Rig.Team), Reply.DropboxError(409, "mapping_not_found"));

        using DropboxTeamClient client = await _rig.ConnectDropboxAsync();

        Assert.Null(client.Admin);
    }

    [Theory]
    [InlineData("""{"error_summary":"too_many_requests/..","error":{"reason":{".tag":"too_many_requests"},"retry_after":12}}""", "application/json", null, 12)]
    [InlineData("""{"error_summary":"too_many_requests/..","error":{"reason":{".tag":"too_many_requests"},"retry_after":12}}""", "application/json", "30", 30)]
    [InlineData("too many requests", "text/plain", "30", 30)]
    public async Task A_rate_limit_waits_as_the_header_says_or_else_the_body(string body, string mediaType, string? header, double seconds)
    {
        using DropboxTeamClient client = await _rig.DropboxAsync();
        _rig.Network.Then(Reply.Text(body, 429, mediaType, header is null ? [] : [("Retry-After", header)]), Reply.Json(Rig.Team));

        await client.GetTeamAsync(_rig.Log, default);

        Assert.Equal([seconds], _rig.Time.Waits.Select(w => w.TotalSeconds));
    }

    [Fact]
    public async Task A_read_by_POST_is_repeated_after_a_server_error_with_the_same_body()
    {
        using DropboxTeamClient client = await _rig.DropboxAsync();
        _rig.Network.Then(Reply.Text("oops", 500), Reply.Json("""{"members":[{"profile":{"team_member_id":"dbmid:1","email":"ada@contoso.example","status":{".tag":"active"}}}],"cursor":"c","has_more":false}"""));

        Assert.Single(await Rig.AllAsync(client.ListMembersAsync(false, _rig.Log, default)));

        Assert.Equal(2, _rig.Network.Requests.Count(r => r.Body == """{"limit":1000,"include_removed":false}"""));
    }
}
