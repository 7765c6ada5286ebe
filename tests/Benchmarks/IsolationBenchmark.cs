using System.Globalization;
using System.Runtime.Loader;

namespace DropboxOktaProvisioning.Benchmarks;

/// <summary>Which of the engine's files end up in the default load context after the whole workflow: none may.</summary>
internal static class IsolationBenchmark
{
    public const string Child = "isolation";

    // All three steps, a mail written, the journal read: whatever the module loads, it has loaded then.
    private const string Workflow = """
        $null = Start-ProvisioningSandbox -UserCount 200
        $null = Get-SilentProvisioning
        $null = Invoke-SilentProvisioning -Journal $Folder/journal.db
        $null = Test-DropboxUserStatus | Send-ActivationNotice -Journal $Folder/journal.db -From it@contoso.example -PickupDirectory $Folder -ResendUnknown
        @(Get-ActivationNotice -Journal $Folder/journal.db).Count
        """;

    private sealed record Loaded(int Notices, string[] InDefault, int Private);

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        var loaded = await ChildProcess.RunAsync<Loaded>(Child);
        return
        [
            new(Child, "notices in the journal after the whole workflow", loaded.Notices.ToString(CultureInfo.InvariantCulture)),
            new(Child, "the engine's assemblies loaded in their own context", loaded.Private.ToString(CultureInfo.InvariantCulture)),
            new(Child, "… and in the default context", loaded.InDefault is [] ? "0" : string.Join(", ", loaded.InDefault), "0", loaded.InDefault is not []),
        ];
    }

    public static object InChild(string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("dop-benchmark-");
        try
        {
            using var runspace = new ModuleRunspace();
            runspace.Import(Repository.Manifest);
            var notices = (int)runspace.Run(Workflow, ("Folder", folder.FullName))[^1].BaseObject;
            var engine = Directory.EnumerateFiles(Repository.EngineFolder, "*.dll").Select(Path.GetFileNameWithoutExtension).ToHashSet();
            var privately = AssemblyLoadContext.All.Where(context => context != AssemblyLoadContext.Default).SelectMany(context => context.Assemblies);
            return new Loaded(
                notices,
                [.. AssemblyLoadContext.Default.Assemblies.Select(assembly => assembly.GetName().Name!).Where(engine.Contains).Order(StringComparer.Ordinal)],
                privately.Count(assembly => engine.Contains(assembly.GetName().Name)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
