using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace DropboxOktaProvisioning.Tests;

/// <summary>What the module keeps for its user by default is kept in a folder of these tests; on Windows, which has no setting for it, in the user's own.</summary>
internal static class OwnHome
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "No test has begun by then, and each process that a test starts is told as well.")]
    internal static void Begin()
    {
        var folder = Directory.CreateTempSubdirectory("dop-home-").FullName;
        Environment.SetEnvironmentVariable("XDG_DATA_HOME", folder);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
    }
}
