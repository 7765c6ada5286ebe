using System.Security.Cryptography;

namespace DropboxOktaProvisioning.Sandbox;

/// <summary>A service app of the Okta org: it signs in with a private key, and may do what its scopes and its admin role allow.</summary>
public sealed class OktaServiceApp
{
    private readonly object _gate;
    private readonly Dictionary<string, AsymmetricAlgorithm> _keys = new(StringComparer.Ordinal);
    private readonly Lazy<RSA> _key;
    private IReadOnlySet<string> _scopes = new HashSet<string>(["okta.apps.read", "okta.apps.manage", "okta.users.read", "okta.groups.read", "okta.logs.read"]);
    private bool _requiresDpop = true;
    private bool _hasAdminRole = true;
    private bool _isInNetworkZone = true;
    private bool _isActive = true;
    private TimeSpan _clockTolerance = TimeSpan.FromMinutes(1);

    internal OktaServiceApp(string clientId, object gate)
    {
        (ClientId, _gate) = (clientId, gate);
        // Made when somebody asks for it: most worlds are never signed in to this way.
        _key = new Lazy<RSA>(() =>
        {
            var key = RSA.Create(2048);
            _keys[KeyId] = key;
            return key;
        });
    }

    /// <summary>The app's client id.</summary>
    public string ClientId { get; }

    /// <summary>What the org knows the app's own key by.</summary>
    public string KeyId { get; } = "sandbox-key-1";

    /// <summary>The app's own private key as PEM (PKCS#8, RSA). Made at random for this world; good nowhere else.</summary>
    public string PrivateKeyPem => Locked(() => _key.Value.ExportPkcs8PrivateKeyPem());

    /// <summary>The same key as a JWK on one line, with its id.</summary>
    public string PrivateKeyJwk => Locked(() =>
    {
        var key = _key.Value.ExportParameters(includePrivateParameters: true);
        (string Name, byte[]? Value)[] numbers =
            [("n", key.Modulus), ("e", key.Exponent), ("d", key.D), ("p", key.P), ("q", key.Q), ("dp", key.DP), ("dq", key.DQ), ("qi", key.InverseQ)];
        return $$"""{"kty":"RSA","kid":"{{KeyId}}",{{string.Join(',', numbers.Select(number => $"\"{number.Name}\":\"{Base64Url(number.Value!)}\""))}}}""";
    });

    /// <summary>What may be granted to a token.</summary>
    public IReadOnlySet<string> GrantedScopes
    {
        get => Locked(() => _scopes);
        set => Locked(() => _scopes = value);
    }

    /// <summary>Whether tokens must be bound to a key of the client ("Require DPoP header in token requests").</summary>
    public bool RequiresDpop
    {
        get => Locked(() => _requiresDpop);
        set => Locked(() => _requiresDpop = value);
    }

    /// <summary>Whether the app has an admin role, without which no scope is of any use.</summary>
    public bool HasAdminRole
    {
        get => Locked(() => _hasAdminRole);
        set => Locked(() => _hasAdminRole = value);
    }

    /// <summary>Whether requests come from a network zone that the app may be used from.</summary>
    public bool IsInNetworkZone
    {
        get => Locked(() => _isInNetworkZone);
        set => Locked(() => _isInNetworkZone = value);
    }

    /// <summary>Whether the app is active.</summary>
    public bool IsActive
    {
        get => Locked(() => _isActive);
        set => Locked(() => _isActive = value);
    }

    /// <summary>By how much a client's clock may be off.</summary>
    public TimeSpan ClockTolerance
    {
        get => Locked(() => _clockTolerance);
        set => Locked(() => _clockTolerance = value);
    }

    /// <summary>Registers one more public key.</summary>
    /// <param name="keyId">What it is known by.</param>
    /// <param name="publicKeyPem">The key as PEM, RSA or P-256.</param>
    public void RegisterKey(string keyId, string publicKeyPem)
    {
        ArgumentNullException.ThrowIfNull(publicKeyPem);
        var key = ImportPem(publicKeyPem);
        Locked(() => _keys[keyId] = key);
    }

    /// <summary>The registered keys that a token may be signed with.</summary>
    /// <param name="keyId">The id that the token names, or null.</param>
    internal IEnumerable<AsymmetricAlgorithm> KeysFor(string? keyId)
    {
        _ = _key.Value;
        return keyId is null ? _keys.Values : _keys.TryGetValue(keyId, out var key) ? [key] : [];
    }

    private static string Base64Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static AsymmetricAlgorithm ImportPem(string pem)
    {
        var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);
            return rsa;
        }
        catch (CryptographicException)
        {
            rsa.Dispose();
        }

        var curve = ECDsa.Create();
        curve.ImportFromPem(pem);
        return curve;
    }

    private T Locked<T>(Func<T> act)
    {
        lock (_gate) return act();
    }
}
