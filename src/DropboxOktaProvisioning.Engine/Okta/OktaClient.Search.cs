namespace DropboxOktaProvisioning.Engine.Okta;

/// <content>Searches that find many people with few requests.</content>
public sealed partial class OktaClient
{
    // Overly long expressions are refused, at a length that nobody publishes; so many names, and so many characters, stay far below it.
    private const int NamesPerSearch = 20;
    private const int LongestSearch = 2000;
    private const string Or = " or ";

    /// <summary>The app's users whose user name, address or name begins with this text, each with the Okta user.</summary>
    public async Task<IReadOnlyList<OktaAppUser>> SearchAppUsersAsync(string appId, string startsWith, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        var found = new List<OktaAppUser>();
        var first = AboutApp(appId, $"/users?q={Uri.EscapeDataString(startsWith)}&limit=500&expand=user", "the app's users of that name");
        await foreach (var page in PagesAsync(first, OktaPages.ReadAppUsers, progress, cancel)) found.AddRange(page);
        return found;
    }

    /// <summary>The people whose primary address or login is one of these, without regard to case. The search index may lag by a second.</summary>
    public async Task<IReadOnlyList<OktaUser>> FindUsersByEmailAsync(IReadOnlyList<string> emails, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        var wanted = new HashSet<string>(emails, StringComparer.OrdinalIgnoreCase);
        var found = new Dictionary<string, OktaUser>(StringComparer.Ordinal);
        foreach (var (expression, first) in Expressions(wanted))
        {
            foreach (var user in await SearchUsersAsync(expression, first, progress, cancel))
                if (wanted.Contains(user.Email ?? "") || wanted.Contains(user.Login ?? "")) found[user.Id] = user;
        }

        return [.. found.Values];
    }

    private static IEnumerable<(string Expression, string First)> Expressions(IEnumerable<string> emails)
    {
        var chunk = new List<string>();
        var (first, length) = ("", 0);
        foreach (var email in emails)
        {
            var clause = $"profile.email eq {Quoted(email)} or profile.login eq {Quoted(email)}";
            var more = Uri.EscapeDataString(Or + clause).Length;
            if (chunk.Count == NamesPerSearch || (chunk.Count > 0 && length + more > LongestSearch))
            {
                yield return (string.Join(Or, chunk), first);
                chunk.Clear();
            }

            if (chunk.Count == 0) (first, length) = (email, 0);
            chunk.Add(clause);
            length += more;
        }

        if (chunk.Count > 0) yield return (string.Join(Or, chunk), first);
    }

    /// <summary>The people with the domain anywhere in their address, deactivated ones included: the caller looks closer.</summary>
    public IAsyncEnumerable<IReadOnlyList<OktaUser>> ListUsersOnDomainAsync(string domain, IProgress<RunEvent>? progress, CancellationToken cancel) =>
        PagesAsync(
            Get($"/api/v1/users?search={Search($"profile.email co {Quoted("@" + domain)}")}&limit=200", $"the people of {domain}", UsersRead) with { Target = domain },
            OktaPages.ReadUsers, progress, cancel, doubtsEmptyPages: true);
}
