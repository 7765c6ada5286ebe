using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Plans;
using DropboxOktaProvisioning.Engine.Tests.Journal;
using DropboxOktaProvisioning.Engine.Tests.Notices;

namespace DropboxOktaProvisioning.Engine.Tests.Plans;

/// <summary>People, a journal and a mailbox, and plans made of them and done, as the commands do it.</summary>
internal sealed class PlanWorld : IDisposable
{
    public JournalFixture Fixture { get; } = new();

    public Mailbox Mailbox { get; } = new();

    public static DropboxUserStatus WhoWaits(int i) => new()
    {
        Email = $"p{i}@contoso.example", OktaUserId = $"00u{i}", TeamMemberId = $"dbmid:{i}", TeamId = "dbtid:one", Stage = ProvisioningStage.AwaitingActivation,
    };

    public static ProvisioningPlan Frame(DateTimeOffset now) => new()
    {
        CreatedOn = now, OktaOrg = new Uri("https://contoso.okta.example"), TeamId = "dbtid:one", TeamName = "Contoso", AppId = "0oa1", AppLabel = "Dropbox Business",
        Scope = new PlannedScope { Kind = "Everyone" }, Switch = new PlannedSwitch { State = SilentProvisioningState.Enabled },
        Words = new PlannedWords { From = [Run.Options.From], SsoUrl = Run.Options.SsoUrl, Digest = NoticeService.Check(Run.Options) }, Manners = new PlannedManners { Language = Run.Options.Language }, ToldStages = [ProvisioningStage.AwaitingActivation],
    };

    public async Task<ProvisioningPlan> PlanAsync(IReadOnlyList<DropboxUserStatus> people, NoticeOptions? options = null) => PlanMaker.Make(
        Frame(Fixture.Clock.GetUtcNow()),
        await new Run(Fixture, Mailbox).Service.PlanAsync(people, options ?? Run.Options, planned => planned, looksAhead: true, CancellationToken.None));

    /// <summary>The rows as a verification gives them now: with the day of the last notice out of the journal.</summary>
    public async Task<IReadOnlyList<DropboxUserStatus>> AsSeenNowAsync(IEnumerable<DropboxUserStatus> people)
    {
        await using var journal = await Fixture.OpenAsync();
        var index = await journal.IndexAsync(CancellationToken.None);
        return [.. people.Select(person => person with { LastNotice = index.LastNotice(person) })];
    }

    /// <summary>Does the plan, until its end or until the process dies.</summary>
    /// <returns>Null where it refused.</returns>
    public async Task<IReadOnlyList<ActivationNotice>?> DoAsync(ProvisioningPlan plan, IEnumerable<DropboxUserStatus> people, int tolerance, int diesAt = int.MaxValue, NoticeOptions? options = null)
    {
        var match = new PlanMatch(plan, await AsSeenNowAsync(people), readsPersonalAccounts: true);
        if (!match.IsWithin(tolerance)) return null;
        return await new Run(Fixture, Mailbox, diesAt).SendAsync(match.People, options, narrow: match.Narrow);
    }

    public void Dispose() => Fixture.Dispose();
}
