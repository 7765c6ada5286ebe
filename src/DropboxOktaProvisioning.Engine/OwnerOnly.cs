namespace DropboxOktaProvisioning.Engine;

/// <summary>Files and folders that only their owner can read; on Windows the user's own folders already are that.</summary>
internal static class OwnerOnly
{
    /// <summary>Opens the file for writing; where that creates it, for its owner alone.</summary>
    public static FileStream Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions
        {
            Mode = mode, Access = FileAccess.Write, Share = FileShare.ReadWrite, Options = FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    /// <summary>Creates the folder, and those above it, where they are not there yet.</summary>
    public static void CreateFolder(string folder)
    {
        if (Directory.Exists(folder)) return;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }

        // One by one: the mode is only for the last one that a call creates.
        if (Path.GetDirectoryName(folder) is { Length: > 0 } above) CreateFolder(above);
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
