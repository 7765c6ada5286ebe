using System.Management.Automation;
using DropboxOktaProvisioning.Engine;

namespace DropboxOktaProvisioning.Bridge;

/// <summary>What nobody foresaw ends a command as everything else does: as a problem with an id and something to do.</summary>
internal static class Unforeseen
{
    /// <summary>The problem that an exception stands for; null for what ends a command on purpose.</summary>
    public static ProvisioningException? ProblemOf(Exception exception) => exception switch
    {
        ProvisioningException problem => problem,
        OperationCanceledException => null,
        // PowerShell's own way out: Ctrl+C, Select-Object -First, -ErrorAction Stop, an exit in a script block.
        _ when exception.GetType().Assembly == typeof(PSCmdlet).Assembly => null,
        _ => new ProvisioningException(
            ErrorIds.UnexpectedFailure, ProblemCategory.Unexpected, $"The command met what it was not made for: {exception.Message.TrimEnd('.')} ({exception.GetType().Name}).", null,
            "Run it again. If it goes on, report it with what Get-Error shows.", exception),
    };
}
