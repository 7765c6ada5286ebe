using System.Text.Json.Nodes;
using DropboxOktaProvisioning.Sandbox.Http;
using DropboxOktaProvisioning.Sandbox.State;

namespace DropboxOktaProvisioning.Sandbox.Okta;

/// <summary>The org's users, groups and app users, read and assigned.</summary>
internal sealed class OktaPeople(WorldState world, OktaApps apps, Cursors cursors)
{
    private const byte UserList = 1;
    private const byte AppUserList = 2;
    private const byte AppGroupList = 3;
    private const byte GroupList = 4;
    private const byte GroupUserList = 5;
    private readonly OktaJson _json = new(world);

    /// <summary>The person whom the API token belongs to.</summary>
    public const int Admin = 0;

    public ReadOnlyMemory<byte> ListUsers(OktaRequest request)
    {
        var q = request.Query("q");
        var limit = request.Limit(q is null ? 200 : 10, 1, 200);
        IReadOnlyList<int> items = world.OktaUsers;
        Func<int, bool>? where = null;
        if (q is not null) (items, where) = (ByAddress(q) ?? items, number => BeginsWith(number, q));
        else if ((request.Query("search") ?? request.Query("filter")) is { } text)
        {
            var expression = ParseUsers(text, request.Query("search") is not null);
            items = Candidates(expression) is { } few ? [.. few.Distinct().Order()] : items;
            where = number => expression.Matches(name => UserAttribute(number, name));
        }

        return request.Page(cursors, UserList, items, where, limit, (json, number) => _json.WriteUser(json, number, request.Origin));
    }

    public ReadOnlyMemory<byte> GetUser(OktaRequest request, string idOrLogin)
    {
        var number = FindUser(idOrLogin);
        return JsonBody.Of(json => _json.WriteUser(json, number, request.Origin));
    }

    public ReadOnlyMemory<byte> ListAppLinks(OktaRequest request, string idOrLogin)
    {
        var number = FindUser(idOrLogin);
        var app = apps.DropboxAt(0)!;
        return JsonBody.Of(json =>
        {
            json.WriteStartArray();
            if (world.PersonAt(number).App != AppStatus.None && app.IsActive)
            {
                json.WriteStartObject();
                json.WriteString("id", world.UserIds.Of(number).Replace("00u", "00l", StringComparison.Ordinal));
                json.WriteString("label", app.Label);
                json.WriteString("linkUrl", OktaApps.TileAddress(app, request.Origin));
                json.WriteString("logoUrl", request.Origin + "/img/logos/dropbox_for_business.png");
                json.WriteString("appName", OktaApps.DropboxKey);
                json.WriteString("appInstanceId", app.Id);
                json.WriteString("appAssignmentId", world.UserIds.Of(number).Replace("00u", "0ua", StringComparison.Ordinal));
                json.WriteBoolean("credentialsSetup", false);
                json.WriteBoolean("hidden", app.IsTileHidden);
                json.WriteNumber("sortOrder", 0);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    public ReadOnlyMemory<byte> ListGroups(OktaRequest request)
    {
        var limit = request.Limit(10_000, 1, 10_000);
        Func<int, bool>? where = null;
        if (request.Query("q") is { } q) where = number => world.Groups[number].Name.StartsWith(q, StringComparison.OrdinalIgnoreCase);
        else if ((request.Query("search") ?? request.Query("filter")) is { } text)
        {
            var expression = Parse(text, request.Query("search") is not null, ["id", "type", "profile.name"]);
            where = number => expression.Matches(name => GroupAttribute(number, name));
        }

        var items = Enumerable.Range(0, world.Groups.Count).ToArray();
        return request.Page(cursors, GroupList, items, where, limit, (json, number) => _json.WriteGroup(json, number, request.Origin));
    }

    public ReadOnlyMemory<byte> GetGroup(OktaRequest request, string id)
    {
        var number = FindGroup(id);
        return JsonBody.Of(json => _json.WriteGroup(json, number, request.Origin));
    }

    public ReadOnlyMemory<byte> ListGroupUsers(OktaRequest request, string id)
    {
        var group = world.Groups[FindGroup(id)];
        var limit = request.Limit(1000, 1, 1000);
        return request.Page(cursors, GroupUserList, group.People, null, limit, (json, number) => _json.WriteUser(json, number, request.Origin));
    }

    public ReadOnlyMemory<byte> ListAppUsers(OktaRequest request, int app)
    {
        var limit = request.Limit(50, 1, 500);
        IReadOnlyList<int> items = app == 0 ? world.AppUsers : [];
        Func<int, bool>? where = number => number >= 0;
        if (request.Query("q") is { } q && app == 0)
        {
            items = ByAddress(q) ?? items;
            where = number => number >= 0 && world.PersonAt(number).App != AppStatus.None && BeginsWith(number, q);
        }

        var embed = request.Query("expand") == "user";
        return request.Page(
            cursors, AppUserList, items, where, limit, (json, number) => _json.WriteAppUser(json, number, apps.IdOf(app), request.Origin, embed));
    }

    public ReadOnlyMemory<byte> GetAppUser(OktaRequest request, int app, string userId)
    {
        if (app != 0 || !TryFindById(userId, out var number) || world.PersonAt(number).App == AppStatus.None)
            throw OktaFailure.NotFound(userId, "AppUser");
        return JsonBody.Of(json => _json.WriteAppUser(json, number, apps.IdOf(app), request.Origin, request.Query("expand") == "user"));
    }

    public ReadOnlyMemory<byte> AssignUser(OktaRequest request, int app)
    {
        var body = request.Body();
        if (body["id"] is not JsonValue value || !value.TryGetValue(out string? id))
            throw OktaFailure.Invalid("id", "The field cannot be left blank");
        if (!TryFindById(id, out var number)) throw OktaFailure.NotFound(id, "User");
        if (app != 0) throw new OktaFailure(403, "E0000006", "You do not have permission to perform the requested action");

        // Mapped attributes belong to the mapping (okta.md §3.3).
        if (body["profile"] is JsonObject { Count: > 0 })
            throw new OktaFailure(403, "E0000075", "Cannot modify the profile attribute because it has a field mapping and profile push is enabled.");
        if (world.PersonAt(number).Okta == OktaStatus.Deprovisioned)
            throw new OktaFailure(403, "E0000038", "This operation is not allowed in the user's current status.");
        world.Assign(number, request.Now);
        return JsonBody.Of(json => _json.WriteAppUser(json, number, apps.IdOf(app), request.Origin, embedUser: false));
    }

    public ReadOnlyMemory<byte> ListAppGroups(OktaRequest request, int app)
    {
        IReadOnlyList<int> items = app == 0 ? world.AppGroups : [];
        var limit = request.Limit(20, 20, 200);
        Func<int, bool>? where = null;
        if (request.Query("q") is { } q) where = number => world.Groups[number].Name.StartsWith(q, StringComparison.OrdinalIgnoreCase);
        return request.Page(
            cursors, AppGroupList, items, where, limit, (json, number) => _json.WriteGroupAssignment(json, number, apps.IdOf(app), request.Origin, request.Query("expand") == "group"));
    }

    public ReadOnlyMemory<byte> GetAppGroup(OktaRequest request, int app, string groupId)
    {
        var number = FindGroup(groupId);
        if (app != 0 || !world.AppGroups.Contains(number)) throw OktaFailure.NotFound(groupId, "ApplicationGroupAssignment");
        return JsonBody.Of(json => _json.WriteGroupAssignment(json, number, apps.IdOf(app), request.Origin, request.Query("expand") == "group"));
    }

    public ReadOnlyMemory<byte> AssignGroup(OktaRequest request, int app, string groupId)
    {
        request.Body(optional: true);
        var number = FindGroup(groupId);
        if (app != 0) throw new OktaFailure(403, "E0000006", "You do not have permission to perform the requested action");
        if (!world.AppGroups.Contains(number))
        {
            world.AppGroups.Add(number);
            world.Note(SystemEvent.GroupAssignedApp, number, request.Now);
        }

        foreach (var person in world.Groups[number].People)
            if (world.PersonAt(person).Okta != OktaStatus.Deprovisioned) world.Assign(person, request.Now, number);
        return JsonBody.Of(json => _json.WriteGroupAssignment(json, number, apps.IdOf(app), request.Origin, request.Query("expand") == "group"));
    }

    /// <summary>Reads an expression, and refuses attributes that cannot be asked for.</summary>
    public static OktaExpression Parse(string text, bool isSearch, string[] attributes)
    {
        try
        {
            var expression = OktaExpression.Parse(text);
            foreach (var comparison in expression.Comparisons())
            {
                if (!attributes.Contains(comparison.Attribute)) throw new FormatException($"the attribute '{comparison.Attribute}' is not supported");
            }

            return expression;
        }
        catch (FormatException problem)
        {
            throw new OktaFailure(400, isSearch ? "E0000031" : "E0000053", $"Invalid search criteria: {problem.Message}.");
        }
    }

    private static OktaExpression ParseUsers(string text, bool isSearch)
    {
        var expression = Parse(text, isSearch, ["id", "status", "profile.login", "profile.email", "profile.firstName", "profile.lastName"]);

        // co works on four attributes only (okta.md §3.10b).
        if (expression.Comparisons().Any(part => part.Operator == "co" && part.Attribute is "id" or "status"))
            throw new OktaFailure(400, "E0000031", "Invalid search criteria: the operator co is not supported for this attribute.");
        return expression;
    }

    // Who an expression can be true of, where ids and addresses tell; null where everybody has to be looked at.
    private IEnumerable<int>? Candidates(OktaExpression expression) => expression switch
    {
        OktaExpression.Both both => Candidates(both.Left) ?? Candidates(both.Right),
        OktaExpression.Either either => Candidates(either.Left) is { } left && Candidates(either.Right) is { } right ? left.Concat(right) : null,
        OktaExpression.Comparison { Operator: "eq", Attribute: "profile.login" or "profile.email" } comparison =>
            One(world.FindOktaUser(comparison.Value)),
        OktaExpression.Comparison { Operator: "eq", Attribute: "id" } comparison => TryFindById(comparison.Value, out var number) ? One(number) : [],
        _ => null,
    };

    private static IEnumerable<int> One(int number) => number < 0 ? [] : [number];

    // A whole address needs no walk through everybody.
    private int[]? ByAddress(string q) => world.FindOktaUser(q) is >= 0 and var number ? [number] : null;

    private bool BeginsWith(int number, string q) =>
        world.Addresses.Given(number).StartsWith(q, StringComparison.OrdinalIgnoreCase)
        || world.Addresses.Family(number).StartsWith(q, StringComparison.OrdinalIgnoreCase)
        || world.OktaEmail(number).StartsWith(q, StringComparison.OrdinalIgnoreCase);

    private string? UserAttribute(int number, string name) => name switch
    {
        "id" => world.UserIds.Of(number),
        "status" => Wire.Text(world.PersonAt(number).Okta),
        "profile.login" or "profile.email" => world.OktaEmail(number),
        "profile.firstName" => world.Addresses.Given(number),
        "profile.lastName" => world.Addresses.Family(number),
        _ => null,
    };

    private string? GroupAttribute(int number, string name) => name switch
    {
        "id" => world.GroupIds.Of(number),
        "type" => world.Groups[number].Type,
        "profile.name" => world.Groups[number].Name,
        _ => null,
    };

    private int FindUser(string idOrLogin)
    {
        if (idOrLogin == "me") return Admin;
        if (TryFindById(idOrLogin, out var number)) return number;
        var found = world.FindOktaUser(idOrLogin);
        return found >= 0 ? found : throw OktaFailure.NotFound(idOrLogin, "User");
    }

    private bool TryFindById(string id, out int number) =>
        world.UserIds.TryParse(id, out number) && number < world.PersonCount && world.PersonAt(number).Okta != OktaStatus.None;

    private int FindGroup(string id) =>
        world.GroupIds.TryParse(id, out var number) && number < world.Groups.Count ? number : throw OktaFailure.NotFound(id, "UserGroup");
}
