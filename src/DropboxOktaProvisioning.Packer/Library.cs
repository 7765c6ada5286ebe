using System.Reflection;
using System.Text.Json;
using NuGet.Packaging;

namespace DropboxOktaProvisioning.Packer;

/// <summary>A library of others that ships, as its own NuGet package describes it.</summary>
/// <param name="Id">The package's id.</param>
/// <param name="Version">Its version.</param>
/// <param name="Hash">The SHA-512 of the package, as hexadecimal digits.</param>
/// <param name="Files">What of it ships, as paths below the root.</param>
/// <param name="Licence">An SPDX expression; null where the package has none.</param>
/// <param name="LicenceUrl">Where the licence is read, if the package says so.</param>
/// <param name="LicenceText">The licence's text, if it lies in the package.</param>
/// <param name="Notices">The package's own notices of what it contains, if it has some.</param>
/// <param name="Copyright">Whose it is: the copyright line, else the authors.</param>
/// <param name="ProjectUrl">Its home, if the package says so.</param>
internal sealed record Library(
    string Id, string Version, string Hash, IReadOnlyList<string> Files, string? Licence, string? LicenceUrl, string? LicenceText, string? Notices,
    string Copyright, string? ProjectUrl)
{
    private const string Engine = "module/bin/engine/";

    /// <summary>All of them, by id. The engine's own list of dependencies says which file is whose.</summary>
    /// <exception cref="PackException">A file ships of which nobody says where it is from, or a library ships without a word on its licence.</exception>
    public static IReadOnlyList<Library> ReadAll(string root, IReadOnlyList<string> shipped)
    {
        using var list = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(root, Engine, "DropboxOktaProvisioning.Engine.deps.json")));
        var target = list.RootElement.GetProperty("targets").EnumerateObject().Single().Value;
        var libraries = new List<Library>();
        foreach (var entry in list.RootElement.GetProperty("libraries").EnumerateObject().Where(one => one.Value.GetProperty("type").GetString() == "package"))
        {
            string[] files = [.. FilesOf(target.GetProperty(entry.Name)).Intersect(shipped).Order(StringComparer.Ordinal)];
            if (files.Length > 0) libraries.Add(Read(entry, files));
        }

        var unknown = shipped.Where(file => file.StartsWith("module/bin/", StringComparison.Ordinal) && !file.EndsWith(".json", StringComparison.Ordinal))
            .Except(libraries.SelectMany(library => library.Files)).Where(file => !Path.GetFileName(file).StartsWith("DropboxOktaProvisioning.", StringComparison.Ordinal)).ToArray();
        if (unknown.Length > 0) throw new PackException($"No package is known for {string.Join(", ", unknown)}.");
        return [.. libraries.OrderBy(library => library.Id, StringComparer.OrdinalIgnoreCase)];
    }

    // Assemblies of all platforms lie flat, those of one below runtimes/.
    private static IEnumerable<string> FilesOf(JsonElement assets)
    {
        if (assets.TryGetProperty("runtime", out var everywhere))
        {
            foreach (var file in everywhere.EnumerateObject()) yield return Engine + Path.GetFileName(file.Name);
        }

        if (assets.TryGetProperty("runtimeTargets", out var somewhere))
        {
            foreach (var file in somewhere.EnumerateObject()) yield return Engine + file.Name;
        }
    }

    private static Library Read(JsonProperty entry, IReadOnlyList<string> files)
    {
        var root = typeof(Library).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "PackageRoot").Value!;
        var folder = Path.Combine(root, entry.Value.GetProperty("path").GetString()!);
        var nuspec = new NuspecReader(Directory.GetFiles(folder, "*.nuspec").Single());
        var licence = nuspec.GetLicenseMetadata();
        var text = licence?.Type == LicenseType.File ? licence.License : FindFile(folder, "LICENSE");
        var copyright = nuspec.GetCopyright();
        var library = new Library(
            nuspec.GetId(), nuspec.GetVersion().ToNormalizedString(), Hex(entry.Value.GetProperty("sha512").GetString()!), files,
            licence?.Type == LicenseType.Expression ? licence.License : null, Given(nuspec.GetLicenseUrl()), ReadText(folder, text), ReadText(folder, FindFile(folder, "THIRD-PARTY-NOTICES")),
            string.IsNullOrWhiteSpace(copyright) ? nuspec.GetAuthors() : copyright, Given(nuspec.GetProjectUrl()));
        if (library is { Licence: null, LicenceText: null, LicenceUrl: null }) throw new PackException($"The package {library.Id} {library.Version} says nothing of its licence.");
        return library;
    }

    private static string? FindFile(string folder, string name) =>
        Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal).FirstOrDefault(file => Path.GetFileNameWithoutExtension(file)!.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static string? ReadText(string folder, string? file) => file is null ? null : File.ReadAllText(Path.Combine(folder, file)).ReplaceLineEndings("\n").Trim();

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static string Hex(string hash) => Convert.ToHexStringLower(Convert.FromBase64String(hash["sha512-".Length..]));
}
