namespace DropboxOktaProvisioning.Packer;

/// <summary>What ships: the manifest, the README, the help of the root, and all of module/ but what only builders need.</summary>
internal static class ShippedFiles
{
    private static readonly string[] ForBuilders = [".pdb", ".runtimeconfig.json"];

    /// <summary>Paths below the root, with forward slashes, in the same order on every machine.</summary>
    public static IReadOnlyList<string> Find(string root, string name)
    {
        var bin = $"module/bin/{name}.dll";
        if (!File.Exists(Path.Combine(root, bin))) throw new PackException($"{bin} is not there: build the module first.");
        return [.. Below(root, "module").Concat(Below(root, "en-US")).Where(IsForUse).Append($"{name}.psd1").Append("README.md").Order(StringComparer.Ordinal)];
    }

    /// <summary>All files below a folder, as <see cref="Find"/> gives them.</summary>
    public static IEnumerable<string> Below(string root, string folder = "") =>
        Directory.EnumerateFiles(Path.Combine(root, folder), "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(root, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);

    // The comments of the code (bin/*.xml) and the symbols help nobody at a prompt.
    private static bool IsForUse(string file) =>
        !ForBuilders.Any(end => file.EndsWith(end, StringComparison.Ordinal)) && !(file.StartsWith("module/bin/", StringComparison.Ordinal) && file.EndsWith(".xml", StringComparison.Ordinal));
}
