using System.Security;
using DropboxOktaProvisioning.Engine.Http;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DropboxOktaProvisioning.Engine.Okta;

/// <summary>
/// What Okta's own SDKs read from the environment (<c>OKTA_CLIENT_*</c>) and from <c>~/.okta/okta.yaml</c> (under <c>okta: client:</c>);
/// value by value, the environment wins.
/// </summary>
public sealed class OktaSettings
{
    // The SDKs do not agree on one name: Go, Java and Python, Node.
    private static readonly string[] KeyIdNames = ["privateKeyId", "kid", "keyId"];
    private readonly Func<string, string?> _environment;
    private readonly IReadOnlyDictionary<string, string> _file;

    private OktaSettings(Func<string, string?> environment, IReadOnlyDictionary<string, string> file) => (_environment, _file) = (environment, file);

    /// <summary>The org's address; null where nothing says it.</summary>
    public string? Domain => Value("orgUrl");

    /// <summary>Reads both.</summary>
    /// <param name="environment">Gives a variable by its name, null where it is not set.</param>
    /// <param name="home">The user's home folder, empty where there is none.</param>
    /// <exception cref="ProvisioningException"><see cref="ErrorIds.FileUnreadable"/> where the file is there and is no YAML or cannot be opened.</exception>
    public static OktaSettings Load(Func<string, string?> environment, string home)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return new OktaSettings(environment, home.Length == 0 ? new Dictionary<string, string>() : ReadFile(Path.Combine(home, ".okta", "okta.yaml")));
    }

    /// <summary>How to sign in: a service app where the mode is <c>PrivateKey</c>, or where there is a key and no token.</summary>
    /// <returns>Null where neither a token nor a client with a key is set.</returns>
    public OktaCredential? ToCredential()
    {
        string? token = Value("token");
        string? mode = Value("authorizationMode");
        bool isApp = mode is null ? token is null : mode.Equals("PrivateKey", StringComparison.OrdinalIgnoreCase);
        if (!isApp) return token is null ? null : new OktaApiTokenCredential(SecretText.Protect(token));
        if (Value("clientId") is not { } client || Value("privateKey") is not { } key) return null;
        string? keyId = KeyIdNames.Select(Value).FirstOrDefault(id => id is not null);
        SecureString secret = SecretText.Protect(key);
        string[] scopes = (Value("scopes") ?? "").Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        return new OktaServiceAppCredential(client, OktaPrivateKey.FromTextOrFile(secret, keyId))
        {
            Scopes = scopes.Length > 0 ? scopes : OktaServiceAppCredential.ReadScopes,
        };
    }

    private string? Value(string name)
    {
        string? value = _environment("OKTA_CLIENT_" + name.ToUpperInvariant());
        if (string.IsNullOrEmpty(value)) value = _file.GetValueOrDefault(name);
        return string.IsNullOrEmpty(value) ? null : value;
    }

    private static Dictionary<string, string> ReadFile(string path)
    {
        // The SDKs differ in how they write a name (scopes, Scopes).
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (!File.Exists(path)) return values;
        var yaml = new YamlStream();
        try
        {
            using StreamReader reader = File.OpenText(path);
            yaml.Load(reader);
        }
        catch (YamlException e)
        {
            // Without the cause: its text may quote a secret.
            throw new ProvisioningException(ErrorIds.FileUnreadable, ProblemCategory.InvalidData,
                $"{path} is not YAML: line {e.Start.Line}, column {e.Start.Column}.", path, "Mend the file, or give the parameters instead.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProvisioningException(ErrorIds.FileUnreadable, ProblemCategory.ResourceUnavailable,
                $"{path} cannot be read.", path, "Check that this account may read the file, or give the parameters instead.", e);
        }

        if (yaml.Documents.Count == 0 || Child(Child(yaml.Documents[0].RootNode, "okta"), "client") is not YamlMappingNode client) return values;
        foreach ((YamlNode name, YamlNode value) in client.Children)
        {
            string? text = value switch
            {
                YamlScalarNode { Value: not "null" } scalar => scalar.Value,
                YamlSequenceNode list => string.Join(' ', list.Children.OfType<YamlScalarNode>().Select(item => item.Value)),
                _ => null,
            };
            if (text is not null && name is YamlScalarNode { Value: { } key }) values[key] = text;
        }

        return values;
    }

    private static YamlNode? Child(YamlNode? node, string name) =>
        node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(name), out YamlNode? child) ? child : null;
}
