using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DropboxOktaProvisioning.Sandbox.State;

namespace DropboxOktaProvisioning.Sandbox.Okta;

/// <summary>The org's apps: the Dropbox app, perhaps a twin, and some others that a filter must leave out.</summary>
internal sealed class OktaApps
{
    /// <summary>The Dropbox app's key in the catalog (okta.md §1.1).</summary>
    public const string DropboxKey = "dropbox_for_business";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly List<DropboxApp> _dropbox;
    private readonly JsonObject[] _others;

    public OktaApps(List<DropboxApp> dropbox, SandboxOptions options)
    {
        _dropbox = dropbox;
        var ids = new IdScheme("0oa", 20, new Hash(options.Seed));
        (string Name, string Label)[] others =
            [("google", "Google Workspace"), ("dropbox_personal_notes", "Dropbox Handbook"), ("bookmark", "Canteen")];
        _others = [.. others.Select((app, place) => new JsonObject
        {
            ["id"] = ids.Of(place + 100),
            ["name"] = app.Name,
            ["label"] = app.Label,
            ["status"] = "ACTIVE",
            ["signOnMode"] = place == 0 ? "SAML_2_0" : "BOOKMARK",
            ["features"] = new JsonArray(),
            ["settings"] = new JsonObject { ["app"] = new JsonObject { ["silentMode"] = true } },
        })];
    }

    /// <summary>How many apps there are, one that is not added yet among them.</summary>
    public int Count => _dropbox.Count + _others.Length;

    /// <summary>Whether the org has the app with this number.</summary>
    public bool Has(int number) => number >= _dropbox.Count || _dropbox[number].Exists;

    /// <summary>The app's number by its id.</summary>
    public int Find(string id)
    {
        for (var number = 0; number < Count; number++)
            if (IdOf(number) == id && Has(number)) return number;
        throw OktaFailure.NotFound(id, "AppInstance");
    }

    public string IdOf(int number) => number < _dropbox.Count ? _dropbox[number].Id : Text(number, "id");

    /// <summary>The Dropbox app with this number, null for another.</summary>
    public DropboxApp? DropboxAt(int number) => number < _dropbox.Count ? _dropbox[number] : null;

    /// <summary>A property to filter by.</summary>
    public string? Attribute(int number, string name) => name switch
    {
        "name" => number < _dropbox.Count ? DropboxKey : Text(number, "name"),
        "label" => number < _dropbox.Count ? _dropbox[number].Label : Text(number, "label"),
        "status" => number < _dropbox.Count && !_dropbox[number].IsActive ? "INACTIVE" : "ACTIVE",
        _ => null,
    };

    public void Write(Utf8JsonWriter json, int number, string origin)
    {
        var app = DropboxAt(number) is { } dropbox ? Show(dropbox, dropbox.Settings, origin) : _others[number - _dropbox.Count];
        json.WriteRawValue(app.ToJsonString(Plain));
    }

    /// <summary>
    /// Replaces an app as PUT does: all that is not read-only comes from the body, and what the body leaves out is gone.
    /// Settings that the org does not know stay as sent.
    /// </summary>
    public ReadOnlyMemory<byte> Replace(int number, OktaRequest request)
    {
        var body = request.Body();
        var app = DropboxAt(number) ?? throw new OktaFailure(403, "E0000006", "You do not have permission to perform the requested action");
        var label = Required(body, "label");
        var signOnMode = Required(body, "signOnMode");
        var settings = body["settings"] is JsonObject sent ? (JsonObject)sent.DeepClone() : app.DefaultSettings();
        if (settings["app"] is not JsonObject appSettings) settings["app"] = appSettings = [];
        foreach (var (key, stored) in (JsonObject)app.Settings["app"]!)
        {
            // A boolean stays a boolean: the type of a setting belongs to the app, not to the caller.
            if (stored is JsonValue && appSettings[key] is { } value && Kind(stored) != Kind(value))
                throw OktaFailure.Invalid($"settings.app.{key}", $"The value must be a {Kind(stored)}");
        }

        (app.Label, app.SignOnMode, app.Updated) = (label, signOnMode, request.Now);
        if (body["visibility"]?["hide"]?["web"] is JsonValue hidden && hidden.TryGetValue(out bool hide)) app.IsTileHidden = hide;
        if (!app.IgnoresSettings) app.Settings = settings;
        return Encoding.UTF8.GetBytes(Show(app, settings, request.Origin).ToJsonString(Plain));
    }

    public static string TileAddress(DropboxApp app, string origin) => $"{origin}/home/{DropboxKey}/{app.Id}/54321";

    private static JsonObject Show(DropboxApp app, JsonObject settings, string origin) => new()
    {
        ["id"] = app.Id,
        ["orn"] = $"orn:okta:idp:00osandbox:apps:{DropboxKey}:{app.Id}",
        ["name"] = DropboxKey,
        ["label"] = app.Label,
        ["status"] = app.IsActive ? "ACTIVE" : "INACTIVE",
        ["lastUpdated"] = Time(app.Updated),
        ["created"] = Time(app.Created),
        ["accessibility"] = new JsonObject { ["selfService"] = false, ["errorRedirectUrl"] = null, ["loginRedirectUrl"] = null },
        ["visibility"] = new JsonObject
        {
            ["autoLaunch"] = false,
            ["autoSubmitToolbar"] = false,
            ["hide"] = new JsonObject { ["iOS"] = false, ["web"] = app.IsTileHidden },
            ["appLinks"] = new JsonObject { ["login"] = true },
        },
        ["features"] = !app.IsProvisioning ? [] : new JsonArray(
            "PUSH_NEW_USERS", "PUSH_PROFILE_UPDATES", "PUSH_USER_DEACTIVATION", "REACTIVATE_USERS", "GROUP_PUSH",
            "IMPORT_NEW_USERS", "IMPORT_PROFILE_UPDATES"),
        ["signOnMode"] = app.SignOnMode,
        ["credentials"] = new JsonObject
        {
            ["userNameTemplate"] = new JsonObject { ["template"] = app.UserNameTemplate, ["type"] = "BUILT_IN" },
            ["signing"] = new JsonObject { ["kid"] = "sandbox-signing-key" },
        },
        ["settings"] = settings.DeepClone(),
        ["_links"] = new JsonObject
        {
            ["help"] = Link($"{origin}/app/{DropboxKey}/{app.ExternalKey}/setup/help/SAML_2_0/instructions", "text/html"),
            ["metadata"] = Link($"{origin}/api/v1/apps/{app.Id}/sso/saml/metadata", "application/xml"),
            ["appLinks"] = new JsonArray(new JsonObject { ["name"] = "login", ["href"] = TileAddress(app, origin), ["type"] = "text/html" }),
            ["groups"] = new JsonObject { ["href"] = $"{origin}/api/v1/apps/{app.Id}/groups" },
            ["users"] = new JsonObject { ["href"] = $"{origin}/api/v1/apps/{app.Id}/users" },
        },
    };

    private string Text(int number, string name) => (string)_others[number - _dropbox.Count][name]!;

    private static string Required(JsonObject body, string name) =>
        body[name] is JsonValue value && value.TryGetValue(out string? text) && text.Length > 0
            ? text
            : throw OktaFailure.Invalid(name, "The field cannot be left blank");

    private static string Kind(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => "number",
        JsonValueKind.String => "string",
        JsonValueKind.Array => "list",
        _ => "object",
    };

    private static JsonObject Link(string address, string type) => new() { ["href"] = address, ["type"] = type };

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
