namespace DropboxOktaProvisioning.Engine;

/// <summary>A file to read that is not there, or is a folder.</summary>
internal static class MissingFile
{
    /// <summary>The problem.</summary>
    /// <param name="path">Where it should be.</param>
    /// <param name="inner">What the system said.</param>
    public static ProvisioningException At(string path, Exception? inner = null) => new(
        ErrorIds.FileNotFound, ProblemCategory.ObjectNotFound, Directory.Exists(path) ? $"'{path}' is a folder, and no file." : $"The file '{path}' is not there.", path, "Check the path.", inner);
}
