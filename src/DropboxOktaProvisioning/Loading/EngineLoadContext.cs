using System.Reflection;
using System.Runtime.Loader;

namespace DropboxOktaProvisioning.Loading;

/// <summary>The private load context of the engine and its libraries, so that no other module's versions can clash with them.</summary>
internal sealed class EngineLoadContext : AssemblyLoadContext
{
    private readonly AssemblyDependencyResolver _resolver;

    private EngineLoadContext(string folder)
        : base("DropboxOktaProvisioning.Engine")
    {
        Folder = folder;
        _resolver = new AssemblyDependencyResolver(Path.Combine(folder, "DropboxOktaProvisioning.Engine.dll"));
    }

    /// <summary>The one context of this process: a second import of the module shares it.</summary>
    public static EngineLoadContext Instance { get; } =
        new(Path.Combine(Path.GetDirectoryName(typeof(EngineLoadContext).Assembly.Location)!, "engine"));

    private string Folder { get; }

    /// <summary>Answers for our own two assemblies behind the wall and for no other.</summary>
    public static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) =>
        name.Name is "DropboxOktaProvisioning.Engine" or "DropboxOktaProvisioning.Sandbox" ? Instance.LoadFromAssemblyName(name) : null;

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        // The records are PowerShell's to see, so they come from the context that the cmdlets live in.
        if (assemblyName.Name == "DropboxOktaProvisioning.Model") return null;
        if (assemblyName.Name == "DropboxOktaProvisioning.Sandbox") return LoadFromAssemblyPath(Path.Combine(Folder, "DropboxOktaProvisioning.Sandbox.dll"));
        return _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;
}
