using System.Management.Automation;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Bridge;

/// <summary>The one place where a problem becomes PowerShell's error record.</summary>
internal static class ErrorRecords
{
    // From 7.5 on PowerShell shows the recommendation itself; before, nobody would see it but by Get-Error.
    private static readonly bool ShowsRecommendation = typeof(PSCmdlet).Assembly.GetName().Version >= new Version(7, 5);

    /// <summary>The record: stable id, true category, the thing asked for, what to do.</summary>
    public static ErrorRecord From(ProvisioningException problem, Type command)
    {
        var action = Action(problem, command);
        return new(problem, problem.ErrorId, Category(problem.Category), problem.Target)
        {
            ErrorDetails = new ErrorDetails(ShowsRecommendation || action.Length == 0 ? problem.Message : $"{problem.Message} {action}") { RecommendedAction = action },
        };
    }

    // Who grants one right and finds the next one missing, and the one after that, should have been told of all at once.
    private static string Action(ProvisioningException problem, Type command)
    {
        var action = problem.RecommendedAction;
        return problem is ServiceException { ErrorId: ErrorIds.MissingScope or ErrorIds.PermissionDenied } refused && CommandScopes.Advice(command, refused.Service) is { } all
            ? $"{action} {all}".TrimStart()
            : action;
    }

    private static ErrorCategory Category(ProblemCategory category) => category switch
    {
        ProblemCategory.InvalidArgument => ErrorCategory.InvalidArgument,
        ProblemCategory.InvalidData => ErrorCategory.InvalidData,
        ProblemCategory.ObjectNotFound => ErrorCategory.ObjectNotFound,
        ProblemCategory.Ambiguous => ErrorCategory.InvalidArgument,
        ProblemCategory.AuthenticationError => ErrorCategory.AuthenticationError,
        ProblemCategory.PermissionDenied => ErrorCategory.PermissionDenied,
        ProblemCategory.ResourceExists => ErrorCategory.ResourceExists,
        ProblemCategory.ConnectionError => ErrorCategory.ConnectionError,
        ProblemCategory.LimitsExceeded => ErrorCategory.LimitsExceeded,
        ProblemCategory.ResourceBusy => ErrorCategory.ResourceBusy,
        ProblemCategory.ResourceUnavailable => ErrorCategory.ResourceUnavailable,
        ProblemCategory.InvalidOperation => ErrorCategory.InvalidOperation,
        ProblemCategory.OperationTimeout => ErrorCategory.OperationTimeout,
        _ => ErrorCategory.NotSpecified,
    };
}
