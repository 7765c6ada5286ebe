using System.Text.Json;
using DropboxOktaProvisioning.Sandbox.Http;
using DropboxOktaProvisioning.Sandbox.State;

namespace DropboxOktaProvisioning.Sandbox.Dropbox;

/// <summary>Writes entries of the log as the service's TeamEvent (dropbox.md §3.3).</summary>
internal sealed class TeamLogJson(WorldState world)
{
    private readonly IdScheme _personalIds = new("dbid:AP", 40, world.Hash);

    /// <summary>The type of an entry and its category.</summary>
    public static (string Type, string Category) Names(LogKind kind) => kind switch
    {
        LogKind.DomainAdded => ("domain_verification_add_domain_success", "domains"),
        LogKind.DomainRemoved => ("domain_verification_remove_domain", "domains"),
        LogKind.CertificateAdded => ("sso_add_cert", "sso"),
        LogKind.CertificateEnds => ("sso_change_cert", "sso"),
        LogKind.SsoOptional or LogKind.SsoRequired or LogKind.SsoOff => ("sso_change_policy", "team_policies"),
        LogKind.CaptureAvailable => ("account_capture_change_availability", "domains"),
        LogKind.CapturePolicy or LogKind.CaptureInvited or LogKind.CaptureOff => ("account_capture_change_policy", "team_policies"),
        LogKind.CaptureMailing => ("account_capture_notification_emails_sent", "domains"),
        LogKind.SignedOn or LogKind.PasswordLogIn => ("login_success", "logins"),
        LogKind.LogInFailed => ("login_fail", "logins"),
        LogKind.SharedWith => ("shared_content_add_member", "sharing"),
        LogKind.AskedToJoin => ("domain_invites_request_to_join_team", "domains"),
        LogKind.CaptureMigrated => ("account_capture_migrate_account", "domains"),
        LogKind.CaptureRelinquished => ("account_capture_relinquish_account", "domains"),
        LogKind.EmailChanged => ("member_change_email", "members"),
        _ => ("member_change_status", "members"),
    };

    public void Write(Utf8JsonWriter json, LogEntry entry)
    {
        var (type, category) = Names(entry.Kind);
        var apart = entry.Kind is LogKind.SharedWith or LogKind.AskedToJoin or LogKind.CaptureRelinquished;
        json.WriteStartObject();
        json.WriteDropboxTime("timestamp", world.Time(entry.Time));
        Tag(json, "event_category", category);
        WriteActor(json, entry);
        json.WriteStartObject("origin");
        Tag(json, "access_method", "end_user");
        json.WriteEndObject();
        json.WriteBoolean("involve_non_team_member", apart);
        if (!apart && entry.Person >= 0) WriteUser(json, "context", entry.Person, isMember: true);
        json.WriteStartArray("participants");
        if (entry.Kind is LogKind.Invited or LogKind.Suspended or LogKind.Unsuspended or LogKind.Removed or LogKind.Recovered or LogKind.EmailChanged or LogKind.SharedWith)
        {
            json.WriteStartObject();
            json.WriteString(".tag", "user");
            WriteUser(json, "user", entry.Person, isMember: !apart);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("assets");
        json.WriteEndArray();
        json.WriteStartObject("event_type");
        json.WriteString(".tag", type);
        json.WriteString("description", "(sandbox) " + type);
        json.WriteEndObject();
        json.WriteStartObject("details");
        json.WriteString(".tag", type + "_details");
        WriteDetails(json, entry.Kind);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteActor(Utf8JsonWriter json, LogEntry entry)
    {
        // Okta's pushes come from the app that is linked to the team; the rest is done by the person or by the admin.
        var byPerson = entry.Kind is LogKind.Joined or LogKind.JoinedWithLinks or LogKind.SignedOn or LogKind.PasswordLogIn or LogKind.LogInFailed or LogKind.AskedToJoin or LogKind.CaptureMigrated or LogKind.CaptureRelinquished;
        json.WriteStartObject("actor");
        if (entry.Kind == LogKind.Invited)
        {
            json.WriteString(".tag", "app");
            json.WriteStartObject("app");
            json.WriteString(".tag", "team_linked_app");
            json.WriteString("app_id", "dbaid:AAsandbox");
            json.WriteString("display_name", "Okta");
            json.WriteEndObject();
        }
        else
        {
            var kind = byPerson ? "user" : "admin";
            json.WriteString(".tag", kind);
            WriteUser(json, kind, byPerson ? entry.Person : Okta.OktaPeople.Admin, isMember: entry.Kind is not (LogKind.AskedToJoin or LogKind.CaptureRelinquished));
        }

        json.WriteEndObject();
    }

    private void WriteUser(Utf8JsonWriter json, string name, int person, bool isMember)
    {
        var member = world.PersonAt(person).Member;
        json.WriteStartObject(name);
        json.WriteString(".tag", isMember ? "team_member" : "non_team_member");
        json.WriteString("account_id", isMember ? world.AccountIds.Of(member) : _personalIds.Of(person));
        json.WriteString("display_name", $"{world.Addresses.Given(person)} {world.Addresses.Family(person)}");
        json.WriteString("email", isMember ? world.MemberEmail(world.MemberAt(member)) : world.Addresses.Email(person));
        if (isMember) json.WriteString("team_member_id", world.MemberIds.Of(member));
        json.WriteEndObject();
    }

    private void WriteDetails(Utf8JsonWriter json, LogKind kind)
    {
        switch (kind)
        {
            case LogKind.DomainAdded:
                json.WriteStartArray("domain_names");
                json.WriteStringValue(world.Addresses.Domain);
                json.WriteEndArray();
                json.WriteString("verification_method", "DNS");
                break;
            case LogKind.DomainRemoved:
                json.WriteStartArray("domain_names");
                json.WriteStringValue(world.Addresses.Domain);
                json.WriteEndArray();
                break;
            case LogKind.CertificateAdded:
                WriteCertificate(json, "certificate_details", world.Start.AddYears(3));
                break;
            case LogKind.CertificateEnds:
                WriteCertificate(json, "previous_certificate_details", world.Start.AddYears(3));
                WriteCertificate(json, "new_certificate_details", world.Start.AddDays(-1));
                break;
            case LogKind.SsoOptional or LogKind.SsoRequired or LogKind.SsoOff:
                Tag(json, "new_value", kind switch { LogKind.SsoOptional => "optional", LogKind.SsoRequired => "required", _ => "disabled" });
                Tag(json, "previous_value", kind == LogKind.SsoOptional ? "disabled" : "optional");
                break;
            case LogKind.CaptureAvailable:
                Tag(json, "new_value", "available");
                break;
            case LogKind.CapturePolicy or LogKind.CaptureInvited or LogKind.CaptureOff:
                Tag(json, "new_value", kind switch { LogKind.CapturePolicy => "all_users", LogKind.CaptureInvited => "invited_users", _ => "disabled" });
                Tag(json, "previous_value", "disabled");
                break;
            case LogKind.CaptureMailing or LogKind.CaptureMigrated or LogKind.CaptureRelinquished:
                json.WriteString("domain_name", world.Addresses.Domain);
                if (kind == LogKind.CaptureMailing) Tag(json, "notification_type", "proactive_warning_notification");
                break;
            case LogKind.SignedOn or LogKind.PasswordLogIn:
                json.WriteBoolean("is_emm_managed", false);
                Tag(json, "login_method", kind == LogKind.SignedOn ? "saml" : "password");
                break;
            case LogKind.LogInFailed:
                Tag(json, "login_method", "saml");
                json.WriteStartObject("error_details");
                json.WriteString("user_friendly_message", "The SAML assertion could not be validated.");
                json.WriteString("technical_error_message", "Invalid signature");
                json.WriteEndObject();
                break;
            case LogKind.SharedWith:
                Tag(json, "shared_content_access_level", "editor");
                break;
            case LogKind.Invited or LogKind.Joined or LogKind.JoinedWithLinks or LogKind.Suspended or LogKind.Unsuspended or LogKind.Removed or LogKind.Recovered:
                WriteStatusChange(json, kind);
                break;
        }
    }

    private static void WriteCertificate(Utf8JsonWriter json, string name, DateTimeOffset end)
    {
        json.WriteStartObject(name);
        json.WriteString("subject", "CN=contoso.example");
        json.WriteString("issuer", "CN=contoso.example");
        json.WriteDropboxTime("issue_date", end.AddYears(-4));
        json.WriteDropboxTime("expiration_date", end);
        json.WriteString("serial_number", "5A4D42");
        json.WriteString("sha1_fingerprint", "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33");
        json.WriteString("common_name", "contoso.example");
        json.WriteEndObject();
    }

    private static void WriteStatusChange(Utf8JsonWriter json, LogKind kind)
    {
        var (before, after) = kind switch
        {
            LogKind.Invited => ("not_joined", "invited"),
            LogKind.Suspended => ("active", "suspended"),
            LogKind.Unsuspended => ("suspended", "active"),
            LogKind.Removed => ("active", "removed"),
            LogKind.Recovered => ("removed", "active"),
            _ => ("invited", "active"),
        };
        Tag(json, "previous_value", before);
        Tag(json, "new_value", after);
        if (kind is not (LogKind.Joined or LogKind.JoinedWithLinks)) return;
        json.WriteStartObject("action");
        json.WriteString(".tag", "team_join_details");
        json.WriteBoolean("has_linked_apps", kind == LogKind.JoinedWithLinks);
        json.WriteBoolean("has_linked_devices", kind == LogKind.JoinedWithLinks);
        json.WriteBoolean("has_linked_shared_folders", false);
        json.WriteEndObject();
    }

    private static void Tag(Utf8JsonWriter json, string name, string tag)
    {
        json.WriteStartObject(name);
        json.WriteString(".tag", tag);
        json.WriteEndObject();
    }
}
