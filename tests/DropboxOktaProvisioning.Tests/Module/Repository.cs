namespace DropboxOktaProvisioning.Tests;

/// <summary>Where the built module lies.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Manifest => Path.Combine(Root, "DropboxOktaProvisioning.psd1");

    public static string EngineFolder => Path.Combine(Root, "module", "bin", "engine");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "DropboxOktaProvisioning.psd1"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No manifest above {AppContext.BaseDirectory}.");
    }
}
