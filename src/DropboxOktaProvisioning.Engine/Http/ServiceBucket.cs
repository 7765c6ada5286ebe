namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>Tells which of a service's rate buckets counts a request.</summary>
/// <remarks>
/// Okta's are those of its last published table (okta.md §5): the routes under /apps share one, and a single app has one of its own. Dropbox counts all
/// calls of a team's link together (performance guide).
/// </remarks>
internal static class ServiceBucket
{
    /// <summary>The bucket of the lists of apps and of their users.</summary>
    public const string Apps = "/api/v1/apps";

    /// <summary>The bucket's name: the path that it counts, ids taken out.</summary>
    public static string Of(Uri address) => address.AbsolutePath.Trim('/').Split('/') switch
    {
        ["api", "v1", "apps", _] => "/api/v1/apps/{id}",
        ["api", "v1", "apps", ..] => Apps,
        ["api", "v1", "groups", _] => "/api/v1/groups/{id}",
        ["api", "v1", "users", _] => "/api/v1/users/{id}",
        ["api", "v1", ("groups" or "users" or "logs") and var one] => $"/api/v1/{one}",
        ["api", "v1", ..] => "/api/v1",
        [var first and ("oauth2" or "2"), ..] => $"/{first}",
        _ => address.AbsolutePath,
    };
}
