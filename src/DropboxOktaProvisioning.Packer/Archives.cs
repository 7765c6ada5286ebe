using System.Globalization;
using System.IO.Compression;
using NuGet.Common;
using NuGet.Packaging;
using NuGet.Versioning;

namespace DropboxOktaProvisioning.Packer;

/// <summary>The module's folder as one file, beside it. Equal input gives equal bytes: sorted names, one time and one set of permissions.</summary>
internal static class Archives
{
    private static readonly DateTimeOffset Time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero); // the earliest that a zip can hold
    private const int Readable = 0x81A4 << 16; // a regular file, rw-r--r--

    /// <summary>
    /// A zip that holds the folder. Zip, folder and manifest bear one name, which Azure Automation asks for
    /// (https://learn.microsoft.com/powershell/module/az.automation/new-azautomationmodule); expanded into a folder of $env:PSModulePath it is installed.
    /// </summary>
    public static string Zip(string folder)
    {
        var path = folder + ".zip";
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var file in ShippedFiles.Below(folder))
        {
            var entry = zip.CreateEntry($"{Path.GetFileName(folder)}/{file}", CompressionLevel.Optimal);
            entry.LastWriteTime = Time;
            entry.ExternalAttributes = Readable;
            using var content = entry.Open();
            content.Write(File.ReadAllBytes(Path.Combine(folder, file)));
        }

        return path;
    }

    /// <summary>
    /// A package for a PowerShell repository: the module's files at its root, and the tags by which such a repository lists what a module exports
    /// (https://learn.microsoft.com/powershell/gallery/concepts/package-manifest-affecting-ui).
    /// </summary>
    public static string Package(string folder, Manifest manifest)
    {
        var package = new PackageBuilder(deterministic: true, NullLogger.Instance)
        {
            Id = manifest.Name,
            Version = NuGetVersion.Parse(manifest.Version),
            Description = manifest.Description,
            Copyright = manifest.Copyright,
            Readme = "README.md",
            ReleaseNotes = manifest.ReleaseNotes,
            DeterministicTimestamp = Time.ToString("O", CultureInfo.InvariantCulture),
        };
        package.Authors.Add(manifest.Author);
        package.Tags.AddRange(["PSModule", "PSIncludes_Cmdlet", .. manifest.Commands.SelectMany(command => new[] { $"PSCmdlet_{command}", $"PSCommand_{command}" }), .. manifest.Tags]);
        package.Files.AddRange(ShippedFiles.Below(folder).Select(file => new PhysicalPackageFile { SourcePath = Path.Combine(folder, file), TargetPath = file }));

        var path = Path.Combine(Path.GetDirectoryName(folder)!, $"{manifest.Name}.{manifest.Version}.nupkg");
        using var stream = File.Create(path);
        package.Save(stream);
        return path;
    }
}
