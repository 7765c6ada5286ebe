using System.Management.Automation;
using DropboxOktaProvisioning.Engine;

namespace DropboxOktaProvisioning.Bridge;

/// <summary>The one place where a problem becomes PowerShell's error record.</summary>
internal static class ErrorRecords
{
    /// <summary>The record: stable id, true category, the thing asked for, and a message that says what to do; a script finds that apart in the exception's RecommendedAction.</summary>
    public static ErrorRecord From(ProvisioningException problem) => new(problem, problem.ErrorId, Category(problem.Category), problem.Target)
    {
        // PowerShell 7.4 shows ErrorDetails.RecommendedAction nowhere and 7.5 below the message: said in the message alone, it is read once in both.
        ErrorDetails = new ErrorDetails(problem.RecommendedAction is null ? problem.Message : $"{problem.Message} {problem.RecommendedAction}"),
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
