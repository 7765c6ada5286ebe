using System.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning.Sandbox.Tests;

/// <summary>The product's client signs in to the sandbox's org as a service app.</summary>
public sealed class ServiceAppTests : IDisposable
{
    private readonly ProvisioningWorld _world = new();

    private OktaServiceApp App => _world.ServiceApp;

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_signs_in_and_reads_whether_tokens_are_bound_or_not(bool bound)
    {
        App.RequiresDpop = bound;
        using var client = await ConnectAsync();

        Assert.Equal(_world.App.Id, Assert.Single(await client.GetDropboxAppsAsync(null, default)).Id);
        Assert.Equal(OktaServiceAppCredential.ReadScopes, client.Scopes);
        Assert.Equal(_world.Clock.GetUtcNow().AddHours(1), client.TokenExpires);
        // The nonce costs one refused try; after that each request is answered at once.
        Assert.Equal(bound ? [400, 200, 200, 200] : [200, 200, 200], _world.Requests.Select(request => request.Status));
    }

    [Fact]
    public async Task The_whole_list_is_read_with_bound_tokens()
    {
        using var client = await ConnectAsync();
        var users = 0;
        await foreach (var page in client.ListAppUsersAsync(_world.App.Id, null, default)) users += page.Count;

        using var plain = await OktaClient.ConnectAsync(_world.OktaOrigin.AbsoluteUri, Secret(_world.OktaApiToken), Options(), null, default);
        var expected = 0;
        await foreach (var page in plain.ListAppUsersAsync(_world.App.Id, null, default)) expected += page.Count;
        Assert.True(expected > 50);
        Assert.Equal(expected, users);
    }

    [Fact]
    public async Task A_token_is_renewed_before_it_ends_and_the_nonce_is_remembered()
    {
        using var client = await ConnectAsync();
        _world.Advance(TimeSpan.FromMinutes(55));
        await client.GetDropboxAppsAsync(null, default);

        Assert.Equal([400, 200, 200, 200, 200], _world.Requests.Select(request => request.Status));
        Assert.Equal(3, _world.Requests.Count(request => request.Path == "/oauth2/v1/token"));
        _world.Advance(TimeSpan.FromDays(5)); // beyond the life of the nonce
        await client.GetDropboxAppsAsync(null, default);
        Assert.Equal([400, 200, 200], _world.Requests.TakeLast(3).Select(request => request.Status));
    }

    [Fact]
    public async Task A_token_that_was_revoked_is_renewed_once()
    {
        using var client = await ConnectAsync();
        _world.RevokeServiceAppTokens();
        await client.GetDropboxAppsAsync(null, default);
        Assert.Equal([401, 200, 200], _world.Requests.TakeLast(3).Select(request => request.Status));
    }

    [Fact]
    public async Task Passing_trouble_at_each_step_is_overcome_with_fresh_signatures()
    {
        _world.Faults.Script(SandboxFault.ServerError, "/oauth2/v1/token", 1, 1);
        _world.Faults.Script(SandboxFault.AnswerLost, "/oauth2/v1/token", 3, 1);
        _world.Faults.Script(SandboxFault.AnswerLost, "/api/v1/apps", 1, 2);
        using var client = await ConnectAsync();
        Assert.Single(await client.GetDropboxAppsAsync(null, default));
    }

    [Theory]
    [InlineData("RSA", null)]
    [InlineData("RSA", "another")]
    [InlineData("P-256", null)]
    [InlineData("P-256", "another")]
    public async Task Any_registered_key_signs_in(string kind, string? keyId)
    {
        using AsymmetricAlgorithm key = kind == "RSA" ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        App.RegisterKey("another", key.ExportSubjectPublicKeyInfoPem());
        using var client = await ConnectAsync(key.ExportPkcs8PrivateKeyPem(), keyId);
        Assert.Single(await client.GetDropboxAppsAsync(null, default));
    }

    [Fact]
    public async Task A_certificate_signs_in_by_its_private_key_and_one_without_says_so()
    {
        using var key = RSA.Create(2048);
        using var whole = new CertificateRequest("CN=contoso.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(_world.Clock.GetUtcNow(), _world.Clock.GetUtcNow().AddYears(1));
        using var half = X509CertificateLoader.LoadCertificate(whole.RawData);
        App.RegisterKey("certificate", key.ExportSubjectPublicKeyInfoPem());

        using var client = await ConnectAsync(OktaPrivateKey.FromCertificate(whole, "certificate"));
        Assert.Single(await client.GetDropboxAppsAsync(null, default));

        var error = await Assert.ThrowsAsync<ProvisioningException>(() => ConnectAsync(OktaPrivateKey.FromCertificate(half)));
        Assert.Equal(ErrorIds.PrivateKeyMissing, error.ErrorId);
        Assert.Contains(whole.Thumbprint, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_not_registered_is_refused()
    {
        using var key = RSA.Create(2048);
        Assert.Equal(ErrorIds.SignInRefused, (await RefusedAsync(key.ExportPkcs8PrivateKeyPem())).ErrorId);
    }

    [Fact]
    public async Task A_key_under_another_id_is_refused() => Assert.Equal(ErrorIds.SignInRefused, (await RefusedAsync(keyId: "nobody")).ErrorId);

    [Fact]
    public async Task An_app_that_is_not_active_is_refused()
    {
        App.IsActive = false;
        Assert.Equal(ErrorIds.SignInRefused, (await RefusedAsync()).ErrorId);
    }

    [Theory]
    [InlineData(-10, "10 minutes behind")]
    [InlineData(70, "70 minutes ahead of")]
    public async Task A_clock_that_is_off_is_told_with_how_far(int minutes, string words)
    {
        var error = await RefusedAsync(clock: new ShiftedClock(_world.Clock, TimeSpan.FromMinutes(minutes)));
        Assert.Equal(ErrorIds.ClockSkewed, error.ErrorId);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scope_that_is_not_granted_is_named()
    {
        App.GrantedScopes = new HashSet<string> { "okta.apps.read" };
        var error = await RefusedAsync();
        Assert.Equal(ErrorIds.ScopeNotGranted, error.ErrorId);
        Assert.Contains("okta.users.read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_network_zone_that_is_closed_is_told()
    {
        App.IsInNetworkZone = false;
        Assert.Equal(ErrorIds.NetworkZoneRefused, (await RefusedAsync()).ErrorId);
    }

    [Fact]
    public async Task A_missing_admin_role_is_told()
    {
        App.HasAdminRole = false;
        var error = await RefusedAsync();
        Assert.Equal((ErrorIds.PermissionDenied, "E0000006"), (error.ErrorId, error.ServiceCode));
        Assert.Contains("admin role", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_beyond_the_scopes_asked_for_names_the_scope()
    {
        using var client = await ConnectAsync();
        var app = Assert.Single(await client.GetDropboxAppsAsync(null, default));
        var error = await Assert.ThrowsAsync<ServiceException>(() => client.ReplaceAppAsync(app.Id, [], null, default));
        Assert.Equal(ErrorIds.MissingScope, error.ErrorId);
        Assert.Contains("okta.apps.manage", error.Message, StringComparison.Ordinal);
    }

    private async Task<ServiceException> RefusedAsync(string? pem = null, string? keyId = null, TimeProvider? clock = null) =>
        await Assert.ThrowsAsync<ServiceException>(() => ConnectAsync(pem, keyId, clock));

    private Task<OktaClient> ConnectAsync(string? pem = null, string? keyId = null, TimeProvider? clock = null) =>
        ConnectAsync(OktaPrivateKey.FromText(Secret(pem ?? App.PrivateKeyPem), null, keyId), clock);

    private Task<OktaClient> ConnectAsync(OktaPrivateKey key, TimeProvider? clock = null) => OktaClient.ConnectAsync(
        _world.OktaOrigin.AbsoluteUri, new OktaServiceAppCredential(App.ClientId, key), Options(clock), null, default);

    private ConnectionOptions Options(TimeProvider? clock = null) =>
        new() { Time = clock ?? _world.Clock, PrimaryHandler = () => new SandboxHandler(_world), Retry = new RetryOptions { Seed = 1 } };

    private static SecureString Secret(string text)
    {
        var secret = new SecureString();
        foreach (var letter in text) secret.AppendChar(letter);
        return secret;
    }

    private sealed class ShiftedClock(TimeProvider clock, TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() + by;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => clock.CreateTimer(callback, state, dueTime, period);
    }
}
