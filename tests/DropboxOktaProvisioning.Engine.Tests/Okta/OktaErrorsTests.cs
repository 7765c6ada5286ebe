using System.Net.Sockets;
using System.Security.Authentication;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Tests.Http;

namespace DropboxOktaProvisioning.Engine.Tests.Okta;

public sealed class OktaErrorsTests
{
    private readonly Rig _rig = new();

    public static TheoryData<string, HttpResponseMessage, string, ProblemCategory, string> Refusals => new()
    {
        { "a bad token", Reply.OktaError(401, "E0000011", "Invalid token provided"), ErrorIds.TokenRefused, ProblemCategory.AuthenticationError, "network zones" },
        { "a header that is no token", Reply.OktaError(403, "E0000005", "Invalid session"), ErrorIds.TokenRefused, ProblemCategory.AuthenticationError, "new token" },
        { "no permission", Reply.OktaError(403, "E0000006", "You do not have permission"), ErrorIds.PermissionDenied, ProblemCategory.PermissionDenied, "okta.apps.read" },
        { "a forbidden page of Okta", Reply.Text("no", 403, "text/html", ("X-Okta-Request-Id", "r")), ErrorIds.PermissionDenied, ProblemCategory.PermissionDenied, "okta.apps.read" },
        { "a feature that is off", Reply.OktaError(401, "E0000015"), ErrorIds.PermissionDenied, ProblemCategory.PermissionDenied, "okta.apps.read" },
        { "a missing scope in the header", Reply.Text("", 403, "text/plain", ("WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"okta.apps.read okta.x\"")), ErrorIds.MissingScope, ProblemCategory.PermissionDenied, "okta.x" },
        { "a missing scope in the body", Reply.Json("""{"error":"insufficient_scope","error_description":"x"}""", 403), ErrorIds.MissingScope, ProblemCategory.PermissionDenied, "okta.apps.read" },
        { "not found, by something else", Reply.Text("<html>", 404, "text/html"), ErrorIds.NotAnOktaOrg, ProblemCategory.ConnectionError, "contoso.okta.com" },
        { "not found, in another JSON", Reply.Json("{}", 404), ErrorIds.NotAnOktaOrg, ProblemCategory.ConnectionError, "contoso.okta.com" },
        { "a page", Reply.Text("<html>Welcome</html>", 200, "text/html"), ErrorIds.NotAnOktaOrg, ProblemCategory.ConnectionError, "text/html" },
        { "a redirect", Reply.Text("", 302, "text/html", ("Location", "https://elsewhere.example/")), ErrorIds.NotAnOktaOrg, ProblemCategory.ConnectionError, "302" },
        { "a page of Okta", Reply.Text("<html>", 200, "text/html", ("X-Okta-Request-Id", "r")), ErrorIds.MalformedAnswer, ProblemCategory.InvalidData, "text/html" },
        { "an object for a list", Reply.Json("{}"), ErrorIds.MalformedAnswer, ProblemCategory.InvalidData, "not a list" },
        { "null for a list", Reply.Json("null"), ErrorIds.MalformedAnswer, ProblemCategory.InvalidData, "not a list" },
        { "a number for a list", Reply.Json("17"), ErrorIds.MalformedAnswer, ProblemCategory.InvalidData, "not a list" },
        { "no JSON", Reply.Json("hello"), ErrorIds.MalformedAnswer, ProblemCategory.InvalidData, "not JSON" },
        { "a bad request", Reply.OktaError(400, "E0000001", "Api validation failed: limit"), ErrorIds.RequestRefused, ProblemCategory.InvalidArgument, "Api validation failed: limit" },
        { "a path that Okta lacks", Reply.OktaError(404, "E0000008"), ErrorIds.RequestRefused, ProblemCategory.InvalidArgument, "404" },
        { "settings that Okta refuses", Reply.OktaError(403, "E0000039"), ErrorIds.RequestRefused, ProblemCategory.InvalidArgument, "403" },
        { "not implemented", Reply.OktaError(501, "E0000060"), ErrorIds.ServiceFailed, ProblemCategory.ConnectionError, "501" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Each_refusal_is_its_own_error_with_what_to_do(string what, HttpResponseMessage answer, string id, ProblemCategory category, string named)
    {
        _rig.Network.Then(answer);

        ServiceException error = await Assert.ThrowsAsync<ServiceException>(() => _rig.ConnectOktaAsync());

        Assert.True((id, category) == (error.ErrorId, error.Category), $"{what}: {error.ErrorId} {error.Category}");
        Assert.Contains(named, error.Message + error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(("Okta", (int)answer.StatusCode), (error.Service, error.StatusCode));
        Assert.False(string.IsNullOrEmpty(error.RecommendedAction));
        Assert.True(_rig.Network.Disposed);
    }

    [Theory]
    [InlineData("""{"errorCode":"E0000001","errorSummary":"Bad","errorId":"oae1","errorCauses":[{"errorSummary":"label: is empty."},{"errorSummary":null},3]}""", "Okta says: Bad. label: is empty.")]
    [InlineData("""{"errorCode":"E0000001","errorSummary":"Bad","errorId":"oae1","errorCauses":{"errorSummary":"one"}}""", "Okta says: Bad. one.")]
    [InlineData("""{"errorCode":"E0000001","errorSummary":"Bad","errorId":"oae1"}""", "Okta says: Bad.")]
    [InlineData("""{"errorCode":"E0000001","errorSummary":null,"errorId":"oae1","errorCauses":null}""", "status 400")]
    public async Task Causes_are_read_in_every_form(string body, string said)
    {
        _rig.Network.Then(Reply.Json(body, 400, ("X-Okta-Request-Id", "req1")));

        ServiceException error = await Assert.ThrowsAsync<ServiceException>(() => _rig.ConnectOktaAsync());

        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Equal(("E0000001", "oae1 / req1"), (error.ServiceCode, error.RequestId));
    }

    public static TheoryData<Exception, string, ProblemCategory> Failures => new()
    {
        { new HttpRequestException(HttpRequestError.NameResolutionError, "x"), "contoso.okta.com is not known", ProblemCategory.ConnectionError },
        { new HttpRequestException("x", new SocketException((int)SocketError.HostNotFound)), "contoso.okta.com is not known", ProblemCategory.ConnectionError },
        { new HttpRequestException(HttpRequestError.ConnectionError, "x", new SocketException((int)SocketError.ConnectionRefused)), "refused the connection", ProblemCategory.ConnectionError },
        { new HttpRequestException(HttpRequestError.ConnectionError, "x"), "could not be reached", ProblemCategory.ConnectionError },
        { new HttpRequestException(HttpRequestError.SecureConnectionError, "x"), "TLS", ProblemCategory.ConnectionError },
        { new HttpRequestException("x", new AuthenticationException("y")), "TLS", ProblemCategory.ConnectionError },
        { new HttpRequestException(HttpRequestError.ProxyTunnelError, "x"), "proxy", ProblemCategory.ConnectionError },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_host_that_never_answered_fails_at_once_and_the_words_tell_why(Exception failure, string named, ProblemCategory category)
    {
        _rig.Network.ThenThrow(failure);

        ServiceException error = await Assert.ThrowsAsync<ServiceException>(() => _rig.ConnectOktaAsync());

        Assert.Equal((ErrorIds.ServiceUnreachable, category, 0), (error.ErrorId, error.Category, error.StatusCode));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Empty(_rig.Time.Waits);
    }

    [Fact]
    public async Task An_app_that_is_not_there_is_AppNotFound()
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Otherwise = _ => Reply.OktaError(404, "E0000007", "Not found: Resource not found: 0oaX (AppInstance)");

        Assert.Equal(ErrorIds.AppNotFound, (await Assert.ThrowsAsync<ServiceException>(() => client.GetAppAsync("0oaX", null, default))).ErrorId);
        Assert.Equal(ErrorIds.AppNotFound, (await Assert.ThrowsAsync<ServiceException>(() => client.ReplaceAppAsync("0oaX", [], null, default))).ErrorId);
        Assert.Equal(ErrorIds.AppNotFound, (await Assert.ThrowsAsync<ServiceException>(() => Rig.AllAsync(client.ListAppUsersAsync("0oaX", null, default)))).ErrorId);
        Assert.Equal(ErrorIds.AppNotFound, (await Assert.ThrowsAsync<ProvisioningException>(() => client.FindAppUserAsync("0oaX", "00u1", null, default))).ErrorId);
        Assert.Equal(ErrorIds.AppNotFound, (await Assert.ThrowsAsync<ProvisioningException>(() => client.GetAppAsync("../users/me", null, default))).ErrorId);
        Assert.Equal(4, _rig.Network.Requests.Count);
    }

    [Fact]
    public async Task What_a_proxy_does_not_find_is_no_proof_that_it_is_not_there()
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(Reply.Text("not here", 404), Reply.Text("not here", 404));

        await Assert.ThrowsAsync<ServiceException>(() => client.FindUserAsync("a@contoso.example", null, default));
        await Assert.ThrowsAsync<ServiceException>(() => client.FindAppUserAsync("0oa1", "00u1", null, default));
    }
}
