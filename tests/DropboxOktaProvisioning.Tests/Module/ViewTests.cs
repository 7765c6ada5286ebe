using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace DropboxOktaProvisioning.Tests;

/// <summary>The views: nothing is cut at 120 characters, colour is only where PowerShell shows it, and each cell's property is there.</summary>
public sealed class ViewTests
{
    private const int Width = 120;
    private static readonly XDocument Format = XDocument.Load(Path.Combine(Repository.Root, "module", "DropboxOktaProvisioning.format.ps1xml"));

    public static TheoryData<string> Tables => [.. Format.Descendants("View").Where(view => view.Element("TableControl") is not null && view.Descendants("TypeName").Any(type => Filled.ContainsKey(Short(type.Value)))).Select(view => Short(view.Descendants("TypeName").First().Value))];

    // Every column as long as it gets.
    private static readonly Dictionary<string, string> Filled = new(StringComparer.Ordinal)
    {
        ["DropboxUserStatus"] = "Email = $long; Name = 'Ada'; Stage = 'AwaitingActivation'; NextAction = 'AssignOrRemove'; PersonalAccount = 'Confirmed'; DaysWaiting = 9999; LastNotice = $time; Reason = $words",
        ["DropboxPersonalAccount"] = "Email = $long; Likelihood = 'Suspected'; AccountType = 'Unknown'; LastSeen = $time; Contradiction = [DropboxOktaProvisioning.PersonalAccountEvidence]@{ Detail = $words }",
        ["DropboxDomainInsight"] = "Email = $long; AccountType = 'Unknown'; Line = 999999; Path = $path",
        ["ActivationNotice"] = "Email = $long; Name = $words; State = 'Planned'; SentOn = $time; Attempts = 99999; Reason = $words",
        ["SilentProvisioningStatus"] = "Label = $words; AppId = '0oaKAuR6BM9yqgPUMqV6'; Status = 'INACTIVE'; SignOnMode = 'SAML_2_0'; SilentProvisioning = 'Ambiguous'; Changed = $true; Reason = $words",
        ["PersonFailure"] = "Email = $long; ErrorId = 'MailServerUnreachable'; Reason = $words",
        ["ProvisioningConnection"] = "Service = 'Dropbox'; IsConnected = $true; Name = $words; SignIn = 'RefreshToken'; TokenExpires = $time; Remedy = $words",
        ["ProvisioningPrerequisite"] = "Name = 'ProvisioningFeature'; Outcome = 'Unknown'; Basis = 'AdminStatement'; ObservedOn = $time; Evidence = $words; Remedy = $words",
        ["DropboxAccess"] = "Name = $long; Kind = 'Person'; Outcome = 'AlreadyAssigned'; Reason = $words",
        ["OutboxMessage"] = "To = $long; Subject = $words; SentOn = $time",
    };

    private static string Short(string type) => type[(type.LastIndexOf('.') + 1)..];

    private static string Show(string script)
    {
        var host = new RecordingHost(Width);
        using var session = new ModuleSession(host: host);
        session.Run($"$long = 'a.very.long.name.of.somebody.who.has.many.names@subsidiary.contoso.example'; $words = 'Somebody wrote a long sentence here, which goes on until it is told in full.'; $path = '/srv/provisioning/of/a/long/path/to/the/list/of/unmanaged/accounts.csv'; $time = [DateTimeOffset]::new(2026, 12, 31, 23, 59, 0, 0); {script} | Out-Default").Clean();
        return host.Shown;
    }

    [Theory, MemberData(nameof(Tables))]
    public void No_column_is_cut(string type)
    {
        var shown = Regex.Replace(Show($"[DropboxOktaProvisioning.{type}]@{{ {Filled[type]} }}"), "\e\\[[0-9;]*m", "");
        var lines = shown.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0).ToArray();
        Assert.All(lines, line => Assert.True(line.Length <= Width, line));
        Assert.DoesNotContain('\u2026', shown);
        Assert.DoesNotContain("...", shown, StringComparison.Ordinal);
        Assert.True(lines.Length > 3, shown); // folded, then
        var headers = Format.Descendants("View").Single(view => view.Element("TableControl") is not null && Short(view.Descendants("TypeName").First().Value) == type).Descendants("Label").Select(label => label.Value);
        Assert.All(headers, header => Assert.Contains(header, lines[0], StringComparison.Ordinal));
    }

    [Fact]
    public void Every_row_type_that_a_command_declares_has_a_view()
    {
        using var session = new ModuleSession();
        var declared = session.Run("(Get-Command -Module DropboxOktaProvisioning -CommandType Cmdlet).OutputType.Name").Clean().Output.Select(name => name.ToString()!)
            .Where(name => name.StartsWith("DropboxOktaProvisioning.", StringComparison.Ordinal)).Distinct();
        var viewed = Format.Descendants("TypeName").Select(type => type.Value).ToHashSet();
        Assert.Subset(viewed, declared.ToHashSet());
    }

    [Fact]
    public void Every_property_that_a_view_names_is_there()
    {
        using var session = new ModuleSession();
        var assemblies = session.Run("[DropboxOktaProvisioning.DropboxUserStatus].Assembly; (Get-Command Get-SilentProvisioning).ImplementingType.Assembly").Clean().Output.Select(one => (Assembly)one.BaseObject).ToArray();
        foreach (var view in Format.Descendants("View"))
        {
            var name = view.Descendants("TypeName").First().Value;
            var type = assemblies.Select(assembly => assembly.GetType(name)).FirstOrDefault(found => found is not null);
            Assert.True(type is not null, $"There is no {name}.");
            foreach (var property in view.Descendants("PropertyName")) Assert.True(type.GetProperty(property.Value) is not null, $"{name} has no {property.Value}.");
        }
    }

    [Theory]
    [InlineData("PlainText")]
    [InlineData("Host")]
    public void The_persons_own_choice_of_rendering_counts(string rendering)
    {
        // Another test of this class never runs at the same time, and PowerShell keeps this choice per process.
        var before = PSStyle.Instance.OutputRendering;
        try
        {
            PSStyle.Instance.OutputRendering = Enum.Parse<OutputRendering>(rendering);
            var shown = Show("[DropboxOktaProvisioning.DropboxUserStatus]@{ Email = 'ada@contoso.example'; Stage = 'Active' }");
            Assert.Equal(rendering == "Host", shown.Contains("\e[32mActive", StringComparison.Ordinal));
        }
        finally
        {
            PSStyle.Instance.OutputRendering = before;
        }
    }

    [Fact]
    public void Rows_themselves_have_no_colour()
    {
        using var session = new ModuleSession();
        Assert.Equal("Conflict", session.Run("\"$(([DropboxOktaProvisioning.DropboxUserStatus]@{ Stage = 'Conflict' }).Stage)\"").Clean().Output.Single().ToString());
    }
}
