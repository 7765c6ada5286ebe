using System.Globalization;

namespace DropboxOktaProvisioning.Packer;

/// <summary>Called by <c>build.ps1 -Task Pack</c> with the root of the repository, whose module is built, and the folder to make.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments is not [var root, var target])
        {
            Console.Error.WriteLine("usage: <root of the repository> <folder to make>");
            return 2;
        }

        try
        {
            Pack(Path.GetFullPath(root), Path.GetFullPath(target));
            return 0;
        }
        catch (PackException problem)
        {
            Console.Error.WriteLine(problem.Message);
            return 1;
        }
    }

    private static void Pack(string root, string target)
    {
        var manifest = Manifest.Read(root);
        var shipped = ShippedFiles.Find(root, manifest.Name);
        var libraries = Library.ReadAll(root, shipped);
        if (Directory.Exists(target)) Directory.Delete(target, recursive: true);

        var folder = Path.Combine(target, manifest.Name);
        foreach (var file in shipped)
        {
            var copy = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(root, file), copy);
        }

        File.WriteAllText(Path.Combine(folder, Notices.FileName), Notices.Write(manifest, libraries));
        File.WriteAllText(Path.Combine(folder, BillOfMaterials.FileName), BillOfMaterials.Write(manifest, libraries, folder));
        Report(folder);
        Report(Archives.Zip(folder));
        Report(Archives.Package(folder, manifest));
    }

    private static void Report(string path)
    {
        var bytes = Directory.Exists(path) ? ShippedFiles.Below(path).Sum(file => new FileInfo(Path.Combine(path, file)).Length) : new FileInfo(path).Length;
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Packed {path} ({bytes / 1e6:0.0} MB)"));
    }
}
