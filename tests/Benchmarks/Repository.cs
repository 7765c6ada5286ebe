using System.Reflection;

namespace DropboxOktaProvisioning.Benchmarks;

/// <summary>Where the built things lie.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Manifest => Path.Combine(Root, "DropboxOktaProvisioning.psd1");

    public static string EmptyManifest => Path.Combine(Root, "tests", "Benchmarks", "EmptyModule", "bin", Configuration, "net8.0", "EmptyModule.psd1");

    public static string SandboxHost => Path.Combine(Root, "src", "DropboxOktaProvisioning.SandboxHost", "bin", Configuration, "net10.0", "DropboxOktaProvisioning.SandboxHost.dll");

    public static string EngineProgram => Path.Combine(Root, "tests", "Benchmarks", "EngineProgram", "bin", Configuration, "net10.0", "EngineProgram.dll");

    public static string EngineFolder => Path.Combine(Root, "module", "bin", "engine");

    public static string Results => Path.Combine(Root, "artifacts", "benchmarks", "results.md");

    private static string Configuration => typeof(Repository).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "DropboxOktaProvisioning.psd1"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No manifest above {AppContext.BaseDirectory}.");
    }
}
