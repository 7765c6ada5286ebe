using System.Text;
using CsCheck;
using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Readiness;
using DropboxOktaProvisioning.Engine.Workflow;

namespace DropboxOktaProvisioning.Engine.Tests.Packing;

/// <summary>
/// Answers that are broken in every way, made from the samples by random cuts, copies and bytes: each is read, or refused as malformed, and nothing else.
/// </summary>
public sealed class HostileAnswerTests
{
    private static readonly string[] Nasty =
    [
        "null", "true", "[]", "{}", "\"\"", "-0", "1e999", "\"\\ud800\"", "\"\\u0000\"", "\"\\", "[[[[[[[[", "{\"a\":", "}", "]", ",", ":", "\"id\":7", "\"id\":null", "\u2028", "\uFEFF",
        "\"2026-13-45\"", "\"profile\":[]", "\"_embedded\":\"x\"", "\"members\":null", "\"has_more\":\"yes\"",
    ];

    private static byte[] Sample(string name) => Encoding.UTF8.GetBytes(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Samples", name + ".json")));

    private static bool IsReadOrRefused(byte[] body, Action<Answer> read)
    {
        var content = new PooledBody();
        Assert.True(content.FillAsync(new MemoryStream(body), long.MaxValue, default).GetAwaiter().GetResult());
        using var answer = new Answer("Okta", "the sample", new HttpResponseMessage { Content = content });
        return Fuzz.Within(200_000 + (100L * body.Length), () =>
        {
            try
            {
                read(answer);
                return true;
            }
            catch (ServiceException refused)
            {
                return refused.ErrorId is ErrorIds.MalformedAnswer or ErrorIds.IncompleteList;
            }
        });
    }

    private static void Try(string sample, Action<Answer> read, params string[] found) => TryText(Sample(sample), read, found);

    private static void TryText(byte[] whole, Action<Answer> read, params string[] found)
    {
        Assert.True(IsReadOrRefused(whole, read));
        Fuzz.Try(Wounds.Some, wounds => IsReadOrRefused(whole.Wound(wounds, Nasty), read), found);
    }

    [Fact, Trait("Category", "Fuzz")]
    public void Pages_of_app_users() => Try("okta-app-users", answer => Assert.All(OktaPages.ReadAppUsers(answer), user => Assert.NotEmpty(user.Id)));

    [Fact, Trait("Category", "Fuzz")]
    public void Pages_of_members() => Try("dropbox-members", answer => Assert.All(MembersPage.Read(answer).Members, member => Assert.NotEmpty(member.TeamMemberId)));

    [Fact, Trait("Category", "Fuzz")]
    public void Members_one_by_one() => Try("dropbox-members-info", answer => MembersInfo.Read(answer, ["ada.sample@contoso.example", "nobody@contoso.example"]));

    [Fact, Trait("Category", "Fuzz")]
    public void Entries_of_the_System_Log() => Try("okta-logs", answer => OktaClient.ReadLog(answer));

    [Fact, Trait("Category", "Fuzz")]
    public void Events_of_the_team() => Try("dropbox-events", answer =>
    {
        foreach (var one in DropboxTeamClient.OpenEvents(answer, "x").Read()) _ = one.Event.Detail("error_details", "user_friendly_message") + one.Event.Detail("new_value") + string.Concat(one.Event.DetailTexts("domain_names"));
    });

    [Fact, Trait("Category", "Fuzz")]
    public void Pages_of_users() => TryText(
        """
        [{"id":"00uSample1","status":"ACTIVE","profile":{"login":"ada@contoso.example","email":"ada@contoso.example","firstName":"Ada","lastName":"Sample","department":"Finance",
          "locale":"de_DE","timezone":"Europe/Berlin","countryCode":"DE","manager":"kim@contoso.example","managerId":"00uSample2"}},{"id":"00uSample2","status":"STAGED","profile":{}}]
        """u8.ToArray(),
        answer => Assert.All(OktaPages.ReadUsers(answer), user => Assert.NotEmpty(user.Id)));

    [Fact, Trait("Category", "Fuzz")]
    public void Pages_of_groups() => Try("okta-groups", answer => Assert.All(OktaClient.ReadGroups(answer), group => Assert.NotEmpty(group.Id)));

    // Read, and then asked for all that is looked for in them.
    [Fact, Trait("Category", "Fuzz")]
    public void Apps_with_their_settings() => TryText(
        Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Sample("okta-apps")).Replace("\"aSetting\"", "\"silentProvisioning\"", StringComparison.Ordinal)),
        answer => Assert.All(OktaClient.ReadApps(answer), app =>
        {
            Assert.NotEmpty(app.Id);
            _ = DashboardTile.Of(app) + app.Json.ToJsonString() + SilentSetting.Discover(app, "aSetting").Reason;
            Assert.All(AppPrerequisites.Judge(new ReadinessFacts { App = app, Team = new DropboxTeamInfo("dbtid:A", "Contoso", 10, 5, 4), Now = DateTimeOffset.UnixEpoch }), row => Assert.NotEmpty(row.Evidence));
            try
            {
                _ = SilentSwitch.Plan(app, enable: true, settingName: null, force: false).Description;
            }
            catch (ProvisioningException refused)
            {
                Assert.True(refused.ErrorId is ErrorIds.SettingNotFound or ErrorIds.SettingAmbiguous or ErrorIds.SettingNotBoolean, refused.ErrorId);
            }
        }), "b9dAN7v4wDt3", "246nME-n51P1");

    [Fact, Trait("Category", "Fuzz")]
    public void Tokens() => TryText(
        """{"access_token":"made-up","token_type":"bearer","expires_in":3600,"scope":"okta.apps.read okta.users.read","refresh_token":"made-up","team_id":"dbtid:Sample"}"""u8.ToArray(),
        answer => _ = answer.Read(OktaJson.Default.TokenJson).AccessToken + answer.Read(DropboxJson.Default.TokenJson).TeamId);

    [Fact, Trait("Category", "Fuzz")]
    public void Teams() => Try("dropbox-team", answer => _ = answer.Read(DropboxJson.Default.TeamJson).Name);

    // Every way in which an answer is read.
    private static readonly Action<Answer>[] Readers =
    [
        answer => OktaPages.ReadAppUsers(answer), answer => OktaPages.ReadUsers(answer), answer => MembersPage.Read(answer), answer => MembersInfo.Read(answer, ["ada.sample@contoso.example"]),
        answer => OktaClient.ReadLog(answer), answer => DropboxTeamClient.OpenEvents(answer, "x").Read().ToList(), answer => answer.ReadNode<System.Text.Json.Nodes.JsonArray>(),
        answer => answer.Read(OktaJson.Default.ListGroupJson), answer => answer.Read(OktaJson.Default.TokenJson),
    ];

    [Fact]
    public void An_answer_nested_without_end_is_refused_by_every_reader()
    {
        string[] opens =
        [
            "[", "{\"a\":", "[{\"profile\":", "{\"members\":[{\"profile\":{\"name\":", "{\"events\":[{\"details\":{\"a\":", "[{\"_embedded\":{\"user\":{\"profile\":", "[{\"debugContext\":{\"debugData\":",
        ];
        foreach (string open in opens)
        {
            byte[] body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(open, 100_000)));
            for (int i = 0; i < Readers.Length; i++)
            {
                Assert.True(IsReadOrRefused(body, answer =>
                {
                    Readers[i](answer);
                    Assert.Fail($"reader {i} takes {open}");
                }));
            }
        }
    }

    [Fact]
    public void What_is_packed_comes_out_as_it_went_in()
    {
        var text = Gen.String[0, 30].Where(one => !one.Any(char.IsSurrogate)).Null();
        var time = Gen.Select(Gen.Bool, Gen.DateTimeOffset, (isThere, one) => isThere ? one.ToUniversalTime() : (DateTimeOffset?)null);
        Gen.Select(Gen.String[1, 20].Where(one => !one.Any(char.IsSurrogate)), text, text, text, text, text, time).Sample((id, a, b, c, d, e, at) =>
        {
            var user = new OktaAppUser
            {
                Id = id, ExternalId = a is "" ? null : a, UserName = b, Email = c, Status = d, Scope = e, StatusChanged = at,
                User = new OktaUser
                {
                    Id = a is { Length: > 0 } ? a : id, Login = b, Email = d, FirstName = e, Status = "ACTIVE",
                    Department = a, Language = b, TimeZone = c, CountryCode = d, Manager = a, ManagerId = e,
                },
            };
            var records = new Engine.Packing.PackWriter();
            var pool = new Engine.Packing.TextPool();
            AppUserFields.Of(user).Pack(records);
            AppUserFields.Of(user).Pack(records);
            (byte[] bytes, int[] starts) = records.Take();
            return Array.TrueForAll(starts, start => AppUserFields.Of(new Engine.Packing.PackReader(bytes, start)).ToRecord(pool) == user);
        }, iter: 20_000);
    }

    [Fact]
    public void Texts_that_people_of_a_page_share_are_kept_once_in_it_and_once_as_strings()
    {
        static OktaAppUser User(int number) => new()
        {
            Id = $"00u{number}",
            User = new OktaUser { Id = $"00u{number}", Department = "Forschung & Entwicklung", TimeZone = "Europe/Berlin", ManagerId = $"00u{number % 5}" },
        };
        var records = new Engine.Packing.PackWriter();
        for (int number = 0; number < 500; number++) AppUserFields.Of(User(number)).Pack(records);
        (byte[] bytes, int[] starts) = records.Take();
        // Alone, a record has its id and a byte or two for each field.
        Assert.InRange(bytes.Length, 500 * 20, 500 * 32);

        var pool = new Engine.Packing.TextPool();
        OktaUser[] users = [.. starts.Select(start => AppUserFields.Of(new Engine.Packing.PackReader(bytes, start)).ToRecord(pool)!.User!)];
        Assert.All(users, user => Assert.Same(users[0].TimeZone, user.TimeZone));
        Assert.Equal(5, users.Select(user => user.ManagerId!).Distinct(ReferenceEqualityComparer.Instance).Count());

        AppUserFields.Of(User(1)).Pack(records);
        (bytes, starts) = records.Take();
        Assert.Equal(User(1), AppUserFields.Of(new Engine.Packing.PackReader(bytes, starts[0])).ToRecord());
    }

    [Fact]
    public void More_texts_than_a_pool_keeps_are_still_right()
    {
        var pool = new Engine.Packing.TextPool();
        for (int round = 0; round < 2; round++)
            for (int number = 0; number < 10_000; number++) Assert.Equal($"t{number}", pool.Decode(Engine.Packing.Utf8Text.Of($"t{number}")));
        Assert.Null(pool.Decode(default));
        Assert.Equal("", pool.Decode(Engine.Packing.Utf8Text.Of("")));
    }
}
