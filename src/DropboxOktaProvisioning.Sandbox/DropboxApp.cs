using System.Text.Json;
using System.Text.Json.Nodes;
using DropboxOktaProvisioning.Sandbox.State;

namespace DropboxOktaProvisioning.Sandbox;

/// <summary>The Dropbox Business app of the Okta org: its switch, and what can be odd about it.</summary>
public sealed class DropboxApp
{
    private static readonly string[] Spellings =
    [
        "silentProvisioning", "enableSilentProvisioning", "silent_provisioning", 
        "silentProvisioningEnabled", "isSilentProvisioning", "SilentProvision",
    ];

    private readonly object _gate;
    internal DropboxApp(SandboxOptions options, object gate, int number)
    {
        _gate = gate;
        
        var hash = new Hash(options.Seed);
        SettingName = options.SettingName ?? Spellings[hash.Below(Spellings.Length, 0, 40)];
        Id = new IdScheme("0oa", 20, hash).Of(number);
        ExternalKey = new IdScheme("exk", 20, hash).Of(number);
        Label = number == 0 ? "Dropbox Business" : $"Dropbox Business {number + 1}";
        Settings = DefaultSettings();
        Exists = !options.WithoutApp || number > 0;
        Created = options.Start.AddDays(-200);
        Updated = options.Start.AddDays(-30);
    }

    /// <summary>The app's id (<c>0oa…</c>).</summary>
    public string Id { get; }

    /// <summary>The key of the silent switch under <c>settings.app</c>. No client may know it beforehand.</summary>
    public string SettingName { get; }

    /// <summary>Whether the switch is on. Setting it is what an admin does with the checkbox.</summary>
    public bool IsSilent
    {
        get
        {
            lock (_gate)
            {
                return AppSettings[SettingName] is JsonValue value
                    && (value.TryGetValue(out bool on) ? on : value.TryGetValue(out string? text) && text == "true");
            }
        }

        set
        {
            lock (_gate)
            {
                var isText = AppSettings[SettingName]?.GetValueKind() == JsonValueKind.String;
                AppSettings[SettingName] = isText ? (value ? "true" : "false") : value;
            }
        }
    }

    /// <summary>Whether the app is <c>ACTIVE</c>.</summary>
    public bool IsActive { get; set; } = true;

    /// <summary>Whether the tile is kept off the dashboard.</summary>
    public bool IsTileHidden { get; set; }

    /// <summary>Whether a PUT answers as if it had stored the settings, and stores nothing of them (seen on a real org: okta.md §1.4).</summary>
    public bool IgnoresSettings { get; set; }

    /// <summary>The label that admins see.</summary>
    public string Label { get; set; }

    /// <summary>The key in the sign-on address, which is not the id (okta.md §1.1).</summary>
    internal string ExternalKey { get; }

    internal string SignOnMode { get; set; } = "SAML_2_0";

    internal JsonObject Settings { get; set; }

    internal DateTimeOffset Created { get; }

    internal DateTimeOffset Updated { get; set; }

    private JsonObject AppSettings => (JsonObject)Settings["app"]!;

    /// <summary>Whether the org has the app; it may be added later.</summary>
    internal bool Exists { get; set; }

    internal bool IsProvisioning { get; private set; } = true;

    internal string UserNameTemplate { get; private set; } = "${source.email}";

    internal void Change(AppChange change)
    {
        switch (change)
        {
            case AppChange.Deactivated: IsActive = false; break;
            case AppChange.Activated: IsActive = true; break;
            case AppChange.TileHidden: IsTileHidden = true; break;
            case AppChange.ProvisioningOff: IsProvisioning = false; break;
            case AppChange.PasswordSignOn: SignOnMode = "BROWSER_PLUGIN"; break;
            case AppChange.UserNameIsLogin: UserNameTemplate = "${source.login}"; break;
            default: throw new ArgumentOutOfRangeException(nameof(change));
        }
    }

    /// <summary>Takes the switch out of the settings, as an org may not have it.</summary>
    public void RemoveSetting()
    {
        lock (_gate) AppSettings.Remove(SettingName);
    }

    /// <summary>Adds a second setting that could be the switch.</summary>
    /// <param name="name">Its key.</param>
    public void AddSecondSetting(string name = "silentGroupPush")
    {
        lock (_gate) AppSettings[name] = false;
    }

    /// <summary>Makes the switch a string, <c>"true"</c> or <c>"false"</c>.</summary>
    public void MakeSettingText()
    {
        lock (_gate) AppSettings[SettingName] = IsSilent ? "true" : "false";
    }

    // Several kinds of values beside the switch: what a careless round trip would lose or retype.
    internal JsonObject DefaultSettings() => new()
    {
        ["app"] = new JsonObject
        {
            ["teamName"] = "Contoso",
            ["deactivationType"] = "SUSPEND",
            ["wipeLinkedDevices"] = false,
            ["transferToEmail"] = null,
            ["maximumPushRetries"] = 3,
            ["sessionWeight"] = 1.50m,
            ["roleMapping"] = new JsonArray("Member", "Team Admin"),
            ["labels"] = new JsonObject { ["größe"] = "mittel", ["note"] = "a \"quoted\" <b>note</b>" },
            [SettingName] = false,
        },
        ["notifications"] = new JsonObject
        {
            ["vpn"] = new JsonObject { ["network"] = new JsonObject { ["connection"] = "DISABLED" }, ["message"] = null, ["helpUrl"] = null },
        },
        ["notes"] = new JsonObject { ["admin"] = null, ["enduser"] = "Sign on with your company account." },
        ["manualProvisioning"] = false,
        ["implicitAssignment"] = false,
        ["signOn"] = new JsonObject
        {
            ["defaultRelayState"] = null,
            ["ssoAcsUrlOverride"] = null,
            ["audienceOverride"] = null,
            ["recipientOverride"] = null,
            ["destinationOverride"] = null,
            ["attributeStatements"] = new JsonArray(),
        },
    };
}
