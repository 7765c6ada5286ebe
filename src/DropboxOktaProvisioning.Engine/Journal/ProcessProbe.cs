using System.ComponentModel;
using System.Diagnostics;

namespace DropboxOktaProvisioning.Engine.Journal;

/// <summary>Who holds a claim: a process on a host, told from a later one with the same number by its start.</summary>
/// <param name="Host">The machine's name.</param>
/// <param name="ProcessId">The process's number on that machine.</param>
/// <param name="StartedOn">When the process began, UTC.</param>
internal readonly record struct ProcessIdentity(string Host, int ProcessId, DateTimeOffset StartedOn);

/// <summary>Tells who we are, and whether another process of this machine still runs.</summary>
internal interface IProcessProbe
{
    /// <summary>This process.</summary>
    ProcessIdentity Current { get; }

    /// <summary>Whether the process surely is gone. False for other machines: from here that cannot be seen.</summary>
    bool IsGone(ProcessIdentity process);

    /// <summary>Whether the process surely began on this machine since it was started last: what it left with the system is still there.</summary>
    bool IsOfThisBoot(ProcessIdentity process);
}

/// <summary>The machine's own process table.</summary>
internal sealed class ProcessProbe : IProcessProbe
{
    // Linux computes the start from the boot time, which a clock correction moves a little.
    private static readonly TimeSpan StartTolerance = TimeSpan.FromSeconds(5);

    /// <summary>The one probe of this process.</summary>
    public static ProcessProbe Instance { get; } = new();

    /// <inheritdoc/>
    public ProcessIdentity Current { get; } = Myself();

    /// <inheritdoc/>
    public bool IsGone(ProcessIdentity process)
    {
        if (!string.Equals(process.Host, Current.Host, StringComparison.OrdinalIgnoreCase)) return false;
        try
        {
            using var found = Process.GetProcessById(process.ProcessId);
            return (StartOf(found) - process.StartedOn).Duration() > StartTolerance;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return true;
        }
        catch (Win32Exception)
        {
            // It runs, and belongs to somebody whose start time we may not read.
            return false;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Time asleep is not counted as uptime, and clocks are corrected: both can only make a process look older than it is.</remarks>
    public bool IsOfThisBoot(ProcessIdentity process) =>
        string.Equals(process.Host, Current.Host, StringComparison.OrdinalIgnoreCase)
        && process.StartedOn > TimeProvider.System.GetUtcNow() - TimeSpan.FromMilliseconds(Environment.TickCount64);

    private static ProcessIdentity Myself()
    {
        using var current = Process.GetCurrentProcess();
        return new ProcessIdentity(Environment.MachineName, current.Id, StartOf(current));
    }

    private static DateTimeOffset StartOf(Process process) => new(process.StartTime.ToUniversalTime());
}
