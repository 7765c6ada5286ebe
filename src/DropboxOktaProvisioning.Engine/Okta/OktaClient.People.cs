using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Okta;

/// <content>Groups and people.</content>
public sealed partial class OktaClient
{
    /// <summary>The groups with exactly this name, without regard to case; or the one group with this id.</summary>
    public async Task<IReadOnlyList<OktaGroup>> FindGroupsAsync(string nameOrId, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(nameOrId)) return [];
        if (nameOrId.StartsWith("00g", StringComparison.Ordinal) && IsId(nameOrId)
            && await FindGroupByIdAsync(nameOrId, progress, cancel) is { } one)
        {
            return [one];
        }

        string search = Search($"profile.name eq {Quoted(nameOrId)}");
        var found = new List<OktaGroup>();
        ServiceRequest first = Get($"/api/v1/groups?search={search}&limit=200", "the groups of that name", GroupsRead) with { Target = nameOrId };
        await foreach (IReadOnlyList<OktaGroup> page in PagesAsync(first, ReadGroups, progress, cancel))
        {
            found.AddRange(page.Where(g => g.Name.Equals(nameOrId, StringComparison.OrdinalIgnoreCase)));
        }

        return found;
    }

    /// <summary>Up to 50 groups whose names begin so, for a person who is typing one; one request.</summary>
    public async Task<IReadOnlyList<OktaGroup>> SuggestGroupsAsync(string startsWith, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        string search = startsWith.Length == 0 ? "" : $"search={Search($"profile.name sw {Quoted(startsWith)}")}&";
        using Answer answer = await _connection.SendAsync(Get($"/api/v1/groups?{search}limit=50", "the groups whose names begin so", GroupsRead), progress, cancel);
        return ReadGroups(answer);
    }

    /// <summary>The people in a group.</summary>
    /// <exception cref="ProvisioningException"><see cref="ErrorIds.GroupNotFound"/>.</exception>
    public IAsyncEnumerable<IReadOnlyList<OktaUser>> ListGroupUsersAsync(string groupId, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        if (!IsId(groupId))
        {
            throw new ProvisioningException(ErrorIds.GroupNotFound, ProblemCategory.ObjectNotFound,
                $"The Okta org has no group with the id '{groupId}'.", groupId, "Give the group's name, or its id (00g…).");
        }

        // The size that Okta recommends; its default of 1,000 is named a legacy, and no largest size is published.
        ServiceRequest first = Get($"/api/v1/groups/{groupId}/users?limit=200", $"the people of the group {groupId}", GroupsRead);
        return PagesAsync(first with { Target = groupId, NotFoundId = ErrorIds.GroupNotFound }, OktaPages.ReadUsers, progress, cancel, doubtsEmptyPages: true);
    }

    /// <summary>One person, by id or login; null where there is none.</summary>
    public async Task<OktaUser?> FindUserAsync(string idOrLogin, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(idOrLogin)) return null;
        if (!FitsPath(idOrLogin))
        {
            IReadOnlyList<OktaUser> found = await SearchUsersAsync($"profile.login eq {Quoted(idOrLogin)}", idOrLogin, progress, cancel);
            return found.FirstOrDefault(u => idOrLogin.Equals(u.Login, StringComparison.OrdinalIgnoreCase));
        }

        try
        {
            using Answer answer = await _connection.SendAsync(
                Get($"/api/v1/users/{Uri.EscapeDataString(idOrLogin)}", $"the person {idOrLogin}", UsersRead) with { Target = idOrLogin }, progress, cancel);
            return Required(answer, OktaPages.ReadUser(answer));
        }
        catch (ServiceException e) when (OktaErrors.IsNotFound(e))
        {
            return null;
        }
    }

    /// <summary>A text in Okta's search grammar.</summary>
    private static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string Search(string expression) => Uri.EscapeDataString(expression);

    /// <summary>Okta takes no slash in a path's login; <c>me</c> would be the token's owner, and dots would change the path.</summary>
    private static bool FitsPath(string login) =>
        !login.AsSpan().ContainsAny('/', '\\') && login is not ("." or "..") && !login.Equals("me", StringComparison.OrdinalIgnoreCase);

    private async Task<OktaGroup?> FindGroupByIdAsync(string id, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        try
        {
            using Answer answer = await _connection.SendAsync(
                Get($"/api/v1/groups/{id}", $"the group {id}", GroupsRead) with { Target = id }, progress, cancel);
            return Required(answer, answer.Read(OktaJson.Default.GroupJson).ToRecord());
        }
        catch (ServiceException e) when (OktaErrors.IsNotFound(e))
        {
            return null;
        }
    }

    private async Task<IReadOnlyList<OktaUser>> SearchUsersAsync(string expression, object target, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        var found = new List<OktaUser>();
        ServiceRequest first = Get($"/api/v1/users?search={Search(expression)}&limit=200", $"the person {target}", UsersRead) with { Target = target };
        await foreach (IReadOnlyList<OktaUser> page in PagesAsync(first, OktaPages.ReadUsers, progress, cancel)) found.AddRange(page);
        return found;
    }
}
