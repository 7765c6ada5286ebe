using System.Globalization;
using System.Text.Json;
using DropboxOktaProvisioning.Sandbox.Http;
using DropboxOktaProvisioning.Sandbox.State;

namespace DropboxOktaProvisioning.Sandbox.Okta;

/// <summary>Writes people and groups as the org shows them (okta.md §3.9 to 3.10b).</summary>
internal sealed class OktaJson(WorldState world)
{
    public void WriteUser(Utf8JsonWriter json, int number, string origin)
    {
        ref var person = ref world.PersonAt(number);
        var id = world.UserIds.Of(number);
        var created = Created(number);
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("status", Wire.Text(person.Okta));
        json.WriteOktaTime("created", created);
        if (person.Okta == OktaStatus.Staged) json.WriteNull("activated");
        else json.WriteOktaTime("activated", created.AddMinutes(3));
        json.WriteOktaTime("statusChanged", created.AddMinutes(3));
        if (person.Okta == OktaStatus.Staged) json.WriteNull("lastLogin");
        else json.WriteOktaTime("lastLogin", world.Start.AddHours(-1 - world.Hash.Below(400, number, 71)));
        json.WriteOktaTime("lastUpdated", created.AddDays(1));
        json.WriteOktaTime("passwordChanged", created.AddMinutes(3));
        json.WriteStartObject("type");
        json.WriteString("id", "oty1sandbox0000000000");
        json.WriteEndObject();
        json.WriteStartObject("profile");
        json.WriteString("firstName", world.Addresses.Given(number));
        json.WriteString("lastName", world.Addresses.Family(number));
        json.WriteNull("mobilePhone");
        json.WriteNull("secondEmail");
        json.WriteString("login", world.OktaEmail(number));
        json.WriteString("email", world.OktaEmail(number));
        WriteWorkplace(json, number);
        json.WriteEndObject();
        json.WriteStartObject("credentials");
        json.WriteStartObject("provider");
        json.WriteString("type", "OKTA");
        json.WriteString("name", "OKTA");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("_links");
        WriteLink(json, "self", origin + "/api/v1/users/" + id);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public void WriteAppUser(Utf8JsonWriter json, int number, string appId, string origin, bool embedUser)
    {
        ref var person = ref world.PersonAt(number);
        var id = world.UserIds.Of(number);
        var email = world.OktaEmail(number);
        var changed = world.Time(person.StatusChanged);
        json.WriteStartObject();
        json.WriteString("id", id);
        if (person.LinkedMember < 0) json.WriteNull("externalId");
        else json.WriteString("externalId", world.MemberIds.Of(person.LinkedMember));
        json.WriteOktaTime("created", world.Time(person.Assigned));
        json.WriteOktaTime("lastUpdated", changed);
        json.WriteString("scope", (person.Marks & PersonMarks.ThroughGroup) != 0 ? "GROUP" : "USER");
        json.WriteString("status", Wire.Text(person.App));
        json.WriteOktaTime("statusChanged", changed);
        json.WriteNull("passwordChanged");
        json.WriteString("syncState", Wire.Text(person.Sync));
        if (person.LinkedMember >= 0) json.WriteOktaTime("lastSync", changed);
        json.WriteStartObject("credentials");
        json.WriteString("userName", email);
        json.WriteEndObject();
        json.WriteStartObject("profile");
        json.WriteString("email", email);
        json.WriteString("firstName", world.Addresses.Given(number));
        json.WriteString("lastName", world.Addresses.Family(number));
        json.WriteEndObject();
        json.WriteStartObject("_links");
        WriteLink(json, "app", origin + "/api/v1/apps/" + appId);
        WriteLink(json, "user", origin + "/api/v1/users/" + id);
        if ((person.Marks & PersonMarks.ThroughGroup) != 0)
            WriteLink(json, "group", origin + "/api/v1/groups/" + world.GroupIds.Of(person.Group));
        json.WriteEndObject();
        if (embedUser)
        {
            json.WriteStartObject("_embedded");
            json.WritePropertyName("user");
            WriteUser(json, number, origin);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    public void WriteGroup(Utf8JsonWriter json, int number, string origin)
    {
        var group = world.Groups[number];
        var id = world.GroupIds.Of(number);
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteOktaTime("created", world.Start.AddDays(-300));
        json.WriteOktaTime("lastUpdated", world.Start.AddDays(-100));
        json.WriteOktaTime("lastMembershipUpdated", world.Start.AddDays(-2));
        json.WriteStartArray("objectClass");
        json.WriteStringValue(group.Type == "APP_GROUP" ? "okta:windows_security_principal" : "okta:user_group");
        json.WriteEndArray();
        json.WriteString("type", group.Type);
        json.WriteStartObject("profile");
        json.WriteString("name", group.Name);
        json.WriteString("description", group.Description);
        json.WriteEndObject();
        json.WriteStartObject("_links");
        WriteLink(json, "users", $"{origin}/api/v1/groups/{id}/users");
        WriteLink(json, "apps", $"{origin}/api/v1/groups/{id}/apps");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public void WriteGroupAssignment(Utf8JsonWriter json, int number, string appId, string origin, bool embed)
    {
        var id = world.GroupIds.Of(number);
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteOktaTime("lastUpdated", world.Start.AddDays(-90));
        json.WriteNumber("priority", 0);
        json.WriteStartObject("profile");
        json.WriteEndObject();
        json.WriteStartObject("_links");
        WriteLink(json, "app", origin + "/api/v1/apps/" + appId);
        WriteLink(json, "group", origin + "/api/v1/groups/" + id);
        json.WriteEndObject();
        if (embed)
        {
            json.WriteStartObject("_embedded");
            json.WritePropertyName("group");
            WriteGroup(json, number, origin);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private void WriteWorkplace(Utf8JsonWriter json, int number)
    {
        var place = Workplaces.Of(world, number);
        json.WriteString("department", place.Department);
        // Okta leaves out what is not set; a null here and there is what clients must bear too.
        if (place.PreferredLanguage is { } language) json.WriteString("preferredLanguage", language);
        json.WriteString("locale", place.Locale);
        if (place.TimeZone is { } zone) json.WriteString("timezone", zone);
        if (place.CountryCode is { } country) json.WriteString("countryCode", country);
        if (place.Manager < 0) return;
        json.WriteString("manager", world.Addresses.Given(place.Manager) + " " + world.Addresses.Family(place.Manager));
        // Free text: most keep Okta's id in it, some the login as it was then, some a number of another system.
        json.WriteString("managerId", (number % 10) switch
        {
            3 => world.Addresses.Email(place.Manager),
            7 => "E-" + place.Manager.ToString("00000", CultureInfo.InvariantCulture),
            _ => world.UserIds.Of(place.Manager),
        });
    }

    private DateTimeOffset Created(int number) => world.PersonAt(number).Case == SandboxCase.Added
        ? world.Time(world.PersonAt(number).Assigned)
        : world.Start.AddDays(-200 - world.Hash.Below(1500, number, 70));

    private static void WriteLink(Utf8JsonWriter json, string name, string address)
    {
        json.WriteStartObject(name);
        json.WriteString("href", address);
        json.WriteEndObject();
    }
}
