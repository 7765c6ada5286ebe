namespace DropboxOktaProvisioning.Engine;

/// <summary>The kind of a problem; the cmdlets translate it to PowerShell's error categories.</summary>
public enum ProblemCategory
{
    /// <summary>A value that was handed in is wrong.</summary>
    InvalidArgument,

    /// <summary>A file or an answer does not have the form it must have.</summary>
    InvalidData,

    /// <summary>What was asked for is not there.</summary>
    ObjectNotFound,

    /// <summary>A name fits more than one thing.</summary>
    Ambiguous,

    /// <summary>The sign-in was refused.</summary>
    AuthenticationError,

    /// <summary>Signed in, but not allowed.</summary>
    PermissionDenied,

    /// <summary>The service or the network could not be reached.</summary>
    ConnectionError,

    /// <summary>The service asks to slow down, for longer than we may wait.</summary>
    LimitsExceeded,

    /// <summary>Something else has it now.</summary>
    ResourceBusy,

    /// <summary>The disk or a file could not be written or read.</summary>
    ResourceUnavailable,

    /// <summary>It is there already, and is not replaced unasked.</summary>
    ResourceExists,

    /// <summary>The state of things does not allow it.</summary>
    InvalidOperation,

    /// <summary>It took too long.</summary>
    OperationTimeout,

    /// <summary>Nobody foresaw it.</summary>
    Unexpected,
}

/// <summary>A problem that a person can do something about: what went wrong, with what, and what to do.</summary>
public class ProvisioningException : Exception
{
    /// <summary>Creates the problem.</summary>
    /// <param name="errorId">A stable PascalCase id out of <see cref="ErrorIds"/>.</param>
    /// <param name="category">Its kind.</param>
    /// <param name="message">Which value, and what is wrong with it. Never holds a secret.</param>
    /// <param name="target">The thing asked for.</param>
    /// <param name="recommendedAction">What to do.</param>
    /// <param name="inner">What caused it.</param>
    public ProvisioningException(
        string errorId, ProblemCategory category, string message, object? target, string recommendedAction, Exception? inner = null)
        : base(message, inner)
    {
        ErrorId = errorId;
        Category = category;
        Target = target;
        RecommendedAction = recommendedAction;
    }

    /// <summary>The stable id.</summary>
    public string ErrorId { get; }

    /// <summary>The kind of problem.</summary>
    public ProblemCategory Category { get; }

    /// <summary>The thing asked for.</summary>
    public object? Target { get; }

    /// <summary>What to do.</summary>
    public string RecommendedAction { get; }
}
