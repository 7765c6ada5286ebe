using System.Collections;
using System.Globalization;
using DropboxOktaProvisioning.Connections;

namespace DropboxOktaProvisioning.Completion;

/// <summary>The domains of the team's members, of the first thousand: no API lists a team's domains.</summary>
internal sealed class DomainCompleter : LiveCompleter
{
    /// <inheritdoc/>
    protected override Func<CancellationToken, Task<IReadOnlyList<Suggestion>>>? Ask(IDictionary bound, string word)
    {
        if ((bound["DropboxTeam"] as DropboxTeam ?? Session.Current.DropboxTeam) is not { IsClosed: false } team) return null;
        return cancel => RecentAnswers.GetAsync(team, "domains", async () =>
        {
            await foreach (var page in team.Client.ListMembersAsync(includeRemoved: false, null, cancel))
            {
                return [.. page.Select(member => member.Email?.Split('@')).Where(parts => parts is { Length: 2 }).GroupBy(parts => parts![1], StringComparer.OrdinalIgnoreCase)
                    .Select(domain => new Suggestion(domain.Key, string.Create(CultureInfo.InvariantCulture, $"{domain.Count()} members"), domain.Key))];
            }

            return [];
        });
    }
}
