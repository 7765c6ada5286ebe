using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Tests.Http;

namespace DropboxOktaProvisioning.Engine.Tests;

/// <summary>
/// Answers of the shape that the services publish (Okta's OpenAPI specification of the management API, Dropbox's Stone specification), every field of it, with made-up
/// values; and what is sent for each call. The samples stand in <c>tests/Samples</c>.
/// </summary>
public sealed class SpecSampleTests
{
    private static readonly DateTimeOffset January = new(2026, 1, 1, 8, 0, 0, TimeSpan.Zero);
    private readonly Rig _rig = new();

    private static string Sample(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Samples", name + ".json"));

    [Fact]
    public async Task An_app_s_user_with_the_user_in_it()
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(Reply.Json(Sample("okta-app-users")));
        OktaAppUser user = Assert.Single(await Rig.AllAsync(client.ListAppUsersAsync("0oa1", null, default)));
        Assert.Equal(new OktaAppUser
        {
            Id = "00uSample1", ExternalId = "dbmid:Sample1", Scope = "GROUP", Status = "PROVISIONED", SyncState = "SYNCHRONIZED", StatusChanged = January.AddDays(10).AddMinutes(30),
            UserName = "ada.sample@contoso.example", Email = "ada.sample@contoso.example",
            User = new OktaUser { Id = "00uSample1", Status = "ACTIVE", Login = "ada.sample@contoso.example", Email = "ada@contoso.example", FirstName = "Ada", LastName = "Sample", DisplayName = "Ada Sample",
                Department = "Engineering", Language = "de", TimeZone = "Europe/Berlin", CountryCode = "DE", Manager = "Cara Sample", ManagerId = "00uSample9" },
        }, user);
    }

    [Fact]
    public async Task An_app_a_group_and_a_log_entry()
    {
        using OktaClient client = await _rig.OktaAsync();
        _rig.Network.Then(Reply.Json(Sample("okta-apps")), Reply.Json(Sample("okta-groups")), Reply.Json(Sample("okta-logs")));
        OktaApp app = Assert.Single(await client.GetDropboxAppsAsync(null, default));
        Assert.Equal(("0oaSample1", "Dropbox Business", "ACTIVE", "SAML_2_0"), (app.Id, app.Label, app.Status, app.SignOnMode));
        Assert.Equal("https://contoso.okta.example/home/dropbox_for_business/0oaSample1/1", DashboardTile.Of(app)?.AbsoluteUri);
        Assert.Equal(new OktaGroup("00gSample1", "Dropbox Pilot", "OKTA_GROUP"), Assert.Single(await client.FindGroupsAsync("dropbox pilot", null, default)));
        OktaLogEvent entry = Assert.Single(await Rig.AllAsync(client.ListLogAsync(January, January.AddDays(60), "x", null, default)));
        Assert.Equal(("application.provision.user.push", "FAILURE", "Automatic provisioning failed", "notUniqueWithinOrg"), (entry.Type, entry.Result, entry.Reason, entry.ErrorCode));
        Assert.Equal(["00uAdmin1", "00uSample1", "0oaSample1"], entry.Ids);
    }

    [Fact]
    public async Task Members_of_every_state_one_of_them_never_seen_and_with_fields_absent()
    {
        using DropboxTeamClient client = await _rig.DropboxAsync();
        _rig.Network.Then(Reply.Json(Sample("dropbox-members")), Reply.Json(Sample("dropbox-members-info")));
        List<DropboxMember> members = await Rig.AllAsync(client.ListMembersAsync(true, null, default));
        DropboxMember full = members[0];
        Assert.Equal(("dbmid:Sample1", "dbid:Sample1", "00uSample1", "ada.sample@contoso.example", "Ada Sample"), (full.TeamMemberId, full.AccountId, full.ExternalId, full.Email, full.DisplayName));
        Assert.Equal((DropboxMemberStatus.Active, January, January.AddDays(4), January.AddDays(5)), (full.Status, full.InvitedOn, full.JoinedOn, full.SuspendedOn));
        Assert.Equal(["ada@contoso.example"], full.SecondaryEmails);
        Assert.Equal((DropboxMemberStatus.Removed, true, true, null), (members[1].Status, members[1].IsRecoverable, members[1].IsDisconnected, members[1].DisplayName));
        Assert.Equal((DropboxMemberStatus.Other, "a_tag_never_seen", null, null), (members[2].Status, members[2].StatusTag, members[2].AccountId, members[2].DisplayName));

        DropboxMember one = Assert.Single(await client.FindMembersAsync([DropboxSelector.ByEmail("ada.sample@contoso.example"), DropboxSelector.ByEmail("nobody@contoso.example")], null, default));
        Assert.Equal((DropboxMemberStatus.Invited, January), (one.Status, one.InvitedOn));
    }

    [Fact]
    public async Task The_team_and_its_events_known_and_unknown()
    {
        using DropboxTeamClient client = await _rig.DropboxAsync();
        _rig.Network.Then(Reply.Json(Sample("dropbox-team")), Reply.Json(Sample("dropbox-events")));
        Assert.Equal(new DropboxTeamInfo("dbtid:Sample", "Contoso", 100, 80, 75), await client.GetTeamAsync(null, default));
        List<DropboxEvent> events = await Rig.AllAsync(client.ListEventsAsync(new DropboxEventQuery(), null, default));
        Assert.Equal(("login_fail", "logins", "saml", "Not valid"), (events[0].Type, events[0].Category, events[0].Detail("login_method"), events[0].Detail("error_details", "user_friendly_message")));
        Assert.Equal(new DropboxEventPerson("team_member", "ada.sample@contoso.example", "dbid:Sample1", "dbmid:Sample1"), events[0].Actor);
        Assert.Equal([new DropboxEventPerson("non_team_member", "other@contoso.example", "dbid:Other", null)], events[0].Participants);
        Assert.Equal(("a_type_never_seen", "a_category_never_seen", null, null), (events[1].Type, events[1].Category, events[1].Actor?.Email, events[1].Context));
    }

    public static TheoryData<string, string, string?> Requests => new()
    {
        { "GET", "/api/v1/apps?filter=name%20eq%20%22dropbox_for_business%22&limit=200", null },
        { "GET", "/api/v1/apps/0oa1", null },
        { "PUT", "/api/v1/apps/0oa1", """{"label":"x"}""" },
        { "POST", "/api/v1/apps?activate=true", """{"name":"dropbox_for_business"}""" },
        { "GET", "/api/v1/apps/0oa1/users?limit=500&expand=user", null },
        { "GET", "/api/v1/apps/0oa1/users/00u1?expand=user", null },
        { "POST", "/api/v1/apps/0oa1/users", """{"id":"00u1","scope":"USER"}""" },
        { "GET", "/api/v1/apps/0oa1/groups/00g1", null },
        { "PUT", "/api/v1/apps/0oa1/groups/00g1", "{}" },
        { "GET", "/api/v1/groups/00g1/users?limit=200", null },
        { "GET", "/api/v1/users/ada%40contoso.example", null },
        { "POST", "/2/team/get_info", "null" },
        { "POST", "/2/team/token/get_authenticated_admin", "null" },
        { "POST", "/2/team/members/list_v2", """{"limit":1000,"include_removed":true}""" },
        { "POST", "/2/team/members/get_info_v2", """{"members":[{".tag":"email","email":"ada@contoso.example"}]}""" },
        { "POST", "/2/team_log/get_events", """{"limit":1000,"time":{"start_time":"2026-01-01T08:00:00Z"},"event_type":"login_fail"}""" },
    };

    [Theory, MemberData(nameof(Requests))]
    public async Task Each_call_sends_just_what_its_specification_has(string method, string address, string? body)
    {
        bool isOkta = address.StartsWith("/api/", StringComparison.Ordinal);
        using OktaClient okta = await _rig.OktaAsync();
        using DropboxTeamClient dropbox = await _rig.DropboxAsync();
        _rig.Network.Otherwise = _ => Reply.Json("[{}]"); // what comes back is of no interest here, and an error; a list with nobody on it would be asked for twice
        var calls = new Func<Task>[]
        {
            () => okta.GetDropboxAppsAsync(null, default),
            () => okta.GetAppAsync("0oa1", null, default),
            () => okta.ReplaceAppAsync("0oa1", new() { ["label"] = "x" }, null, default),
            () => okta.AddAppAsync(new() { ["name"] = "dropbox_for_business" }, null, default),
            () => Rig.AllAsync(okta.ListAppUsersAsync("0oa1", null, default)),
            () => okta.FindAppUserAsync("0oa1", "00u1", null, default),
            () => okta.AssignUserAsync("0oa1", "00u1", null, default),
            () => okta.IsGroupAssignedAsync("0oa1", "00g1", null, default),
            () => okta.AssignGroupAsync("0oa1", "00g1", null, default),
            () => Rig.AllAsync(okta.ListGroupUsersAsync("00g1", null, default)),
            () => okta.FindUserAsync("ada@contoso.example", null, default),
            () => dropbox.GetTeamAsync(null, default),
            () => dropbox.GetAdminAsync(null, default),
            () => Rig.AllAsync(dropbox.ListMembersAsync(true, null, default)),
            () => dropbox.FindMembersAsync([DropboxSelector.ByEmail("ada@contoso.example")], null, default),
            () => Rig.AllAsync(dropbox.ListEventsAsync(new DropboxEventQuery { EventType = "login_fail", Since = January }, null, default)),
        };
        foreach (var call in calls)
        {
            try
            {
                await call();
            }
            catch (ServiceException)
            {
            }
        }

        Sent sent = Assert.Single(_rig.Network.Requests, one => one.Method == method && one.PathAndQuery == address);
        Assert.Equal(body, sent.Body);
        Assert.Equal(body is null ? null : "application/json", sent.ContentType);
        Assert.Equal(isOkta ? $"SSWS {Rig.OktaToken}" : $"Bearer {Rig.DropboxToken}", sent.Authorization);
        Assert.Equal("application/json", sent.Accept);
        Assert.StartsWith("DropboxOktaProvisioning/", sent.UserAgent, StringComparison.Ordinal);
    }
}
