using System.Management.Automation;
using DropboxOktaProvisioning.Engine;

namespace DropboxOktaProvisioning.Bridge;

/// <summary>The one place where a problem becomes PowerShell's error record.</summary>
internal static class ErrorRecords
{
    /// <summary>The record: stable id, true category, the thing asked for, what to do.</summary>
    public static ErrorRecord From(ProvisioningException problem) => new(problem, problem.ErrorId, Category(problem.Category), problem.Target)
    {
        // PowerShell itself shows the action below the message; said in the message too, it would be read twice.
        ErrorDetails = new ErrorDetails(problem.Message) { RecommendedAction = problem.RecommendedAction ?? "" },
    };

    private static ErrorCategory Category(ProblemCategory category) => category switch
    {
        ProblemCategory.InvalidArgument => ErrorCategory.InvalidArgument,
        ProblemCategory.InvalidData => ErrorCategory.InvalidData,
        ProblemCategory.ObjectNotFound => ErrorCategory.ObjectNotFound,
        ProblemCategory.Ambiguous => ErrorCategory.InvalidArgument,
        ProblemCategory.AuthenticationError => ErrorCategory.AuthenticationError,
        ProblemCategory.PermissionDenied => ErrorCategory.PermissionDenied,
        ProblemCategory.ConnectionError => ErrorCategory.ConnectionError,
        ProblemCategory.LimitsExceeded => ErrorCategory.LimitsExceeded,
        ProblemCategory.ResourceBusy => ErrorCategory.ResourceBusy,
        ProblemCategory.ResourceUnavailable => ErrorCategory.ResourceUnavailable,
        ProblemCategory.InvalidOperation => ErrorCategory.InvalidOperation,
        ProblemCategory.OperationTimeout => ErrorCategory.OperationTimeout,
        _ => ErrorCategory.NotSpecified,
    };
}
