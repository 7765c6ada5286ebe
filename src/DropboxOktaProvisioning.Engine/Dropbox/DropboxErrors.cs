using System.Text;
using System.Text.Json;
using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Dropbox;

/// <summary>Turns Dropbox's refusals into errors that say what to do. Branches on the status and the tag only: summaries end in random dots.</summary>
internal static class DropboxErrors
{
    public const string Service = "Dropbox";
    public const string TokenRoute = "/oauth2/token";
    private const string NewLink = "Link the app again as a team admin, and connect with the new token.";

    /// <summary>The error for an answer that is no success, or no JSON.</summary>
    public static ServiceException Read(FailedAnswer failed)
    {
        Details details = Details.Of(failed.Body);
        ServiceException Error(string id, ProblemCategory category, string message, string action) => new(
            id, category, Service, message, action, failed.Request.Target)
        {
            StatusCode = failed.Status,
            ServiceCode = details.Code,
            RequestId = RequestIds.Of(failed.Response.Headers),
        };

        string said = failed.Quote(details.Text) is { } text ? $" Dropbox says: {text}" : "";
        string about = failed.Request.About;
        string scope = details.RequiredScope ?? failed.Request.Permission;
        return (failed.Status, details.Tag) switch
        {
            (429, _) => Error(ErrorIds.RateLimitExceeded, ProblemCategory.LimitsExceeded,
                $"Dropbox's rate limit is reached at {about}{RateLimitEnd.Words(failed)}.", "Try again then."),
            (400 or 401, "invalid_grant") => Error(ErrorIds.RefreshTokenRefused, ProblemCategory.AuthenticationError,
                $"Dropbox refused the refresh token.{said}", $"It was revoked, or belongs to another app key. {NewLink}"),
            (400 or 401, "invalid_client" or "unauthorized_client") => Error(ErrorIds.RefreshTokenRefused, ProblemCategory.AuthenticationError,
                $"Dropbox refused the app key or the app secret.{said}", "Check both on the app's page in the Dropbox App Console."),
            (401, "missing_scope") => Error(ErrorIds.MissingScope, ProblemCategory.PermissionDenied,
                $"The Dropbox token lacks the scope {scope}, needed for {about}.",
                $"Tick {scope} under Permissions in the App Console. {NewLink} A token does not gain scopes that are ticked later."),
            (401, "expired_access_token") => Error(ErrorIds.TokenRefused, ProblemCategory.AuthenticationError,
                "The Dropbox access token has expired: it lives for four hours.", "Connect with a new one, or with an app key and a refresh token, which renews it."),
            (401, not "route_access_denied") => Error(ErrorIds.TokenRefused, ProblemCategory.AuthenticationError, $"Dropbox refused the access token.{said}", NewLink),
            (400, _) when IsUserToken(details.Text) => Error(ErrorIds.NotATeamToken, ProblemCategory.AuthenticationError,
                "The Dropbox token belongs to one user and not to a team.",
                "Give the app team scopes (team_info.read, members.read) in the App Console. " + NewLink),
            (400, _) when IsMalformedToken(details.Text) => Error(ErrorIds.TokenRefused, ProblemCategory.AuthenticationError,
                $"Dropbox did not take the access token as one.{said}", NewLink),
            (401, "route_access_denied") or (403, _) => Error(ErrorIds.PermissionDenied, ProblemCategory.PermissionDenied, $"The token may not read {about} at Dropbox.{said}",
                $"The app needs the scope {scope}, the team a plan that allows it, and the admin who linked the app the rights."),
            (409, "invalid_cursor" or "bad_cursor" or "reset") => Error(ErrorIds.CursorExpired, ProblemCategory.InvalidOperation,
                $"Dropbox no longer knows the place in the list of {about} that it gave out itself.", "Run the command again: it reads from the beginning."),
            (409, "admin_not_active") => Error(ErrorIds.AdminNotActive, ProblemCategory.AuthenticationError,
                "The admin who linked the app is no longer an active admin of the team.", NewLink),
            ( >= 500, _) => Error(ErrorIds.ServiceFailed, ProblemCategory.ConnectionError,
                $"Dropbox failed while it worked on {about} (status {failed.Status}).{said}", "Try again later, and look at https://status.dropbox.com."),
            ( >= 200 and < 400, _) => Error(ErrorIds.MalformedAnswer, ProblemCategory.InvalidData,
                $"The answer about {about} is not what Dropbox sends (status {failed.Status}, {MediaType(failed)}).",
                "Try again; a proxy between may have answered."),
            _ => Error(ErrorIds.RequestRefused, ProblemCategory.InvalidArgument,
                $"Dropbox refused the request about {about} (status {failed.Status}).{said}", "See what Dropbox says; its support asks for the request id."),
        };
    }

    /// <summary>Whether the answer says that the token was good and has ended.</summary>
    public static bool IsExpiredToken(HttpResponseMessage response) =>
        (int)response.StatusCode == 401 && response.Content is PooledBody body && Details.Of(body.Bytes.Span).Tag == "expired_access_token";

    private static string MediaType(FailedAnswer failed) => failed.Response.Content.Headers.ContentType?.MediaType ?? "no media type";

    private static bool IsUserToken(string? text) =>
        text is not null && (text.Contains("team management function", StringComparison.OrdinalIgnoreCase)
            || text.Contains("not authorized for a team", StringComparison.OrdinalIgnoreCase));

    private static bool IsMalformedToken(string? text) =>
        text is not null && (text.Contains("access token is malformed", StringComparison.OrdinalIgnoreCase)
            || text.Contains("Invalid authorization value", StringComparison.OrdinalIgnoreCase));

    /// <summary>What an error's body says: JSON in one of two forms, or plain text.</summary>
    private sealed record Details(string? Tag, string? Code, string? Text, string? RequiredScope)
    {
        public static Details Of(ReadOnlySpan<byte> body)
        {
            JsonElement root = LenientJson.Parse(body);
            if (root.ValueKind == JsonValueKind.Object) return OfJson(root);

            // Plain text, or a page for people.
            string text = Encoding.UTF8.GetString(body);
            return new(null, null, text.AsSpan().TrimStart().StartsWith("<") ? null : text, null);
        }

        private static Details OfJson(JsonElement root)
        {
            string? summary = (LenientJson.Text(root, "error_description") ?? LenientJson.Text(root, "error_summary"))?.TrimEnd('.', '/');
            if (LenientJson.Text(LenientJson.Member(root, "user_message"), "text") is { Length: > 0 } forPeople) summary = forPeople;
            JsonElement error = LenientJson.Member(root, "error");
            if (LenientJson.Text(error) is { } oauth) return new(oauth, oauth, summary ?? oauth, null);

            string? tag = LenientJson.Text(error, ".tag");
            JsonElement nested = tag is null ? default : LenientJson.Member(error, tag);
            // Under the tag's own name stands a further tag, or the time that a reset leads back to.
            string? inner = LenientJson.Text(nested, ".tag") ?? (tag == "reset" ? LenientJson.Text(nested) : null);
            return new(tag, inner is null ? tag : $"{tag}/{inner}", summary, LenientJson.Text(error, "required_scope"));
        }
    }
}
