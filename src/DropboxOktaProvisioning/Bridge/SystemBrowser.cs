using System.ComponentModel;
using System.Diagnostics;

namespace DropboxOktaProvisioning.Bridge;

/// <summary>The system's own way to show an address or a file to whoever sits before it.</summary>
internal static class SystemBrowser
{
    /// <summary>Whether there is a desktop for it to open on.</summary>
    public static bool HasDesktop => OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()
        || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DISPLAY")) || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("WAYLAND_DISPLAY"));

    /// <summary>Opens it.</summary>
    /// <returns>False where this machine has nothing to open it with.</returns>
    public static bool TryOpen(string target)
    {
        try
        {
            using var opened = Process.Start(new ProcessStartInfo(target) { UseShellExecute = true });
            return true;
        }
        catch (Exception none) when (none is Win32Exception or InvalidOperationException or PlatformNotSupportedException)
        {
            return false;
        }
    }
}
