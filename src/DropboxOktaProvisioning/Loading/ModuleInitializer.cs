using System.Management.Automation;
using System.Runtime.Loader;

namespace DropboxOktaProvisioning.Loading;

/// <summary>Opens the way to the engine when the module is imported; nothing else happens then.</summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer
{
    private static int _attached;

    /// <inheritdoc/>
    public void OnImport()
    {
        if (Interlocked.Exchange(ref _attached, 1) == 0) AssemblyLoadContext.Default.Resolving += EngineLoadContext.Resolve;
    }
}
