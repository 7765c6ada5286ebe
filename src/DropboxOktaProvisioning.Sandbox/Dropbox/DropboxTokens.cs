using System.Globalization;
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

    /// <summary>What the tokens may do.</summary>
    public IReadOnlySet<string> Scopes { get; set; } = new HashSet<string>(["members.read", "events.read", "team_info.read", "groups.read"]);

    /// <summary>Whether the refresh token was revoked.</summary>
    public bool IsRevoked { get; set; }

    /// <summary>A token that is good now: the last one, or a new one if it has expired.</summary>
    public string Current(DateTimeOffset now) => _current is { } token && TryRead(token, out var end) && end > now ? token : _current = Issue(now);

    /// <summary>Refuses a call that the token does not allow.</summary>
    public void Check(string route, string? authorization, string scope, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(authorization))
            throw DropboxFailure.BadRequest(route, "Must provide HTTP header \"Authorization\" or URL parameter \"authorization\".");
        if (!authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) || !TryRead(authorization[7..], out var end) || IsRevoked)
            throw DropboxFailure.Tagged(401, "invalid_access_token");
        if (end <= now) throw DropboxFailure.Tagged(401, "expired_access_token");
        if (!Scopes.Contains(scope)) throw DropboxFailure.Tagged(401, "missing_scope", "required_scope", scope);
    }

    /// <summary>Answers <c>POST /oauth2/token</c>.</summary>
    public ReadOnlyMemory<byte> Refresh(SandboxCall call, DateTimeOffset now)
    {
        var form = ReadForm(call);
        if (form.GetValueOrDefault("grant_type") != "refresh_token")
            throw DropboxFailure.OAuth("unsupported_grant_type", "grant type must be refresh_token in the sandbox");
        if (form.GetValueOrDefault("client_id") != AppKey || (form.TryGetValue("client_secret", out var secret) && secret != AppSecret))
            throw DropboxFailure.OAuth("invalid_client", "Invalid client_id or client_secret");
        if (form.GetValueOrDefault("refresh_token") != RefreshToken || IsRevoked)
            throw DropboxFailure.OAuth("invalid_grant", "refresh token is invalid or revoked");
        var token = _current = Issue(now);
        return JsonBody.Of(json =>
        {
            json.WriteStartObject();
            json.WriteString("access_token", token);
            json.WriteString("token_type", "bearer");
            json.WriteNumber("expires_in", LifetimeSeconds);
            json.WriteString("scope", string.Join(' ', Scopes.Order(StringComparer.Ordinal)));
            json.WriteString("uid", "");
            json.WriteString("team_id", _teamId);
            json.WriteEndObject();
        });
    }

    private static Dictionary<string, string> ReadForm(SandboxCall call)
    {
        var form = FormBody.Read(call);
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

    private string Issue(DateTimeOffset now)
    {
        var payload = string.Create(CultureInfo.InvariantCulture, $"{++_serial}.{now.ToUnixTimeSeconds() + LifetimeSeconds}");
        return Prefix + payload + "." + Sign(payload);
    }

    private bool TryRead(string token, out DateTimeOffset end)
    {
        end = default;
        if (!token.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        if (token[Prefix.Length..].Split('.') is not [var serial, var seconds, var check] || check != Sign(serial + "." + seconds)) return false;
        if (!long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var unix)) return false;
        end = DateTimeOffset.FromUnixTimeSeconds(unix);
        return true;
    }

    private string Sign(string payload)
    {
        var check = 0UL;
        foreach (var character in payload) check = _hash.Draw((long)(check ^ character), 80);
        return check.ToString("x16", CultureInfo.InvariantCulture);
    }

    private string Hex(int number) => _hash.Draw(number, 81).ToString("x16", CultureInfo.InvariantCulture);
}
