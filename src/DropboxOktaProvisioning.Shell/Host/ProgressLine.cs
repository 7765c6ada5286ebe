using System.Management.Automation;

namespace DropboxOktaProvisioning.Shell.Host;

/// <summary>Draws the newest progress on one terminal line, and takes it away before anything else is written.</summary>
internal sealed class ProgressLine
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private long lastDrawn;
    private int drawnWidth;

    public void Show(ProgressRecord record)
    {
        if (!Terminal.HasOutput)
        {
            return;
        }

        if (record.RecordType == ProgressRecordType.Completed)
        {
            Clear();
            return;
        }

        if (drawnWidth > 0 && TimeProvider.System.GetElapsedTime(lastDrawn) < Pause)
        {
            return;
        }

        Draw(Text(record));
        lastDrawn = TimeProvider.System.GetTimestamp();
    }

    public void Clear()
    {
        if (drawnWidth > 0)
        {
            Console.Out.Write('\r' + new string(' ', drawnWidth) + '\r');
            drawnWidth = 0;
        }
    }

    private static string Text(ProgressRecord record)
    {
        var percent = record.PercentComplete >= 0 ? $" {record.PercentComplete} %" : "";
        var operation = string.IsNullOrEmpty(record.CurrentOperation) ? "" : $" ({record.CurrentOperation})";
        return $"{record.Activity}:{percent} {record.StatusDescription}{operation}".ReplaceLineEndings(" ");
    }

    private void Draw(string text)
    {
        // One column stays free: a full line would wrap, and could not be taken away.
        var shown = text.Length < Terminal.Width ? text : text[..(Terminal.Width - 1)];
        Console.Out.Write('\r' + shown.PadRight(drawnWidth));
        drawnWidth = shown.Length;
    }
}
