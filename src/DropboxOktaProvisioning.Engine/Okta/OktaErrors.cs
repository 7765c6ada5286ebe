using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Okta;

/// <summary>Turns Okta's refusals into errors that say what to do. Branches on the status and the code only: Okta may reword its texts.</summary>
internal static class OktaErrors
{
    public const string Service = "Okta";
    private const string NewToken =
        "Create a new token in the Admin Console (Security > API > Tokens). A token ends after 30 days without use and with the account of the admin "
        + "who made it. If the token is restricted to network zones, check that this machine's address is in one of them.";

    // Refusals of what was asked, not of who asks, though they come as 403 too.
    private const string UserStatus = "E0000038";
    private const string AppSettings = "E0000039";
    private const string MappedAttribute = "E0000075";

    /// <summary>A 401 that no other token would change.</summary>
    public const string FeatureMissing = "E0000015";

    /// <summary>The error for an answer that is no success, or no JSON.</summary>
    public static ServiceException Read(FailedAnswer failed)
    {
        var details = OktaRefusal.Of(failed);
        if (failed.Request.Address == OktaTokenSource.Route && OktaTokenErrors.Read(failed, details) is { } refused) return refused;

        string host = failed.Origin.Host;
        ServiceException Error(string id, ProblemCategory category, string message, string action) => new(
            id, category, Service, message, action, failed.Request.Target)
        {
            StatusCode = failed.Status,
            ServiceCode = details.Code,
            RequestId = details.Support,
            // A success that cannot be read, and a failure midway, leave open what was done.
            MayHaveBeenApplied = !failed.Request.Safe && failed.Status is < 400 or >= 500,
        };

        string said = details.Said;
        string about = failed.Request.About;
        bool isApp = failed.Response.RequestMessage?.Headers.Authorization is { Scheme: not "SSWS" };
        return (failed.Status, details.Code) switch
        {
            (429, _) => Error(ErrorIds.RateLimitExceeded, ProblemCategory.LimitsExceeded,
                $"Okta's rate limit is reached at {about}{RateLimitEnd.Words(failed)}.",
                "Try again then, or give the token a larger share of the limit (Security > API > Tokens)."),
            ( < 500, _) when !details.IsOkta => Error(ErrorIds.NotAnOktaOrg, ProblemCategory.ConnectionError,
                $"{host} does not answer as an Okta org does (status {failed.Status}, {details.Form}).",
                "Check the domain: the address that people sign in at, such as contoso.okta.com. A proxy between may also have answered."),
            (401, not FeatureMissing) when isApp => Error(ErrorIds.TokenRefused, ProblemCategory.AuthenticationError, $"{host} refused the access token that it issued to the app.{said}",
                "Check that the app is still active, and that this machine's clock is right; then connect again."),
            (401, not FeatureMissing) => Error(ErrorIds.TokenRefused, ProblemCategory.AuthenticationError, $"{host} refused the API token.{said}", NewToken),
            (403, "E0000005") => Error(ErrorIds.TokenRefused, ProblemCategory.AuthenticationError,
                $"{host} did not take the API token as one.{said}", NewToken),
            (403, "insufficient_scope") => Error(ErrorIds.MissingScope, ProblemCategory.PermissionDenied,
                $"The sign-in to {host} lacks the scope {details.Scope ?? failed.Request.Permission}, needed for {about}.",
                $"Grant the scope {details.Scope ?? failed.Request.Permission} to the app in Okta (Applications > the app > Okta API Scopes)."),
            (403, "E0000006") when isApp => Error(ErrorIds.PermissionDenied, ProblemCategory.PermissionDenied,
                $"The app may not do this at {host}: {about}.{said}",
                "Grant the app an admin role that covers it, such as Application Administrator (Applications > the app > Admin roles): "
                + $"the scope {failed.Request.Permission} alone is not enough."),
            (401, _) or (403, not (UserStatus or AppSettings or MappedAttribute)) => Error(ErrorIds.PermissionDenied, ProblemCategory.PermissionDenied,
                $"The token may not do this at {host}: {about}.{said}",
                $"Give the admin who made the token a role with the permission {failed.Request.Permission}. "
                + "If the token is restricted to network zones, check that this machine's address is in one of them."),
            (400, _) when failed.Request.Cursor is not null => Error(ErrorIds.CursorExpired, ProblemCategory.InvalidOperation,
                $"Okta no longer knows the place in the list of {about} that it gave out itself.{said}", "Run the command again: it reads from the beginning."),
            (404, "E0000007" or "E0000048") => Error(failed.Request.NotFoundId, ProblemCategory.ObjectNotFound,
                $"{host} does not have {about}.{said}", "Check the name or id."),
            ( >= 500, _) => Error(ErrorIds.ServiceFailed, ProblemCategory.ConnectionError,
                $"Okta failed while it worked on {about} (status {failed.Status}).{said}"
                + (failed.Request.Safe ? "" : " The change may or may not have been made."),
                details.Code == "E0000010" ? "Okta is in read-only mode for maintenance: try again later."
                    : "Try again later, and look at https://status.okta.com."),
            ( >= 200 and < 300, _) => Error(ErrorIds.MalformedAnswer, ProblemCategory.InvalidData,
                $"Okta's answer about {about} is not JSON ({details.Form}).", "Try again; a proxy between may have answered."),
            _ => Error(ErrorIds.RequestRefused, ProblemCategory.InvalidArgument,
                $"Okta refused the request about {about} (status {failed.Status}).{said}", "See what Okta says, and its event log under the request id."),
        };
    }

    /// <summary>Whether the error says that the thing is not there, and not that some proxy has no such page.</summary>
    public static bool IsNotFound(ServiceException error) => error is { StatusCode: 404, ServiceCode: "E0000007" or "E0000048" };
}
