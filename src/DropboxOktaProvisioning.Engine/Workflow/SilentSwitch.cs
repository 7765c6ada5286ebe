using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning.Engine.Workflow;

/// <summary>A change of the switch that is worked out and not yet written.</summary>
/// <param name="App">The app as it was read.</param>
/// <param name="Setting">Where its switch is.</param>
/// <param name="Enable">The wanted state.</param>
/// <param name="Value">The value to write, null if nothing needs to change.</param>
public sealed record SilentChange(OktaApp App, SilentSetting Setting, bool Enable, JsonNode? Value)
{
    /// <summary>The setting and the step, for a person to read.</summary>
    public string Description =>
        $"Set {Setting.Source} from {App.At("settings", "app", Setting.Name!)?.ToJsonString() ?? "(not there)"} to {Value?.ToJsonString()}";
}

/// <summary>Reads and sets the silent switch of the Dropbox app: one value, merged into the app's own JSON, read back and compared.</summary>
public sealed class SilentSwitch(OktaClient okta, TimeProvider time)
{
    // What Okta itself ignores or refuses in the body of a PUT (Application schema: read-only members).
    private static readonly string[] ReadOnlyMembers = ["id", "orn", "status", "created", "lastUpdated", "features", "_links", "_embedded"];

    /// <summary>The folder for images of apps before a change: the user's own, beside the journal.</summary>
    public static string DefaultBackupFolder => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "DropboxOktaProvisioning", "backups");

    /// <summary>What is known of the app's switch.</summary>
    public SilentProvisioningStatus Describe(OktaApp app, SilentSetting setting) => new()
    {
        AppId = app.Id, Label = app.Label, Status = app.Status, SignOnMode = app.SignOnMode, OktaOrg = okta.Origin,
        SilentProvisioning = setting.State, Source = setting.Source, SettingNames = setting.Names, Reason = setting.Reason,
        Features = [.. (app.Json["features"] as JsonArray ?? []).Select(feature => feature?.ToString() ?? "")],
    };

    /// <summary>Works out what would have to be written.</summary>
    /// <param name="app">The app.</param>
    /// <param name="enable">The wanted state.</param>
    /// <param name="settingName">The setting's name where the admin knows it.</param>
    /// <param name="force">Adds the named setting where the app does not have it, or has it without a value.</param>
    /// <exception cref="ProvisioningException">SettingNotFound, SettingAmbiguous or SettingNotBoolean, with the click path.</exception>
    public static SilentChange Plan(OktaApp app, bool enable, string? settingName, bool force)
    {
        var setting = SilentSetting.Discover(app, settingName);
        if (setting.State is SilentProvisioningState.Ambiguous)
        {
            throw new ProvisioningException(
                ErrorIds.SettingAmbiguous, ProblemCategory.Ambiguous, $"The app '{app.Label}' ({app.Id}): {setting.Reason}", app.Id,
                "Nothing was written. In the whole workflow -KeepSwitch leaves it alone.");
        }

        if (setting.Name is null)
        {
            if (settingName is null || !force)
            {
                var way = settingName is null ? "name it with -SettingName" : "check the name; -Force adds it";
                throw new ProvisioningException(
                    ErrorIds.SettingNotFound, ProblemCategory.ObjectNotFound, $"The app '{app.Label}' ({app.Id}): {setting.Reason}", app.Id,
                    $"Nothing was written. Set it there by hand, or {way}. In the whole workflow -KeepSwitch leaves it alone.");
            }

            setting = setting with { Name = settingName };
        }

        var own = app.At("settings", "app") as JsonObject ?? [];
        var present = own[setting.Name!];
        // A null shows no type: to write a boolean there is a guess, which only who names the setting may make.
        if (present is null && own.ContainsKey(setting.Name!) && (settingName is null || !force))
        {
            throw new ProvisioningException(
                ErrorIds.SettingNotBoolean, ProblemCategory.InvalidData,
                $"The setting {setting.Source} is there and empty, so nothing shows that it is a switch.", app.Id,
                $"Nothing was written. Set it by hand, or give both -SettingName {setting.Name} and -Force to write a boolean. {SilentSetting.ClickPath}");
        }

        var value = SilentSetting.Spell(present, enable, setting.Source!);
        return new SilentChange(app, setting, enable, SilentSetting.Read(present) == enable ? null : value);
    }

    /// <summary>Saves the app as it is, writes the change, reads it back and compares.</summary>
    /// <exception cref="ProvisioningException">BackupFailed (nothing was written), SettingNotPersisted, or what the service says.</exception>
    public async Task<SilentProvisioningStatus> ApplyAsync(
        SilentChange change, string backupFolder, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        if (change.App.SignOnMode is not "SAML_2_0")
            progress?.Report(new Caution(
                $"The app '{change.App.Label}' signs people on by {change.App.SignOnMode}. Silent provisioning is meant for SAML: nobody is mailed a password. Look at its Sign On tab before you add people."));
        if (change.Value is null) return Describe(change.App, change.Setting);

        var backup = await SaveAsync(change.App, backupFolder, cancel);
        var body = Merge(change);
        ServiceException? lost = null;
        try
        {
            await okta.ReplaceAppAsync(change.App.Id, body, progress, cancel);
        }
        catch (ServiceException unclear) when (unclear.MayHaveBeenApplied)
        {
            // The answer got lost, the change perhaps not: only reading it back tells.
            lost = unclear;
            progress?.Report(new Caution(
                $"Okta's answer to the change did not arrive ({unclear.Message}) The app is read again to see whether it was made."));
        }

        var after = await ReadBackAsync(change, backup, progress, cancel);
        Compare(change, after, backup, lost, progress);
        return Describe(after, SilentSetting.Discover(after, change.Setting.Name)) with { Changed = true, BackupPath = backup };
    }

    private async Task<OktaApp> ReadBackAsync(SilentChange change, string backup, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        try
        {
            return await okta.GetAppAsync(change.App.Id, progress, cancel);
        }
        catch (ServiceException error)
        {
            throw new ServiceException(
                error.ErrorId, error.Category, error.Service,
                $"The change of {change.Setting.Source} was sent and could not be read back, so it is not known whether it was made. {error.Message}",
                $"Look again with Get-SilentProvisioning. Set back by hand what should not have changed. The app as it was: {backup}", change.App.Id)
            {
                StatusCode = error.StatusCode, ServiceCode = error.ServiceCode, RequestId = error.RequestId, MayHaveBeenApplied = true,
            };
        }
    }

    private static JsonObject Merge(SilentChange change)
    {
        var body = change.App.Json.DeepClone().AsObject();
        foreach (var member in ReadOnlyMembers) body.Remove(member);
        var settings = body["settings"] as JsonObject ?? [];
        body["settings"] = settings;
        var own = settings["app"] as JsonObject ?? [];
        settings["app"] = own;
        own[change.Setting.Name!] = change.Value!.DeepClone();
        return body;
    }

    private static void Compare(SilentChange change, OktaApp after, string backup, ServiceException? lost, IProgress<RunEvent>? progress)
    {
        var differences = JsonDifference.Between(change.App.Json, after.Json)
            .Where(path => path is not "lastUpdated" && !path.StartsWith("_links", StringComparison.Ordinal)).ToArray();
        if (SilentSetting.Read(after.At("settings", "app", change.Setting.Name!)) != change.Enable)
        {
            var what = lost is null
                ? $"Okta took the change of {change.Setting.Source} and did not keep it."
                : $"Read back, the change of {change.Setting.Source} turns out not to have been made. When it was sent: {lost.Message}";
            throw new ProvisioningException(
                ErrorIds.SettingNotPersisted, ProblemCategory.InvalidOperation,
                $"{what} {(differences.Length == 0 ? "Nothing in the app is different." : $"Different now: {string.Join(", ", differences)}.")}",
                change.App.Id,
                $"{(lost is null ? "Set it by hand." : "Try again, or set it by hand.")} {SilentSetting.ClickPath} The app as it was: {backup}", lost);
        }

        var others = differences.Where(path => path != change.Setting.Source).ToArray();
        if (others.Length == 0) return;
        progress?.Report(new Caution(
            $"Beside {change.Setting.Source} Okta shows a difference in {string.Join(", ", others)}. The app as it was: {backup}"));
    }

    private async Task<string> SaveAsync(OktaApp app, string folder, CancellationToken cancel)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{app.Id}-{time.GetUtcNow().UtcDateTime:yyyyMMdd'T'HHmmssfff}");
        var path = Path.Combine(folder, name + ".json");

        // An image of the same moment is the way back of another change, so it is not written over.
        for (var number = 2; File.Exists(path); number++)
            path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{name}-{number}.json"));
        try
        {
            OwnerOnly.CreateFolder(folder);
            await using var file = OwnerOnly.Open(path, FileMode.CreateNew);
            await using var writer = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
            app.Json.WriteTo(writer);
            await writer.FlushAsync(cancel);
            return path;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ProvisioningException(
                ErrorIds.BackupFailed, ProblemCategory.ResourceUnavailable, $"The app's image could not be saved to '{path}': {error.Message}", path,
                "Nothing was written to Okta. Give another folder with -BackupPath.", error);
        }
    }
}
