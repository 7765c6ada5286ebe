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

    /// <summary>Opens the samples in place of the system's own browser; gets the file to begin with as its argument. Where nobody is there to look it is not asked.</summary>
    [Parameter(ParameterSetName = Looking)]
    [ValidateNotNull]
    public ScriptBlock? Browser { get; set; }

    private void Show()
    {
        var team = DropboxTeam ?? Session.Current.DropboxTeam;
        var folder = PreviewPath is null ? null : DiskPath.Of(this, PreviewPath);
        var options = Options(From?[0] ?? "Contoso IT <it@contoso.example>", team, new NoticeManners { DigestTo = DigestTo, Hours = SendingHours.Of(QuietHours, WorkingDay), Clock = PersonClock.Of(SenderTimeZone) });
        if (!ShouldProcess(folder ?? "a new folder below the temporary files", "Write samples of the notices")) return;

        var files = NoticePreview.Write(options, folder);
        foreach (var file in files) WriteObject(new FileInfo(file));
        Inform($"{files.Count} files; begin with {files[0]}.");
        if (Attendance.CanAnswer(this) && (Browser is not null || SystemBrowser.HasDesktop)) Open(files[0]);
    }

    // The samples are written: what cannot be opened here is opened by hand.
    private void Open(string file)
    {
        try
        {
            if (Browser is not null) Browser.Invoke(file);
            else if (!SystemBrowser.TryOpen(file)) WriteWarning($"This machine opened no browser. The samples begin with {file}");
        }
        catch (RuntimeException failure) when (failure is not PipelineStoppedException)
        {
            WriteWarning($"-Browser failed: {failure.Message} The samples begin with {file}");
        }
    }
}
