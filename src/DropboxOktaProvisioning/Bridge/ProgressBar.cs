using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using DropboxOktaProvisioning.Engine;

namespace DropboxOktaProvisioning.Bridge;

/// <summary>The one bar of a command: how far, how fast, how long still, and why it waits. Short work shows none, and neither does work that nobody watches.</summary>
internal sealed class ProgressBar(PSCmdlet command)
{
    private const int ActivityId = 0x0D0B;
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(500); // short work shows no bar
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Telling = TimeSpan.FromSeconds(1); // a shorter time tells no rate

    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Lazy<bool> _isWatched = new(() => Attendance.IsWatched(command));
    private readonly Dictionary<string, (long Since, int Done)> _begun = new(StringComparer.Ordinal);
    private long _last;
    private ProgressRecord? _shown;

    /// <summary>Shows how far the work is.</summary>
    public void Show(Advanced step)
    {
        if (!_begun.TryGetValue(step.Activity, out var begun)) _begun[step.Activity] = begun = (Stopwatch.GetTimestamp(), step.Done);
        if (_shown is not null && Stopwatch.GetElapsedTime(_last) < Between) return;

        var elapsed = Stopwatch.GetElapsedTime(begun.Since);
        var rate = elapsed < Telling ? 0 : (step.Done - begun.Done) / elapsed.TotalSeconds;
        // A total with a time beside it is a forecast.
        var status = step.Total is { } total ? Text($"{step.Done} of {(step.Left is null ? "" : "about ")}{total}") : Text($"{step.Done}");
        Write(new ProgressRecord(ActivityId, step.Activity, rate >= 1 ? Text($"{status}, {rate:0} a second") : rate > 0 ? Text($"{status}, {rate * 60:0} a minute") : status)
        {
            PercentComplete = step.Total is > 0 ? (int)Math.Min(100, 100L * step.Done / step.Total.Value) : -1,
            SecondsRemaining = step.Left is { } left ? (int)Math.Ceiling(left.TotalSeconds) : step.Total is { } all && rate > 0 ? (int)Math.Min(int.MaxValue, Math.Max(0, all - step.Done) / rate) : -1,
        });
    }

    /// <summary>Shows why nothing moves, and for how long.</summary>
    public void Show(Waiting wait, string text) =>
        Write(new ProgressRecord(ActivityId, wait.Service, text) { PercentComplete = -1, SecondsRemaining = (int)Math.Ceiling(wait.Delay.TotalSeconds) });

    /// <summary>Takes the bar away, if one was shown.</summary>
    public void Close()
    {
        if (_shown is not { } bar) return;
        _shown = null;
        bar.RecordType = ProgressRecordType.Completed;
        try
        {
            command.WriteProgress(bar);
        }
        catch (PipelineStoppedException)
        {
            // The host takes the bars of a stopped pipeline away itself.
        }
    }

    private void Write(ProgressRecord bar)
    {
        if (!_isWatched.Value || Stopwatch.GetElapsedTime(_started) < Quiet) return;
        _last = Stopwatch.GetTimestamp();
        _shown = bar;
        command.WriteProgress(bar);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
