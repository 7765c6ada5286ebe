using System.Globalization;
using System.Text;
using System.Text.Json;
using DropboxOktaProvisioning.Sandbox.Http;
using DropboxOktaProvisioning.Sandbox.State;

namespace DropboxOktaProvisioning.Sandbox.Dropbox;

/// <summary>The Dropbox team's HTTP surface: tokens, rate limit, routes.</summary>
internal sealed class DropboxService(WorldState world, DropboxTokens tokens, Cursors cursors, SandboxFaults faults, string teamId)
{
    private const byte MemberList = 7;

    /// <summary>The batch that get_info_v2 takes here; the service's own maximum is published nowhere (dropbox.md §1.1).</summary>
    private const int LargestBatch = 100;

    private readonly DropboxJson _json = new(world);
    private readonly TeamLogRoutes _log = new(world, cursors);
    private readonly RateBuckets _buckets = new();
    private int _requests;

    /// <summary>Whether the admin who authorized the token is still one.</summary>
    public bool AdminIsActive { get; set; } = true;

    /// <summary>How many licences the team has; null for enough.</summary>
    public int? Licences { get; set; }

    /// <summary>Answers a request, or gives the fault's answer in its place.</summary>
    public SandboxAnswer Answer(SandboxCall call, SandboxFault fault, DateTimeOffset now)
    {
        _requests++;
        var requestId = string.Create(CultureInfo.InvariantCulture, $"{world.Hash.Draw(_requests, 95):x16}{world.Hash.Draw(_requests, 96):x16}");
        try
        {
            if (fault is SandboxFault.RateLimited or SandboxFault.ConcurrencyLimited)
                throw DropboxFailure.TooManyRequests((int)Math.Ceiling(faults.RetryAfter.TotalSeconds), asText: faults.Draw(4) == 0);
            if (faults.LimitOf(SandboxService.Dropbox, "") is { } limit)
            {
                var (allowed, _, reset) = _buckets.Take("", limit, now);
                if (!allowed) throw DropboxFailure.TooManyRequests((int)Math.Ceiling((reset - now).TotalSeconds), asText: false);
            }

            if (fault == SandboxFault.ServerError) throw DropboxFailure.Text(500 + (faults.Draw(2) * 3), "Internal error, please try again.");
            if (call.Method == "GET" && call.Address.AbsolutePath == "/oauth2/authorize") return Allowed(tokens.Authorize(FormBody.Read(call.Address.Query.TrimStart('?')).GetValueOrDefault));
            return Result(200, "application/json", Route(call, fault, now), null);
        }
        catch (DropboxFailure failure)
        {
            return Result(failure.Status, failure.ContentType, failure.Body(Dots()), failure.RetryAfter);
        }

        // A real page asks first; here somebody has read it and decided.
        SandboxAnswer Allowed((string? Redirect, string? Code) decided)
        {
            if (decided.Redirect is { } redirect)
                return new SandboxAnswer { Status = 302, Headers = [new("Date", now.ToString("r", CultureInfo.InvariantCulture)), new("Location", redirect)] };
            return Result(200, "text/html; charset=utf-8", Encoding.UTF8.GetBytes($"<!DOCTYPE html><html><body><input value=\"{decided.Code ?? "access_denied"}\"></body></html>"), null);
        }

        SandboxAnswer Result(int status, string type, ReadOnlyMemory<byte> body, int? retryAfter)
        {
            var headers = new List<KeyValuePair<string, string>>
            {
                new("Date", now.ToString("r", CultureInfo.InvariantCulture)),
                new("X-Dropbox-Request-Id", requestId),
                new("Cache-Control", "no-cache"),
            };
            if (retryAfter is { } seconds) headers.Add(new("Retry-After", seconds.ToString(CultureInfo.InvariantCulture)));
            return new SandboxAnswer { Status = status, Headers = headers, ContentType = type, Body = body };
        }
    }

    private ReadOnlyMemory<byte> Route(SandboxCall call, SandboxFault fault, DateTimeOffset now)
    {
        var path = call.Address.AbsolutePath;
        if (call.Method != "POST") throw DropboxFailure.Text(405, "Method not allowed: every route of the API takes POST.");
        if (path == "/oauth2/token") return tokens.Refresh(call, now);
        var route = path.StartsWith("/2/", StringComparison.Ordinal) ? path[3..] : "";
        var scope = route switch
        {
            "team/get_info" or "team/token/get_authenticated_admin" => "team_info.read",
            "team/members/list_v2" or "team/members/list/continue_v2" or "team/members/get_info_v2" => "members.read",
            "team_log/get_events" or "team_log/get_events/continue" => "events.read",
            _ => throw DropboxFailure.Text(404, $"Unknown API function: \"{route}\""),
        };
        tokens.Check(route, call.Header("Authorization"), scope, now);
        using var argument = new DropboxArgument(route, call);
        return route switch
        {
            "team/get_info" => GetInfo(argument),
            "team/token/get_authenticated_admin" => GetAdmin(argument),
            "team/members/list_v2" => List(argument, fault),
            "team/members/list/continue_v2" => Continue(argument, fault),
            "team_log/get_events" => _log.First(argument, fault),
            "team_log/get_events/continue" => _log.Continue(argument, fault),
            _ => GetMembers(argument),
        };
    }

    private ReadOnlyMemory<byte> GetInfo(DropboxArgument argument)
    {
        argument.ExpectNull();
        return JsonBody.Of(json =>
        {
            json.WriteStartObject();
            json.WriteString("name", "Contoso (sandbox)");
            json.WriteString("team_id", teamId);
            json.WriteNumber("num_licensed_users", Licences ?? world.MemberCount + 50);
            json.WriteNumber("num_provisioned_users", world.ProvisionedMembers);
            json.WriteNumber("num_used_licenses", world.ProvisionedMembers);
            json.WriteStartObject("policies");
            json.WriteStartObject("sharing");
            WriteTagged(json, "shared_folder_member_policy", "team");
            WriteTagged(json, "shared_folder_join_policy", "from_anyone");
            WriteTagged(json, "shared_link_create_policy", "team_only");
            json.WriteEndObject();
            WriteTagged(json, "emm_state", "disabled");
            WriteTagged(json, "office_addin", "disabled");
            WriteTagged(json, "suggest_members_policy", "enabled");
            WriteTagged(json, "top_level_content_policy", "admin_only");
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    private ReadOnlyMemory<byte> GetAdmin(DropboxArgument argument)
    {
        argument.ExpectNull();
        if (!AdminIsActive) throw DropboxFailure.Tagged(409, "admin_not_active");
        return JsonBody.Of(json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("admin_profile");
            _json.WriteProfileFields(json, world.PersonAt(Okta.OktaPeople.Admin).Member);
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    private ReadOnlyMemory<byte> List(DropboxArgument argument, SandboxFault fault)
    {
        argument.ExpectFields("limit", "include_removed");
        var limit = argument.Integer("limit", 1000, 1, 1000);
        return Page(0, limit, argument.Boolean("include_removed", false), fault);
    }

    private ReadOnlyMemory<byte> Continue(DropboxArgument argument, SandboxFault fault)
    {
        // The cursor alone: the limit must not be sent again (dropbox.md §5).
        argument.ExpectFields("cursor");
        if (!cursors.TryRead(argument.Text("cursor"), MemberList, out var position, out var options) || fault == SandboxFault.ExpiredCursor)
            throw DropboxFailure.Tagged(409, "invalid_cursor");
        return Page(position, options >> 1, (options & 1) != 0, fault);
    }

    private ReadOnlyMemory<byte> Page(int begin, int limit, bool includeRemoved, SandboxFault fault) => JsonBody.Of(
        json =>
        {
            var position = begin;
            json.WriteStartObject();
            json.WriteStartArray("members");
            for (var left = fault is SandboxFault.EmptyPage or SandboxFault.EmptyEnd ? 0 : limit; left > 0 && position < world.MemberCount; position++)
            {
                if (!IsListed(position)) continue;
                left--;
                if (fault == SandboxFault.EmptyGap) continue;
                json.WriteStartObject();
                _json.WriteMember(json, world.MemberInList(position));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            while (position < world.MemberCount && !IsListed(position)) position++;
            json.WriteString("cursor", cursors.Create(position, MemberList, (limit << 1) | (includeRemoved ? 1 : 0)));
            json.WriteBoolean("has_more", position < world.MemberCount && fault != SandboxFault.EmptyEnd);
            json.WriteEndObject();

            bool IsListed(int place) => includeRemoved || world.MemberAt(world.MemberInList(place)).Status != MemberStatus.Removed;
        },
        Math.Min(limit, world.MemberCount) * 700 + 128);

    private ReadOnlyMemory<byte> GetMembers(DropboxArgument argument)
    {
        argument.ExpectFields("members");
        var selectors = argument.Selectors("members", LargestBatch);
        return JsonBody.Of(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("members_info");
            foreach (var (tag, value) in selectors)
            {
                var member = Find(tag, value);
                json.WriteStartObject();
                json.WriteString(".tag", member < 0 ? "id_not_found" : "member_info");
                if (member < 0) json.WriteString("id_not_found", value);
                else _json.WriteMember(json, member);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    // Only primary addresses: whether the service also looks at secondary ones is not published (dropbox.md §2).
    private int Find(string tag, string value) => tag switch
    {
        "team_member_id" => world.MemberIds.TryParse(value, out var number) && number < world.MemberCount ? number : -1,
        "email" => world.FindMember(value),
        _ => world.UserIds.TryParse(value, out var person) && person < world.PersonCount && world.PersonAt(person).Member is >= 0 and var member
            && (world.MemberAt(member).Marks & MemberMarks.HasExternalId) != 0 ? member : -1,
    };

    // error_summary ends in dots by chance, so that nobody matches it whole (dropbox.md §4.1).
    private string Dots() => new('.', world.Hash.Below(4, _requests, 97));

    private static void WriteTagged(Utf8JsonWriter json, string name, string tag)
    {
        json.WriteStartObject(name);
        json.WriteString(".tag", tag);
        json.WriteEndObject();
    }
}
