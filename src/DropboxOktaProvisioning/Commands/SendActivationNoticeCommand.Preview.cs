using System.ComponentModel;
using System.Diagnostics;
using System.Management.Automation;
using DropboxOktaProvisioning.Bridge;
using DropboxOktaProvisioning.Connections;
using DropboxOktaProvisioning.Engine.Notices;

namespace DropboxOktaProvisioning.Commands;

/// <content>Samples to look at.</content>
public sealed partial class SendActivationNoticeCommand
{
    /// <summary>Writes samples of the notices to files, one per kind and language, and opens them where somebody is there to look. Nothing is sent.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Looking)]
    public SwitchParameter Preview { get; set; }

    /// <summary>The folder for the samples; without it a new one below the temporary files.</summary>
    [Parameter(ParameterSetName = Looking)]
    [ValidateNotNullOrEmpty]
    public string? PreviewPath { get; set; }

    private static bool HasDesktop => OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()
        || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DISPLAY")) || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("WAYLAND_DISPLAY"));

    private void Show()
    {
        var team = DropboxTeam ?? Session.Current.DropboxTeam;
        var folder = PreviewPath is null ? null : GetUnresolvedProviderPathFromPSPath(PreviewPath);
        var options = Options(From?[0] ?? "Contoso IT <it@contoso.example>", team, new NoticeManners { DigestTo = DigestTo });
        if (!ShouldProcess(folder ?? "a new folder below the temporary files", "Write samples of the notices")) return;

        var files = NoticePreview.Write(options, folder);
        foreach (var file in files) WriteObject(new FileInfo(file));
        Inform($"{files.Count} files; begin with {files[0]}.");
        if (Attendance.CanAnswer(this) && HasDesktop) Open(files[0]);
    }

    private void Open(string file)
    {
        try
        {
            using var opened = Process.Start(new ProcessStartInfo(file) { UseShellExecute = true });
        }
        catch (Exception none) when (none is Win32Exception or InvalidOperationException or PlatformNotSupportedException)
        {
            WriteWarning($"This machine opened no browser. The samples begin with {file}");
        }
    }
}
