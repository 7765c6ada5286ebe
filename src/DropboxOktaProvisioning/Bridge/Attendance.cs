using System.Management.Automation;
using System.Management.Automation.Host;

namespace DropboxOktaProvisioning.Bridge;

/// <summary>Whether a person is there: to look, and to answer.</summary>
internal static class Attendance
{
    /// <summary>Whether somebody may be looking. Nobody looks at a service, at pwsh -NonInteractive, or at an Azure Automation job, which has this variable.</summary>
    public static bool IsWatched(PSCmdlet command) =>
        Environment.UserInteractive
        && !Environment.GetCommandLineArgs().Any(argument => argument.StartsWith("-noni", StringComparison.OrdinalIgnoreCase))
        && command.SessionState.PSVariable.GetValue("PSPrivateMetadata") is null;

    /// <summary>Whether somebody could answer. A runbook or a scheduled task has nobody: an open question there would hang for ever.</summary>
    public static bool CanAnswer(PSCmdlet command) => IsWatched(command) && !Console.IsInputRedirected;

    /// <summary>Asks; no answer is a no.</summary>
    public static bool Ask(PSCmdlet command, string question, string caption)
    {
        if (!CanAnswer(command)) return false;
        try
        {
            return command.ShouldContinue(question, caption);
        }
        catch (Exception error) when (error is HostException or NotImplementedException or PSInvalidOperationException)
        {
            return false;
        }
    }
}
