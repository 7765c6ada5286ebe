using System.Management.Automation;
using System.Reflection;

namespace DropboxOktaProvisioning.Tests;

/// <summary>What the commands say they need is what the services really ask of them.</summary>
public sealed class RequiredScopesTests
{
    private static readonly string[] Okta = ["okta.apps.read", "okta.apps.manage", "okta.users.read", "okta.groups.read", "okta.logs.read"];
    private static readonly string[] Dropbox = ["team_info.read", "members.read", "events.read", "groups.read"];

    // How each command is run, in the way that needs all that it declares.
    private static readonly Dictionary<string, string> Runs = new()
    {
        ["Get-SilentProvisioning"] = "Get-SilentProvisioning",
        ["Enable-SilentProvisioning"] = "Enable-SilentProvisioning -BackupPath $Folder",
        ["Disable-SilentProvisioning"] = "Disable-SilentProvisioning -BackupPath $Folder",
        ["Test-DropboxUserStatus"] = "Test-DropboxUserStatus nobody@contoso.example -ErrorVariable missing -ErrorAction SilentlyContinue; if ($missing[0].FullyQualifiedErrorId -notlike 'PersonNotFound,*') { throw $missing[0] }",
        ["Invoke-SilentProvisioning"] = "Invoke-SilentProvisioning -Email nobody@contoso.example -From it@contoso.example -PickupDirectory $Folder/out -Journal $Folder/journal.db -BackupPath $Folder -ErrorVariable missing -ErrorAction SilentlyContinue; if ($missing[0].FullyQualifiedErrorId -notlike 'PersonNotFound,*') { throw $missing[0] }",
        ["New-ProvisioningPlan"] = "$null = New-ProvisioningPlan -Email nobody@contoso.example -From it@contoso.example -PickupDirectory $Folder/out -Journal $Folder/journal.db -ErrorVariable missing -ErrorAction SilentlyContinue; if ($missing[0].FullyQualifiedErrorId -notlike 'PersonNotFound,*') { throw $missing[0] }",
        ["New-DropboxBusinessApp"] = "New-DropboxBusinessApp -Force -BackupPath $Folder",
        ["Grant-DropboxAccess"] = "Grant-DropboxAccess -Group Contractors; Grant-DropboxAccess nobody@contoso.example -ErrorVariable missing -ErrorAction SilentlyContinue; if ($missing[0].FullyQualifiedErrorId -notlike 'PersonNotFound,*') { throw $missing[0] }",
        ["Test-SilentProvisioningReadiness"] = "Test-SilentProvisioningReadiness -Journal $Folder/journal.db",
        ["Wait-DropboxActivation"] = "Wait-DropboxActivation nobody@contoso.example -WarningAction SilentlyContinue -ErrorVariable missing -ErrorAction SilentlyContinue; if ($missing[0].FullyQualifiedErrorId -notlike 'PersonNotFound,*') { throw $missing[0] }",
        ["Export-ActivationReport"] = "Export-ActivationReport $Folder/report.html -Journal $Folder/journal.db -Force",
        ["Get-ActivationProgress"] = "Get-ActivationProgress -Journal $Folder/journal.db",
        ["Get-DropboxPersonalAccount"] = "Get-DropboxPersonalAccount contoso.example",
    };

    public static TheoryData<string> Names => [.. Runs.Keys];

    [Fact]
    public void Every_command_that_works_on_a_connection_declares_its_scopes()
    {
        using var session = new ModuleSession();
        foreach (var type in Commands(session))
        {
            var usesConnection = type.GetProperty("OktaOrg") is not null || type.GetProperty("DropboxTeam") is not null;
            var onlyLooks = type.Name is "DisconnectOktaOrgCommand" or "DisconnectDropboxTeamCommand" or "GetProvisioningConnectionCommand" or "SendActivationNoticeCommand" or "GetActivationNoticeCommand";
            if (!usesConnection || onlyLooks) continue;
            var (okta, dropbox) = Scopes(type);
            Assert.True(okta.Length + dropbox.Length > 0, $"{type.Name} declares none");
            Assert.Subset(Okta.ToHashSet(), okta.ToHashSet());
            Assert.Subset(Dropbox.ToHashSet(), dropbox.ToHashSet());
            Assert.True(Runs.ContainsKey(NameOf(type)), $"{type.Name} is not tried here");
        }
    }

    [Fact]
    public void The_readme_says_the_same()
    {
        using var session = new ModuleSession();
        static string Cell(string[] scopes) => scopes.Length == 0 ? "–" : string.Join(", ", scopes.Select(scope => $"`{scope}`"));
        var told = File.ReadAllLines(Path.Combine(Repository.Root, "README.md")).SkipWhile(line => !line.StartsWith("### Scopes", StringComparison.Ordinal)).Skip(4).TakeWhile(line => line.StartsWith('|'));
        var declared = Commands(session).Select(type => (Name: NameOf(type), Scopes: Scopes(type))).Where(one => one.Scopes.Okta.Length + one.Scopes.Dropbox.Length > 0)
            .OrderBy(one => one.Name, StringComparer.Ordinal).Select(one => $"| `{one.Name}` | {Cell(one.Scopes.Okta)} | {Cell(one.Scopes.Dropbox)} |");
        Assert.Equal(declared, told);
    }

    [Theory, MemberData(nameof(Names))]
    public void With_what_it_declares_a_command_works_and_without_any_of_it_the_error_names_what_is_missing(string name)
    {
        using var session = new ModuleSession();
        var (okta, dropbox) = Scopes(Commands(session).Single(type => NameOf(type) == name));
        // Connecting itself reads an app and the team.
        string[] oktaAll = [.. okta.Union(["okta.apps.read"])], dropboxAll = [.. dropbox.Union(["team_info.read"])];

        using (var host = new SandboxProcess("--users", "60", "--okta-scopes", string.Join(',', oktaAll), "--dropbox-scopes", string.Join(',', dropboxAll)))
            session.Run($"{Before(name, host)}; {host.Connect(string.Join(',', oktaAll))}; {Runs[name]}").Clean();

        foreach (var scope in okta.Concat(dropbox).Except(["okta.apps.read", "team_info.read"]))
        {
            string[] oktaLess = [.. oktaAll.Except([scope])], dropboxLess = [.. dropboxAll.Except([scope])];
            using var host = new SandboxProcess("--users", "60", "--okta-scopes", string.Join(',', oktaLess), "--dropbox-scopes", string.Join(',', dropboxLess));
            var result = session.Run($"{Before(name, host)}; {host.Connect(string.Join(',', oktaLess))}; {Runs[name]}");
            Assert.NotEmpty(result.AllErrors);
            Assert.All(result.AllErrors, one => Assert.StartsWith("MissingScope", one.FullyQualifiedErrorId, StringComparison.Ordinal));
            var error = result.AllErrors.Last();
            Assert.Contains(scope, error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
            Assert.Contains($"{name} needs", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_connection_tells_who_which_scopes_which_command_lacks_one_and_the_limits_seen()
    {
        using var session = new ModuleSession();
        using var host = new SandboxProcess("--users", "60", "--dropbox-scopes", "team_info.read,members.read");
        var rows = session.Run($"{host.Connect("okta.apps.read,okta.users.read")}; Get-ProvisioningConnection").Clean().Output;
        var (okta, dropbox) = (rows[0], rows[1]);

        Assert.Equal(("Okta", true, "ServiceApp"), (okta.Properties["Service"].Value, okta.Properties["IsConnected"].Value, okta.Properties["SignIn"].Value));
        Assert.Equal(host["okta-client-id"], okta.Properties["SignedInAs"].Value);
        Assert.Contains("Enable-SilentProvisioning: okta.apps.manage", Texts(okta, "Lacking"));
        Assert.DoesNotContain(Texts(okta, "Lacking"), lacking => lacking.StartsWith("Get-SilentProvisioning", StringComparison.Ordinal));
        Assert.Contains(Texts(okta, "RateLimits"), limit => limit.StartsWith("/api/v1/apps: ", StringComparison.Ordinal));
        Assert.Equal(["Get-DropboxPersonalAccount: events.read"], Texts(dropbox, "Lacking").Where(lacking => lacking.Contains("PersonalAccount", StringComparison.Ordinal)));
        Assert.Contains("events.read", (string)dropbox.Properties["Remedy"].Value, StringComparison.Ordinal);
        Assert.All(rows, row => Assert.IsType<DateTimeOffset>(row.Properties["TokenExpires"].Value));

        var requests = host["okta"] is not null ? session.Run("(Get-ProvisioningConnection).RequestCount").Clean().Output.Select(count => count.ToString()) : [];
        Assert.Equal(rows.Select(row => row.Properties["RequestCount"].Value.ToString()), requests); // asks nobody
    }

    [Fact]
    public void An_API_token_and_an_access_token_have_no_scopes_that_anybody_could_know()
    {
        using var session = new ModuleSession();
        using var host = new SandboxProcess("--users", "60");
        var rows = session.Run(
            $$"""
            Connect-OktaOrg {{host["okta"]}} { '{{host["okta-token"]}}' } | Out-Null
            Connect-DropboxTeam -AccessToken { '{{host["dropbox-access-token"]}}' } -ServiceUri {{host["dropbox"]}} | Out-Null
            Get-ProvisioningConnection
            """).Clean().Output;
        Assert.All(rows, row => Assert.Null(row.Properties["Scopes"].Value));
        Assert.All(rows, row => Assert.Null(row.Properties["Lacking"].Value));
    }

    [Fact]
    public void Without_a_connection_there_is_a_row_that_says_how_to_get_one()
    {
        using var session = new ModuleSession();
        var rows = session.Run("Get-ProvisioningConnection").Clean().Output;
        Assert.Equal([("Okta", false), ("Dropbox", false)], rows.Select(row => ((string)row.Properties["Service"].Value, (bool)row.Properties["IsConnected"].Value)));
        Assert.All(rows, row => Assert.Contains("Connect-", (string)row.Properties["Remedy"].Value, StringComparison.Ordinal));
    }

    // What is off already needs no right to be turned off.
    private static string Before(string name, SandboxProcess host) => name != "Disable-SilentProvisioning" ? ""
        : $"Connect-OktaOrg {host["okta"]} {{ '{host["okta-token"]}' }} | Out-Null; $null = Enable-SilentProvisioning -BackupPath $Folder";

    private static IEnumerable<string> Texts(PSObject row, string property) =>
        ((System.Collections.IEnumerable)row.Properties[property].Value).Cast<object>().Select(item => item.ToString()!);

    private static IEnumerable<Type> Commands(ModuleSession session) =>
        session.Run("Get-Command -Module DropboxOktaProvisioning").Clean().Output.Select(command => ((CmdletInfo)command.BaseObject).ImplementingType);

    private static string NameOf(Type type) => type.GetCustomAttribute<CmdletAttribute>() is { } cmdlet ? $"{cmdlet.VerbName}-{cmdlet.NounName}" : "";

    private static (string[] Okta, string[] Dropbox) Scopes(Type type)
    {
        var attribute = type.GetCustomAttributes().SingleOrDefault(one => one.GetType().Name == "RequiredScopesAttribute");
        string[] Read(string name) => (string[]?)attribute?.GetType().GetProperty(name)!.GetValue(attribute) ?? [];
        return (Read("Okta"), Read("Dropbox"));
    }
}
