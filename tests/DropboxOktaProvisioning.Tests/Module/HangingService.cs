namespace DropboxOktaProvisioning.Tests;

/// <summary>A service on loopback that lets everybody sign in and then never answers: whoever waits for it waits until stopped.</summary>
internal sealed class HangingService(bool answersSignIn = true) : ScriptedService(request => answersSignIn ? Answer(request) : null, greets: answersSignIn)
{
    private const string App = """[{"id":"0oa1","name":"dropbox_for_business","label":"Dropbox Business","status":"ACTIVE","signOnMode":"SAML_2_0","settings":{"app":{"silent":false}}}]""";
    private const string Team = """{"team_id":"dbtid:x","name":"Contoso","num_licensed_users":9,"num_provisioned_users":9,"num_used_licenses":9}""";
    private const string Admin = """{"admin_profile":{"team_member_id":"dbmid:a","email":"admin@contoso.example","status":{".tag":"active"}}}""";

    private static (int, string)? Answer(string request) =>
        request.Contains("&limit=1 ", StringComparison.Ordinal) ? (200, App)
        : request.Contains("/team/get_info ", StringComparison.Ordinal) ? (200, Team)
        : request.Contains("get_authenticated_admin ", StringComparison.Ordinal) ? (200, Admin)
        : null;
}
