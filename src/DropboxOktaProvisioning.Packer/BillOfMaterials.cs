using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DropboxOktaProvisioning.Packer;

/// <summary>What is in the package, file by file and library by library, as CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json). Equal input gives equal text.</summary>
internal static class BillOfMaterials
{
    public const string FileName = "sbom.cdx.json";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="manifest">The module.</param>
    /// <param name="libraries">The libraries in it.</param>
    /// <param name="folder">The module's folder, complete but for this file.</param>
    public static string Write(Manifest manifest, IReadOnlyList<Library> libraries, string folder)
    {
        var own = ShippedFiles.Below(folder).Except(libraries.SelectMany(library => library.Files));
        var module = new JsonObject
        {
            ["type"] = "library",
            ["bom-ref"] = manifest.Name,
            ["name"] = manifest.Name,
            ["version"] = manifest.Version,
            ["description"] = manifest.Description,
            ["components"] = FileList(folder, own),
        };
        var list = new JsonObject
        {
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.6",
            ["version"] = 1,
            ["metadata"] = new JsonObject { ["component"] = module },
            ["components"] = new JsonArray([.. libraries.Select(library => Describe(library, folder))]),
        };
        return list.ToJsonString(Readable) + "\n";
    }

    private static JsonObject Describe(Library library, string folder)
    {
        var address = $"pkg:nuget/{library.Id}@{library.Version}";
        var licence = library.Licence is not null
            ? new JsonObject { ["expression"] = library.Licence }
            : new JsonObject { ["license"] = new JsonObject { ["name"] = $"{library.Id} licence", ["url"] = library.LicenceUrl } };
        return new JsonObject
        {
            ["type"] = "library",
            ["bom-ref"] = address,
            ["name"] = library.Id,
            ["version"] = library.Version,
            ["hashes"] = new JsonArray(new JsonObject { ["alg"] = "SHA-512", ["content"] = library.Hash }),
            ["licenses"] = new JsonArray(licence),
            ["copyright"] = library.Copyright,
            ["purl"] = address,
            ["components"] = FileList(folder, library.Files),
        };
    }

    private static JsonArray FileList(string folder, IEnumerable<string> files) => new([.. files.Select(file => new JsonObject
    {
        ["type"] = "file",
        ["name"] = file,
        ["hashes"] = new JsonArray(new JsonObject { ["alg"] = "SHA-256", ["content"] = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, file)))) }),
    })]);
}
