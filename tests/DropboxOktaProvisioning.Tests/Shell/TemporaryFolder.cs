namespace DropboxOktaProvisioning.Tests.Shell;

/// <summary>A folder of its own for one test, with spaces in its name, gone afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Directory.CreateDirectory(Path);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"dop shell {Guid.NewGuid():N}");

    /// <summary>Writes a script and returns its full path.</summary>
    public string Script(string text, string name = "script.ps1")
    {
        var path = System.IO.Path.Combine(Path, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
