using System.Security;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Okta;

/// <summary>An Okta org, signed in: just the calls that the workflow makes.</summary>
/// <remarks>
/// Every call takes who wants to hear of its progress, and a token that ends it at once, and throws <see cref="ServiceException"/>.
/// Lists come page by page as the service hands them out; a page that cannot be read throws, so a list that ends is complete. While a caller
/// works on one page the next is already under way. A record may come twice where people change while a list is read: the caller keys by id.
/// </remarks>
public sealed partial class OktaClient : IDisposable
{
    /// <summary>The catalog's key of the Dropbox Business app.</summary>
    public const string DropboxAppName = "dropbox_for_business";

    private const string AppsRead = "okta.apps.read";
    private const string AppsManage = "okta.apps.manage";
    private const string UsersRead = "okta.users.read";
    private const string GroupsRead = "okta.groups.read";
    private readonly ServiceConnection _connection;

    private OktaClient(ServiceConnection connection) => _connection = connection;

    /// <summary>Scheme, host and port of the org.</summary>
    public Uri Origin => _connection.Origin;

    /// <summary>When the token in use ends, UTC; null where that is not known. A service app's key renews it before.</summary>
    public DateTimeOffset? TokenExpires => _connection.TokenExpires;

    /// <summary>What the token may do, as the service said; empty where that is not known.</summary>
    public IReadOnlyList<string> Scopes => _connection.Scopes;

    /// <summary>How many requests were answered, repeats included.</summary>
    public int RequestCount => _connection.RequestCount;

    /// <summary>How long an answer took on average; null before one came.</summary>
    public TimeSpan? AnswerTime => _connection.AnswerTime;

    /// <summary>How much of each rate limit is taken, in percent.</summary>
    public int CeilingPercent => _connection.CeilingPercent;

    /// <summary>By how much the service's clock is ahead of ours, as its last answer told; null before one did. Its time has whole seconds.</summary>
    public TimeSpan? ClockAhead => _connection.ClockAhead;

    /// <summary>What the answers told about rate limits.</summary>
    public RateLimitsSeen RateLimits => _connection.RateLimits;

    /// <summary>Signs in with an API token, and proves it by one call.</summary>
    /// <param name="domain">The org's address, as <see cref="OktaDomain.Parse"/> takes it.</param>
    /// <param name="apiToken">The token; copied, so the caller may dispose its own.</param>
    /// <param name="options">How to behave.</param>
    /// <param name="progress">Who wants to hear of it.</param>
    /// <param name="cancel">Ends it at once.</param>
    /// <exception cref="ProvisioningException">
    /// <see cref="ErrorIds.InvalidDomain"/>, <see cref="ErrorIds.InvalidToken"/>, <see cref="ErrorIds.TokenRefused"/>,
    /// <see cref="ErrorIds.PermissionDenied"/>, <see cref="ErrorIds.NotAnOktaOrg"/> or <see cref="ErrorIds.ServiceUnreachable"/>.
    /// </exception>
    public static Task<OktaClient> ConnectAsync(
        string domain, SecureString apiToken, ConnectionOptions options, IProgress<RunEvent>? progress, CancellationToken cancel) =>
        ConnectAsync(domain, new OktaApiTokenCredential(apiToken), options, progress, cancel);

    /// <summary>Signs in, and proves it by one call.</summary>
    /// <param name="domain">The org's address, as <see cref="OktaDomain.Parse"/> takes it.</param>
    /// <param name="credential">How to sign in.</param>
    /// <param name="options">How to behave.</param>
    /// <param name="progress">Who wants to hear of it.</param>
    /// <param name="cancel">Ends it at once.</param>
    /// <exception cref="ProvisioningException">
    /// As with an API token; and <see cref="ErrorIds.KeyUnreadable"/>, <see cref="ErrorIds.KeyProtected"/>, <see cref="ErrorIds.PrivateKeyMissing"/>,
    /// <see cref="ErrorIds.SignInRefused"/>, <see cref="ErrorIds.ClockSkewed"/>, <see cref="ErrorIds.ScopeNotGranted"/> or
    /// <see cref="ErrorIds.NetworkZoneRefused"/>.
    /// </exception>
    public static async Task<OktaClient> ConnectAsync(
        string domain, OktaCredential credential, ConnectionOptions options, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(credential);
        ArgumentNullException.ThrowIfNull(options);
        Uri origin = options.Origin is { } other ? Origins.Check(other, options.AllowLoopbackHttp) : OktaDomain.Parse(domain, options.AllowLoopbackHttp);
        var client = new OktaClient(new ServiceConnection(OktaErrors.Service, origin, credential.ToSource(options.Time), OktaErrors.Read, options));
        try
        {
            // Reading apps is the one right that every command needs, so this proves the domain, the token and that right at once.
            // An org without the app answers with an empty list, and one entry is the smallest page.
            using Answer answer = await client._connection.SendAsync(
                Get($"/api/v1/apps?filter={DropboxFilter}&limit=1", "the apps of the org", AppsRead), progress, cancel);
            answer.ReadNode<JsonArray>();
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Every Dropbox Business app of the org, active or not.</summary>
    public async Task<IReadOnlyList<OktaApp>> GetDropboxAppsAsync(IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        var apps = new List<OktaApp>();
        ServiceRequest first = Get($"/api/v1/apps?filter={DropboxFilter}&limit=200", "the Dropbox apps", AppsRead);
        await foreach (IReadOnlyList<OktaApp> page in PagesAsync(first, ReadApps, progress, cancel)) apps.AddRange(page);
        return apps;
    }

    /// <summary>One app.</summary>
    /// <exception cref="ProvisioningException"><see cref="ErrorIds.AppNotFound"/>.</exception>
    public async Task<OktaApp> GetAppAsync(string id, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        using Answer answer = await _connection.SendAsync(AboutApp(id, "", $"the app {id}"), progress, cancel);
        return ToApp(answer, answer.ReadNode<JsonObject>(), 0);
    }

    /// <summary>Replaces an app by the JSON handed in; Okta has no partial update. It is sent once: after an unclear answer it is not repeated.</summary>
    /// <exception cref="ServiceException"><see cref="ServiceException.MayHaveBeenApplied"/> tells whether to read back what became of it.</exception>
    public async Task ReplaceAppAsync(string id, JsonObject body, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(body);
        byte[] json = Encoding.UTF8.GetBytes(body.ToJsonString());
        ServiceRequest request = AboutApp(id, "", $"the app {id}") with
        {
            Method = HttpMethod.Put,
            Permission = AppsManage,
            Safe = false,
            Content = () => JsonBody.Of(json),
        };
        using Answer answer = await _connection.SendAsync(request, progress, cancel);
    }

    /// <summary>Adds an app of the catalog. It is sent once: after an unclear answer it is not repeated.</summary>
    /// <exception cref="ServiceException"><see cref="ServiceException.MayHaveBeenApplied"/> tells whether to look what became of it.</exception>
    public async Task<OktaApp> AddAppAsync(JsonObject body, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(body);
        byte[] json = Encoding.UTF8.GetBytes(body.ToJsonString());
        ServiceRequest request = Get("/api/v1/apps?activate=true", "the new app", AppsManage) with
        {
            Method = HttpMethod.Post, Safe = false, Content = () => JsonBody.Of(json), Target = DropboxAppName,
        };
        using Answer answer = await _connection.SendAsync(request, progress, cancel);
        return ToApp(answer, answer.ReadNode<JsonObject>(), 0);
    }

    /// <summary>Everyone who is assigned the app, each with the Okta user.</summary>
    public IAsyncEnumerable<IReadOnlyList<OktaAppUser>> ListAppUsersAsync(string appId, IProgress<RunEvent>? progress, CancellationToken cancel) =>
        // 500 is the largest page that the spec allows; expand=user saves one request per person.
        PagesAsync(
            AboutApp(appId, "/users?limit=500&expand=user", "the app's users"),
            OktaPages.ReadAppUsers, progress, cancel, doubtsEmptyPages: true);

    /// <summary>One person's assignment, with the Okta user; null where the person is not assigned the app.</summary>
    /// <exception cref="ProvisioningException"><see cref="ErrorIds.AppNotFound"/> where it is the app that is missing.</exception>
    public async Task<OktaAppUser?> FindAppUserAsync(string appId, string userId, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        if (!IsId(userId)) return null;
        try
        {
            using Answer answer = await _connection.SendAsync(
                AboutApp(appId, $"/users/{userId}?expand=user", $"the app's user {userId}") with { Target = userId }, progress, cancel);
            return Required(answer, OktaPages.ReadAppUser(answer));
        }
        catch (ServiceException e) when (OktaErrors.IsNotFound(e))
        {
            // One code for both; only the text tells whether the app itself is gone, which is not an answer about the person.
            if (e.Message.Contains("(AppInstance)", StringComparison.Ordinal)) throw AppNotFound(appId);
            return null;
        }
    }

    /// <summary>The groups that are assigned the app.</summary>
    public IAsyncEnumerable<IReadOnlyList<OktaGroup>> ListAppGroupsAsync(string appId, IProgress<RunEvent>? progress, CancellationToken cancel) =>
        PagesAsync(
            AboutApp(appId, "/groups?limit=200&expand=group", "the app's groups"),
            answer => ReadList(answer, OktaJson.Default.ListAppGroupJson, g => g.ToRecord()), progress, cancel);

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private static string DropboxFilter => Uri.EscapeDataString($"name eq \"{DropboxAppName}\"");

    private static ServiceRequest Get(string address, string about, string permission) =>
        new(HttpMethod.Get, address) { About = about, Permission = permission };

    /// <summary>Whether it can be an id: then it can stand in a path as it is.</summary>
    private static bool IsId(string? text) => !string.IsNullOrEmpty(text) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static ServiceRequest AboutApp(string id, string rest, string about) => IsId(id)
        ? Get($"/api/v1/apps/{id}{rest}", about, AppsRead) with { Target = id, NotFoundId = ErrorIds.AppNotFound }
        : throw AppNotFound(id);

    private static ProvisioningException AppNotFound(string id) => new(
        ErrorIds.AppNotFound, ProblemCategory.ObjectNotFound, $"The Okta org has no app with the id '{id}'.", id,
        "Run Get-SilentProvisioning to see the Dropbox apps and their ids.");

    /// <summary>A page of apps.</summary>
    internal static List<OktaApp> ReadApps(Answer answer)
    {
        JsonArray array = answer.ReadNode<JsonArray>();
        var apps = new List<OktaApp>(array.Count);
        for (int i = 0; i < array.Count; i++) apps.Add(ToApp(answer, array[i] as JsonObject, i));
        return apps;
    }

    /// <summary>A page of groups.</summary>
    internal static List<OktaGroup> ReadGroups(Answer answer) => ReadList(answer, OktaJson.Default.ListGroupJson, g => g.ToRecord());

    private static OktaApp ToApp(Answer answer, JsonObject? json, int position) =>
        json is not null && new OktaApp(json) is { Id.Length: > 0 } app ? app : throw answer.Malformed($"app {position + 1} has no id");

    private static T Required<T>(Answer answer, T? record)
        where T : class => record ?? throw answer.Malformed("it has no id");

    private static List<TRecord> ReadList<TJson, TRecord>(Answer answer, JsonTypeInfo<List<TJson>> type, Func<TJson, TRecord?> map)
        where TRecord : class
    {
        List<TJson> list = answer.Read(type);
        var records = new List<TRecord>(list.Count);
        for (int i = 0; i < list.Count; i++)
        {
            records.Add((list[i] is { } json ? map(json) : null) ?? throw answer.Malformed($"entry {i + 1} of the page has no id"));
        }

        return records;
    }

    /// <summary>Reads a list page by page. The next page's address stands in a header, so it is asked for before this page is parsed.</summary>
    private IAsyncEnumerable<IReadOnlyList<T>> PagesAsync<T>(
        ServiceRequest first, Func<Answer, IReadOnlyList<T>> read, IProgress<RunEvent>? progress, CancellationToken cancel, bool doubtsEmptyPages = false)
    {
        ServiceRequest sized = first with { Pages = new PageSize(first.Address) };
        return PagedList.ReadAsync<T>(
            sized,
            (request, stop) => _connection.SendAsync(request, progress, stop),
            answer => (answer.NextPage() is { } next ? NextRequest(sized, next) : null, () => read(answer)),
            OktaErrors.Service, doubtsEmptyPages, cancel);
    }

    private ServiceRequest NextRequest(ServiceRequest first, Uri next) => Origins.Same(next, Origin)
        ? first with { Page = first.Pages!.After(next), Cursor = next.OriginalString }
        : throw Origins.Foreign(OktaErrors.Service, next, Origin);
}
