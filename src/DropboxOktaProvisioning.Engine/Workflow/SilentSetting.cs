using System.Text.Json;
using System.Text.Json.Nodes;
using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning.Engine.Workflow;

/// <summary>Where an app keeps its silent switch, discovered and never guessed: no public source names the setting.</summary>
/// <remarks>
/// A candidate is a member of <c>settings.app</c> with "silent" in its name. Candidates elsewhere under <c>settings</c> are reported and
/// not written, because nothing shows that they hold the switch.
/// </remarks>
public sealed record SilentSetting
{
    private static readonly string[][] Spellings = [["false", "true"], ["no", "yes"], ["off", "on"], ["0", "1"]];

    /// <summary>What the switch says.</summary>
    public required SilentProvisioningState State { get; init; }

    /// <summary>The member's name under <c>settings.app</c>, null unless exactly one was found or one was named.</summary>
    public string? Name { get; init; }

    /// <summary>The names of all members of <c>settings.app</c>.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Why, and what to do where the state is not plain.</summary>
    public required string Reason { get; init; }

    /// <summary>The value's place, or null.</summary>
    public string? Source => Name is null ? null : $"settings.app.{Name}";

    /// <summary>Looks for the switch.</summary>
    /// <param name="app">The app.</param>
    /// <param name="name">The member's name where the admin knows it; nothing is discovered then.</param>
    public static SilentSetting Discover(OktaApp app, string? name = null)
    {
        var settings = app.Json["settings"] as JsonObject;
        var own = settings?["app"] as JsonObject ?? [];
        var names = own.Select(member => member.Key).ToArray();
        var candidates = name is null
            ? names.Where(key => key.Contains("silent", StringComparison.OrdinalIgnoreCase)).ToArray()
            : names.Where(key => string.Equals(key, name, StringComparison.OrdinalIgnoreCase)).ToArray();

        if (candidates.Length == 1) return Of(own, candidates[0], names);
        if (candidates.Length > 1)
        {
            return new SilentSetting
            {
                State = SilentProvisioningState.Ambiguous, Names = names,
                Reason = $"More than one setting could be the switch: {string.Join(", ", candidates)}. Name the right one with -SettingName.",
            };
        }

        var elsewhere = settings is null
            ? []
            : Elsewhere(settings, "settings").Where(path => !path.StartsWith("settings.app.", StringComparison.Ordinal)).ToArray();
        var seen = names.Length == 0 ? "the app has no settings of its own" : $"its settings are {string.Join(", ", names)}";
        var hint = elsewhere.Length == 0 ? "" : $" Found elsewhere, and not touched: {string.Join(", ", elsewhere)}.";
        return new SilentSetting
        {
            State = SilentProvisioningState.Unknown, Names = names, Reason =
            $"No {(name is null ? "setting of the app has 'silent' in its name" : $"setting of the app is named '{name}'")}; {seen}.{hint} {ClickPath}",
        };
    }

    /// <summary>Where an admin sees and sets the switch by hand.</summary>
    public const string ClickPath =
        "Look in the Okta Admin Console: Applications > Applications > Dropbox Business > Sign On > Edit > Advanced Sign-on Settings > Silent Provisioning.";

    /// <summary>The value for the wanted state, in the JSON type and the spelling of the value that is there; a new setting gets a boolean.</summary>
    /// <exception cref="ProvisioningException">SettingNotBoolean.</exception>
    public static JsonNode? Spell(JsonNode? present, bool on, string path)
    {
        if (present is null) return JsonValue.Create(on);
        return present.GetValueKind() switch
        {
            JsonValueKind.True or JsonValueKind.False => JsonValue.Create(on),
            JsonValueKind.Number when Read(present) is not null => JsonValue.Create(on ? 1 : 0),
            JsonValueKind.String when Spellings.FirstOrDefault(
                pair => pair.Contains(present.GetValue<string>(), StringComparer.OrdinalIgnoreCase)) is { } pair
                => JsonValue.Create(LikeCase(present.GetValue<string>(), pair[on ? 1 : 0])),
            var kind => throw new ProvisioningException(
                ErrorIds.SettingNotBoolean, ProblemCategory.InvalidData, $"The setting {path} holds a {kind} that is neither on nor off.", path,
                $"Name another setting with -SettingName. {ClickPath}"),
        };
    }

    /// <summary>On, off, or null where the value is neither.</summary>
    public static bool? Read(JsonNode? value)
    {
        switch (value?.GetValueKind())
        {
            case JsonValueKind.True: return true;
            case JsonValueKind.False: return false;
            case JsonValueKind.Number: return value.ToJsonString() switch { "1" => true, "0" => false, _ => null };
            case JsonValueKind.String:
                var text = value.GetValue<string>();
                foreach (var pair in Spellings)
                {
                    if (string.Equals(text, pair[1], StringComparison.OrdinalIgnoreCase)) return true;
                    if (string.Equals(text, pair[0], StringComparison.OrdinalIgnoreCase)) return false;
                }

                return null;
            default: return null;
        }
    }

    private static SilentSetting Of(JsonObject settings, string name, string[] names)
    {
        var on = Read(settings[name]);
        return new SilentSetting
        {
            State = on switch
            {
                true => SilentProvisioningState.Enabled,
                false => SilentProvisioningState.Disabled,
                null => SilentProvisioningState.Unknown,
            },
            Name = name, Names = names,
            Reason = on switch
            {
                true => "People whom Okta adds to Dropbox get no welcome mail.",
                false => "Dropbox mails everybody whom Okta adds.",
                null => $"The setting {name} holds a value that is neither on nor off. {ClickPath}",
            },
        };
    }

    private static string LikeCase(string present, string word) =>
        present.Length > 0 && present.All(letter => !char.IsLetter(letter) || char.IsUpper(letter)) ? word.ToUpperInvariant()
        : present.Length > 0 && char.IsUpper(present[0]) ? char.ToUpperInvariant(word[0]) + word[1..] : word;

    private static IEnumerable<string> Elsewhere(JsonObject node, string path)
    {
        foreach (var (key, value) in node)
        {
            if (key.Contains("silent", StringComparison.OrdinalIgnoreCase)) yield return $"{path}.{key}";
            if (value is not JsonObject child) continue;
            foreach (var found in Elsewhere(child, $"{path}.{key}")) yield return found;
        }
    }
}
