using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Text.Json.Nodes;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Sandbox.Tests.Workflow;

/// <summary>A fault at each page of each service in turn: the same rows as without, or one error and no rows.</summary>
public sealed class VerificationFaultTests
{
    private const int People = 3000;
    private const int ForGood = 1_000_000;
    private const string OktaPages = "/users?";
    private const string DropboxPages = "/members/list";

    [Theory]
    [InlineData(SandboxFault.RateLimited, ErrorIds.RateLimitExceeded)]
    [InlineData(SandboxFault.ConcurrencyLimited, ErrorIds.RateLimitExceeded)]
    [InlineData(SandboxFault.ServerError, ErrorIds.ServiceFailed)]
    [InlineData(SandboxFault.Reset, ErrorIds.ServiceUnreachable)]
    [InlineData(SandboxFault.AnswerLost, ErrorIds.ServiceUnreachable)]
    [InlineData(SandboxFault.Truncated, ErrorIds.ServiceUnreachable)]
    [InlineData(SandboxFault.TruncatedQuietly, ErrorIds.ServiceUnreachable)]
    [InlineData(SandboxFault.SlowBody, null)]
    public async Task A_passing_fault_at_any_page_changes_nothing_and_a_lasting_one_is_one_error(SandboxFault fault, string? lasting)
    {
        using var sandbox = await SandboxConnections.OpenSettledAsync(People);
        var whole = await WholeAsync(sandbox);
        foreach (var (path, page) in await PagesAsync(sandbox))
        {
            AssertOutcome(null, await ReadAsync(sandbox, fault, path, page, 1), whole, $"{fault} once at page {page} of {path}");
            AssertOutcome(lasting, await ReadAsync(sandbox, fault, path, page, ForGood), whole, $"{fault} for good from page {page} of {path}");
        }
    }

    [Theory]
    [InlineData(SandboxFault.EmptyPage)]
    [InlineData(SandboxFault.EmptyGap)]
    public async Task An_empty_page_anywhere_loses_nobody_and_costs_two_requests_and_one_that_stays_empty_is_an_error(SandboxFault fault)
    {
        using var sandbox = await SandboxConnections.OpenSettledAsync(People);
        var whole = await WholeAsync(sandbox);
        var pages = await ListPagesAsync(sandbox);
        foreach (var (path, page) in pages)
        {
            var before = sandbox.World.Requests.Count;
            AssertOutcome(null, await ReadAsync(sandbox, fault, path, page, 1), whole, $"{fault} once at page {page} of {path}");
            // Itself once more, and what had been asked for ahead of it.
            Assert.InRange(sandbox.World.Requests.Skip(before).Count(request => request.Path.Contains(OktaPages, StringComparison.Ordinal) || request.Path.Contains(DropboxPages, StringComparison.Ordinal)), pages.Count + 1, pages.Count + 2);

            var isLast = (path, page + 1) is var behind && !pages.Contains(behind);
            // For good, a last page without anybody and without a next one is what an end looks like; Dropbox tells how many there should be.
            if (fault == SandboxFault.EmptyGap && isLast && path == OktaPages) continue;
            var lasting = await ReadAsync(sandbox, fault, path, page, ForGood);
            AssertOutcome(ErrorIds.IncompleteList, lasting, whole, $"{fault} for good from page {page} of {path}");
            if (!isLast) Assert.Matches("Of the (app's users|team's members) [0-9,]+ had been read by then; none of them is shown[.]$", lasting.Error!.Message);
        }
    }

    [Fact]
    public async Task An_empty_page_that_says_it_is_the_last_loses_nobody_at_any_page_and_costs_one_request()
    {
        using var sandbox = await SandboxConnections.OpenSettledAsync(People);
        var whole = await WholeAsync(sandbox);
        var pages = await ListPagesAsync(sandbox);
        foreach (var (path, page) in pages)
        {
            var before = sandbox.World.Requests.Count;
            AssertOutcome(null, await ReadAsync(sandbox, SandboxFault.EmptyEnd, path, page, 1), whole, $"an empty end at page {page} of {path}");
            Assert.Equal(pages.Count + 1, sandbox.World.Requests.Skip(before).Count(request => request.Path.Contains(OktaPages, StringComparison.Ordinal) || request.Path.Contains(DropboxPages, StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task Nobody_in_Okta_is_believed_at_the_second_answer_and_said_aloud_and_nobody_in_Dropbox_is_not_believed_at_all()
    {
        using var sandbox = await SandboxConnections.OpenSettledAsync(People);
        var events = new List<RunEvent>();
        sandbox.World.Faults.Script(SandboxFault.EmptyEnd, OktaPages, 1, 2);
        var reading = await sandbox.ReadAsync(progress: new Listener(events));
        Assert.Null(reading.Error);
        Assert.All(reading.Rows, row => Assert.Null(row.OktaUserId));
        Assert.Contains("has nobody assigned the app, while the team counts", Assert.Single(events.OfType<Caution>()).Message, StringComparison.Ordinal);

        sandbox.World.Faults.Clear();
        events.Clear();
        Assert.Null((await sandbox.ReadAsync(progress: new Listener(events))).Error);
        Assert.Empty(events.OfType<Caution>());

        sandbox.World.Faults.Script(SandboxFault.EmptyEnd, DropboxPages, 1, ForGood);
        Assert.Equal(ErrorIds.IncompleteList, (await sandbox.ReadAsync()).Error?.ErrorId);
    }

    [Fact]
    public async Task A_group_and_a_domain_that_show_nobody_at_first_have_everybody()
    {
        using var sandbox = await SandboxConnections.OpenSettledAsync(People);
        foreach (var (scope, path) in new (VerificationScope, string)[] { (new VerificationScope.Groups(["Engineering"]), "/groups/"), (new VerificationScope.Domains(["contoso.example"]), "/api/v1/users?") })
        {
            var whole = await sandbox.ReadAsync(scope);
            Assert.NotEmpty(whole.Rows);
            var before = sandbox.World.Faults.Injected;
            sandbox.World.Faults.Script(SandboxFault.EmptyEnd, path);
            AssertOutcome(null, await sandbox.ReadAsync(scope), whole, $"an empty first page of {path}");
            Assert.Equal(1, sandbox.World.Faults.Injected - before);
            sandbox.World.Faults.Clear();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(ForGood)]
    public async Task A_cursor_that_expires_begins_the_list_again_and_for_good_is_an_error(int times)
    {
        using var sandbox = await SandboxConnections.OpenSettledAsync(People);
        var whole = await WholeAsync(sandbox);
        foreach (var (path, page) in await ListPagesAsync(sandbox))
        {
            var reading = await ReadAsync(sandbox, SandboxFault.ExpiredCursor, path, page, times);
            AssertOutcome(times < ForGood ? null : ErrorIds.CursorExpired, reading, whole, $"cursor expired {times} times from page {page} of {path}");
            if (reading.Error is not null) Assert.Matches("Of the (app's users|team's members) [0-9,]+ had been read by then; none of them is shown[.]$", reading.Error.Message);
        }
    }

    [Fact]
    public async Task A_group_whose_place_is_lost_is_read_again_and_has_everybody_once()
    {
        using var sandbox = await SandboxConnections.OpenSettledAsync(People);
        var scope = new VerificationScope.Groups(["Engineering"]);
        var whole = await sandbox.ReadAsync(scope);
        var pages = GroupPages();
        sandbox.World.Faults.Script(SandboxFault.ExpiredCursor, "/groups/", nth: 2);

        AssertOutcome(null, await sandbox.ReadAsync(scope), whole, "a group's cursor expired");
        Assert.True(pages > 2, "the second page is the last, and nothing shows that the first was thrown away");
        Assert.Equal(pages + pages + 2, GroupPages());

        int GroupPages() => sandbox.World.Requests.Count(request => request.Path.Contains("/groups/", StringComparison.Ordinal));
    }

    // What gets no answer in time is not waited for six times over.
    [Theory]
    [InlineData(1, 6, false)]
    [InlineData(3, 6, false)]
    [InlineData(1, 2, true)]
    [InlineData(3, 2, true)]
    public async Task Members_that_are_too_many_for_a_page_come_on_smaller_ones_from_the_beginning(int page, int times, bool isSilent)
    {
        var busy = new Busy(failing: page, times, isSilent);
        using var sandbox = await SandboxConnections.OpenSettledAsync(People, network: busy.Over);
        var reading = await sandbox.ReadAsync();
        using var calm = await SandboxConnections.OpenSettledAsync(People);

        Assert.Null(reading.Flaw(await calm.ReadAsync()));
        Assert.Equal([1000, 500], busy.Sizes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(ForGood)]
    public async Task A_page_for_people_in_place_of_the_answer_is_an_error(int times)
    {
        using var sandbox = await SandboxConnections.OpenSettledAsync(People);
        var whole = await WholeAsync(sandbox);
        foreach (var (path, page) in await PagesAsync(sandbox))
        {
            var expected = path.StartsWith("/api/", StringComparison.Ordinal) || path == OktaPages ? ErrorIds.NotAnOktaOrg : ErrorIds.MalformedAnswer;
            AssertOutcome(expected, await ReadAsync(sandbox, SandboxFault.HtmlPage, path, page, times), whole, $"HTML {times} times from page {page} of {path}");
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData(OktaPages, DropboxPages, "Dropbox")]
    [InlineData(DropboxPages, OktaPages, "Okta")]
    public async Task A_service_that_fails_for_good_stops_the_reading_of_the_other(string hanging, string failing, string failed)
    {
        using var sandbox = await SandboxConnections.OpenSettledAsync(People);

        // The other one has its first page and waits for the second, which never comes: only being stopped ends it.
        sandbox.World.Faults.Script(SandboxFault.Hang, hanging, nth: 2, times: ForGood);
        sandbox.World.Faults.Script(SandboxFault.ServerError, failing, nth: 2, times: ForGood);
        var before = sandbox.World.Requests.Count;
        var reading = await sandbox.ReadAsync();

        var error = Assert.IsType<ServiceException>(reading.Error);
        Assert.Equal((ErrorIds.ServiceFailed, failed), (error.ErrorId, error.Service));
        Assert.Empty(reading.Rows);
        var requests = sandbox.World.Requests.Skip(before).ToArray();
        // The other may have failed for good before this one has sent anything.
        Assert.InRange(requests.Count(request => request.Path.Contains(hanging, StringComparison.Ordinal)), 0, 2);
        // Six tries after the first page; Dropbox's pages become smaller only by beginning again.
        var tries = requests.Count(request => request.Path.Contains(failing, StringComparison.Ordinal));
        if (failed == "Okta") Assert.Equal(7, tries);
        else Assert.InRange(tries, 7, 28);
    }

    [Fact]
    public async Task Ten_thousand_people_take_no_request_too_many()
    {
        using var sandbox = await SandboxConnections.OpenSettledAsync(10_000);
        var before = sandbox.World.Requests.Count;
        var (rows, _) = await sandbox.VerifyAsync();

        var paths = sandbox.World.Requests.Skip(before).Select(request => request.Path).ToArray();
        var okta = paths.Count(path => path.Contains(OktaPages, StringComparison.Ordinal));
        var dropbox = paths.Count(path => path.Contains(DropboxPages, StringComparison.Ordinal));
        Assert.InRange(okta, 1, 20);
        Assert.InRange(dropbox, 1, 10);

        // The fewest that the largest pages allow, and beside them the look-up of the app and the team's total.
        var fewest = Pages(rows.Count(row => row.AssignmentStatus is not null), 500) + Pages(rows.Count(row => row.TeamMemberId is not null), 1000);
        Assert.True(okta + dropbox <= 1.02 * fewest, $"{okta} + {dropbox} pages, where {fewest} are enough");
        Assert.Equal(okta + dropbox + 2, paths.Length);

        static int Pages(int records, int size) => (records + size - 1) / size;
    }

    private static async Task<Reading> WholeAsync(SandboxConnections sandbox)
    {
        var whole = await sandbox.ReadAsync();
        Assert.Null(whole.Error);
        Assert.Equal(sandbox.World.People.Count(person => person.Stage is not SandboxStage.NotAssigned), whole.Rows.Count);
        return whole;
    }

    /// <summary>The numbered pages of both lists, as a reading without faults asks for them.</summary>
    private static async Task<IReadOnlyList<(string Path, int Page)>> ListPagesAsync(SandboxConnections sandbox)
    {
        var before = sandbox.World.Requests.Count;
        await sandbox.ReadAsync();
        var requests = sandbox.World.Requests.Skip(before).Select(request => request.Path).ToArray();
        var pages = new[] { OktaPages, DropboxPages }
            .SelectMany(path => Enumerable.Range(1, requests.Count(request => request.Contains(path, StringComparison.Ordinal))).Select(page => (path, page))).ToArray();
        Assert.True(pages.Count(page => page.path == OktaPages) >= 4 && pages.Count(page => page.path == DropboxPages) >= 3, "too few pages to mean anything");
        return pages;
    }

    /// <summary>All that a verification asks for: also the app before the lists and the team's total after them.</summary>
    private static async Task<IReadOnlyList<(string Path, int Page)>> PagesAsync(SandboxConnections sandbox) =>
        [.. await ListPagesAsync(sandbox), ("/api/v1/apps?", 1), ("/2/team/get_info", 1)];

    private static async Task<Reading> ReadAsync(SandboxConnections sandbox, SandboxFault fault, string path, int page, int times)
    {
        var before = sandbox.World.Faults.Injected;
        sandbox.World.Faults.Script(fault, path, page, times);
        var reading = await sandbox.ReadAsync();
        sandbox.World.Faults.Clear();
        var expected = fault == SandboxFault.ExpiredCursor && page == 1 && times == 1 ? 0 : 1;
        Assert.True(
            sandbox.World.Faults.Injected - before >= expected, string.Create(CultureInfo.InvariantCulture, $"{fault} did not happen at page {page} of {path}"));
        return reading;
    }

    private static void AssertOutcome(string? expected, Reading reading, Reading whole, string fault)
    {
        var flaw = reading.Flaw(whole);
        Assert.True(flaw is null, $"{fault}: {flaw}");
        Assert.True(expected == reading.Error?.ErrorId, $"{fault}: {reading.Error?.ErrorId ?? "no error"} in place of {expected ?? "no error"}. {reading.Error?.Message}");
    }

    /// <summary>A Dropbox that has no time for one of its pages, so many times in a row.</summary>
    private sealed class Busy(int failing, int times, bool isSilent)
    {
        private readonly List<int> _sizes = [];
        private int _seen;

        /// <summary>Whether it gives no answer at all in place of an error.</summary>
        public bool IsSilent => isSilent;

        /// <summary>How large the pages were asked for, each time that the list began.</summary>
        public IReadOnlyList<int> Sizes => [.. _sizes.Distinct()];

        public HttpMessageHandler Over(SandboxHandler network) => new Handler(this, network);

        private async Task<bool> FailsAsync(HttpRequestMessage request, CancellationToken cancel)
        {
            var path = request.RequestUri!.AbsolutePath;
            if (!path.Contains(DropboxPages, StringComparison.Ordinal)) return false;
            if (path.EndsWith("/list_v2", StringComparison.Ordinal)) _sizes.Add((int)JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancel))!["limit"]!);
            _seen++;
            return _seen >= failing && _seen < failing + times;
        }

        private sealed class Handler(Busy busy, HttpMessageHandler network) : DelegatingHandler(network)
        {
            protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
                await busy.FailsAsync(request, cancellationToken)
                    ? busy.IsSilent ? throw new TimeoutException() : new HttpResponseMessage(HttpStatusCode.GatewayTimeout) { RequestMessage = request }
                    : await base.SendAsync(request, cancellationToken);
        }
    }
}
