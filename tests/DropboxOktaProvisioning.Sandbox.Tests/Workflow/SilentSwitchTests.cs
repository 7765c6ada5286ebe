using System.Text.Json.Nodes;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Workflow;

namespace DropboxOktaProvisioning.Sandbox.Tests.Workflow;

/// <summary>The switch on a sandbox: one value changes, everything else stays, and what is unclear is read back.</summary>
public sealed class SilentSwitchTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("silent-switch-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Enabling_changes_the_one_value_and_nothing_else()
    {
        using var sandbox = await SandboxConnections.OpenAsync();
        var before = await ReadAppAsync(sandbox);
        var status = await SetAsync(sandbox, enable: true);

        Assert.True(sandbox.World.App.IsSilent);
        Assert.Equal((true, SilentProvisioningState.Enabled), (status.Changed, status.SilentProvisioning));
        Assert.Equal("settings.app." + sandbox.World.App.SettingName, status.Source);
        var after = await ReadAppAsync(sandbox);
        Assert.Equal("true", SettingOf(sandbox, after)!.ToJsonString());
        before["settings"]!["app"]![sandbox.World.App.SettingName] = true;
        Assert.Equal(Comparable(before), Comparable(after));
        Assert.Single(Puts(sandbox));
    }

    [Fact]
    public async Task The_app_as_it_was_is_saved_for_its_owner_alone()
    {
        using var sandbox = await SandboxConnections.OpenAsync();
        var before = await ReadAppAsync(sandbox);
        var status = await SetAsync(sandbox, enable: true, Path.Combine(_folder.FullName, "a", "b"));

        Assert.True(JsonNode.DeepEquals(before, JsonNode.Parse(await File.ReadAllTextAsync(status.BackupPath!))));
        Assert.StartsWith(Path.Combine(_folder.FullName, "a", "b"), status.BackupPath, StringComparison.Ordinal);
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(status.BackupPath!));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(status.BackupPath!)!));
    }

    [Fact]
    public async Task Enabling_twice_writes_nothing_the_second_time()
    {
        using var sandbox = await SandboxConnections.OpenAsync();
        await SetAsync(sandbox, enable: true);
        var again = await SetAsync(sandbox, enable: true);

        Assert.Equal((false, SilentProvisioningState.Enabled, null), (again.Changed, again.SilentProvisioning, again.BackupPath));
        Assert.Single(Puts(sandbox));
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public async Task Disabling_after_enabling_leaves_the_app_as_it_was()
    {
        using var sandbox = await SandboxConnections.OpenAsync();
        var before = await ReadAppAsync(sandbox);
        await SetAsync(sandbox, enable: true);
        var status = await SetAsync(sandbox, enable: false);

        Assert.False(sandbox.World.App.IsSilent);
        Assert.Equal((true, SilentProvisioningState.Disabled), (status.Changed, status.SilentProvisioning));
        Assert.Equal(Comparable(before), Comparable(await ReadAppAsync(sandbox)));
    }

    [Fact]
    public async Task Each_change_keeps_an_image_of_its_own_also_within_one_moment()
    {
        using var sandbox = await SandboxConnections.OpenAsync();
        var enabled = await SetAsync(sandbox, enable: true);
        var disabled = await SetAsync(sandbox, enable: false);

        Assert.NotEqual(enabled.BackupPath, disabled.BackupPath);
        Assert.Equal("false", SettingOf(sandbox, JsonNode.Parse(await File.ReadAllTextAsync(enabled.BackupPath!))!.AsObject())!.ToJsonString());
        Assert.Equal("true", SettingOf(sandbox, JsonNode.Parse(await File.ReadAllTextAsync(disabled.BackupPath!))!.AsObject())!.ToJsonString());
    }

    [Fact]
    public async Task A_value_that_is_text_stays_text()
    {
        using var sandbox = await SandboxConnections.OpenAsync();
        sandbox.World.App.MakeSettingText();
        await SetAsync(sandbox, enable: true);
        Assert.Equal("\"true\"", SettingOf(sandbox, await ReadAppAsync(sandbox))!.ToJsonString());
        await SetAsync(sandbox, enable: false);
        Assert.Equal("\"false\"", SettingOf(sandbox, await ReadAppAsync(sandbox))!.ToJsonString());
    }

    [Fact]
    public async Task A_setting_that_is_not_there_is_refused_with_the_way_to_click()
    {
        using var sandbox = await SandboxConnections.OpenAsync();
        sandbox.World.App.RemoveSetting();
        foreach (var name in new[] { null, sandbox.World.App.SettingName })
        {
            var error = await Assert.ThrowsAsync<ProvisioningException>(() => SetAsync(sandbox, enable: true, settingName: name));
            Assert.Equal(ErrorIds.SettingNotFound, error.ErrorId);
            Assert.Contains(SilentSetting.ClickPath, error.Message, StringComparison.Ordinal);
        }

        Assert.Empty(Puts(sandbox));
        Assert.Empty(_folder.GetFiles());
        var status = await DescribeAsync(sandbox);
        Assert.Equal(SilentProvisioningState.Unknown, status.SilentProvisioning);
        Assert.Contains("teamName", status.SettingNames);
    }

    [Fact]
    public async Task A_named_setting_that_is_not_there_is_added_only_by_force()
    {
        using var sandbox = await SandboxConnections.OpenAsync();
        sandbox.World.App.RemoveSetting();
        var status = await SetAsync(sandbox, enable: true, settingName: sandbox.World.App.SettingName, force: true);
        Assert.Equal(SilentProvisioningState.Enabled, status.SilentProvisioning);
        Assert.True(sandbox.World.App.IsSilent);
    }

    [Fact]
    public async Task Two_settings_that_could_be_it_are_refused_and_a_name_decides()
    {
        using var sandbox = await SandboxConnections.OpenAsync();
        sandbox.World.App.AddSecondSetting();
        Assert.Equal(SilentProvisioningState.Ambiguous, (await DescribeAsync(sandbox)).SilentProvisioning);
        var error = await Assert.ThrowsAsync<ProvisioningException>(() => SetAsync(sandbox, enable: true));
        Assert.Equal(ErrorIds.SettingAmbiguous, error.ErrorId);
        Assert.Contains("silentGroupPush", error.Message, StringComparison.Ordinal);
        Assert.Contains(sandbox.World.App.SettingName, error.Message, StringComparison.Ordinal);
        Assert.Empty(Puts(sandbox));

        var status = await SetAsync(sandbox, enable: true, settingName: sandbox.World.App.SettingName);
        Assert.Equal((true, SilentProvisioningState.Enabled), (status.Changed, status.SilentProvisioning));
        Assert.True(sandbox.World.App.IsSilent);
        Assert.False((bool)(await ReadAppAsync(sandbox))["settings"]!["app"]!["silentGroupPush"]!);
    }

    [Fact]
    public async Task A_change_that_Okta_does_not_keep_is_an_error_that_names_the_image()
    {
        using var sandbox = await SandboxConnections.OpenAsync();
        sandbox.World.App.IgnoresSettings = true;
        var error = await Assert.ThrowsAsync<ProvisioningException>(() => SetAsync(sandbox, enable: true));
        Assert.Equal(ErrorIds.SettingNotPersisted, error.ErrorId);
        Assert.Contains(Assert.Single(_folder.GetFiles()).FullName, error.RecommendedAction, StringComparison.Ordinal);
        Assert.Single(Puts(sandbox));
    }

    [Theory]
    [InlineData(SandboxFault.AnswerLost)]
    [InlineData(SandboxFault.Truncated)]
    [InlineData(SandboxFault.TruncatedQuietly)]
    public async Task A_change_whose_answer_is_lost_is_read_back_and_counts_as_made(SandboxFault fault)
    {
        using var sandbox = await SandboxConnections.OpenAsync();
        FaultThePut(sandbox, fault);
        var heard = new Heard();
        var status = await SetAsync(sandbox, enable: true, progress: heard);

        Assert.Equal((true, SilentProvisioningState.Enabled), (status.Changed, status.SilentProvisioning));
        Assert.True(sandbox.World.App.IsSilent);
        Assert.Single(Puts(sandbox));
        Assert.Contains(heard.Events, e => e is Caution);
    }

    [Theory]
    [InlineData(SandboxFault.ServerError, "Okta failed")]
    [InlineData(SandboxFault.Reset, "broke")]
    [InlineData(SandboxFault.HtmlPage, "does not answer as an Okta org")]
    public async Task A_change_that_was_never_worked_on_is_an_error_that_says_what_Okta_did(SandboxFault fault, string what)
    {
        using var sandbox = await SandboxConnections.OpenAsync();
        FaultThePut(sandbox, fault);
        var error = await Assert.ThrowsAsync<ProvisioningException>(() => SetAsync(sandbox, enable: true));

        Assert.Equal(ErrorIds.SettingNotPersisted, error.ErrorId);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.IsType<ServiceException>(error.InnerException);
        Assert.False(sandbox.World.App.IsSilent);
        Assert.Single(Puts(sandbox));
    }

    [Fact]
    public async Task A_change_that_met_the_rate_limit_is_sent_again()
    {
        using var sandbox = await SandboxConnections.OpenAsync();
        FaultThePut(sandbox, SandboxFault.RateLimited);
        var status = await SetAsync(sandbox, enable: true);
        Assert.Equal(SilentProvisioningState.Enabled, status.SilentProvisioning);
        Assert.Equal([429, 200], Puts(sandbox).Select(request => request.Status));
    }

    [Fact]
    public async Task A_change_that_cannot_be_read_back_is_an_error_that_says_so_and_names_the_image()
    {
        using var sandbox = await SandboxConnections.OpenAsync();
        sandbox.World.Faults.Script(SandboxFault.ServerError, AppPath(sandbox), nth: 2, times: 1000);
        var error = await Assert.ThrowsAsync<ServiceException>(() => SetAsync(sandbox, enable: true));

        Assert.Equal(ErrorIds.ServiceFailed, error.ErrorId);
        Assert.True(error.MayHaveBeenApplied);
        Assert.Contains(Assert.Single(_folder.GetFiles()).FullName, error.RecommendedAction, StringComparison.Ordinal);
        Assert.Single(Puts(sandbox));
    }

    [Fact]
    public async Task An_image_that_cannot_be_saved_stops_the_change()
    {
        using var sandbox = await SandboxConnections.OpenAsync();
        var file = Path.Combine(_folder.FullName, "file");
        await File.WriteAllTextAsync(file, "in the way");
        var error = await Assert.ThrowsAsync<ProvisioningException>(() => SetAsync(sandbox, enable: true, Path.Combine(file, "backups")));
        Assert.Equal(ErrorIds.BackupFailed, error.ErrorId);
        Assert.Empty(Puts(sandbox));
        Assert.False(sandbox.World.App.IsSilent);
    }

    [Fact]
    public async Task Of_two_apps_one_must_be_named()
    {
        using var sandbox = await SandboxConnections.OpenAsync();
        var second = sandbox.World.AddSecondApp();
        var error = await Assert.ThrowsAsync<ProvisioningException>(() => SetAsync(sandbox, enable: true));
        Assert.Equal(ErrorIds.AppAmbiguous, error.ErrorId);
        Assert.Contains(second.Id, error.Message, StringComparison.Ordinal);
        Assert.Contains(sandbox.World.App.Id, error.Message, StringComparison.Ordinal);

        await SetAsync(sandbox, enable: true, app: second.Id);
        Assert.Equal((false, true), (sandbox.World.App.IsSilent, second.IsSilent));
        await SetAsync(sandbox, enable: true, app: sandbox.World.App.Label.ToUpperInvariant());
        Assert.Equal((true, true), (sandbox.World.App.IsSilent, second.IsSilent));
        error = await Assert.ThrowsAsync<ProvisioningException>(() => SetAsync(sandbox, enable: true, app: "Dropbox"));
        Assert.Equal((ErrorIds.AppNotFound, "Dropbox"), (error.ErrorId, error.Target));
    }

    [Fact]
    public async Task An_app_that_is_switched_off_is_passed_over_unless_it_is_named()
    {
        using var sandbox = await SandboxConnections.OpenAsync();
        var second = sandbox.World.AddSecondApp();
        second.IsActive = false;
        await SetAsync(sandbox, enable: true);
        Assert.Equal((true, false), (sandbox.World.App.IsSilent, second.IsSilent));
        await SetAsync(sandbox, enable: true, app: second.Id);
        Assert.True(second.IsSilent);
    }

    [Fact]
    public async Task Who_is_assigned_before_gets_Dropboxs_mail_and_who_is_assigned_after_does_not()
    {
        using var sandbox = await SandboxConnections.OpenAsync();
        var free = sandbox.World.People.Where(person => person.Stage is SandboxStage.NotAssigned).Take(2).Select(person => person.Email).ToArray();
        sandbox.World.Assign(free[0]);
        sandbox.World.Advance(TimeSpan.FromMinutes(10));
        await SetAsync(sandbox, enable: true);
        sandbox.World.Assign(free[1]);
        sandbox.World.Advance(TimeSpan.FromMinutes(10));

        var (rows, _) = await sandbox.VerifyAsync();
        foreach (var email in free)
            Assert.Equal(ProvisioningStage.AwaitingActivation, rows.Single(row => row.Email.Equals(email, StringComparison.OrdinalIgnoreCase)).Stage);
        var mailed = sandbox.World.WelcomeMails.Select(mail => mail.Email).ToArray();
        Assert.Contains(free[0], mailed, StringComparer.OrdinalIgnoreCase);
        Assert.DoesNotContain(free[1], mailed, StringComparer.OrdinalIgnoreCase);
    }

    private async Task<SilentProvisioningStatus> SetAsync(
        SandboxConnections sandbox, bool enable, string? folder = null, string? app = null, string? settingName = null, bool force = false, IProgress<RunEvent>? progress = null)
    {
        var one = await DropboxApps.FindOneAsync(sandbox.Okta, app, null, default);
        return await new SilentSwitch(sandbox.Okta, sandbox.World.Clock)
            .ApplyAsync(SilentSwitch.Plan(one, enable, settingName, force), folder ?? _folder.FullName, progress, default);
    }

    private static async Task<SilentProvisioningStatus> DescribeAsync(SandboxConnections sandbox)
    {
        var app = await DropboxApps.FindOneAsync(sandbox.Okta, null, null, default);
        return new SilentSwitch(sandbox.Okta, sandbox.World.Clock).Describe(app, SilentSetting.Discover(app));
    }

    /// <summary>The app as the service itself shows it, without any of the product's code between.</summary>
    private static async Task<JsonObject> ReadAppAsync(SandboxConnections sandbox)
    {
        using var http = new HttpClient(new SandboxHandler(sandbox.World));
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "SSWS " + sandbox.World.OktaApiToken);
        return JsonNode.Parse(await http.GetStringAsync(new Uri(sandbox.World.OktaOrigin, AppPath(sandbox))))!.AsObject();
    }

    private static string Comparable(JsonObject app)
    {
        app.Remove("lastUpdated");
        app.Remove("_links");
        return app.ToJsonString();
    }

    private static JsonNode? SettingOf(SandboxConnections sandbox, JsonObject app) => app["settings"]!["app"]![sandbox.World.App.SettingName];

    private static string AppPath(SandboxConnections sandbox) => "/api/v1/apps/" + sandbox.World.App.Id;

    // The change is the first request about the one app: it is found through the list of apps.
    private static void FaultThePut(SandboxConnections sandbox, SandboxFault fault) => sandbox.World.Faults.Script(fault, AppPath(sandbox));

    private static IEnumerable<SandboxRequest> Puts(SandboxConnections sandbox) => sandbox.World.Requests.Where(request => request.Method == "PUT");

    private sealed class Heard : IProgress<RunEvent>
    {
        public List<RunEvent> Events { get; } = [];

        public void Report(RunEvent value)
        {
            lock (Events) Events.Add(value);
        }
    }
}
