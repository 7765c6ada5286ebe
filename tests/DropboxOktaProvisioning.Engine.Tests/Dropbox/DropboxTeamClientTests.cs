using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Tests.Http;

namespace DropboxOktaProvisioning.Engine.Tests.Dropbox;

public sealed class DropboxTeamClientTests
{
    private readonly Rig _rig = new();

    [Fact]
    public async Task Connecting_reads_the_team_and_the_admin_with_null_as_the_argument()
    {
        _rig.Network.Then(Reply.Json(Rig.Team), Reply.Json(Rig.Admin));
        using DropboxTeamClient client = await _rig.ConnectDropboxAsync();

        Assert.Equal(["/2/team/get_info", "/2/team/token/get_authenticated_admin"], _rig.Network.Requests.Select(r => r.PathAndQuery));
        Assert.All(_rig.Network.Requests, r => Assert.Equal(
            ("POST", "null", "application/json", $"Bearer {Rig.DropboxToken}"), (r.Method, r.Body, r.ContentType, r.Authorization)));
        Assert.Equal(new DropboxTeamInfo("dbtid:A", "Contoso", 10, 5, 4), client.Team);
        Assert.Equal(new DropboxAdmin("dbmid:Admin", "admin@contoso.example"), client.Admin);
        Assert.Null(client.TokenExpires);
    }

    [Fact]
    public async Task Members_come_from_all_pages_and_the_next_page_takes_only_the_cursor()
    {
        using DropboxTeamClient client = await _rig.DropboxAsync();
        _rig.Network.Then(
            Reply.Json("""
                {"members":[
                  {"profile":{"team_member_id":"dbmid:1","account_id":"dbid:1","external_id":"00u1","email":"a@contoso.example","email_verified":true,
                   "secondary_emails":[{"email":"a2@contoso.example","is_verified":true}],"name":{"display_name":"Ann A"},
                   "status":{".tag":"active"},"joined_on":"2026-01-02T03:04:05Z"},"roles":[{"role_id":"pid_dbtmr:1"}]},
                  {"profile":{"team_member_id":"dbmid:2","email":"b@contoso.example","name":{"display_name":""},"status":{".tag":"invited"},
                   "invited_on":"2026-02-02T03:04:05Z"}}],
                 "cursor":"c1","has_more":true}
                """),
            Reply.Json("""
                {"members":[
                  {"profile":{"team_member_id":"dbmid:3","email":"c@contoso.example","status":{".tag":"removed","is_recoverable":false,"is_disconnected":true}}},
                  {"profile":{"team_member_id":"dbmid:4","email":"d@contoso.example","status":{".tag":"dreaming"}},"roles":null}],
                 "cursor":"c2","has_more":false}
                """));

        List<DropboxMember> members = await Rig.AllAsync(client.ListMembersAsync(true, _rig.Log, default));

        Assert.Equal(
            [("/2/team/members/list_v2", """{"limit":1000,"include_removed":true}"""), ("/2/team/members/list/continue_v2", """{"cursor":"c1"}""")],
            _rig.Network.Requests.Select(r => (r.PathAndQuery, r.Body!)));
        Assert.Equal(
            [DropboxMemberStatus.Active, DropboxMemberStatus.Invited, DropboxMemberStatus.Removed, DropboxMemberStatus.Other], members.Select(m => m.Status));
        Assert.Equal(["a2@contoso.example"], members[0].SecondaryEmails);
        Assert.Equal(("dbid:1", "00u1", "Ann A"), (members[0].AccountId, members[0].ExternalId, members[0].DisplayName));
        Assert.Equal(new DateTimeOffset(2026, 2, 2, 3, 4, 5, TimeSpan.Zero), members[1].InvitedOn);
        Assert.Null(members[1].DisplayName);
        Assert.True(members[2].IsDisconnected);
        Assert.Equal("dreaming", members[3].StatusTag);
    }
}
