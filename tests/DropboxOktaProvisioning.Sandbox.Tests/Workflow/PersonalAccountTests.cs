using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Sandbox.Tests.Workflow;

/// <summary>What is found out about personal accounts, held against what the sandbox knows to be true.</summary>
public sealed class PersonalAccountTests
{
    private static async Task<IReadOnlyList<DropboxPersonalAccount>> FindAsync(
        SandboxConnections sandbox, LogReading reading = LogReading.Telling, int days = 365, IEnumerable<DropboxPersonalAccount>? known = null)
    {
        var now = sandbox.World.Clock.GetUtcNow();
        var book = new PersonalAccountBook(["contoso.example"], now);
        foreach (var row in known ?? []) book.Add(row);
        await new PersonalAccountReader(sandbox.Dropbox).ReadAsync(book, reading, now.AddDays(-days), null, default);
        return book.Rows();
    }

    private static IEnumerable<string> Sure(IEnumerable<DropboxPersonalAccount> rows) =>
        rows.Where(row => row.Likelihood >= PersonalAccountLikelihood.Likely).Select(row => row.Email).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Owners(ProvisioningWorld world, bool shows = true) =>
        world.People.Where(person => person.PersonalAccount != SandboxPersonalAccount.None && (person.PersonalAccountShows || !shows))
            .Select(person => person.Email.ToLowerInvariant()).Order(StringComparer.Ordinal);

    [Theory]
    [InlineData(200, 1)]
    [InlineData(200, 7)]
    [InlineData(1500, 3)]
    public async Task Whose_account_shows_is_found_and_nobody_else_is_thought_to_have_one(int users, int seed)
    {
        using var sandbox = await SandboxConnections.OpenAsync(users, seed);
        Assert.NotEmpty(Owners(sandbox.World));
        Assert.Equal(Owners(sandbox.World), Sure(await FindAsync(sandbox)));
        Assert.Equal(Owners(sandbox.World), Sure(await FindAsync(sandbox, LogReading.Whole)));
    }

    [Fact]
    public async Task Who_moved_the_account_away_or_brought_it_along_is_shown_with_what_contradicts_it()
    {
        using var sandbox = await SandboxConnections.OpenAsync(1500, 3);
        var resolved = (await FindAsync(sandbox)).Where(row => row.Contradiction is not null).ToList();
        Assert.Contains(resolved, row => row.Contradiction!.Detail.StartsWith("Moved", StringComparison.Ordinal));
        Assert.Contains(resolved, row => row.Contradiction!.Detail.StartsWith("The address belongs to a member who is active", StringComparison.Ordinal));
        Assert.All(resolved, row => Assert.True(row.Likelihood <= PersonalAccountLikelihood.Suspected, row.ToString()));
    }

    [Fact]
    public async Task Signing_on_brings_the_account_along_and_the_next_reading_knows()
    {
        using var sandbox = await SandboxConnections.OpenAsync();
        var person = sandbox.World.People.First(one => one is { Stage: SandboxStage.AwaitingActivation, PersonalAccountShows: true } && one.PersonalAccount != SandboxPersonalAccount.None);
        Assert.Contains(person.Email.ToLowerInvariant(), Sure(await FindAsync(sandbox)));
        sandbox.World.SignOn(person.Email);
        Assert.DoesNotContain(person.Email.ToLowerInvariant(), Sure(await FindAsync(sandbox)));
        Assert.Equal(Owners(sandbox.World), Sure(await FindAsync(sandbox)));
    }

    [Fact]
    public async Task An_imported_list_finds_the_rest_and_tells_the_plans()
    {
        using var sandbox = await SandboxConnections.OpenAsync(1500, 3);
        var list = sandbox.World.People.Where(person => person.PersonalAccount != SandboxPersonalAccount.None).Select(person => PersonalAccounts.Row(new DropboxDomainInsight
        {
            Email = person.Email, AccountType = Enum.Parse<PersonalAccountType>(person.PersonalAccount.ToString()), Path = "list.csv", Line = 2, ObservedOn = sandbox.World.Clock.GetUtcNow(),
        }));
        var rows = (await FindAsync(sandbox, known: list)).Where(row => row.Likelihood >= PersonalAccountLikelihood.Likely).ToDictionary(row => row.Email);
        Assert.True(Owners(sandbox.World, shows: false).Count() > Owners(sandbox.World).Count());
        Assert.Equal(Owners(sandbox.World, shows: false), rows.Keys.Order(StringComparer.Ordinal));
        Assert.All(sandbox.World.People.Where(person => person.PersonalAccount != SandboxPersonalAccount.None), person =>
            Assert.Equal(person.PersonalAccount.ToString(), rows[person.Email.ToLowerInvariant()].AccountType.ToString()));
    }

    [Fact]
    public async Task Without_the_log_only_removed_members_who_were_turned_are_found_and_no_event_is_read()
    {
        using var sandbox = await SandboxConnections.OpenAsync();
        sandbox.World.DropboxScopes = new HashSet<string>(["members.read", "team_info.read"]);
        var rows = await FindAsync(sandbox, LogReading.None);
        Assert.Equal(sandbox.World.People.Count(person => person.Case == SandboxCase.RemovedDisconnected), rows.Count);
        Assert.DoesNotContain(sandbox.World.Requests, request => request.Path.Contains("team_log", StringComparison.Ordinal));

        var error = await Assert.ThrowsAsync<Engine.Http.ServiceException>(() => FindAsync(sandbox));
        Assert.Equal(ErrorIds.MissingScope, error.ErrorId);
        Assert.Contains("events.read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_time_bound_leaves_older_events_out()
    {
        using var sandbox = await SandboxConnections.OpenAsync(1500, 3);
        var (year, week) = (await FindAsync(sandbox), await FindAsync(sandbox, days: 7));
        Assert.True(week.Count < year.Count);
        Assert.All(week.Where(row => row.Evidence.All(item => item.Basis == FactBasis.EventLog)), row => Assert.True(row.LastSeen >= sandbox.World.Clock.GetUtcNow().AddDays(-7.01)));
    }

    [Theory]
    [InlineData(SandboxFault.RateLimited)]
    [InlineData(SandboxFault.ServerError)]
    [InlineData(SandboxFault.Reset)]
    [InlineData(SandboxFault.AnswerLost)]
    [InlineData(SandboxFault.Truncated)]
    [InlineData(SandboxFault.EmptyPage)]
    [InlineData(SandboxFault.LogReset)]
    public async Task A_fault_at_any_page_of_the_log_changes_nothing(SandboxFault fault)
    {
        using var sandbox = await SandboxConnections.OpenSettledAsync(3000);
        var before = sandbox.World.Requests.Count;
        var whole = (await FindAsync(sandbox, LogReading.Whole)).Select(row => (row.Email, row.Likelihood, row.Evidence.Count, row.LastSeen)).ToList();
        var pages = sandbox.World.Requests.Skip(before).Count(request => request.Path.Contains("get_events", StringComparison.Ordinal));
        Assert.True(pages > 3, $"{pages} pages");
        for (var page = 1; page <= pages; page++)
        {
            var injected = sandbox.World.Faults.Injected;
            sandbox.World.Faults.Script(fault, "get_events", page);
            Assert.Equal(whole, (await FindAsync(sandbox, LogReading.Whole)).Select(row => (row.Email, row.Likelihood, row.Evidence.Count, row.LastSeen)));
            Assert.True(page == 1 || sandbox.World.Faults.Injected > injected);
            sandbox.World.Faults.Clear();
        }
    }

    [Fact]
    public async Task A_log_that_is_reset_after_every_page_is_read_to_its_end_all_the_same()
    {
        using var sandbox = await SandboxConnections.OpenSettledAsync(3000);
        var whole = await FindAsync(sandbox, LogReading.Whole);
        sandbox.World.Faults.Script(SandboxFault.LogReset, "get_events", 1, 1_000_000);
        Assert.Equal(whole.Select(row => (row.Email, row.Likelihood)), (await FindAsync(sandbox, LogReading.Whole)).Select(row => (row.Email, row.Likelihood)));
        Assert.True(sandbox.World.Faults.Injected > 2);
    }

    [Theory]
    [InlineData(SandboxFault.ExpiredCursor, ErrorIds.CursorExpired)]
    [InlineData(SandboxFault.EmptyPage, ErrorIds.IncompleteList)]
    [InlineData(SandboxFault.ServerError, ErrorIds.ServiceFailed)]
    public async Task A_fault_that_stays_is_an_error_and_ends(SandboxFault fault, string id)
    {
        using var sandbox = await SandboxConnections.OpenSettledAsync(3000);
        sandbox.World.Faults.Script(fault, "get_events", 2, 1_000_000);
        Assert.Equal(id, (await Assert.ThrowsAnyAsync<ProvisioningException>(() => FindAsync(sandbox, LogReading.Whole))).ErrorId);
    }
}
