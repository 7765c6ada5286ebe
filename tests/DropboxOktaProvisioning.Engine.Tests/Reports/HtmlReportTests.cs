using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using DropboxOktaProvisioning.Engine.Reports;
using static DropboxOktaProvisioning.Engine.Tests.Reports.ReportFixture;

namespace DropboxOktaProvisioning.Engine.Tests.Reports;

/// <summary>The HTML: whatever people are called, the page has one style and one script, both ours, and holds the rows.</summary>
public sealed class HtmlReportTests
{
    private static readonly string Empty = HtmlAsync(Report([])).GetAwaiter().GetResult();

    // Apart from the JSON block, what stands in angle brackets.
    private static string[] Tags(string html) => [.. Regex.Matches(html[..html.IndexOf("<script type=", StringComparison.Ordinal)], "<[a-zA-Z/!][^>]*>").Select(tag => tag.Value)];

    [Fact]
    public async Task Nothing_that_people_wrote_becomes_markup_or_ends_the_block_and_the_block_holds_the_rows() => await People.SampleAsync(async people =>
    {
        var report = Report(people);
        var html = await HtmlAsync(report);
        Assert.Equal(Count(Empty, "<script"), Count(html, "<script"));
        Assert.Equal(Count(Empty, "</script"), Count(html, "</script"));
        Assert.Equal(Count(Empty, "<!--"), Count(html, "<!--"));
        Assert.DoesNotContain("\u2028", html, StringComparison.Ordinal);
        Assert.All(Tags(html), tag => Assert.DoesNotMatch("(?i)\\son[a-z]+\\s*=|javascript:|<img|<iframe|style\\s*=", Regex.Replace(tag, "data-title=\"[^\"]*\"", "")));

        var block = Block(html);
        string[] Texts(string column) => [.. block.GetProperty(column).EnumerateArray().Select(text => text.GetString()!)];
        int[] Numbers(string column) => [.. block.GetProperty(column).EnumerateArray().Select(number => number.GetInt32())];
        Assert.Equal(report.People.Select(person => Storable(person.Email)), Texts("email"));
        Assert.Equal(report.People.Select(person => Storable(person.Name!)), Texts("name"));
        Assert.Equal(report.People.Select(person => Storable(person.Reason)), Numbers("reason").Select(place => Texts("reasons")[place]));
        Assert.Equal(report.People.Select(person => Storable(person.Department!.Trim())), Numbers("department").Select(place => Texts("departments")[place]));
        Assert.Equal(report.People.Select(person => (int)person.Stage), Numbers("stage"));
        Assert.Equal(report.People.Select(person => (int)person.NextAction), Numbers("action"));
        Assert.Equal(report.People.Select(person => person.DaysWaiting ?? -1), Numbers("days"));
    }, iter: 500);

    [Fact]
    public async Task The_policy_allows_exactly_the_style_and_the_script_of_the_page()
    {
        var html = await HtmlAsync(Report([new DropboxUserStatus { Email = "ada@contoso.example" }]) with { Team = "\"><script>alert(1)</script>" });
        var policy = System.Net.WebUtility.HtmlDecode(Regex.Match(html, "http-equiv=\"Content-Security-Policy\" content=\"([^\"]*)\"").Groups[1].Value);
        string Hash(string tag) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Regex.Match(html, $"<{tag}>(.*?)</{tag}>", RegexOptions.Singleline).Groups[1].Value)))}'";
        Assert.StartsWith($"default-src 'none'; script-src {Hash("script")}; style-src {Hash("style")};", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?i)(src|href)\\s*=\\s*\"?(https?:|//)|@import|url\\(", html); // nothing is fetched
    }

    [Fact]
    public async Task The_summary_can_be_read_without_the_script()
    {
        var html = await HtmlAsync(Report(
        [
            new DropboxUserStatus { Email = "ada@contoso.example", AssignmentStatus = "ACTIVE", Stage = ProvisioningStage.Active, DropboxStatus = "active", JoinedOn = Now.AddDays(-40) },
            new DropboxUserStatus { Email = "ben@contoso.example", AssignmentStatus = "ACTIVE", Stage = ProvisioningStage.CannotSignOn, NextAction = NextAction.FixInOkta, Reason = "Okta user is locked out since 2026-01-05 10:00Z." },
        ]) with { Readiness = [new ProvisioningPrerequisite { Name = "SsoRequired", Outcome = PrerequisiteOutcome.Failed, Evidence = "Set to optional.", Remedy = "Set it to required." }] });
        var text = Regex.Replace(html[..html.IndexOf("<script", StringComparison.Ordinal)], "<[^>]+>", " ");
        foreach (var expected in (string[])["50 %", "1 of 2 assigned", "Okta user is locked out.", "Fix in Okta", "SSO required", "Set to optional.", "No earlier look was kept", "The active rose from 1 on 2026-01-21 to 1 on 2026-03-02, of 2 assigned."])
            Assert.Contains(expected, text, StringComparison.Ordinal);
    }
}
