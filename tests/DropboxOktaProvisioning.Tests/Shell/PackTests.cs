using System.Globalization;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace DropboxOktaProvisioning.Tests.Shell;

/// <summary>What is in the folder, the zip and the package, and that all three tell the same.</summary>
[Collection(nameof(PackedModule))]
public sealed partial class PackTests(PackedModule packed)
{
    private static readonly string[] Platforms =
        ["linux-arm", "linux-arm64", "linux-musl-arm64", "linux-musl-x64", "linux-x64", "osx-arm64", "osx-x64", "win-arm64", "win-x64", "win-x86"];

    private static readonly string Version = Read(@"ModuleVersion\s*=\s*'([^']+)'", "DropboxOktaProvisioning.psd1");

    private readonly JsonElement _list = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(packed.Folder, "sbom.cdx.json"))).RootElement;

    private IEnumerable<JsonElement> Libraries => _list.GetProperty("components").EnumerateArray();

    [Fact]
    public async Task Each_pack_of_the_same_files_is_the_same_by_whichever_shell()
    {
        var before = Hashes();
        await PackedModule.PackAsync(arguments => Pwsh.Executable is null ? ShellProcess.RunAsync(arguments) : Pwsh.RunAsync(Path.GetTempPath(), new Dictionary<string, string?>(), arguments));
        Assert.Equal(before, Hashes());

        (string, string)[] Hashes() => [.. new[] { packed.Zip, packed.Package }.Select(file => (file, Hash(file)))];
    }

    [Fact]
    public async Task Zip_and_package_hold_the_folder_and_nothing_else()
    {
        var files = PackedModule.Files(packed.Folder);
        await using var zip = await ZipFile.OpenReadAsync(packed.Zip);
        Assert.Equal(files.Select(file => $"{PackedModule.Name}/{file}"), zip.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal));

        await using var package = await ZipFile.OpenReadAsync(packed.Package);
        string[] ofPackages = ["[Content_Types].xml", "_rels/.rels", $"{PackedModule.Name}.nuspec"]; // and one whose name is a hash
        Assert.Equal(files, package.Entries.Select(entry => entry.FullName).Except(ofPackages).Where(file => !file.EndsWith(".psmdcp", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_only_builders_need_stays_out()
    {
        var files = PackedModule.Files(packed.Folder);
        Assert.DoesNotContain(files, file => file.EndsWith(".pdb", StringComparison.Ordinal) || (file.StartsWith("module/bin/", StringComparison.Ordinal) && file.EndsWith(".xml", StringComparison.Ordinal)));
        Assert.All(files.Where(file => file.StartsWith("module/bin/", StringComparison.Ordinal)), file => Assert.Matches(@"\.(dll|so|dylib|json)$", file));
        Assert.Contains("en-US/DropboxOktaProvisioning.dll-Help.xml", files);
    }

    [Fact]
    public void Native_libraries_are_there_for_what_PowerShell_runs_on_and_for_nothing_else()
    {
        var runtimes = Path.Combine(packed.Folder, "module", "bin", "engine", "runtimes");
        Assert.Equal(Platforms.Append("win"), Directory.GetDirectories(runtimes).Select(Path.GetFileName).OrderBy(name => name == "win").ThenBy(name => name, StringComparer.Ordinal));
        Assert.All(Platforms, platform => Assert.Matches(@"e_sqlite3\.(dll|so|dylib)$", Assert.Single(Directory.GetFiles(Path.Combine(runtimes, platform, "native")))));
    }

    [Fact]
    public void The_list_has_every_file_once_with_its_hash()
    {
        var listed = Libraries.Append(_list.GetProperty("metadata").GetProperty("component")).SelectMany(one => one.GetProperty("components").EnumerateArray())
            .ToDictionary(file => file.GetProperty("name").GetString()!, file => file.GetProperty("hashes")[0].GetProperty("content").GetString());
        Assert.Equal(PackedModule.Files(packed.Folder).Where(file => file != "sbom.cdx.json"), listed.Keys.Order(StringComparer.Ordinal));
        Assert.All(listed, file => Assert.Equal(Hash(Path.Combine(packed.Folder, file.Key)), file.Value));
    }

    [Fact]
    public void The_list_names_each_library_as_it_was_restored()
    {
        using var locked = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(ShellProcess.Root, "src", "DropboxOktaProvisioning.Engine", "packages.lock.json")));
        var resolved = locked.RootElement.GetProperty("dependencies").GetProperty("net8.0");
        Assert.True(Libraries.Count() > 30);
        Assert.All(Libraries, library =>
        {
            var (name, version) = (library.GetProperty("name").GetString()!, library.GetProperty("version").GetString()!);
            var found = resolved.GetProperty(name);
            Assert.Equal(found.GetProperty("resolved").GetString(), version);
            Assert.Equal(Convert.ToHexStringLower(Convert.FromBase64String(found.GetProperty("contentHash").GetString()!)), library.GetProperty("hashes")[0].GetProperty("content").GetString());
            Assert.Equal($"pkg:nuget/{name}@{version}", library.GetProperty("purl").GetString());
            Assert.False(string.IsNullOrWhiteSpace(library.GetProperty("licenses")[0].GetProperty("expression").GetString()));
        });
    }

    [Fact]
    public void The_notices_have_the_licence_of_each_library_and_its_text()
    {
        var notices = File.ReadAllText(Path.Combine(packed.Folder, "THIRD-PARTY-NOTICES.txt"));
        Assert.All(Libraries, library => Assert.Contains(
            $"\n{library.GetProperty("name")} {library.GetProperty("version")}\n{library.GetProperty("copyright")}\n", notices, StringComparison.Ordinal));
        Assert.Contains("The Legion of the Bouncy Castle", notices, StringComparison.Ordinal); // in its own package
        Assert.Contains("\nPostgreSQL\n\nPermission to use, copy, modify", notices, StringComparison.Ordinal); // only named by its package
        Assert.Contains("\nMIT\n\nPermission is hereby granted", notices, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_version_is_stamped_everywhere()
    {
        Assert.Equal(Version, _list.GetProperty("metadata").GetProperty("component").GetProperty("version").GetString());
        Assert.Equal($"{PackedModule.Name}.{Version}.nupkg", Path.GetFileName(packed.Package));
        string[] own = [.. Directory.GetFiles(Path.Combine(packed.Folder, "module", "bin"), $"{PackedModule.Name}*.dll", SearchOption.AllDirectories)];
        Assert.Equal(4, own.Length);
        Assert.All(own, file => Assert.Equal(Version + ".0", AssemblyName.GetAssemblyName(file).Version!.ToString()));

        await using var package = await ZipFile.OpenReadAsync(packed.Package);
        await using var stream = await package.GetEntry($"{PackedModule.Name}.nuspec")!.OpenAsync();
        var about = (await XDocument.LoadAsync(stream, LoadOptions.None, default)).Root!.Elements().Single().Elements().ToDictionary(one => one.Name.LocalName, one => one.Value);
        Assert.Equal((PackedModule.Name, Version), (about["id"], about["version"]));
        var tags = about["tags"].Split(' ');
        Assert.Subset(tags.ToHashSet(), new HashSet<string> { "PSModule", "PSEdition_Core", "PSIncludes_Cmdlet", "PSCmdlet_Test-DropboxUserStatus", "PSCommand_Test-DropboxUserStatus" });
        Assert.StartsWith("### Added", about["releaseNotes"], StringComparison.Ordinal); // the entry of this version
    }

    [Fact]
    public void The_sizes_are_printed_and_the_README_tells_them()
    {
        var printed = Sizes().Matches(packed.Printed).Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).ToArray();
        double[] real = [PackedModule.Files(packed.Folder).Sum(file => new FileInfo(Path.Combine(packed.Folder, file)).Length), new FileInfo(packed.Zip).Length, new FileInfo(packed.Package).Length];
        Assert.Equal(real.Select(bytes => Math.Round(bytes / 1e6, 1)), printed);

        var told = double.Parse(Read(@"(\d+) MB unpacked", "README.md"), CultureInfo.InvariantCulture);
        Assert.InRange(printed[0], told * 0.9, told * 1.1);
    }

    private static string Hash(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));

    private static string Read(string pattern, string file)
    {
        var match = Regex.Match(File.ReadAllText(Path.Combine(ShellProcess.Root, file)), pattern);
        Assert.True(match.Success, $"{file} says nothing like {pattern}");
        return match.Groups[1].Value;
    }

    [GeneratedRegex(@"^Packed .* \(([\d.]+) MB\)$", RegexOptions.Multiline)]
    private static partial Regex Sizes();
}
