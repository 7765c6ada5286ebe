using System.Collections;
using DropboxOktaProvisioning.Connections;

namespace DropboxOktaProvisioning.Completion;

/// <summary>The Dropbox apps of the org: by label, or by id where two have the same.</summary>
internal sealed class AppCompleter : LiveCompleter
{
    /// <inheritdoc/>
    protected override Func<CancellationToken, Task<IReadOnlyList<Suggestion>>>? Ask(IDictionary bound, string word)
    {
        if ((bound["OktaOrg"] as OktaOrg ?? Session.Current.OktaOrg) is not { IsClosed: false } org) return null;
        return cancel => RecentAnswers.GetAsync(org, "apps", async () =>
        {
            var apps = await org.Client.GetDropboxAppsAsync(null, cancel);
            return [.. apps.GroupBy(app => app.Label, StringComparer.OrdinalIgnoreCase).SelectMany(group => group.Select(app =>
                new Suggestion(group.Count() > 1 || group.Key.Length == 0 ? app.Id : app.Label, $"{app.Label} ({app.Id}, {app.Status})", app.Label)))];
        });
    }
}
