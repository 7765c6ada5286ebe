using System.Management.Automation;
using DropboxOktaProvisioning.Engine;

namespace DropboxOktaProvisioning.Bridge;

/// <summary>A file or folder by a path of PowerShell's, which need not be one: a shell may stand in the registry.</summary>
internal static class DiskPath
{
    /// <summary>The whole path on the disk; nothing need be there.</summary>
    /// <exception cref="ProvisioningException">InvalidPath.</exception>
    public static string Of(PSCmdlet command, string path)
    {
        var whole = command.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
        // Another provider's path would be taken for one below the process's own folder, wherever that is.
        return provider.Name == "FileSystem" ? whole : throw new ProvisioningException(
            ErrorIds.InvalidPath, ProblemCategory.InvalidArgument, $"'{path}' is of the provider {provider.Name}, and no file or folder.", path,
            "Give a path of the file system, best a whole one; or go to a folder first with Set-Location.");
    }
}
