using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning.Engine.Workflow;

/// <summary>Finds the Dropbox app that an admin means.</summary>
public static class DropboxApps
{
    /// <summary>All Dropbox apps that fit.</summary>
    /// <param name="okta">The org.</param>
    /// <param name="idOrLabel">An id (<c>0oa…</c>) or a label; null for all.</param>
    /// <param name="progress">Where events go.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="ProvisioningException">AppNotFound.</exception>
    public static async Task<IReadOnlyList<OktaApp>> FindAsync(
        OktaClient okta, string? idOrLabel, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        var apps = await okta.GetDropboxAppsAsync(progress, cancel);
        if (idOrLabel is not null)
            apps = [.. apps.Where(app => app.Id == idOrLabel || string.Equals(app.Label, idOrLabel, StringComparison.OrdinalIgnoreCase))];
        if (apps.Count > 0) return apps;

        throw new ProvisioningException(
            ErrorIds.AppNotFound, ProblemCategory.ObjectNotFound,
            idOrLabel is null
                ? $"{okta.Origin.Host} has no Dropbox Business app."
                : $"{okta.Origin.Host} has no Dropbox Business app with the id or label '{idOrLabel}'.",
            idOrLabel ?? "dropbox_for_business",
            "Add it in the Okta Admin Console under Applications > Browse App Catalog > Dropbox Business, or check that the token's admin may see it.");
    }

    /// <summary>The one app that fits.</summary>
    /// <exception cref="ProvisioningException">AppNotFound or AppAmbiguous.</exception>
    public static async Task<OktaApp> FindOneAsync(OktaClient okta, string? idOrLabel, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        var apps = await FindAsync(okta, idOrLabel, progress, cancel);
        if (apps.Count == 1) return apps[0];

        // An app that is switched off is hardly the one that is meant.
        var active = apps.Where(app => app.Status == "ACTIVE").ToArray();
        if (idOrLabel is null && active.Length == 1) return active[0];
        throw new ProvisioningException(
            ErrorIds.AppAmbiguous, ProblemCategory.Ambiguous,
            $"{okta.Origin.Host} has {apps.Count} Dropbox Business apps that fit: "
                + $"{string.Join(", ", apps.Select(app => $"'{app.Label}' ({app.Id}, {app.Status})"))}.",
            idOrLabel ?? "dropbox_for_business", "Name one by its id with -App.");
    }
}
