using System.Globalization;

namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>A service refused, failed, could not be reached, or answered something that cannot be used.</summary>
/// <remarks>It has no inner exception on purpose: a network library's text may quote the request, and with it the token.</remarks>
public sealed class ServiceException : ProvisioningException
{
    internal ServiceException(
        string errorId, ProblemCategory category, string service, string message, string recommendedAction, object? target = null)
        : base(errorId, category, message, target, recommendedAction) => Service = service;

    /// <summary>The same, for a list that had come so far before it broke.</summary>
    /// <param name="read">How many entries were read.</param>
    /// <param name="about">The list.</param>
    internal ServiceException After(int read, string about) => new(
        ErrorId, Category, Service, string.Create(CultureInfo.InvariantCulture, $"{Message} Of {about} {read:N0} had been read by then; none of them is shown."), RecommendedAction, Target)
    {
        StatusCode = StatusCode, ServiceCode = ServiceCode, RequestId = RequestId, MayHaveBeenApplied = MayHaveBeenApplied,
    };

    /// <summary><c>Okta</c>, <c>Dropbox</c> or <c>Microsoft Graph</c>.</summary>
    public string Service { get; }

    /// <summary>The HTTP status, 0 when there was no answer.</summary>
    public int StatusCode { get; internal init; }

    /// <summary>The service's own code: Okta's <c>errorCode</c>, Dropbox's <c>.tag</c> path such as <c>missing_scope</c>.</summary>
    public string? ServiceCode { get; internal init; }

    /// <summary>What the service's support asks for: Okta's <c>errorId</c> and <c>X-Okta-Request-Id</c>, <c>X-Dropbox-Request-Id</c>.</summary>
    public string? RequestId { get; internal init; }

    /// <summary>The request was a change, and it is not known whether it was made: read it back before trying again.</summary>
    public bool MayHaveBeenApplied { get; internal init; }
}
