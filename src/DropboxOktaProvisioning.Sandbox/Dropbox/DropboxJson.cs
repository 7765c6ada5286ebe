using System.Text.Json;
using DropboxOktaProvisioning.Sandbox.Http;
using DropboxOktaProvisioning.Sandbox.State;

namespace DropboxOktaProvisioning.Sandbox.Dropbox;

/// <summary>Writes members as the team shows them (dropbox.md §2).</summary>
internal sealed class DropboxJson(WorldState world)
{
    // Characters that a name part on the team may not have (dropbox.md §1).
    private const string Forbidden = "/:?*<>\"|";

    /// <summary>The fields of a <c>TeamMemberInfoV2</c>, without the braces around them.</summary>
    public void WriteMember(Utf8JsonWriter json, int number)
    {
        ref var member = ref world.MemberAt(number);
        json.WriteStartObject("profile");
        WriteProfileFields(json, number);
        json.WriteEndObject();
        if (member.Person != Okta.OktaPeople.Admin) return;
        json.WriteStartArray("roles");
        json.WriteStartObject();
        json.WriteString("role_id", "pid_dbtmr:sandbox-team-admin");
        json.WriteString("name", "Team");
        json.WriteString("description", "Manage everything and access all permissions");
        json.WriteEndObject();
        json.WriteEndArray();
    }

    public void WriteProfileFields(Utf8JsonWriter json, int number)
    {
        ref var member = ref world.MemberAt(number);
        var person = member.Person;
        json.WriteString("team_member_id", world.MemberIds.Of(number));

        // Optional in the spec: here it is left out for some who never joined.
        if (member.Status != MemberStatus.Invited || !world.Hash.Chance(0.4, number, 90)) json.WriteString("account_id", world.AccountIds.Of(number));
        if ((member.Marks & MemberMarks.HasExternalId) != 0) json.WriteString("external_id", world.UserIds.Of(person));
        json.WriteString("email", world.MemberEmail(member));
        json.WriteBoolean("email_verified", member.Status != MemberStatus.Invited);
        json.WriteStartArray("secondary_emails");
        if ((member.Marks & MemberMarks.OtherPrimary) != 0)
        {
            json.WriteStartObject();
            json.WriteString("email", world.Addresses.Email(person));
            json.WriteBoolean("is_verified", true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteStatus(json, member);
        WriteName(json, member, number);
        json.WriteStartObject("membership_type");
        json.WriteString(".tag", "full");
        json.WriteEndObject();
        if (member.Status == MemberStatus.Invited) json.WriteDropboxTime("invited_on", world.Time(member.Invited));
        else if (member.Joined != int.MinValue) json.WriteDropboxTime("joined_on", world.Time(member.Joined));
        if (member.Status == MemberStatus.Suspended) json.WriteDropboxTime("suspended_on", world.Time(member.Ended));
        json.WriteStartArray("groups");
        json.WriteStringValue("g:sandbox0000000everyone");
        json.WriteEndArray();
        json.WriteString("member_folder_id", (1_000_000_000L + number).ToString(System.Globalization.CultureInfo.InvariantCulture));
        json.WriteString("root_folder_id", "900000000");
    }

    private void WriteStatus(Utf8JsonWriter json, in Member member)
    {
        json.WriteStartObject("status");
        json.WriteString(".tag", Wire.Text(member.Status));
        if (member.Status == MemberStatus.Removed)
        {
            json.WriteBoolean("is_recoverable", world.IsRecoverable(member));
            json.WriteBoolean("is_disconnected", (member.Marks & MemberMarks.Disconnected) != 0);
        }

        json.WriteEndObject();
    }

    // Name parts may be empty for those who were only invited (dropbox.md §2).
    private void WriteName(Utf8JsonWriter json, in Member member, int number)
    {
        var nameless = member.Status == MemberStatus.Invited && world.Hash.Chance(0.3, number, 91);
        var given = nameless ? "" : Allowed(world.Addresses.Given(member.Person));
        var family = nameless ? "" : Allowed(world.Addresses.Family(member.Person));
        json.WriteStartObject("name");
        json.WriteString("given_name", given);
        json.WriteString("surname", family);
        json.WriteString("familiar_name", given);
        json.WriteString("display_name", $"{given} {family}".Trim());
        json.WriteString("abbreviated_name", string.Concat(given.Take(1).Concat(family.Take(1))));
        json.WriteEndObject();
    }

    private static string Allowed(string name) => string.Concat(name.Where(character => !Forbidden.Contains(character, StringComparison.Ordinal)));
}
