namespace DropboxOktaProvisioning.Engine.Reports;

/// <summary>Writes a file that appears whole or not at all, readable by its owner only.</summary>
public static class WholeFile
{
    /// <summary>Writes it beside its place first, and then puts it there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overwrite">Also where a file of that name is there.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="cancel">Stops it; what was there before stays.</param>
    /// <exception cref="ProvisioningException">ReportExists or ReportNotWritten.</exception>
    public static async Task WriteAsync(string path, bool overwrite, Func<Stream, CancellationToken, Task> write, CancellationToken cancel)
    {
        Check(path, overwrite);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            await using (var stream = OwnerOnly.Open(temporary, FileMode.CreateNew)) await write(stream, cancel);
            File.Move(temporary, path, overwrite);
        }
        catch (IOException) when (!overwrite && File.Exists(path))
        {
            throw Exists(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw NotWritten(path, exception.Message, exception);
        }
        finally
        {
            if (File.Exists(temporary)) File.Delete(temporary);
        }
    }

    /// <summary>Looks before any work is done whether the file may be put there.</summary>
    /// <exception cref="ProvisioningException">ReportExists or ReportNotWritten.</exception>
    public static void Check(string path, bool overwrite)
    {
        if (Directory.Exists(path)) throw NotWritten(path, "It is a folder.");
        if (!Directory.Exists(Path.GetDirectoryName(path))) throw NotWritten(path, "Its folder is not there.");
        if (!overwrite && File.Exists(path)) throw Exists(path);
    }

    private static ProvisioningException NotWritten(string path, string why, Exception? inner = null) => new(
        ErrorIds.ReportNotWritten, ProblemCategory.ResourceUnavailable, $"The file '{path}' cannot be written: {why}", path,
        "Name a file in a folder that is there and where this account may write.", inner);

    private static ProvisioningException Exists(string path) => new(
        ErrorIds.ReportExists, ProblemCategory.ResourceExists, $"The file '{path}' is there already and stays as it is.", path, "Name another file, or give -Force to put the new one in its place.");
}
