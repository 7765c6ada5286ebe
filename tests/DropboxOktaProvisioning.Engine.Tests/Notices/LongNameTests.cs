using System.Text.Json.Nodes;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Tests.Http;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Engine.Tests.Notices;

/// <summary>A name of 10,000 characters, from the services' JSON to the mail.</summary>
public sealed class LongNameTests
{
    [Theory]
    [InlineData("A")]
    [InlineData("<u>")]
    [InlineData("{{ person.email }}")]
    [InlineData("例")]
    [InlineData("👩‍💻")]
    [InlineData("\r\nBcc: mallory@fabrikam.example\r\n")]
    public async Task A_name_of_ten_thousand_characters_comes_through_and_is_short_in_the_mail(string piece)
    {
        string name = string.Concat(Enumerable.Repeat(piece, (10_000 / piece.Length) + 1));
        var rig = new Rig();
        using OktaClient okta = await rig.OktaAsync();
        using Engine.Dropbox.DropboxTeamClient dropbox = await rig.DropboxAsync();
        rig.Network.Otherwise = request => Reply.Json(Answer(request.RequestUri!.AbsolutePath, name).ToJsonString());
        var rows = new StatusRows(new PersonalAccounts([]), null, "dbtid:A", DateTimeOffset.UnixEpoch, _ => null);
        var people = new List<DropboxUserStatus>();
        await foreach (var outcome in new Verifier(okta, dropbox, new OktaApp(new JsonObject { ["id"] = "0oa1" }), rows).RunAsync(new VerificationScope.Everyone(), null, CancellationToken.None))
            people.Add(outcome.Status!);

        var person = Assert.Single(people);
        Assert.Equal(ProvisioningStage.AwaitingActivation, person.Stage);
        Assert.True(person.Name!.Length >= 10_000, $"{person.Name.Length} characters");

        var composer = new NoticeComposer(new NoticeOptions { From = "it@contoso.example" });
        NoticeContent content = composer.Compose(person);
        using MailForm mail = composer.ToMail(content, new ActivationNotice { Id = "id", MessageId = composer.MessageId("id") }, DateTimeOffset.UnixEpoch);
        using var written = new MemoryStream();
        await mail.Message.WriteToAsync(written);

        Assert.InRange(content.To.Name!.Length, 1, 101);
        Assert.InRange(content.Text.Length, 1, 4_000);
        Assert.InRange(written.Length, 1, 20_000);
        Assert.Empty(mail.Message.Bcc);
        Assert.Equal("pat@contoso.example", Assert.Single(mail.Message.To.Mailboxes).Address);
        Assert.DoesNotContain("<u>", content.Html!, StringComparison.Ordinal);
        // Nothing of it is a template.
        if (piece.Contains("{{", StringComparison.Ordinal)) Assert.Contains("{{ person.email }}", content.Text, StringComparison.Ordinal);
    }

    private static JsonNode Answer(string path, string name) => path switch
    {
        "/api/v1/apps/0oa1/users" => new JsonArray(new JsonObject
        {
            ["id"] = "00u1", ["status"] = "PROVISIONED", ["scope"] = "USER", ["credentials"] = new JsonObject { ["userName"] = "pat@contoso.example" },
            ["_embedded"] = new JsonObject
            {
                ["user"] = new JsonObject
                {
                    ["id"] = "00u1", ["status"] = "ACTIVE",
                    ["profile"] = new JsonObject { ["login"] = "pat@contoso.example", ["email"] = "pat@contoso.example", ["firstName"] = name, ["lastName"] = name, ["displayName"] = name },
                },
            },
        }),
        "/2/team/members/list_v2" => new JsonObject
        {
            ["members"] = new JsonArray(new JsonObject
            {
                ["profile"] = new JsonObject
                {
                    ["team_member_id"] = "dbmid:1", ["external_id"] = "00u1", ["email"] = "pat@contoso.example", ["status"] = new JsonObject { [".tag"] = "invited" },
                    ["name"] = new JsonObject { ["given_name"] = name, ["surname"] = name, ["familiar_name"] = name, ["display_name"] = name, ["abbreviated_name"] = "P" },
                },
            }),
            ["cursor"] = "c", ["has_more"] = false,
        },
        "/2/team/get_info" => JsonNode.Parse(Rig.Team.Replace("\"num_provisioned_users\":5", "\"num_provisioned_users\":1", StringComparison.Ordinal))!,
        _ => throw new InvalidOperationException($"Not expected: {path}"),
    };
}
