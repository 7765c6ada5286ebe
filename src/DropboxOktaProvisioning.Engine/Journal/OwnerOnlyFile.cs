namespace DropboxOktaProvisioning.Engine.Journal;

/// <summary>Files and folders that only their owner can read; on Windows the user's own folders already are that.</summary>
internal static class OwnerOnlyFile
{
    /// <summary>Creates the file, empty, where it is not there yet.</summary>
    /// <exception cref="ProvisioningException">It cannot be created (JournalUnavailable).</exception>
    public static void Create(string path)
    {
        if (File.Exists(path)) return;
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            new FileStream(path, options).Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw JournalErrors.Unavailable(path, exception.Message, exception);
        }
    }

    /// <summary>Creates the folder, and those above it, where they are not there yet.</summary>
    public static void CreateFolder(string folder)
    {
        if (Directory.Exists(folder)) return;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
