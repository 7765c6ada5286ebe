using System.Globalization;
using System.Text.Json;
using DropboxOktaProvisioning.Sandbox.Http;
using DropboxOktaProvisioning.Sandbox.State;

namespace DropboxOktaProvisioning.Sandbox.Okta;

/// <summary><c>GET /api/v1/logs</c> (okta.md §3.11).</summary>
internal sealed class SystemLogRoutes(WorldState world, Func<DropboxApp> app, Cursors cursors)
{
    private const byte LogList = 9;
    private static readonly string[] Attributes = ["eventType", "target.id", "target.type", "actor.id", "outcome.result"];

    /// <summary>What Dropbox says of people whom it does not take; which of them is drawn.</summary>
    private static readonly (string Code, string Reason)[] Refusals =
    [
        ("team_license_limit", "Automatic provisioning of user failed: Dropbox has no license left for the team"),
        ("user_on_another_team", "Automatic provisioning of user failed: the user is a member of another Dropbox team"),
        ("notUniqueWithinOrg", "Automatic provisioning of user failed: a member with this address exists already"),
    ];

    private readonly IdScheme _ids = new("evt", 24, world.Hash);

    public ReadOnlyMemory<byte> List(OktaRequest request)
    {
        var limit = request.Limit(100, 0, 1000);
        var until = Time(request, "until");
        var since = Time(request, "since") ?? (until ?? request.Now).AddDays(-7);
        if (since < request.Now.AddDays(-180)) throw new OktaFailure(400, "E0000053", "Invalid filter: 'since' may not be older than 180 days");
        if (request.Query("sortOrder") is not (null or "ASCENDING")) throw OktaFailure.Invalid("sortOrder", "The sandbox sorts ASCENDING only");
        var filter = request.Query("filter") is { } text ? OktaPeople.Parse(text, isSearch: false, Attributes) : null;

        var begin = world.SystemLog.FirstFrom(since);
        if (request.Query("after") is { } after && !cursors.TryRead(after, LogList, out begin, out _)) throw OktaFailure.Invalid("after", "The cursor is not valid or has expired");
        var position = begin;
        var body = JsonBody.Of(json =>
        {
            json.WriteStartArray();
            for (var left = request.EmptyPage ? 0 : limit; left > 0 && HasMore(position, until); position++)
            {
                if (filter is not null && !filter.MatchesAny(name => Values(position, name))) continue;
                Write(json, position);
                left--;
            }

            json.WriteEndArray();
        });
        while (filter is not null && HasMore(position, until) && !filter.MatchesAny(name => Values(position, name))) position++;
        // Without an end the list can always go on: that is how it is polled.
        request.Links(HasMore(position, until) || until is null ? cursors.Create(position, LogList, 0) : null, limit);
        return body;
    }

    private bool HasMore(int position, DateTimeOffset? until) =>
        position < world.SystemLog.Shown && !(world.Time(world.SystemLog.At(position).Time) >= until);

    private static DateTimeOffset? Time(OktaRequest request, string name) => request.Query(name) is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
        : throw OktaFailure.Invalid(name, "The value is not a date");

    private static string TypeOf(SystemEvent kind) => kind switch
    {
        SystemEvent.UserCreated => "user.lifecycle.create",
        SystemEvent.AppAssigned => "application.user_membership.add",
        SystemEvent.GroupAssignedApp => "group.application_assignment.add",
        SystemEvent.Pushed or SystemEvent.PushFailed => "application.provision.user.push",
        SystemEvent.SignedOn => "user.authentication.sso",
        SystemEvent.AppUnassigned => "application.user_membership.remove",
        SystemEvent.UserSuspended => "user.lifecycle.suspend",
        SystemEvent.UserUnsuspended => "user.lifecycle.unsuspend",
        SystemEvent.UserLocked => "user.account.lock",
        SystemEvent.UserUnlocked => "user.account.unlock",
        SystemEvent.UserDeactivated => "user.lifecycle.deactivate",
        SystemEvent.UserActivated => "user.lifecycle.activate",
        SystemEvent.ProfileChanged => "user.account.update_profile",
        SystemEvent.JoinedGroup => "group.user_membership.add",
        _ => "application.lifecycle.update",
    };

    private IEnumerable<string> Values(int position, string name)
    {
        var entry = world.SystemLog.At(position);
        return name switch
        {
            "eventType" => [TypeOf(entry.Kind)],
            "outcome.result" => [entry.Kind == SystemEvent.PushFailed ? "FAILURE" : "SUCCESS"],
            "actor.id" => [entry.Kind == SystemEvent.SignedOn ? world.UserIds.Of(entry.Subject) : world.UserIds.Of(OktaPeople.Admin)],
            "target.id" => Targets(entry).Select(target => target.Id),
            _ => Targets(entry).Select(target => target.Type),
        };
    }

    private IEnumerable<(string Id, string Type, string AlternateId, string Name)> Targets(SystemEntry entry)
    {
        if (entry.Kind == SystemEvent.GroupAssignedApp) yield return (world.GroupIds.Of(entry.Subject), "UserGroup", "unknown", world.Groups[entry.Subject].Name);
        else if (entry.Subject >= 0 && entry.Kind != SystemEvent.SignedOn)
            yield return (world.UserIds.Of(entry.Subject), "User", world.OktaEmail(entry.Subject), $"{world.Addresses.Given(entry.Subject)} {world.Addresses.Family(entry.Subject)}");
        if (IsAboutApp(entry.Kind)) yield return (app().Id, "AppInstance", app().Label, app().Label);
        if (entry.Kind == SystemEvent.SignedOn)
            yield return ("0ua" + world.UserIds.Of(entry.Subject)[3..], "AppUser", world.OktaEmail(entry.Subject), $"{world.Addresses.Given(entry.Subject)} {world.Addresses.Family(entry.Subject)}");
    }

    private static bool IsAboutApp(SystemEvent kind) => kind is SystemEvent.AppAssigned or SystemEvent.AppUnassigned or SystemEvent.GroupAssignedApp or SystemEvent.Pushed
        or SystemEvent.PushFailed or SystemEvent.SignedOn or SystemEvent.AppChanged;

    private void Write(Utf8JsonWriter json, int position)
    {
        var entry = world.SystemLog.At(position);
        var failed = entry.Kind == SystemEvent.PushFailed;
        var (code, reason) = failed ? Refusals[world.Hash.Below(Refusals.Length, entry.Subject, 92)] : ("", "");
        var actor = entry.Kind == SystemEvent.SignedOn ? entry.Subject : OktaPeople.Admin;
        json.WriteStartObject();
        json.WriteString("uuid", _ids.Of(position));
        json.WriteString("published", world.Time(entry.Time).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        json.WriteString("eventType", TypeOf(entry.Kind));
        json.WriteString("version", "0");
        json.WriteString("severity", failed ? "ERROR" : "INFO");
        json.WriteString("displayMessage", "(sandbox) " + TypeOf(entry.Kind));
        json.WriteStartObject("actor");
        WriteEntity(json, world.UserIds.Of(actor), "User", world.OktaEmail(actor), $"{world.Addresses.Given(actor)} {world.Addresses.Family(actor)}");
        json.WriteEndObject();
        json.WriteStartObject("outcome");
        json.WriteString("result", failed ? "FAILURE" : "SUCCESS");
        if (failed) json.WriteString("reason", reason);
        json.WriteEndObject();
        json.WriteStartArray("target");
        foreach (var (id, type, alternateId, name) in Targets(entry))
        {
            json.WriteStartObject();
            WriteEntity(json, id, type, alternateId, name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("debugContext");
        json.WriteStartObject("debugData");
        if (failed) json.WriteString("error_code", code);
        if (entry.Kind == SystemEvent.SignedOn) json.WriteString("initiationType", "IDP_INITIATED");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteEntity(Utf8JsonWriter json, string id, string type, string alternateId, string name)
    {
        json.WriteString("id", id);
        json.WriteString("type", type);
        json.WriteString("alternateId", alternateId);
        json.WriteString("displayName", name);
    }
}
