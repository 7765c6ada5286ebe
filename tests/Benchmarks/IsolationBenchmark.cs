using System.Globalization;
using System.Runtime.Loader;

namespace DropboxOktaProvisioning.Benchmarks;

/// <summary>Which of the engine's files end up in the default load context after the whole workflow: none may.</summary>
internal static class IsolationBenchmark
{
    public const string Child = "isolation";

    // All three steps, each way for a notice to leave, the journal read: whatever the module loads, it has loaded then. The mail
    // server's port is closed, so that way ends in errors; the library behind it is loaded nevertheless.
    private const string Workflow = """
        $null = Start-ProvisioningSandbox -UserCount 200
        $null = Get-SilentProvisioning
        $null = Invoke-SilentProvisioning -Journal $Folder/journal.db
        $people = Test-DropboxUserStatus -PersonalAccount a@contoso.example
        $null = $people | Send-ActivationNotice -Journal $Folder/pickup.db -From it@contoso.example -PickupDirectory $Folder
        try { $null = $people | Send-ActivationNotice -Journal $Folder/smtp.db -From it@contoso.example -SmtpServer 127.0.0.1 -Port 1 -ErrorAction SilentlyContinue } catch { }
        [IO.File]::WriteAllText("$Folder/people.csv", "Email`na@contoso.example`n")
        $null = Test-DropboxUserStatus -Path $Folder/people.csv -ErrorAction SilentlyContinue
        @(Get-ActivationNotice -Journal $Folder/journal.db).Count + @(Get-ActivationNotice -Journal $Folder/pickup.db).Count
        """;

    private sealed record Loaded(int Notices, string[] InDefault, int Private, int Shipped);

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        var loaded = await ChildProcess.RunAsync<Loaded>(Child);
        return
        [
            new(Child, "notices sent in a run of the whole workflow", loaded.Notices.ToString(CultureInfo.InvariantCulture)),
            new(Child, "the engine's assemblies loaded in their own context", $"{loaded.Private} of {loaded.Shipped}"),
            new(Child, "… and in the default context", loaded.InDefault is [] ? "none" : string.Join(", ", loaded.InDefault), "none", loaded.InDefault is not []),
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
            var engine = Directory.EnumerateFiles(Repository.EngineFolder, "*.dll").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal).ToArray();
            var inDefault = Names([AssemblyLoadContext.Default]);
            var privately = Names(AssemblyLoadContext.All.Where(context => context != AssemblyLoadContext.Default));
            return new Loaded(notices, [.. engine.Where(inDefault.Contains)], engine.Count(privately.Contains), engine.Length);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static HashSet<string> Names(IEnumerable<AssemblyLoadContext> contexts) =>
        [.. contexts.SelectMany(context => context.Assemblies).Select(assembly => assembly.GetName().Name!)];
}
