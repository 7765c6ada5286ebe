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
    private const int ForGood = 1_000_000;

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
        // Once more, since people may have come or gone; then it is no accident.
        Assert.Equal(2, sandbox.World.Requests.Count(request => request.Path.Contains("/members/list", StringComparison.Ordinal)));
    }

    // The count has nobody who is suspended; they are more than are missing, and must not make up for them.
    [Theory]
    [InlineData(1, 40, false)]
    [InlineData(ForGood, 40, true)]
    [InlineData(ForGood, 900, true)]
    public async Task A_page_of_members_that_lacks_some_is_read_again_and_is_an_error_where_it_stays_so(int times, int lost, bool isError)
    {
        const int people = 60_000;
        var pages = 0;
        using var calm = await SandboxConnections.OpenSettledAsync(people);
        var liar = new Rewriter("/members/list", text => ++pages is >= 3 and var page && page < 3 + times ? Without(text, lost) : text);
        using var sandbox = await SandboxConnections.OpenSettledAsync(people, network: liar.Over);
        Assert.True(sandbox.World.People.Count(person => person.Case is SandboxCase.Suspended) > lost + 100, "too few are suspended for this test");
        var events = new List<RunEvent>();

        var reading = await sandbox.ReadAsync(progress: new Listener(events));

        Assert.Contains(" people whom the team counts.", Assert.Single(events.OfType<Restarting>()).Reason, StringComparison.Ordinal);
        if (isError) AssertIncomplete(reading);
        else Assert.Null(reading.Flaw(await calm.ReadAsync()));
    }

    [Fact]
    public async Task People_who_join_while_the_list_is_read_are_no_error_however_many_they_are()
    {
        // Behind each reading of the list, and before the team is counted, so many join.
        var joiner = new Rewriter("/team/get_info", text => text);
        using var sandbox = await SandboxConnections.OpenSettledAsync(1500, network: joiner.Over);
        var waiting = new Queue<string>(sandbox.World.People.Where(person => person.Stage is SandboxStage.NotAssigned).Select(person => person.Email));
        joiner.Before = () =>
        {
            for (var joining = 0; joining < 20; joining++) sandbox.World.Assign(waiting.Dequeue());
            sandbox.World.Advance(TimeSpan.FromHours(1));
        };
        var before = sandbox.World.Requests.Count;

        var reading = await sandbox.ReadAsync();

        Assert.Null(reading.Error);
        Assert.Equal(2, sandbox.World.Requests.Skip(before).Count(request => request.Path.Contains("/get_info", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_list_that_lacks_its_last_twenty_of_a_thousand_gives_an_error_and_no_rows()
    {
        var liar = new Rewriter("/members/list", text => Without(text, 20));
        using var sandbox = await SandboxConnections.OpenSettledAsync(200, network: liar.Over);
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

    private static string Without(string text, int lost)
    {
        var page = JsonNode.Parse(text)!;
        var members = page["members"]!.AsArray();
        for (var at = members.Count - 1; at >= 0 && lost > 0; at--)
        {
            if ((string)members[at]!["profile"]!["status"]![".tag"]! is not ("active" or "invited")) continue;
            members.RemoveAt(at);
            lost--;
        }

        return page.ToJsonString();
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

        /// <summary>What happens before a request of the path is worked on.</summary>
        public Action? Before { get; set; }

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
            if (address.PathAndQuery.Contains(path, StringComparison.Ordinal)) Before?.Invoke();
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
