using System.Security;
using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning.Engine.Tests.Http;

public sealed class SecretsTests
{
    private static readonly string[] Secrets = [Rig.OktaToken, Rig.DropboxToken, Rig.RefreshToken, Rig.AppSecret, "sl.renewed"];
    private readonly Rig _rig = new();

    [Theory]
    [InlineData("", "empty")]
    [InlineData("00abc\ndef", "line break")]
    [InlineData("00abc\r", "line break")]
    [InlineData("SSWS 00abcdef", "space")]
    [InlineData("00abc\u00A0def", "space")]
    [InlineData("00abcdéf", "character")]
    [InlineData("00abc\u0001def", "character")]
    public async Task A_token_that_cannot_be_one_is_refused_without_being_quoted(string token, string named)
    {
        foreach (Func<Task> connect in new Func<Task>[]
        {
            () => OktaClient.ConnectAsync("contoso.okta.com", SecretText.Protect(token), _rig.Options, null, default),
            () => DropboxTeamClient.ConnectAsync(new AccessTokenCredential(SecretText.Protect(token)), _rig.Options, null, default),
            () => DropboxTeamClient.ConnectAsync(new RefreshTokenCredential("key", SecretText.Protect(token)), _rig.Options, null, default),
            () => DropboxTeamClient.ConnectAsync(new RefreshTokenCredential("key", SecretText.Protect("good"), SecretText.Protect(token)), _rig.Options, null, default),
        })
        {
            ProvisioningException error = await Assert.ThrowsAsync<ProvisioningException>(connect);

            Assert.Equal((ErrorIds.InvalidToken, ProblemCategory.InvalidArgument), (error.ErrorId, error.Category));
            Assert.Contains(named, error.Message, StringComparison.Ordinal);
            if (token.Length > 0) Assert.DoesNotContain(token, error + error.RecommendedAction, StringComparison.Ordinal);
        }

        Assert.Empty(_rig.Network.Requests);
    }

    [Fact]
    public async Task The_connection_keeps_its_own_copy_of_the_token()
    {
        using SecureString token = SecretText.Protect(Rig.OktaToken);
        _rig.Network.Then(Reply.Json("[]"), Reply.Json("[]"));
        using OktaClient client = await OktaClient.ConnectAsync("contoso.okta.com", token, _rig.Options, null, default);
        token.Dispose();

        await client.GetDropboxAppsAsync(null, default);

        Assert.Equal($"SSWS {Rig.OktaToken}", _rig.Network.Requests[1].Authorization);
    }

    [Fact]
    public async Task No_error_and_no_event_holds_a_secret_even_where_the_service_or_the_network_quotes_the_request()
    {
        // Every answer and every failure repeats all that it was sent.
        Func<HttpRequestMessage, string, Task<HttpResponseMessage>>[] parrots =
        [
            (_, sent) => Task.FromResult(Reply.Text(sent, 400)),
            (_, sent) => Task.FromResult(Reply.Text(sent, 401)),
            (_, sent) => Task.FromResult(Reply.Text(sent, 500)),
            (_, sent) => Task.FromResult(Reply.Text(sent, 429)),
            (_, sent) => Task.FromResult(Reply.Text(sent, 200)),
            (_, sent) => Task.FromResult(Reply.Json(sent, 200)),
            (_, sent) => Task.FromResult(Reply.OktaError(400, "E0000001", sent)),
            (_, sent) => Task.FromResult(Reply.OktaError(403, "E0000006", sent)),
            (_, sent) => Task.FromResult(Reply.Json($$$"""{"error_summary":"{{{sent}}}","error":{".tag":"other"},"user_message":{"text":"{{{sent}}}"}}""", 409)),
            (_, sent) => Task.FromResult(Reply.Json($$"""{"error":"invalid_grant","error_description":"{{sent}}"}""", 400)),
            (_, sent) => Task.FromResult(Reply.Json($$"""{"error":"invalid_request","error_description":"{{sent}}"}""", 400)),
            (request, sent) => throw new HttpRequestException($"{request} {sent}", new IOException(sent)),
            (request, sent) => throw new IOException($"{request} {sent}"),
        ];
        foreach (Func<HttpRequestMessage, string, Task<HttpResponseMessage>> parrot in parrots)
        {
            foreach (Func<ConnectionOptions, IProgress<RunEvent>, Task> connect in new Func<ConnectionOptions, IProgress<RunEvent>, Task>[]
            {
                (options, log) => OktaClient.ConnectAsync("contoso.okta.com", SecretText.Protect(Rig.OktaToken), options, log, default),
                (options, log) => DropboxTeamClient.ConnectAsync(new AccessTokenCredential(SecretText.Protect(Rig.DropboxToken)), options, log, default),
                (options, log) => DropboxTeamClient.ConnectAsync(
                    new RefreshTokenCredential("appkey", SecretText.Protect(Rig.RefreshToken), SecretText.Protect(Rig.AppSecret)), options, log, default),
            })
            {
                var rig = new Rig();
                for (int i = 0; i < 6; i++)
                {
                    rig.Network.ThenDo(async (request, cancel) =>
                    {
                        string body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancel);
                        return await parrot(request, $"got {request.Headers.Authorization?.Parameter} with {body}".Replace('"', ' '));
                    });
                }

                ServiceException error = await Assert.ThrowsAsync<ServiceException>(() => connect(rig.Options, rig.Log));

                string all = string.Join('\n', [error.ToString(), error.RecommendedAction, error.ServiceCode, error.RequestId, error.Target?.ToString(), .. rig.Log.Events.Select(e => e.ToString())]);
                Assert.All(Secrets, secret => Assert.DoesNotContain(secret, all, StringComparison.Ordinal));
                Assert.Null(error.InnerException);
                Assert.Contains(rig.Network.Requests, r => Secrets.Any(s => $"{r.Authorization} {r.Body}".Contains(s, StringComparison.Ordinal)));
            }
        }
    }

    [Fact]
    public async Task Nothing_that_a_caller_holds_shows_a_secret_as_text()
    {
        using OktaClient okta = await _rig.OktaAsync();
        using DropboxTeamClient dropbox = await _rig.DropboxAsync();
        object[] things = [okta, dropbox, new AccessTokenCredential(SecretText.Protect(Rig.DropboxToken)), new RefreshTokenCredential("k", SecretText.Protect(Rig.RefreshToken)), _rig.Options];

        Assert.All(things, thing => Assert.All(Secrets, secret => Assert.DoesNotContain(secret, thing.ToString(), StringComparison.Ordinal)));
    }
}
