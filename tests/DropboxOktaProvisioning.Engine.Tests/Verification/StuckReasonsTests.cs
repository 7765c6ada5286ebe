using System.Text.Json;
using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Engine.Tests.Verification;

/// <summary>What the logs add to a person's reason.</summary>
public sealed class StuckReasonsTests
{
    private static readonly DateTimeOffset Day = new(2026, 3, 3, 9, 0, 0, TimeSpan.Zero);

    private static OktaLogEvent Push(string? result, string? reason = null, string? code = null) =>
        new() { Published = Day, Type = "application.provision.user.push", Result = result, Reason = reason, ErrorCode = code };

    private static DropboxEvent Refusal(string details = """{"error_details":{"user_friendly_message":"The SAML assertion could not be validated."}}""", int minutes = 1) =>
        new() { Timestamp = Day.AddMinutes(minutes), Type = "login_fail", Details = JsonSerializer.Deserialize<JsonElement>(details) };

    private static DropboxUserStatus Row(ProvisioningStage stage) =>
        new() { Email = "pat@contoso.example", Stage = stage, Reason = "Before.", NextAction = stage is ProvisioningStage.NotProvisioned ? NextAction.Provision : NextAction.Notify };

    private static (string Reason, NextAction Next) Said(ProvisioningStage stage, OktaLogEvent? push = null, OktaLogEvent? attempt = null, DropboxEvent? refusal = null) =>
        StuckReasons.Explain(Row(stage), new StuckEvidence(push, attempt, refusal)) is var row ? (row.Reason, row.NextAction) : default;

    [Theory]
    [InlineData("team_license_limit", "No license left", NextAction.AddLicense)]
    [InlineData("notUniqueWithinOrg", "exists already", NextAction.Resolve)]
    [InlineData("user_on_another_team", "is on another team", NextAction.Resolve)]
    [InlineData("something_new", "The moon is full", NextAction.Provision)]
    public void A_failed_push_is_quoted_with_its_code_and_leads_to_what_helps(string code, string reason, NextAction next) =>
        Assert.Equal(($"Before. Okta's push on 2026-03-03 ended as FAILURE ({code}): {reason}.", next), Said(ProvisioningStage.NotProvisioned, Push("FAILURE", reason + ".", code)));

    [Fact]
    public void What_an_entry_leaves_out_is_not_made_up()
    {
        Assert.Equal("Before. Okta's push on 2026-03-03 ended as something it does not say: no reason is given.", Said(ProvisioningStage.NotProvisioned, Push(null)).Reason);
        Assert.Equal("Before. Okta's log has a push on 2026-03-03 that succeeded.", Said(ProvisioningStage.NotProvisioned, Push("SUCCESS")).Reason);
        Assert.Equal("Before. Tried to sign on on 2026-03-03, Dropbox refused: no reason is given.", Said(ProvisioningStage.AwaitingActivation, refusal: Refusal("{}")).Reason);
        Assert.Equal(("Before.", NextAction.Notify), Said(ProvisioningStage.AwaitingActivation, Push("FAILURE", "old", "x")));
    }

    [Fact]
    public void A_click_and_a_refusal_belong_together_only_where_their_times_do()
    {
        var click = new OktaLogEvent { Published = Day, Type = "user.authentication.sso" };
        Assert.Equal(
            ("Before. Clicked the tile on 2026-03-03, Dropbox refused: The SAML assertion could not be validated.", NextAction.FixSignOn), Said(ProvisioningStage.AwaitingActivation, attempt: click, refusal: Refusal()));
        Assert.StartsWith("Before. Tried to sign on on", Said(ProvisioningStage.AwaitingActivation, attempt: click, refusal: Refusal(minutes: 90)).Reason, StringComparison.Ordinal);
        Assert.Equal(
            ("Before. Clicked the tile on 2026-03-03; what came of it at Dropbox neither log tells.", NextAction.Notify), Said(ProvisioningStage.AwaitingActivation, attempt: click));
    }

    [Fact]
    public void Who_has_joined_is_not_told_of_an_earlier_failure()
    {
        var row = Row(ProvisioningStage.Active) with { JoinedOn = Day, SyncState = "ERROR" };
        Assert.Equal("Before.", StuckReasons.Explain(row, new StuckEvidence(null, null, Refusal())).Reason);
    }

    [Fact]
    public void What_a_service_wrote_is_one_short_line_that_no_terminal_acts_on()
    {
        var (reason, _) = Said(ProvisioningStage.NotProvisioned, Push("FAILURE", "a\u001b[31m\r\nb\u0007 " + new string('x', 10_000)));
        Assert.DoesNotContain(reason, char.IsControl);
        Assert.InRange(reason.Length, 100, 300);
    }
}
