using System.Globalization;
using DropboxOktaProvisioning.Sandbox.Http;
using DropboxOktaProvisioning.Sandbox.State;

namespace DropboxOktaProvisioning.Sandbox.Okta;

/// <summary>The Okta org's HTTP surface: sign-in, rate limits, routes.</summary>
internal sealed class OktaService
{
    private const byte AppList = 6;

    /// <summary>The size of a bucket that nobody made small: so large that only a test of limits meets it.</summary>
    private const int GenerousLimit = 10_000;

    private readonly WorldState _world;
    private readonly OktaApps _apps;
    private readonly OktaCatalog _catalog;
    private readonly OktaPeople _people;
    private readonly SystemLogRoutes _log;
    private readonly Cursors _cursors;
    private readonly SandboxFaults _faults;
    private readonly RateBuckets _buckets = new();
    private readonly IdScheme _requestIds;
    private readonly OktaTokens _tokens;
    private int _requests;

    public OktaService(WorldState world, OktaApps apps, OktaCatalog catalog, Cursors cursors, SandboxFaults faults, OktaTokens tokens)
    {
        (_world, _apps, _catalog, _cursors, _faults, _tokens) = (world, apps, catalog, cursors, faults, tokens);
        _people = new OktaPeople(world, apps, cursors);
        _log = new SystemLogRoutes(world, () => apps.DropboxAt(0)!, cursors);
        _requestIds = new IdScheme("req", 24, world.Hash);
    }

    /// <summary>Answers a request, or gives the fault's answer in its place.</summary>
    public SandboxAnswer Answer(SandboxCall call, SandboxFault fault, DateTimeOffset now)
    {
        var request = new OktaRequest(call, now, fault);
        var bucket = BucketOf(request.Segments);
        var limit = _faults.LimitOf(SandboxService.Okta, bucket) ?? GenerousLimit;
        var (allowed, remaining, reset) = _buckets.Take(bucket, limit, now);
        var requestId = _requestIds.Of(++_requests);
        try
        {
            if (fault == SandboxFault.ConcurrencyLimited)
            {
                // Both are 0 and the reset is only an estimate (okta.md §5).
                (limit, remaining, reset) = (0, 0, now.AddSeconds(60));
                throw TooManyRequests();
            }

            if (fault == SandboxFault.RateLimited)
            {
                (remaining, reset) = (0, now + _faults.RetryAfter);
                throw TooManyRequests();
            }

            if (!allowed) throw TooManyRequests();
            if (fault == SandboxFault.ServerError) throw ServerError();
            if (fault == SandboxFault.ExpiredCursor && request.Query("after") is not null)
                throw OktaFailure.Invalid("after", "The cursor is not valid or has expired");
            if (request.Segments is ["oauth2", "v1", "token"] && call.Method == "POST") return Result(200, _tokens.Issue(call, now));
            _tokens.Check(call, ScopeOf(call.Method, request.Segments), now);
            return Result(200, Route(request));
        }
        catch (OktaFailure failure)
        {
            request.Headers.Clear();
            request.Headers.AddRange(failure.Headers);
            return Result(failure.Status, failure.Body("oae" + requestId));
        }

        SandboxAnswer Result(int status, ReadOnlyMemory<byte> body) => new()
        {
            Status = status,
            ContentType = "application/json",
            Body = body,
            Headers =
            [
                new("Date", now.ToString("r", CultureInfo.InvariantCulture)),
                new("X-Okta-Request-Id", requestId),
                new("X-Rate-Limit-Limit", limit.ToString(CultureInfo.InvariantCulture)),
                new("X-Rate-Limit-Remaining", remaining.ToString(CultureInfo.InvariantCulture)),
                new("X-Rate-Limit-Reset", Math.Ceiling(reset.ToUnixTimeMilliseconds() / 1000.0).ToString(CultureInfo.InvariantCulture)),
                new("Cache-Control", "no-cache, no-store"),
                .. request.Headers,
            ],
        };
    }

    private ReadOnlyMemory<byte> Route(OktaRequest request)
    {
        var segments = request.Segments;
        if (segments is not ["api", "v1", ..]) throw new OktaFailure(404, "E0000008", "The requested path was not found");
        return (request.Call.Method, segments[2..]) switch
        {
            ("GET", ["apps"]) => ListApps(request),
            ("POST", ["apps"]) => WriteApp(request, _catalog.Add(request)),
            ("GET", ["apps", var app]) => WriteApp(request, _apps.Find(app)),
            ("PUT", ["apps", var app]) => Replace(request, app),
            ("GET", ["apps", var app, "users"]) => _people.ListAppUsers(request, _apps.Find(app)),
            ("POST", ["apps", var app, "users"]) => _people.AssignUser(request, _apps.Find(app)),
            ("GET", ["apps", var app, "users", var user]) => _people.GetAppUser(request, _apps.Find(app), user),
            ("GET", ["apps", var app, "groups"]) => _people.ListAppGroups(request, _apps.Find(app)),
            ("GET", ["apps", var app, "groups", var group]) => _people.GetAppGroup(request, _apps.Find(app), group),
            ("PUT", ["apps", var app, "groups", var group]) => _people.AssignGroup(request, _apps.Find(app), group),
            ("GET", ["groups"]) => _people.ListGroups(request),
            ("GET", ["groups", var group]) => _people.GetGroup(request, group),
            ("GET", ["groups", var group, "users"]) => _people.ListGroupUsers(request, group),
            ("GET", ["logs"]) => _log.List(request),
            ("GET", ["users"]) => _people.ListUsers(request),
            ("GET", ["users", var user]) => _people.GetUser(request, user),
            ("GET", ["users", var user, "appLinks"]) => _people.ListAppLinks(request, user),
            (_, ["apps" or "groups" or "users", ..]) when request.Call.Method != "GET" =>
                throw new OktaFailure(405, "E0000022", "The endpoint does not support the provided HTTP method"),
            _ => throw new OktaFailure(404, "E0000008", "The requested path was not found"),
        };
    }

    private ReadOnlyMemory<byte> ListApps(OktaRequest request)
    {
        Func<int, bool>? where = null;
        if (request.Query("q") is { } q)
        {
            where = number => _apps.Attribute(number, "name")!.StartsWith(q, StringComparison.OrdinalIgnoreCase)
                || _apps.Attribute(number, "label")!.StartsWith(q, StringComparison.OrdinalIgnoreCase);
        }

        if (request.Query("filter") is { } text)
        {
            // One expression only, and only eq (okta.md §3.1).
            if (OktaPeople.Parse(text, isSearch: false, ["name", "status"]) is not OktaExpression.Comparison { Operator: "eq" } filter)
                throw new OktaFailure(400, "E0000053", "Invalid search criteria: one eq expression is expected.");
            where = number => filter.Matches(name => _apps.Attribute(number, name));
        }

        var numbers = Enumerable.Range(0, _apps.Count).Where(_apps.Has).ToArray();
        var limit = request.Limit(20, 1, 200);
        return request.Page(_cursors, AppList, numbers, where, limit, (json, number) => _apps.Write(json, number, request.Origin));
    }

    private ReadOnlyMemory<byte> Replace(OktaRequest request, string app)
    {
        var body = _apps.Replace(_apps.Find(app), request);
        _world.Note(SystemEvent.AppChanged, -1, request.Now);
        return body;
    }

    private ReadOnlyMemory<byte> WriteApp(OktaRequest request, int app) => JsonBody.Of(json => _apps.Write(json, app, request.Origin));

    // Assignments are changes of the app too.
    private static string ScopeOf(string method, string[] segments) =>
        $"okta.{(segments.Length > 2 ? segments[2] : "apps")}.{(method == "GET" ? "read" : "manage")}";

    private OktaFailure ServerError() => _faults.Draw(3) switch
    {
        0 => new OktaFailure(500, "E0000009", "Internal Server Error"),
        1 => new OktaFailure(502, "E0000009", "Bad Gateway"),
        _ => new OktaFailure(503, "E0000010", "Service is in read only mode"),
    };

    private static OktaFailure TooManyRequests() => new(429, "E0000047", "API call exceeded rate limit due to too many requests.");

    // The last published table of buckets (okta.md §5).
    private static string BucketOf(string[] segments) => segments switch
    {
        ["oauth2", ..] => "/oauth2/v1",
        ["api", "v1", "apps", _] => "/api/v1/apps/{id}",
        ["api", "v1", "apps", ..] => "/api/v1/apps",
        ["api", "v1", "groups"] => "/api/v1/groups",
        ["api", "v1", "groups", _] => "/api/v1/groups/{id}",
        ["api", "v1", "logs"] => "/api/v1/logs",
        ["api", "v1", "users"] => "/api/v1/users",
        ["api", "v1", "users", _] => "/api/v1/users/{id}",
        _ => "/api/v1",
    };
}
