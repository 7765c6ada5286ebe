namespace DropboxOktaProvisioning.Shell;

/// <summary>Finds the module's folder: the nearest one above that has the manifest.</summary>
internal static class ModuleRoot
{
    public const string Manifest = "DropboxOktaProvisioning.psd1";
    public const string QuickStart = "module/examples/QuickStart.ps1";

    /// <summary>The full path of the quick start of the module that <paramref name="folder"/> lies in, or null.</summary>
    public static string? QuickStartAbove(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, Manifest)))
            {
                var script = Path.GetFullPath(Path.Combine(at.FullName, QuickStart));
                return File.Exists(script) ? script : null;
            }
        }

        return null;
    }
}
