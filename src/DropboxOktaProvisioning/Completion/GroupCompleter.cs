using System.Collections;
using DropboxOktaProvisioning.Connections;

namespace DropboxOktaProvisioning.Completion;

/// <summary>Okta's groups whose names begin with the word: by name, or by id where two have the same.</summary>
internal sealed class GroupCompleter : LiveCompleter
{
    /// <inheritdoc/>
    protected override Func<CancellationToken, Task<IReadOnlyList<Suggestion>>>? Ask(IDictionary bound, string word)
    {
        if ((bound["OktaOrg"] as OktaOrg ?? Session.Current.OktaOrg) is not { IsClosed: false } org) return null;
        return cancel => RecentAnswers.GetAsync(org, $"groups {word}", async () =>
        {
            var groups = await org.Client.SuggestGroupsAsync(word, null, cancel);
            return [.. groups.GroupBy(group => group.Name, StringComparer.OrdinalIgnoreCase).SelectMany(same => same.Select(group =>
                new Suggestion(same.Count() > 1 ? group.Id : group.Name, $"{group.Name} ({group.Id}, {group.Type})", group.Name)))];
        });
    }
}
