using System.Globalization;
using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Reports;
using Microsoft.Data.Sqlite;

namespace DropboxOktaProvisioning.Engine.Tests.Journal;

/// <summary>What looks at a team leave behind, and what a later one makes of it.</summary>
public sealed class ObservationTests : IDisposable
{
    private const string Team = "dbtid:one";
    private readonly JournalFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    private static DropboxUserStatus Person(int number, ProvisioningStage stage = ProvisioningStage.AwaitingActivation, NextAction next = NextAction.None) => new()
    {
        Email = string.Create(CultureInfo.InvariantCulture, $"p{number}@contoso.example"),
        OktaUserId = string.Create(CultureInfo.InvariantCulture, $"00u{number}"),
        AssignmentStatus = "PROVISIONED",
        Stage = stage,
        NextAction = next,
        DropboxStatus = stage switch { ProvisioningStage.Active => "active", ProvisioningStage.AwaitingActivation => "invited", _ => null },
    };

    private async Task LookAsync(bool everyone, params DropboxUserStatus[] people)
    {
        await using var journal = await _fixture.OpenAsync();
        await journal.ObserveAsync(Team, people, everyone, null, default);
    }

    private async Task<ActivationProgress> ProgressAsync(bool everyone, DateTimeOffset? since, params DropboxUserStatus[] people)
    {
        await using var journal = await NoticeJournal.OpenReadOnlyAsync(_fixture.Path, _fixture.Clock, default);
        return Assert.Single(new ActivationFunnel(await journal.RecallAsync(Team, since, default), everyone).Of(people, ProgressGrouping.Everyone));
    }

    [Fact]
    public async Task The_first_look_has_nothing_to_compare_with()
    {
        var row = await ProgressAsync(true, null, Person(1));
        Assert.Null(row.ComparedWith);
        Assert.Null(row.ActiveChange);
        Assert.Null(row.Change);
        Assert.False(File.Exists(_fixture.Path)); // to look is not to make a journal
    }

    [Fact]
    public async Task A_later_look_says_who_came_further_got_stuck_came_new_or_is_gone()
    {
        var first = _fixture.Clock.GetUtcNow();
        await LookAsync(true, Person(1), Person(2), Person(3), Person(4, ProvisioningStage.NotProvisioned, NextAction.Provision), Person(5));
        _fixture.Clock.Advance(TimeSpan.FromDays(1));

        var row = await ProgressAsync(
            true, null,
            Person(1, ProvisioningStage.Active), Person(2, ProvisioningStage.CannotSignOn, NextAction.FixInOkta), Person(3) with { LastNotice = first },
            Person(4, ProvisioningStage.NotProvisioned, NextAction.Provision), Person(6));

        Assert.Equal(first, row.ComparedWith);
        Assert.Equal((0, -1, 1, 1, 1, 1), (row.AssignedChange, row.ProvisionedChange, row.ToldChange, row.ActiveChange, row.NewlyStuck, row.FirstSeen));
        Assert.Equal("+1 active, +1 told, -1 provisioned, 1 newly stuck, 1 seen for the first time", row.Change);
        Assert.Equal(2, row.Stuck);
    }

    [Fact]
    public async Task Who_is_missing_from_some_rows_is_not_gone_and_who_is_new_changes_nothing_until_everybody_was_looked_at()
    {
        await LookAsync(false, Person(1), Person(2));
        _fixture.Clock.Advance(TimeSpan.FromDays(1));
        var row = await ProgressAsync(false, null, Person(1, ProvisioningStage.Active), Person(3));
        Assert.Equal((0, 1, 1), (row.AssignedChange, row.ActiveChange, row.FirstSeen));

        await LookAsync(true, Person(1), Person(2));
        _fixture.Clock.Advance(TimeSpan.FromDays(1));
        row = await ProgressAsync(false, null, Person(1, ProvisioningStage.Active), Person(3));
        Assert.Equal((1, 1, 1), (row.AssignedChange, row.ActiveChange, row.FirstSeen));
    }

    [Fact]
    public async Task Looks_of_the_last_hour_are_passed_over_where_there_is_an_older_one_and_any_can_be_named()
    {
        var first = _fixture.Clock.GetUtcNow();
        await LookAsync(true, Person(1), Person(2), Person(3));
        _fixture.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(first, (await ProgressAsync(true, null, Person(1))).ComparedWith); // the only one there is

        _fixture.Clock.Advance(TimeSpan.FromDays(1));
        var second = _fixture.Clock.GetUtcNow();
        await LookAsync(true, Person(1, ProvisioningStage.Active), Person(2), Person(3));
        _fixture.Clock.Advance(TimeSpan.FromMinutes(5));
        DropboxUserStatus[] now = [Person(1, ProvisioningStage.Active), Person(2, ProvisioningStage.Active), Person(3)];
        var (byDefault, late, early) = (await ProgressAsync(true, null, now), await ProgressAsync(true, second, now), await ProgressAsync(true, first.AddYears(-1), now));
        Assert.Equal((first, 2), (byDefault.ComparedWith, byDefault.ActiveChange));
        Assert.Equal((second, 1), (late.ComparedWith, late.ActiveChange));
        Assert.Equal((first, 2), (early.ComparedWith, early.ActiveChange));

        _fixture.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(second, (await ProgressAsync(true, null, now)).ComparedWith);
    }

    [Fact]
    public async Task The_day_of_the_invitation_outlives_joining_and_a_person_is_known_by_any_id()
    {
        var invited = new DateTimeOffset(2026, 2, 14, 8, 0, 0, TimeSpan.Zero);
        await LookAsync(true, new DropboxUserStatus { Email = "ada@contoso.example", TeamMemberId = "dbmid:1", Stage = ProvisioningStage.Unmanaged, DropboxStatus = "invited", InvitedOn = invited });
        var assigned = Person(1, ProvisioningStage.Active) with { TeamMemberId = "dbmid:1", Email = "ada.king@contoso.example" };
        await LookAsync(true, assigned);

        await using var journal = await _fixture.OpenAsync();
        var memory = await journal.RecallAsync(Team, null, default);
        Assert.Equal(invited, memory.InvitedOn(assigned with { TeamMemberId = null }));
        Assert.Equal([("2026-02", 1)], new ActivationFunnel(memory, true).Of([assigned], ProgressGrouping.InvitationMonth).Select(row => (row.Group, row.Assigned)));
        Assert.Equal([(true, 0, 0), (true, 1, 1)], memory.Observations.Select(look => (look.Everyone, look.Assigned, look.Active)));
        Assert.Equal([("", 1)], new ActivationFunnel(TeamMemory.Empty, true).Of([assigned], ProgressGrouping.InvitationMonth).Select(row => (row.Group, row.Assigned)));
    }

    [Fact]
    public async Task The_day_a_stage_was_first_seen_stays_until_the_stage_changes()
    {
        var first = _fixture.Clock.GetUtcNow();
        await LookAsync(true, Person(1));
        _fixture.Clock.Advance(TimeSpan.FromDays(3));
        await LookAsync(true, Person(1));
        await using var journal = await _fixture.OpenAsync();
        var memory = await journal.RecallAsync(Team, null, default);
        Assert.Equal(first, memory.InStageSince(Person(1)));
        Assert.Null(memory.InStageSince(Person(1, ProvisioningStage.Active)));
    }

    [Fact]
    public async Task Each_team_has_its_own_and_only_so_many_looks_are_kept()
    {
        await using var journal = await _fixture.OpenAsync();
        await journal.ObserveAsync("dbtid:two", [Person(9)], true, null, default);
        for (var i = 0; i < NoticeJournal.MostObservations + 5; i++)
        {
            _fixture.Clock.Advance(TimeSpan.FromDays(1));
            await journal.ObserveAsync(Team, [Person(1, i % 2 == 1 ? ProvisioningStage.Active : ProvisioningStage.AwaitingActivation)], true, null, default);
        }

        var memory = await journal.RecallAsync(Team, DateTimeOffset.UnixEpoch, default);
        Assert.Equal(NoticeJournal.MostObservations, memory.Observations.Count);
        Assert.Equal(memory.Observations[0], memory.ComparedWith);
        Assert.Equal(1, memory.ComparedWith!.Active);
        Assert.True(memory.Then(Person(1))!.Value.Marks.HasFlag(StandingMarks.Active)); // and the last look saw the person waiting
        Assert.Single((await journal.RecallAsync("dbtid:two", null, default)).Observations);
    }

    [Fact]
    public async Task What_cannot_be_read_is_an_error_and_an_older_journal_remembers_nothing()
    {
        await LookAsync(true, Person(1));
        await using (var connection = new SqliteConnection($"Data Source={_fixture.Path};Pooling=False"))
        {
            await connection.OpenAsync();
            SqliteSchema.Execute(connection, "UPDATE observed_people SET people = x'0102030405'");
        }

        await using (var journal = await _fixture.OpenAsync())
            Assert.Equal(ErrorIds.JournalCorrupt, (await Assert.ThrowsAsync<ProvisioningException>(() => journal.RecallAsync(Team, null, default))).ErrorId);

        var old = Path.Combine(_fixture.Folder, "old.db");
        await (await _fixture.OpenAsync(_fixture.Processes.Start(), new JournalSettings { Path = old, Steps = [.. SqliteSchema.Steps.Take(SqliteSchema.WithObservations - 1)] })).DisposeAsync();
        await using var readOnly = await NoticeJournal.OpenReadOnlyAsync(old, _fixture.Clock, default);
        Assert.Null((await readOnly.RecallAsync(Team, null, default)).ComparedWith);
    }
}
