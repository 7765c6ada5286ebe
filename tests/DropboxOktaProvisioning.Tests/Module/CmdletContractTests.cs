using System.Management.Automation;
using System.Reflection;

namespace DropboxOktaProvisioning.Tests;

/// <summary>What every cmdlet keeps to, checked by reflection over the built assembly.</summary>
public sealed class CmdletContractTests
{
    private static readonly string[] ChangingVerbs = ["Add", "Disable", "Enable", "Export", "Grant", "Invoke", "New", "Remove", "Revoke", "Send", "Set", "Update"];

    private static readonly Type[] All = Load();

    public static TheoryData<string> Names => [.. All.Select(type => type.Name)];

    private static Type[] Load()
    {
        using var session = new ModuleSession();
        return [.. session.Run("Get-Command -Module DropboxOktaProvisioning").Clean().Output.Select(command => ((CmdletInfo)command.BaseObject).ImplementingType)];
    }

    private static Type Of(string name) => All.Single(type => type.Name == name);

    // What the compiler makes of [.. list] has no index that PowerShell sees: $row.Evidence[0] would be the whole list.
    [Fact]
    public void Every_list_of_an_object_that_comes_out_can_be_indexed()
    {
        var lists = All[0].Assembly.GetReferencedAssemblies().Where(name => name.Name == "DropboxOktaProvisioning.Model").Select(Assembly.Load)
            .SelectMany(model => model.GetExportedTypes()).SelectMany(type => type.GetProperties())
            .Where(property => property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)).ToArray();
        Assert.NotEmpty(lists);
        Assert.All(lists, property =>
        {
            var row = System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(property.DeclaringType!);
            property.SetValue(row, Activator.CreateInstance(typeof(List<>).MakeGenericType(property.PropertyType.GenericTypeArguments)));
            Assert.IsAssignableFrom<Array>(property.GetValue(row));
        });
    }

    private static CmdletAttribute Attribute(Type type) => type.GetCustomAttribute<CmdletAttribute>()!;

    [Fact]
    public void The_manifest_exports_every_cmdlet_of_the_assembly_and_no_other()
    {
        var defined = All[0].Assembly.GetExportedTypes().Where(type => !type.IsAbstract && type.GetCustomAttribute<CmdletAttribute>() is not null);
        Assert.Equal(defined.Select(type => type.Name).Order(), All.Select(type => type.Name).Order());

        using var session = new ModuleSession(import: false);
        var manifest = (PSModuleInfo)session.Run($"Test-ModuleManifest '{Repository.Manifest}'").Clean().Output.Single().BaseObject;
        Assert.Equal(All.Select(type => $"{Attribute(type).VerbName}-{Attribute(type).NounName}").Order(), manifest.ExportedCmdlets.Keys.Order());
    }

    [Theory, MemberData(nameof(Names))]
    public void It_is_sealed_and_named_after_its_verb_and_noun(string name)
    {
        var type = Of(name);
        Assert.True(type.IsSealed, "not sealed");
        Assert.Equal($"{Attribute(type).VerbName}{Attribute(type).NounName}Command", type.Name);
        Assert.True(File.Exists(Path.Combine(Repository.Root, "src", "DropboxOktaProvisioning", "Commands", $"{type.Name}.cs")), "not in a file of its own name");
    }

    [Theory, MemberData(nameof(Names))]
    public void Its_verb_is_approved_and_its_noun_singular(string name)
    {
        var approved = typeof(PSCmdlet).Assembly.GetExportedTypes().Where(type => type.Name.StartsWith("Verbs", StringComparison.Ordinal))
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static)).Select(field => (string)field.GetRawConstantValue()!);
        Assert.Contains(Attribute(Of(name)).VerbName, approved);
        Assert.Matches("[^s]$|ss$|us$", Attribute(Of(name)).NounName);
    }

    [Theory, MemberData(nameof(Names))]
    public void It_has_a_file_of_Pester_tests(string name)
    {
        var (verb, noun) = (Attribute(Of(name)).VerbName, Attribute(Of(name)).NounName);
        var file = Path.Combine(Repository.Root, "tests", "Pester", $"{verb}-{noun}.Tests.ps1");
        Assert.True(File.Exists(file), $"{file} is missing");
        var text = File.ReadAllText(file);
        if (!Attribute(Of(name)).SupportsShouldProcess) return;
        Assert.Contains("-WhatIf", text, StringComparison.Ordinal);
        Assert.Contains("Select-Object -First 1", text, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Names))]
    public void It_declares_what_it_puts_out(string name) => Assert.NotEmpty(Of(name).GetCustomAttributes<OutputTypeAttribute>());

    [Theory, MemberData(nameof(Names))]
    public void It_asks_before_it_changes_anything_and_only_then(string name)
    {
        var cmdlet = Attribute(Of(name));
        Assert.Equal(ChangingVerbs.Contains(cmdlet.VerbName), cmdlet.SupportsShouldProcess);
        Assert.True(cmdlet.ConfirmImpact <= ConfirmImpact.Medium, "nothing here is beyond undoing, so nothing may block an unattended run");
    }

    [Theory, MemberData(nameof(Names))]
    public void Its_parameters_are_public_properties_and_secrets_are_protected(string name)
    {
        var type = Of(name);
        Assert.DoesNotContain(type.GetFields(BindingFlags.Public | BindingFlags.Instance), field => field.GetCustomAttributes<ParameterAttribute>().Any());
        foreach (var property in type.GetProperties().Where(property => property.IsDefined(typeof(ParameterAttribute))))
        {
            Assert.True(property.GetSetMethod() is not null, $"{property.Name} cannot be set");
            if (property.Name.EndsWith("Token", StringComparison.Ordinal) || property.Name.EndsWith("Secret", StringComparison.Ordinal) || property.Name.EndsWith("Password", StringComparison.Ordinal)
                || property.Name is "PrivateKey" or "PrivateKeyPassphrase")
                Assert.True(property.PropertyType == typeof(System.Security.SecureString) || property.PropertyType.Name == "TokenCallback", $"{property.Name} is a {property.PropertyType}");
        }
    }

    [Fact]
    public void A_token_or_the_way_to_one_has_nothing_to_show() =>
        Assert.Empty(All[0].Assembly.GetExportedTypes().Single(type => type.Name == "TokenCallback").GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly));

    [Theory, MemberData(nameof(Names))]
    public void It_has_its_place_on_the_ladder(string name)
    {
        var bases = new List<string>();
        for (var type = Of(name).BaseType; type is not null; type = type.BaseType) bases.Add(type.Name);
        Assert.Contains("AsyncCommand", bases);
    }

    [Fact]
    public void No_type_that_a_person_can_see_lives_behind_the_wall()
    {
        var exposed = All.SelectMany(type => type.GetProperties()).Where(property => property.IsDefined(typeof(ParameterAttribute))).Select(property => property.PropertyType);
        Assert.All(exposed, type => Assert.DoesNotContain("Engine", type.Assembly.GetName().Name, StringComparison.Ordinal));
        Assert.All(All.SelectMany(type => type.GetCustomAttributes<OutputTypeAttribute>()).SelectMany(output => output.Type), output =>
            Assert.DoesNotContain("Engine", output.Type?.Assembly.GetName().Name ?? "", StringComparison.Ordinal));
    }
}
