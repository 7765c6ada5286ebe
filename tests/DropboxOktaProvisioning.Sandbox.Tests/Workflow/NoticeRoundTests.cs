using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Notices;

namespace DropboxOktaProvisioning.Sandbox.Tests.Workflow;

/// <summary>Verify, tell, let time pass and people sign on, verify and tell again: nobody hears twice.</summary>
public sealed class NoticeRoundTests
{
    private static readonly NoticeOptions Options = new() { From = "it@contoso.example" };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Each_round_tells_only_who_waits_and_was_not_told_before(int seed)
    {
        using var sandbox = await SandboxConnections.OpenAsync(150, seed);
        var world = sandbox.World;
        world.App.IsSilent = true;
        await using var outbox = new OutboxTransport(world.Clock);
        var name = Guid.NewGuid().ToString("N");
        await using var journal = await NoticeJournal.OpenInMemoryAsync(name, world.Clock, default);
        var service = new NoticeService(JournalLocation.InMemory(name), outbox, world.Clock);
        var told = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var free = new Queue<string>(world.People.Where(person => person.Stage is SandboxStage.NotAssigned).Select(person => person.Email));
        var random = new Random(seed);

        for (var round = 1; round <= 5; round++)
        {
            var (rows, _) = await sandbox.VerifyAsync();
            var waiting = Waiting(world).ToHashSet(StringComparer.OrdinalIgnoreCase);
            var plan = await service.PlanAsync(rows, Options, default);
            var about = $"seed {seed}, round {round}";

            // Exactly those who wait and were not told are planned; all others are skipped.
            AssertSame(waiting.Except(told, StringComparer.OrdinalIgnoreCase), plan.Where(one => one.WillSend).Select(one => one.Notice.Email), about + ", planned");
            Assert.Equal(rows.Count, plan.Count);
            Assert.All(plan.Where(one => !one.WillSend), one => Assert.Equal(NoticeState.Skipped, one.Notice.State));
            AssertSame(
                waiting.Intersect(told, StringComparer.OrdinalIgnoreCase),
                plan.Where(one => one.Notice is { SentOn: not null, Stage: ProvisioningStage.AwaitingActivation }).Select(one => one.Notice.Email), about + ", told before");

            var notices = await SendAsync(service, plan);
            AssertSame(
                waiting.Except(told, StringComparer.OrdinalIgnoreCase), notices.Where(notice => notice.State is NoticeState.Sent).Select(notice => notice.Email), about + ", sent");
            told.UnionWith(waiting);
            AssertSame(told, outbox.Messages.Select(message => message.To), about + ", in the outbox");

            // The same plan once more, as a rival who planned at the same time would: the journal stops it.
            Assert.DoesNotContain(await SendAsync(service, plan), notice => notice.State is NoticeState.Sent);
            Assert.Equal(told.Count, outbox.Messages.Count);

            world.Advance(TimeSpan.FromDays(1));
            foreach (var email in Waiting(world)) if (random.Next(3) == 0) world.SignOn(email);
            for (var more = random.Next(1, 4); more > 0 && free.TryDequeue(out var email); more--) world.Assign(email);
            world.Advance(TimeSpan.FromMinutes(10));
        }

        Assert.True(told.Count > 10, $"seed {seed}: only {told.Count} people were told");
        Assert.Equal(outbox.Messages.Count, outbox.Messages.Select(message => message.To).Distinct(StringComparer.OrdinalIgnoreCase).Count());

        // Silent all the while: those who were pushed after the start heard from nobody else.
        Assert.Empty(world.WelcomeMails);
        var kept = new List<ActivationNotice>();
        await foreach (var notice in journal.ListAsync(new NoticeFilter())) kept.Add(notice);
        AssertSame(told, kept.Where(notice => notice.State is NoticeState.Sent).Select(notice => notice.Email), $"seed {seed}, in the journal");
    }

    [Fact]
    public async Task Two_runs_at_once_tell_everybody_once_between_them()
    {
        using var sandbox = await SandboxConnections.OpenAsync(150);
        await using var outbox = new OutboxTransport(sandbox.World.Clock);
        var name = Guid.NewGuid().ToString("N");
        await using var journal = await NoticeJournal.OpenInMemoryAsync(name, sandbox.World.Clock, default);
        var services = Enumerable.Range(0, 2).Select(_ => new NoticeService(JournalLocation.InMemory(name), outbox, sandbox.World.Clock)).ToArray();
        var (rows, _) = await sandbox.VerifyAsync();
        var plans = await Task.WhenAll(services.Select(service => service.PlanAsync(rows, Options, default)));
        Assert.All(plans, plan => Assert.True(plan.Count(one => one.WillSend) > 5));

        var results = await Task.WhenAll(services.Zip(plans, (service, plan) => Task.Run(() => SendAsync(service, plan))));

        AssertSame(Waiting(sandbox.World), outbox.Messages.Select(message => message.To), "in the outbox");
        AssertSame(Waiting(sandbox.World), results.SelectMany(notices => notices).Where(notice => notice.State is NoticeState.Sent).Select(notice => notice.Email), "sent");
    }

    [Fact]
    public async Task A_person_whose_address_changes_case_or_who_is_asked_for_by_name_is_the_same_person()
    {
        using var sandbox = await SandboxConnections.OpenAsync(150);
        await using var outbox = new OutboxTransport(sandbox.World.Clock);
        var name = Guid.NewGuid().ToString("N");
        await using var journal = await NoticeJournal.OpenInMemoryAsync(name, sandbox.World.Clock, default);
        var service = new NoticeService(JournalLocation.InMemory(name), outbox, sandbox.World.Clock);
        var some = Waiting(sandbox.World).Take(10).ToArray();
        await SendAsync(service, await service.PlanAsync((await sandbox.VerifyAsync(new Engine.Verification.VerificationScope.People(some))).Rows, Options, default));
        Assert.Equal(10, outbox.Messages.Count);

        var everybody = (await sandbox.VerifyAsync()).Rows.Select(row => row with { Email = row.Email.ToUpperInvariant() }).ToArray();
        var plan = await service.PlanAsync(everybody, Options, default);
        AssertSame(Waiting(sandbox.World).Skip(10), plan.Where(one => one.WillSend).Select(one => one.Notice.Email), "planned");
    }

    private static string[] Waiting(ProvisioningWorld world) =>
        [.. world.People.Where(person => person.Stage is SandboxStage.AwaitingActivation).Select(person => person.Email)];

    private static async Task<List<ActivationNotice>> SendAsync(NoticeService service, IReadOnlyList<PlannedNotice> plan)
    {
        var notices = new List<ActivationNotice>();
        await foreach (var notice in service.SendAsync(plan, null, default)) notices.Add(notice);
        return notices;
    }

    private static void AssertSame(IEnumerable<string> expected, IEnumerable<string> actual, string what)
    {
        var (wanted, got) = (Sorted(expected), Sorted(actual));
        Assert.True(
            wanted.SequenceEqual(got, StringComparer.OrdinalIgnoreCase),
            $"{what}: missing [{string.Join(", ", wanted.Except(got, StringComparer.OrdinalIgnoreCase))}], too many [{string.Join(", ", got.Except(wanted, StringComparer.OrdinalIgnoreCase))}] of {got.Length}");

        static string[] Sorted(IEnumerable<string> emails) => [.. emails.Select(email => email.ToLowerInvariant()).Order(StringComparer.Ordinal)];
    }
}
