using System.Net;
using System.Net.Http;
using System.Text;
using System.Text.Json.Nodes;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Sandbox.Tests.Workflow;

/// <summary>Services that answer well and yet wrongly: a list that lacks people, a link that leads elsewhere.</summary>
public sealed class VerificationTotalTests
{
    [Fact]
    public async Task A_team_whose_list_is_empty_gives_an_error_and_no_rows()
    {
        var liar = new Rewriter("/members/list", _ => """{"members":[],"cursor":"the-end","has_more":false}""");
        using var sandbox = await SandboxConnections.OpenSettledAsync(200, network: liar.Over);
        AssertIncomplete(await sandbox.ReadAsync());
        AssertIncomplete(await sandbox.ReadAsync(new VerificationScope.Domains(["contoso.example"])));
        AssertIncomplete(await sandbox.ReadAsync(new VerificationScope.People([.. sandbox.World.People.Take(60).Select(person => person.Email)])));
    }

    [Theory]
    [InlineData("""{"members":[],"cursor":"the-end","has_more":false}""")]
    [InlineData(null)]
    public async Task Personal_accounts_are_not_concluded_from_a_list_that_lacks_people(string? answer)
    {
        var liar = new Rewriter("/members/list", text => answer ?? text.Replace("\"has_more\":true", "\"has_more\":false", StringComparison.Ordinal));
        using var sandbox = await SandboxConnections.OpenSettledAsync(3000, network: liar.Over);
        var book = new PersonalAccountBook(["contoso.example"], sandbox.World.Clock.GetUtcNow());

        var error = await Assert.ThrowsAsync<ProvisioningException>(
            () => new PersonalAccountReader(sandbox.Dropbox).ReadAsync(book, LogReading.None, DateTimeOffset.MinValue, null, default));

        Assert.Equal(ErrorIds.IncompleteList, error.ErrorId);
        Assert.Empty(book.Rows());
    }

    [Fact]
    public async Task A_list_that_ends_a_page_too_early_gives_an_error_and_no_rows()
    {
        var liar = new Rewriter("/members/list", text => text.Replace("\"has_more\":true", "\"has_more\":false", StringComparison.Ordinal));
        using var sandbox = await SandboxConnections.OpenSettledAsync(3000, network: liar.Over);
        AssertIncomplete(await sandbox.ReadAsync());
        Assert.Single(sandbox.World.Requests, request => request.Path.Contains("/members/list", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_list_that_lacks_its_last_twenty_of_a_thousand_gives_an_error_and_no_rows()
    {
        var liar = new Rewriter("/members/list", text =>
        {
            var page = JsonNode.Parse(text)!;
            var members = page["members"]!.AsArray();
            for (var left = 20; left > 0;)
            {
                var status = (string)members[^1]!["profile"]!["status"]![".tag"]!;
                members.RemoveAt(members.Count - 1);
                if (status is "active" or "invited") left--;
            }

            return page.ToJsonString();
        });

        // Those who are suspended are on the list and perhaps not in the total; here they make up for a few who are missing.
        using var sandbox = await SandboxConnections.OpenSettledAsync(200, network: liar.Over);
        var spare = 5 + sandbox.World.People.Count(person => person.Case is SandboxCase.Suspended);
        Assert.True(spare < 20, "the world has too many suspended members for this test");
        AssertIncomplete(await sandbox.ReadAsync());
    }

    [Fact]
    public async Task A_team_without_anybody_on_it_is_no_error()
    {
        var empty = new Rewriter("/members/list", _ => """{"members":[],"cursor":"the-end","has_more":false}""")
        {
            Also = ("/team/get_info", text =>
            {
                var team = JsonNode.Parse(text)!;
                team["num_provisioned_users"] = 0;
                return team.ToJsonString();
            }),
        };
        using var sandbox = await SandboxConnections.OpenSettledAsync(200, network: empty.Over);
        var reading = await sandbox.ReadAsync();
        Assert.Null(reading.Error);
        Assert.All(reading.Rows, row => Assert.Null(row.TeamMemberId));
        Assert.NotEmpty(reading.Rows);
    }

    [Theory]
    [InlineData("https://contoso.okta.attacker.example")]
    [InlineData("http://contoso.okta.example")]
    [InlineData("https://contoso.okta.example:8443")]
    [InlineData("https://contoso.okta.example@attacker.example")]
    public async Task A_next_link_to_another_host_is_refused_and_nothing_is_sent_there(string elsewhere)
    {
        var liar = new Rewriter("/users?", text => text) { Link = elsewhere };
        using var sandbox = await SandboxConnections.OpenSettledAsync(3000, network: liar.Over);
        Assert.StartsWith("https://contoso.okta.example", sandbox.World.OktaOrigin.AbsoluteUri, StringComparison.Ordinal);
        var reading = await sandbox.ReadAsync();

        Assert.Equal(ErrorIds.ForeignNextLink, reading.Error?.ErrorId);
        Assert.Empty(reading.Rows);
        Assert.Equal(
            [sandbox.World.DropboxOrigin.GetLeftPart(UriPartial.Authority), sandbox.World.OktaOrigin.GetLeftPart(UriPartial.Authority)],
            liar.Origins.Distinct().Order());
    }

    private static void AssertIncomplete(Reading reading)
    {
        Assert.Equal(ErrorIds.IncompleteList, reading.Error?.ErrorId);
        Assert.Empty(reading.Rows);
    }

    /// <summary>Stands between a client and the sandbox and changes what some answers say.</summary>
    private sealed class Rewriter(string path, Func<string, string> rewrite)
    {
        private readonly List<string> _origins = [];

        /// <summary>A second path and its change.</summary>
        public (string Path, Func<string, string> Rewrite)? Also { get; init; }

        /// <summary>Where next links lead instead.</summary>
        public string? Link { get; init; }

        /// <summary>To whom requests went, also where the sandbox knows nobody of that name.</summary>
        public IReadOnlyList<string> Origins
        {
            get
            {
                lock (_origins) return [.. _origins];
            }
        }

        public HttpMessageHandler Over(SandboxHandler network) => new Handler(this, network);

        private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, Func<Task<HttpResponseMessage>> send, CancellationToken cancel)
        {
            var address = request.RequestUri!;
            lock (_origins) _origins.Add(address.GetLeftPart(UriPartial.Authority));
            var response = await send();
            var change = address.PathAndQuery.Contains(path, StringComparison.Ordinal) ? rewrite
                : Also is { } also && address.PathAndQuery.Contains(also.Path, StringComparison.Ordinal) ? also.Rewrite : null;
            if (change is null || response.StatusCode != HttpStatusCode.OK) return response;
            response.Content = new StringContent(change(await response.Content.ReadAsStringAsync(cancel)), Encoding.UTF8, "application/json");
            if (Link is not null && response.Headers.TryGetValues("Link", out var links))
            {
                var origin = address.GetLeftPart(UriPartial.Authority);
                var rewritten = links.Select(link => link.Contains("rel=\"next\"", StringComparison.Ordinal) ? link.Replace(origin, Link, StringComparison.Ordinal) : link).ToArray();
                response.Headers.Remove("Link");
                foreach (var link in rewritten) response.Headers.TryAddWithoutValidation("Link", link);
            }

            return response;
        }

        private sealed class Handler(Rewriter rewriter, HttpMessageHandler network) : DelegatingHandler(network)
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
                rewriter.SendAsync(request, () => base.SendAsync(request, cancellationToken), cancellationToken);
        }
    }
}
