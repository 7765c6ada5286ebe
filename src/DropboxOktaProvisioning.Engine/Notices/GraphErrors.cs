using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>Turns Microsoft Graph's refusals into errors that say what to do.</summary>
internal static class GraphErrors
{
    public const string Service = "Microsoft Graph";

    /// <summary>The error for an answer that is no success.</summary>
    public static ServiceException Read(FailedAnswer failed)
    {
        var error = LenientJson.Member(LenientJson.Parse(failed.Body), "error");
        var (code, text) = (LenientJson.Text(error, "code"), LenientJson.Text(error, "message"));
        var said = failed.Quote(text ?? code) is { } quote ? $" It says: {quote}" : "";
        var about = failed.Request.About;
        // A limit that was reached: what comes over it is not carried out ("Microsoft Graph throttling guidance").
        var isLimited = failed.Status == 429 || (failed.Status == 503 && failed.Response.Headers.RetryAfter is not null);
        ServiceException Error(string id, ProblemCategory category, string message, string action) => new(id, category, Service, message, action, failed.Request.Target)
        {
            StatusCode = failed.Status,
            ServiceCode = code,
            RequestId = RequestIds.Of(failed.Response.Headers),
            MayHaveBeenApplied = !failed.Request.Safe && !isLimited && failed.Status is < 400 or >= 500,
        };

        return failed.Status switch
        {
            _ when isLimited => Error(ErrorIds.RateLimitExceeded, ProblemCategory.LimitsExceeded,
                $"Microsoft Graph's limit is reached at {about}{RateLimitEnd.Words(failed)}.", "The next run goes on; -SenderLimit ExchangeOnline keeps below the limits of a mailbox."),
            401 => Error(ErrorIds.TokenRefused, ProblemCategory.AuthenticationError, $"Microsoft Graph refused the access token.{said}",
                "Fetch it for the resource https://graph.microsoft.com, and give -GraphToken a script block, which is asked again when a token ends."),
            403 => Error(ErrorIds.PermissionDenied, ProblemCategory.PermissionDenied, $"Microsoft Graph does not let the token send {about}.{said}",
                "Give the app the permission Mail.Send with an admin's consent, and check that no access policy leaves the mailbox out."),
            404 => Error(ErrorIds.RequestRefused, ProblemCategory.ObjectNotFound, $"Microsoft Graph has no mailbox for {about}.{said}",
                "Give the mailbox by its user principal name or id with -GraphMailbox, and check that it has an Exchange Online licence."),
            >= 500 or < 400 => Error(ErrorIds.ServiceFailed, ProblemCategory.ConnectionError, $"Microsoft Graph failed while it worked on {about} (status {failed.Status}).{said}",
                "Look into the mailbox's sent items."),
            _ => Error(ErrorIds.RequestRefused, ProblemCategory.InvalidArgument, $"Microsoft Graph refused {about} (status {failed.Status}).{said}", "See what it says."),
        };
    }

    /// <summary>Whether every other mail would fail alike.</summary>
    public static bool IsDown(ServiceException error) => error.StatusCode is 0 or 401 or 403 or 404 or 429 or 503;
}
