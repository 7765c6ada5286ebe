using System.Text.Json;
using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Dropbox;

/// <summary>A Dropbox team, signed in: just the calls that the workflow makes. All of them only read.</summary>
/// <remarks>
/// Every call takes who wants to hear of its progress, and a token that ends it at once, and throws <see cref="ServiceException"/>.
/// Lists come page by page as the service hands them out; a page that cannot be read throws, so a list that ends is complete. A cursor that
/// expired throws <see cref="ErrorIds.CursorExpired"/> and is not restarted here, because two readings of a list must never mix: the caller forgets
/// what came of the first, and asks again. A member may
/// come twice where people change while a list is read: the caller keys by id.
/// </remarks>
public sealed partial class DropboxTeamClient : IDisposable
{
    /// <summary>The largest page of members that the spec allows.</summary>
    public const int LargestPage = 1000;

    private const int SelectorsPerRequest = 100;
    private const string TeamInfoRead = "team_info.read";
    private const string MembersRead = "members.read";
    private static readonly Uri Api = new("https://api.dropboxapi.com");
    private static readonly byte[] NoArgument = "null"u8.ToArray();
    private readonly ServiceConnection _connection;

    private DropboxTeamClient(ServiceConnection connection, DropboxTeamInfo team, DropboxAdmin? admin)
    {
        _connection = connection;
        Team = team;
        Admin = admin;
    }

    /// <summary>The team as it was when the connection was made.</summary>
    public DropboxTeamInfo Team { get; }

    /// <summary>The admin on whose behalf the token acts; null for an old token that does not say.</summary>
    public DropboxAdmin? Admin { get; }

    /// <summary>How many requests were answered, repeats and renewals of the token included.</summary>
    public int RequestCount => _connection.RequestCount;

    /// <summary>How long an answer took on average; null before one came.</summary>
    public TimeSpan? AnswerTime => _connection.AnswerTime;

    /// <summary>By how much the service's clock is ahead of ours, as its last answer told; null before one did. Its time has whole seconds.</summary>
    public TimeSpan? ClockAhead => _connection.ClockAhead;

    /// <summary>What the answers told about rate limits.</summary>
    public RateLimitsSeen RateLimits => _connection.RateLimits;

    /// <summary>When the access token in use ends, UTC; null where that is not known. A refresh token renews it before.</summary>
    public DateTimeOffset? TokenExpires => _connection.TokenExpires;

    /// <summary>What the token may do, as the service said; empty where that is not known.</summary>
    public IReadOnlyList<string> Scopes => _connection.Scopes;

    /// <summary>Signs in, and proves it by reading the team and the admin.</summary>
    /// <param name="credential">How to sign in.</param>
    /// <param name="options">How to behave.</param>
    /// <param name="progress">Who wants to hear of it.</param>
    /// <param name="cancel">Ends it at once.</param>
    /// <exception cref="ProvisioningException">
    /// <see cref="ErrorIds.InvalidToken"/>, <see cref="ErrorIds.TokenRefused"/>, <see cref="ErrorIds.RefreshTokenRefused"/>,
    /// <see cref="ErrorIds.MissingScope"/>, <see cref="ErrorIds.NotATeamToken"/>, <see cref="ErrorIds.AdminNotActive"/> or
    /// <see cref="ErrorIds.ServiceUnreachable"/>.
    /// </exception>
    public static async Task<DropboxTeamClient> ConnectAsync(
        DropboxCredential credential, ConnectionOptions options, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(credential);
        ArgumentNullException.ThrowIfNull(options);
        Uri origin = options.Origin is { } other ? Origins.Check(other, options.AllowLoopbackHttp) : Api;
        var connection = new ServiceConnection(DropboxErrors.Service, origin, credential.ToSource(options.Time), DropboxErrors.Read, options);
        try
        {
            // Dropbox counts by team (performance guide); which one this is nobody knows yet.
            connection.Account = Guid.NewGuid().ToString("N");
            DropboxTeamInfo team = await ReadTeamAsync(connection, progress, cancel);
            connection.Account = team.TeamId;
            DropboxAdmin? admin = await ReadAdminAsync(connection, progress, cancel);
            return new DropboxTeamClient(connection, team, admin);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The team as it is now.</summary>
    public Task<DropboxTeamInfo> GetTeamAsync(IProgress<RunEvent>? progress, CancellationToken cancel) => ReadTeamAsync(_connection, progress, cancel);

    /// <summary>The admin on whose behalf the token acts; null for an old token that does not say.</summary>
    /// <exception cref="ServiceException"><see cref="ErrorIds.AdminNotActive"/> where that is no active admin any more.</exception>
    public Task<DropboxAdmin?> GetAdminAsync(IProgress<RunEvent>? progress, CancellationToken cancel) => ReadAdminAsync(_connection, progress, cancel);

    /// <summary>Every member of the team.</summary>
    /// <param name="includeRemoved">Whether people who were removed come too.</param>
    /// <param name="progress">Who wants to hear of it.</param>
    /// <param name="cancel">Ends it at once.</param>
    /// <param name="pageSize">How many come on a page, to the list's end: the size is in the cursor.</param>
    public IAsyncEnumerable<IReadOnlyList<DropboxMember>> ListMembersAsync(
        bool includeRemoved, IProgress<RunEvent>? progress, CancellationToken cancel, int pageSize = LargestPage)
    {
        byte[] argument = JsonSerializer.SerializeToUtf8Bytes(new ListArgument(pageSize, includeRemoved), DropboxJson.Default.ListArgument);
        return PagedList.ReadAsync(
            Post("team/members/list_v2", "the team's members", MembersRead, argument) with { HasFixedSize = true },
            (request, stop) => _connection.SendAsync(request, progress, stop), OpenPage, DropboxErrors.Service, doubtsEmptyPages: true, cancel);
    }

    /// <summary>The members named so, removed ones included where the service still knows them; a name that nobody has is absent.</summary>
    /// <exception cref="ServiceException"><see cref="ErrorIds.IncompleteList"/> where the service said nothing about a name.</exception>
    public async Task<IReadOnlyList<DropboxMember>> FindMembersAsync(
        IReadOnlyList<DropboxSelector> members, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        var found = new Dictionary<string, DropboxMember>(StringComparer.Ordinal);
        foreach (DropboxSelector[] chunk in members.DistinctBy(s => s.Text, StringComparer.OrdinalIgnoreCase).Chunk(SelectorsPerRequest))
        {
            byte[] argument = JsonSerializer.SerializeToUtf8Bytes(new MembersArgument(chunk), DropboxJson.Default.MembersArgument);
            using Answer answer = await _connection.SendAsync(
                Post("team/members/get_info_v2", "the members asked for", MembersRead, argument), progress, cancel);
            foreach (DropboxMember member in MembersInfo.Read(answer, [.. chunk.Select(s => s.Text)])) found[member.TeamMemberId] = member;
        }

        return [.. found.Values];
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private static ServiceRequest Post(string route, string about, string scope, byte[] argument) => new(HttpMethod.Post, "/2/" + route)
    {
        About = about,
        Permission = scope,
        Content = () => JsonBody.Of(argument),
    };

    private static (ServiceRequest? Next, Func<IReadOnlyList<DropboxMember>> Read) OpenPage(Answer answer)
    {
        // The place of the next page stands behind the members, so this page is parsed first.
        MembersPage page = MembersPage.Read(answer);
        if (page.Cursor is null) return (null, () => page.Members);

        // The cursor is all that this route takes: the size of the page is in it, so smaller pages, and larger ones again, take a new list from its first page.
        byte[] argument = JsonSerializer.SerializeToUtf8Bytes(new CursorArgument(page.Cursor), DropboxJson.Default.CursorArgument);
        ServiceRequest next = Post("team/members/list/continue_v2", "the team's members", MembersRead, argument) with { Cursor = page.Cursor, HasFixedSize = true };
        return (next, () => page.Members);
    }

    private static async Task<DropboxTeamInfo> ReadTeamAsync(ServiceConnection connection, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        using Answer answer = await connection.SendAsync(Post("team/get_info", "the team", TeamInfoRead, NoArgument), progress, cancel);
        TeamJson team = answer.Read(DropboxJson.Default.TeamJson);
        return string.IsNullOrEmpty(team.TeamId)
            ? throw answer.Malformed("it has no team_id")
            : new DropboxTeamInfo(team.TeamId, team.Name ?? "", team.NumLicensedUsers ?? 0, team.NumProvisionedUsers ?? 0, team.NumUsedLicenses ?? 0);
    }

    private static async Task<DropboxAdmin?> ReadAdminAsync(ServiceConnection connection, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        try
        {
            using Answer answer = await connection.SendAsync(
                Post("team/token/get_authenticated_admin", "the admin", TeamInfoRead, NoArgument), progress, cancel);
            return answer.Read(DropboxJson.Default.AdminJson).AdminProfile is { TeamMemberId: { } id, Email: { } email } ? new DropboxAdmin(id, email) : null;
        }
        catch (ServiceException e) when (e.StatusCode == 409 && e.ServiceCode == "mapping_not_found")
        {
            return null;
        }
    }
}
