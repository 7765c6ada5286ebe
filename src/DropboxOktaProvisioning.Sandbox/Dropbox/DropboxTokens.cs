using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DropboxOktaProvisioning.Sandbox.Http;
using DropboxOktaProvisioning.Sandbox.State;

namespace DropboxOktaProvisioning.Sandbox.Dropbox;

/// <summary>The team's tokens. An access token carries its own end and a check, so that none has to be kept.</summary>
internal sealed class DropboxTokens
{
    private const string Prefix = "sl.sandbox-not-real.";

    /// <summary>Access tokens live 4 hours (dropbox.md §4).</summary>
    private const int LifetimeSeconds = 14_400;

    private readonly Hash _hash;
    private readonly string _teamId;
    private readonly List<IReadOnlySet<string>> _links = [];
    private readonly Dictionary<string, Grant> _codes = new(StringComparer.Ordinal);
    private int _serial;
    private string? _current;

    public DropboxTokens(Hash hash, string teamId)
    {
        (_hash, _teamId) = (hash, teamId);
        AppKey = "sandbox" + Hex(1)[..8];
        AppSecret = "secret" + Hex(2)[..9];
        RefreshToken = "sandbox-not-real-refresh-" + Hex(3);
    }

    public string AppKey { get; }

    public string AppSecret { get; }

    public string RefreshToken { get; }

    /// <summary>What the person does who is asked to allow the app.</summary>
    public DropboxConsent Consent { get; set; }

    /// <summary>What the tokens may do.</summary>
    public IReadOnlySet<string> Scopes { get; set; } = new HashSet<string>(["members.read", "events.read", "team_info.read", "groups.read"]);

    /// <summary>Whether the refresh token was revoked.</summary>
    public bool IsRevoked { get; set; }

    /// <summary>A token that is good now: the last one, or a new one if it has expired.</summary>
    public string Current(DateTimeOffset now) => _current is { } token && TryRead(token, out var end, out _) && end > now ? token : _current = Issue(now);

    /// <summary>Refuses a call that the token does not allow.</summary>
    public void Check(string route, string? authorization, string scope, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(authorization))
            throw DropboxFailure.BadRequest(route, "Must provide HTTP header \"Authorization\" or URL parameter \"authorization\".");
        if (!authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) || !TryRead(authorization[7..], out var end, out var link) || IsRevoked)
            throw DropboxFailure.Tagged(401, "invalid_access_token");
        if (end <= now) throw DropboxFailure.Tagged(401, "expired_access_token");
        if (!ScopesOf(link).Contains(scope)) throw DropboxFailure.Tagged(401, "missing_scope", "required_scope", scope);
    }

    /// <summary>Answers <c>POST /oauth2/token</c>.</summary>
    public ReadOnlyMemory<byte> Refresh(SandboxCall call, DateTimeOffset now)
    {
        var form = ReadForm(call);
        if (form.GetValueOrDefault("grant_type") == "authorization_code") return Exchange(form, now);
        if (form.GetValueOrDefault("grant_type") != "refresh_token")
            throw DropboxFailure.OAuth("unsupported_grant_type", "unsupported grant type");
        if (form.GetValueOrDefault("client_id") != AppKey || (form.TryGetValue("client_secret", out var secret) && secret != AppSecret))
            throw DropboxFailure.OAuth("invalid_client", "Invalid client_id or client_secret");
        var link = LinkOf(form.GetValueOrDefault("refresh_token"));
        if (link < 0 || IsRevoked) throw DropboxFailure.OAuth("invalid_grant", "refresh token is invalid or revoked");
        var token = Issue(now, link);
        if (link == 0) _current = token;
        return Answer(token, ScopesOf(link), refreshToken: null, toUser: false);
    }

    /// <summary>Answers <c>GET /oauth2/authorize</c> as if a person had read the page and decided: an address to go to, or a code to show.</summary>
    public (string? Redirect, string? Code) Authorize(Func<string, string?> query)
    {
        if (query("client_id") != AppKey) throw DropboxFailure.Text(400, "Invalid client_id.");
        if (query("response_type") != "code" || query("token_access_type") != "offline" || query("code_challenge_method") != "S256" || query("code_challenge") is not { Length: 43 } challenge)
            throw DropboxFailure.Text(400, "The sandbox takes the code flow with PKCE (S256) and offline access only.");
        var asked = query("scope")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [.. Scopes];
        var (redirect, state) = (query("redirect_uri"), query("state") ?? "");
        if (Consent == DropboxConsent.OtherState) state = "somebody-elses";
        if (Consent == DropboxConsent.Denied)
            return (redirect is null ? null : $"{redirect}?error=access_denied&error_description=The+user+chose+not+to+give+your+app+access&state={Uri.EscapeDataString(state)}", null);

        var code = "sandbox-code-" + Hex(1000 + _codes.Count);
        _codes[code] = new Grant(challenge, redirect, new HashSet<string>(asked.Where(Scopes.Contains)), Consent == DropboxConsent.UserLink);
        return (redirect is null ? null : $"{redirect}?code={code}&state={Uri.EscapeDataString(state)}", code);
    }

    private ReadOnlyMemory<byte> Exchange(Dictionary<string, string> form, DateTimeOffset now)
    {
        if (form.GetValueOrDefault("client_id") != AppKey) throw DropboxFailure.OAuth("invalid_client", "Invalid client_id or client_secret");
        // A code that was tried is gone, whatever came of it.
        if (!_codes.Remove(form.GetValueOrDefault("code") ?? "", out var grant)) throw DropboxFailure.OAuth("invalid_grant", "code doesn't exist or has expired");
        if (form.GetValueOrDefault("redirect_uri") != grant.Redirect) throw DropboxFailure.OAuth("invalid_grant", "redirect_uri mismatch");
        var verifier = SHA256.HashData(Encoding.ASCII.GetBytes(form.GetValueOrDefault("code_verifier") ?? ""));
        if (Convert.ToBase64String(verifier).TrimEnd('=').Replace('+', '-').Replace('/', '_') != grant.Challenge)
            throw DropboxFailure.OAuth("invalid_grant", "invalid code verifier");
        _links.Add(grant.Scopes);
        return Answer(Issue(now, _links.Count), grant.Scopes, RefreshOf(_links.Count), grant.ToUser);
    }

    private ReadOnlyMemory<byte> Answer(string token, IReadOnlySet<string> scopes, string? refreshToken, bool toUser) => JsonBody.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("access_token", token);
        json.WriteString("token_type", "bearer");
        json.WriteNumber("expires_in", LifetimeSeconds);
        if (refreshToken is not null) json.WriteString("refresh_token", refreshToken);
        json.WriteString("scope", string.Join(' ', scopes.Order(StringComparer.Ordinal)));
        json.WriteString("uid", toUser ? "1" : "");
        if (toUser) json.WriteString("account_id", "dbid:AAsandbox-user");
        else json.WriteString("team_id", _teamId);
        json.WriteEndObject();
    });

    private IReadOnlySet<string> ScopesOf(int link) => link == 0 ? Scopes : _links[link - 1];

    private string RefreshOf(int link) => link == 0 ? RefreshToken : "sandbox-not-real-refresh-" + Hex(2000 + link);

    private int LinkOf(string? refreshToken)
    {
        for (var link = 0; link <= _links.Count; link++)
            if (RefreshOf(link) == refreshToken) return link;
        return -1;
    }

    private static Dictionary<string, string> ReadForm(SandboxCall call)
    {
        // The official JavaScript client sends the fields in the query.
        var form = FormBody.Read(call.Address.Query.TrimStart('?'));
        if (call.Header("Content-Type")?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) is not true)
            foreach (var (name, value) in FormBody.Read(call)) form[name] = value;
        // The key and the secret may also come as HTTP Basic.
        if (call.Header("Authorization") is { } header && header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            var bytes = new byte[header.Length];
            if (Convert.TryFromBase64String(header[6..], bytes, out var length)
                && Encoding.UTF8.GetString(bytes, 0, length).Split(':') is [var key, var secret])
                (form["client_id"], form["client_secret"]) = (key, secret);
        }

        return form;
    }

    private string Issue(DateTimeOffset now, int link = 0)
    {
        var payload = string.Create(CultureInfo.InvariantCulture, $"{++_serial}-{link}.{now.ToUnixTimeSeconds() + LifetimeSeconds}");
        return Prefix + payload + "." + Sign(payload);
    }

    private bool TryRead(string token, out DateTimeOffset end, out int link)
    {
        (end, link) = (default, 0);
        if (!token.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        if (token[Prefix.Length..].Split('.') is not [var serial, var seconds, var check] || check != Sign(serial + "." + seconds)) return false;
        if (!long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var unix)) return false;
        end = DateTimeOffset.FromUnixTimeSeconds(unix);
        return int.TryParse(serial.Split('-')[^1], NumberStyles.None, CultureInfo.InvariantCulture, out link) && link <= _links.Count;
    }

    private string Sign(string payload)
    {
        var check = 0UL;
        foreach (var character in payload) check = _hash.Draw((long)(check ^ character), 80);
        return check.ToString("x16", CultureInfo.InvariantCulture);
    }

    private string Hex(int number) => _hash.Draw(number, 81).ToString("x16", CultureInfo.InvariantCulture);

    private sealed record Grant(string Challenge, string? Redirect, IReadOnlySet<string> Scopes, bool ToUser);
}
