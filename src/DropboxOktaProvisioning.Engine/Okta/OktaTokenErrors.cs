using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Okta;

/// <summary>Turns the token endpoint's refusals into errors that say what to do (facts/okta.md §4.2).</summary>
internal static class OktaTokenErrors
{
    /// <summary>A clock that is off by more than this explains a refusal.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);

    /// <summary>The error for a refusal with a code of OAuth; null for any other answer.</summary>
    public static ServiceException? Read(FailedAnswer failed, OktaRefusal refusal)
    {
        string host = failed.Origin.Host;
        string said = refusal.Said;
        ServiceException Error(string id, string message, string action) => new(
            id, ProblemCategory.AuthenticationError, OktaErrors.Service, message, action, failed.Request.Target)
        {
            StatusCode = failed.Status,
            ServiceCode = refusal.Code,
            RequestId = refusal.Support,
        };

        switch (refusal.Code)
        {
            case "invalid_client" or "invalid_dpop_proof" when SkewOf(failed) is { } skew:
                return Error(ErrorIds.ClockSkewed,
                    $"{host} refused the sign-in, and this machine's clock is {Words(skew)} {(skew > TimeSpan.Zero ? "ahead of" : "behind")} Okta's.{said}",
                    "Set the clock (time synchronization), and connect again.");
            case "invalid_client" or "unauthorized_client" or "invalid_dpop_proof" or "use_dpop_nonce":
                return Error(ErrorIds.SignInRefused, $"{host} refused the sign-in of the app {failed.Request.Target}.{said}",
                    "Check the client id; that the app is an active API Services app with 'Public key / Private key'; that the public half of this very key "
                    + "is registered and active there, under the key id that is used here; and that this machine's clock is right.");
            case "invalid_scope":
                string[] asked = failed.Request.Permission.Split(' ');
                string[] named = [.. asked.Where(s => refusal.Text?.Contains(s, StringComparison.Ordinal) is true)];
                return ScopeNotGranted(host, named.Length > 0 ? named : asked, said, failed.Status, refusal);
            case "access_denied" when refusal.Text?.Replace('_', ' ').Contains("network zone", StringComparison.OrdinalIgnoreCase) is true:
                return Error(ErrorIds.NetworkZoneRefused, $"{host} takes the app {failed.Request.Target} from certain network zones only, and this machine is in none of them.{said}",
                    "Run from an address inside the zone, or add this machine's public address to the zone (Security > Networks, or the app's General tab).");
            case "access_denied":
                return Error(ErrorIds.SignInRefused, $"{host} denied the app {failed.Request.Target} access.{said}",
                    "Check the app's policy and network zones, and that its scopes are granted (Applications > the app > Okta API Scopes).");
            default:
                return null;
        }
    }

    /// <summary>The error for scopes that the app asked for and did not get.</summary>
    public static ServiceException ScopeNotGranted(string host, IReadOnlyCollection<string> scopes, string said, int status = 0, OktaRefusal? refusal = null)
    {
        string list = string.Join(", ", scopes);
        string what = scopes.Count == 1 ? $"the scope {list}" : $"all of the scopes {list}";
        return new(
            ErrorIds.ScopeNotGranted, ProblemCategory.PermissionDenied, OktaErrors.Service, $"{host} did not grant the app {what}.{said}",
            $"A super admin grants them: Applications > the app > Okta API Scopes > Grant: {list}. Or ask for fewer with -Scope.", list)
        {
            StatusCode = status,
            ServiceCode = refusal?.Code,
            RequestId = refusal?.Support,
        };
    }

    private static TimeSpan? SkewOf(FailedAnswer failed) =>
        failed.Response.Headers.Date is { } date && failed.Now - date is var skew && skew.Duration() > Skew ? skew : null;

    private static string Words(TimeSpan skew) => skew.Duration() is var off && off.TotalHours < 2
        ? $"{off.TotalMinutes:0} minutes" : off.TotalDays < 2 ? $"{off.TotalHours:0} hours" : $"{off.TotalDays:0} days";
}
