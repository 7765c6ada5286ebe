using System.Runtime.Loader;

namespace DropboxOktaProvisioning.Tests;

/// <summary>What the module loads, and where.</summary>
public sealed class LoadContextTests
{
    [Fact]
    public void The_engine_and_its_libraries_stay_out_of_PowerShells_own_context()
    {
        using var session = new ModuleSession();
        session.Run("Start-ProvisioningSandbox; $null = Test-DropboxUserStatus | Send-ActivationNotice -PickupDirectory $Folder/out -Journal $Folder/journal.db").Clean();

        // This process's own test libraries are there for reasons of their own.
        var shipped = Directory.GetFiles(Repository.EngineFolder, "*.dll").Select(Path.GetFileNameWithoutExtension).ToHashSet();
        var visible = AssemblyLoadContext.Default.Assemblies.Where(assembly => shipped.Contains(assembly.GetName().Name) && assembly.Location.StartsWith(Repository.Root, StringComparison.Ordinal)
            && !assembly.Location.StartsWith(AppContext.BaseDirectory, StringComparison.Ordinal));
        Assert.Empty(visible);

        var engine = AssemblyLoadContext.All.Single(context => context.Name == "DropboxOktaProvisioning.Engine");
        Assert.Contains(engine.Assemblies, assembly => assembly.GetName().Name == "MimeKit");
        Assert.DoesNotContain(engine.Assemblies, assembly => assembly.GetName().Name == "DropboxOktaProvisioning.Model");
    }

    [Fact]
    public void A_second_import_has_all_commands()
    {
        using var session = new ModuleSession();
        var result = session.Run($"Import-Module '{Repository.Manifest}' -Force; Start-ProvisioningSandbox; @(Get-Command -Module DropboxOktaProvisioning).Count; (Test-ModuleManifest '{Repository.Manifest}').ExportedCmdlets.Count; @(Get-SilentProvisioning).Count").Clean();
        var counts = result.Output.Select(count => (int)count.BaseObject).ToArray();
        Assert.True(counts[0] > 20);
        Assert.Equal((counts[1], 1), (counts[0], counts[2]));
    }

    [Fact]
    public void Types_that_people_name_resolve_before_any_command_has_run()
    {
        using var session = new ModuleSession();
        Assert.Equal("Active", session.Run("[DropboxOktaProvisioning.ProvisioningStage]::Active; [DropboxOktaProvisioning.DropboxUserStatus]::new()").Clean().Output[0].ToString());
    }
}
