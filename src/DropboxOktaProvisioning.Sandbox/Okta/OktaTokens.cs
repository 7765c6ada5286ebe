using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DropboxOktaProvisioning.Sandbox.Http;
using DropboxOktaProvisioning.Sandbox.State;

namespace DropboxOktaProvisioning.Sandbox.Okta;

/// <summary>Signs calls in: the API token, and the service app's tokens, which the token endpoint here issues (okta.md §4.1 to 4.3).</summary>
internal sealed class OktaTokens(Hash hash, string apiToken, OktaServiceApp app)
{
    private const int LifetimeSeconds = 3600;
    private static readonly TimeSpan LongestAssertion = TimeSpan.FromHours(1);
    private static readonly TimeSpan OldestProof = TimeSpan.FromMinutes(5);
    private readonly Dictionary<string, Issued> _issued = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private int _serial;

    /// <summary>Makes all tokens of the service app bad before their time.</summary>
    public void Revoke() => _issued.Clear();

    /// <summary>Answers <c>POST /oauth2/v1/token</c>.</summary>
    public ReadOnlyMemory<byte> Issue(SandboxCall call, DateTimeOffset now)
    {
        var form = FormBody.Read(call);
        if (form.GetValueOrDefault("grant_type") != "client_credentials")
            throw new OktaOAuthFailure(400, "unsupported_grant_type", "The authorization grant type is not supported by the authorization server.");
        CheckAssertion(form, Endpoint(call), now);
        if (!app.IsInNetworkZone)
            throw new OktaOAuthFailure(403, "access_denied", "The client's request is outside of its permitted network zones (disallowed_network_zone).");
        var key = CheckTokenProof(call, now);
        var scopes = form.GetValueOrDefault("scope", "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (scopes.Length == 0 || !scopes.All(app.GrantedScopes.Contains))
            throw new OktaOAuthFailure(400, "invalid_scope", "One or more scopes are not configured for the authorization server resource.");

        var token = "sandbox-not-real-" + hash.Draw(++_serial, 84).ToString("x16", CultureInfo.InvariantCulture) + hash.Draw(_serial, 85).ToString("x16", CultureInfo.InvariantCulture);
        _issued[token] = new Issued(now.AddSeconds(LifetimeSeconds), scopes, key);
        return JsonBody.Of(json =>
        {
            json.WriteStartObject();
            json.WriteString("token_type", key is null ? "Bearer" : "DPoP");
            json.WriteNumber("expires_in", LifetimeSeconds);
            json.WriteString("access_token", token);
            json.WriteString("scope", string.Join(' ', scopes));
            json.WriteEndObject();
        });
    }

    /// <summary>Refuses a call whose token is not good for it.</summary>
    public void Check(SandboxCall call, string scope, DateTimeOffset now)
    {
        // A header that is missing or badly built shows as an invalid session, a wrong token as an invalid token (okta.md §4.1).
        switch ((call.Header("Authorization") ?? "").Split(' '))
        {
            case ["SSWS", { Length: > 0 } token]:
                if (token != apiToken) throw new OktaFailure(401, "E0000011", "Invalid token provided");
                return;
            case ["Bearer" or "DPoP", { Length: > 0 } token]:
                CheckIssued(call, token, scope, now);
                return;
            default:
                throw new OktaFailure(403, "E0000005", "Invalid session");
        }
    }

    private void CheckIssued(SandboxCall call, string token, string scope, DateTimeOffset now)
    {
        var bound = call.Header("Authorization")!.StartsWith("DPoP", StringComparison.Ordinal);
        if (!_issued.TryGetValue(token, out var issued) || issued.End <= now || !app.IsActive || issued.Key is not null != bound
            || (bound && Proof(call, now, null, token) != issued.Key))
            throw new OktaChallenge(401, "E0000011", "Invalid token provided", bound ? "DPoP" : "Bearer", "invalid_token", null);
        if (!issued.Scopes.Contains(scope) && !(scope.EndsWith(".read", StringComparison.Ordinal) && issued.Scopes.Contains(scope[..^4] + "manage")))
        {
            throw new OktaChallenge(403, "E0000006", "You do not have permission to perform the requested action", bound ? "DPoP" : "Bearer",
                "insufficient_scope", scope);
        }

        if (!app.HasAdminRole) throw new OktaFailure(403, "E0000006", "You do not have permission to perform the requested action");
    }

    private void CheckAssertion(Dictionary<string, string> form, string endpoint, DateTimeOffset now)
    {
        if (form.GetValueOrDefault("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
            throw InvalidClient("Client authentication failed: the client must authenticate with private_key_jwt.");
        var token = SignedToken.Parse(form.GetValueOrDefault("client_assertion"))
            ?? throw InvalidClient("The client_assertion token is not a signed token.");
        if (token.Text("iss") != app.ClientId || token.Text("sub") != app.ClientId || !app.IsActive)
            throw InvalidClient("Invalid value for 'client_id' parameter.");
        if (!app.KeysFor(token.HeaderText("kid")).Any(token.IsSignedBy))
            throw InvalidClient("The client_assertion signature is invalid, or its key id is not registered.");
        if (token.Text("aud") != endpoint) throw InvalidClient($"The audience claim for client_assertion must be the endpoint invoked for the request: {endpoint}.");
        if (token.Time("exp") is not { } end || end + app.ClockTolerance <= now) throw InvalidClient("The client_assertion token is expired.");
        if (end > now + LongestAssertion + app.ClockTolerance) throw InvalidClient("The client_assertion token has an expiration too far into the future.");
        if (token.Time("iat") > now + app.ClockTolerance) throw InvalidClient("The client_assertion token has an iat in the future.");
        if (token.Text("jti") is not { Length: > 0 } id || !_used.Add("assertion " + id)) throw InvalidClient("The client_assertion token was already used, or has no jti.");
    }

    /// <summary>The thumbprint of the key that the new token is bound to; null for a plain token.</summary>
    private string? CheckTokenProof(SandboxCall call, DateTimeOffset now)
    {
        if (!app.RequiresDpop) return null;
        var key = Proof(call, now, out var nonce);
        if (Enumerable.Range(0, 4).All(days => NonceOf(now.AddDays(-days)) != nonce))
        {
            throw new OktaOAuthFailure(400, "use_dpop_nonce", "Authorization server requires nonce in DPoP proof.",
                new KeyValuePair<string, string>("dpop-nonce", NonceOf(now)));
        }

        return key;
    }

    private string Proof(SandboxCall call, DateTimeOffset now, out string? nonce)
    {
        if (call.Header("DPoP") is null) throw new OktaOAuthFailure(400, "invalid_dpop_proof", "The DPoP proof JWT header is missing.");
        nonce = SignedToken.Parse(call.Header("DPoP"))?.Text("nonce");
        return Proof(call, now, nonce, null) ?? throw new OktaOAuthFailure(400, "invalid_dpop_proof", "The DPoP proof JWT is not valid.");
    }

    /// <summary>The thumbprint of the key that proves the call; null where the proof is bad.</summary>
    private string? Proof(SandboxCall call, DateTimeOffset now, string? nonce, string? token)
    {
        var proof = SignedToken.Parse(call.Header("DPoP"));
        return proof is not null && proof.HeaderText("typ") == "dpop+jwt" && proof.IsSignedByItsOwnKey(out var key)
            && proof.Text("htm") == call.Method && proof.Text("htu") == Endpoint(call) && proof.Text("nonce") == nonce
            && proof.Time("iat") is { } made && made > now - OldestProof - app.ClockTolerance && made <= now + app.ClockTolerance
            && (token is null || proof.Text("ath") == SignedToken.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(token))))
            && proof.Text("jti") is { Length: > 0 } id && _used.Add("proof " + id) ? key : null;
    }

    /// <summary>A new one each day; those of three days before are still good.</summary>
    private string NonceOf(DateTimeOffset time) => "nonce-" + hash.Draw(time.ToUnixTimeSeconds() / 86_400, 86).ToString("x16", CultureInfo.InvariantCulture);

    private static string Endpoint(SandboxCall call) => call.Address.GetLeftPart(UriPartial.Path);

    private static OktaOAuthFailure InvalidClient(string description) => new(401, "invalid_client", description);

    private sealed record Issued(DateTimeOffset End, string[] Scopes, string? Key);
}
