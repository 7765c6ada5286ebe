using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CsCheck;
using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning.Engine.Tests.Http;

/// <summary>The bodies of errors in every shape: whatever they hold, they are the service's error with its id, and a failure that passes stays one.</summary>
public sealed class ErrorBodyTests
{
    private static readonly string[] Whole =
    [
        """{"errorCode":"E0000006","errorSummary":"You do not have permission","errorLink":"E0000006","errorId":"oaeTest1","errorCauses":[{"errorSummary":"label: is empty"}]}""",
        """{"error":"invalid_client","error_description":"The audience claim is wrong."}""",
        """{"error_summary":"missing_scope/..","error":{".tag":"missing_scope","required_scope":"members.read"},"user_message":{"text":"No","locale":"en"}}""",
        """{"error_summary":"too_many_requests/..","error":{"reason":{".tag":"too_many_requests"},"retry_after":12}}""",
        """{"error_summary":"reset/..","error":{".tag":"reset","reset":"2026-11-23T10:00:00Z"}}""",
        """{"error":{"code":"ErrorSendAsDenied","message":"The user account does not have the right.","innerError":{"request-id":"r"}}}""",
    ];

    private static readonly string[] Nasty =
    [
        "null", "[]", "{}", "\"\"", "\"\\ud800\"", "\"\\ud800\":1,", "{\"\\ud800\":1}", "\"\\u0000\"", "\"\\", "[[[[", "{\"error\":", "{\"error\":{\"\\ud800\":{", "}", ",", "99999999999",
        "\"error\":7,", "\"error\":{\".tag\":\"\\ud800\"},", "\"errorCode\":\"\\ud800\",", "\"errorCauses\":[null,{\"errorSummary\":\"\\ud800\"}],", "\"retry_after\":\"\\ud800\",", "\uFEFF", "é",
    ];

    // Not as UTF-8, which has no half characters: as the bytes that a proxy of another age would send.
    private static HttpResponseMessage Answer(int status, byte[] body, string mediaType = "application/json", params (string Name, string Value)[] headers)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return Reply.Of(status, content, headers);
    }

    private static byte[] Bytes(string body) => Encoding.Latin1.GetBytes(body);

    [Theory]
    [InlineData(403, """{"errorCode":"E0000006","errorSummary":"\ud800"}""", ErrorIds.PermissionDenied, "E0000006")]
    [InlineData(403, """{"errorCode":"E0000006","errorSummary":"é"}""", ErrorIds.PermissionDenied, "E0000006")]
    [InlineData(403, """{"\ud800":1}""", ErrorIds.PermissionDenied, null)]
    [InlineData(403, """{"errorCode":"\ud800","errorSummary":"x"}""", ErrorIds.PermissionDenied, null)]
    [InlineData(401, """{"errorCode":"E0000011","errorCauses":[{"errorSummary":"é"},null,"x"]}""", ErrorIds.TokenRefused, "E0000011")]
    public async Task What_Okta_says_in_half_characters_does_not_hide_what_it_means(int status, string body, string id, string? code)
    {
        var rig = new Rig();
        rig.Network.Then(Answer(status, Bytes(body), headers: ("X-Okta-Request-Id", "r")));

        ServiceException error = await Assert.ThrowsAsync<ServiceException>(() => rig.ConnectOktaAsync());

        Assert.Equal((id, code), (error.ErrorId, error.ServiceCode));
    }

    [Theory]
    [InlineData(409, """{"error_summary":"\ud800","error":{".tag":"admin_not_active"}}""", ErrorIds.AdminNotActive, "admin_not_active")]
    [InlineData(409, """{"error_summary":"\ud800"}""", ErrorIds.RequestRefused, null)]
    [InlineData(400, """{"error":"é"}""", ErrorIds.RequestRefused, null)]
    [InlineData(401, """{"error":{".tag":"missing_scope","required_scope":"\ud800"},"user_message":{"text":"é"}}""", ErrorIds.MissingScope, "missing_scope")]
    [InlineData(409, """{"error":{"\ud800":1,".tag":"x","x":{".tag":"\ud800"}}}""", ErrorIds.RequestRefused, "x")]
    public async Task What_Dropbox_says_in_half_characters_does_not_hide_what_it_means(int status, string body, string id, string? code)
    {
        var rig = new Rig();
        rig.Network.Then(Answer(status, Bytes(body)));

        ServiceException error = await Assert.ThrowsAsync<ServiceException>(() => rig.ConnectDropboxAsync());

        Assert.Equal((id, code), (error.ErrorId, error.ServiceCode));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_failure_that_passes_stays_one_whatever_its_body_says(int status)
    {
        foreach (string body in new[] { """{"\ud800":1}""", """{"error":{"\ud800":1}}""", """{"error":"é"}""", """{"error":{"retry_after":1e999}}""" })
        {
            var rig = new Rig();
            using OktaClient okta = await rig.OktaAsync();
            using DropboxTeamClient dropbox = await rig.DropboxAsync();
            rig.Network.Then(Answer(status, Bytes(body)), Reply.Json("[]"), Answer(status, Bytes(body)), Reply.Json(Rig.Team));

            Assert.Empty(await okta.GetDropboxAppsAsync(null, default));
            Assert.Equal("dbtid:A", (await dropbox.GetTeamAsync(null, default)).TeamId);
        }
    }

    [Fact]
    public async Task An_access_token_that_ended_is_renewed_whatever_else_the_refusal_says()
    {
        using HttpResponseMessage refusal = Answer(401, []);
        refusal.Content = await PooledAsync(Bytes("""{"error_summary":"\ud800","user_message":"é","error":{".tag":"expired_access_token"}}"""));

        Assert.True(DropboxErrors.IsExpiredToken(refusal));
    }

    [Fact, Trait("Category", "Fuzz")]
    public void Every_body_is_an_error_of_ours()
    {
        int[] statuses = [200, 400, 401, 403, 404, 409, 422, 429, 500, 503];
        var bodies = Gen.Select(Gen.Int[0, Whole.Length - 1], Wounds.Some, Gen.Bool, (one, wounds, isLatin) =>
        {
            byte[] body = Encoding.UTF8.GetBytes(Whole[one]).Wound(wounds, Nasty);
            return isLatin ? Bytes(Encoding.UTF8.GetString(body)) : body;
        });
        Fuzz.Try(
            Gen.Select(bodies, Gen.OneOfConst(statuses), Gen.Bool, Gen.Bool),
            of => Fuzz.Within(500_000, () =>
            {
                (byte[] body, int status, bool isJson, bool isOkta) = of;
                using HttpResponseMessage answer = Answer(status, body, isJson ? "application/json" : "text/html", isOkta ? [("X-Okta-Request-Id", "r")] : []);
                answer.Content = PooledAsync(body, answer.Content.Headers.ContentType).GetAwaiter().GetResult();
                answer.RequestMessage = new HttpRequestMessage(HttpMethod.Post, "https://contoso.okta.com/oauth2/v1/token");
                bool IsOurs(Func<FailedAnswer, ServiceException> read, string address) =>
                    read(new FailedAnswer(new ServiceRequest(HttpMethod.Post, address) { About = "x", Permission = "a b" }, answer, new Uri("https://contoso.okta.com"), InstantTime.Start))
                        is { ErrorId.Length: > 0, RecommendedAction.Length: > 0, Message.Length: < 2000 };
                _ = OktaRefusal.CodeOf(answer) + DropboxErrors.IsExpiredToken(answer) + RateLimit.AskedWait(answer, InstantTime.Start);
                return IsOurs(OktaErrors.Read, "/api/v1/apps") && IsOurs(OktaErrors.Read, OktaTokenSource.Route)
                    && IsOurs(DropboxErrors.Read, "/2/team/get_info") && IsOurs(DropboxErrors.Read, DropboxErrors.TokenRoute) && IsOurs(GraphErrors.Read, "/v1.0/users/x/sendMail");
            }));
    }

    private static async Task<PooledBody> PooledAsync(byte[] body, MediaTypeHeaderValue? type = null)
    {
        var content = new PooledBody();
        Assert.True(await content.FillAsync(new MemoryStream(body), long.MaxValue, default));
        content.Headers.ContentType = type;
        return content;
    }
}
