using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Packing;
using DropboxOktaProvisioning.Engine.Refresh;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Sandbox.Tests.Refresh;

/// <summary>When a kept reading is brought up to date, when everybody is read whole, and what it costs.</summary>
public sealed class RefreshTests
{
    private const string Quick = "was brought up to date";

    [Fact]
    public async Task A_quiet_day_costs_four_requests_whatever_the_size()
    {
        await using var rig = await RefreshRig.StartAsync(3000);
        rig.World.Advance(TimeSpan.FromDays(10)); // every push has landed, and who was removed is beyond recovery
        var first = await rig.RefreshAsync();
        Assert.Contains("none is kept yet", first.Told, StringComparison.Ordinal);
        for (var day = 1; day <= 3; day++)
        {
            rig.World.Advance(TimeSpan.FromDays(1));
            var later = await rig.RefreshAsync();
            Assert.Contains($"{Quick}: 0 people of Okta and 0 members", later.Told, StringComparison.Ordinal);
            Assert.Equal(4, later.Requests);
            Assert.Equal(RefreshRig.Texts(await rig.FullAsync()), RefreshRig.Texts(later.Rows));
        }
    }

    [Fact]
    public async Task One_who_changes_on_each_side_costs_a_request_on_each_side()
    {
        await using var rig = await SettledAsync();
        var people = rig.World.People.ToArray();
        var waiting = people.First(person => person.Stage == SandboxStage.AwaitingActivation).Email;
        rig.World.Change(people.First(person => person.Stage == SandboxStage.Active && person.Email != people[0].Email).Email, PersonChange.UserSuspended);
        rig.World.SignOn(waiting);

        var (rows, told, requests) = await rig.RefreshAsync();

        Assert.Contains($"{Quick}: 1 people of Okta and 1 members", told, StringComparison.Ordinal);
        Assert.Equal(6, requests);
        Assert.Equal(ProvisioningStage.Active, rows.Single(row => row.Email.Equals(waiting, StringComparison.OrdinalIgnoreCase)).Stage);
        Assert.Equal(RefreshRig.Texts(await rig.FullAsync()), RefreshRig.Texts(rows));
    }

    public static TheoryData<string, Action<RefreshRigForTest>, string> Whole => new()
    {
        { "time", rig => rig.Rig.World.Advance(TimeSpan.FromDays(8)), "the last whole reading is of 2026-01-1" },
        { "reset", rig => rig.Rig.World.Faults.Script(SandboxFault.LogReset, "get_events", 1, 1), "has expired" },
        { "cursor", rig => rig.Rig.World.Faults.Script(SandboxFault.ExpiredCursor, "get_events", 1, 1), "has expired" },
        { "app", rig => rig.Rig.World.Change(AppChange.TileHidden), "the app itself was changed" },
        { "many", rig => ChangeMany(rig.Rig), "the list takes fewer requests" },
        { "scope", rig => rig.Rig.World.DropboxScopes = new HashSet<string> { "team_info.read", "members.read" }, "a log cannot be read" },
    };

    [Theory, MemberData(nameof(Whole))]
    public async Task Where_a_log_cannot_be_followed_without_a_gap_everybody_is_read(string name, Action<RefreshRigForTest> happens, string why)
    {
        await using var rig = await SettledAsync();
        happens(new RefreshRigForTest(rig));
        var (rows, told, _) = await rig.RefreshAsync();
        Assert.True(told!.Contains(why, StringComparison.Ordinal), $"{name}: {told}");
        rig.World.Faults.Clear();
        Assert.Equal(RefreshRig.Texts(await rig.FullAsync()), RefreshRig.Texts(rows));
        if (name == "scope") Assert.Contains(rig.Events.OfType<Caution>(), caution => caution.Message.Contains("events.read", StringComparison.Ordinal));
    }

    // While everybody is read whole the week's events are read too, and on a busy week they have more than one page.
    [Theory]
    [InlineData(SandboxFault.LogReset, 1)]
    [InlineData(SandboxFault.LogReset, 3)]
    [InlineData(SandboxFault.ExpiredCursor, 1)]
    [InlineData(SandboxFault.LogReset, 1_000_000)]
    public async Task A_log_that_is_reset_while_the_weeks_events_are_read_costs_nobody_their_row(SandboxFault fault, int times)
    {
        await using var rig = await RefreshRig.StartAsync(3000);
        foreach (var person in rig.World.People.Where(person => person.Stage == SandboxStage.AwaitingActivation).ToArray()) rig.World.SignOn(person.Email);
        rig.World.Advance(TimeSpan.FromHours(3));
        rig.World.Faults.Script(fault, "get_events/continue", 1, times);

        var (rows, _, _) = await rig.RefreshAsync();

        Assert.True(rig.World.Faults.Injected > 0, "the week's events fit on one page");
        Assert.Equal(RefreshRig.Texts(await rig.FullAsync()), RefreshRig.Texts(rows));
        rig.World.Faults.Clear();
        var isKept = times <= 3;
        Assert.Equal(isKept ? 0 : 1, rig.Events.OfType<Caution>().Count(caution => caution.Message.StartsWith("What is read cannot be followed", StringComparison.Ordinal)));
        Assert.Contains(isKept ? Quick : "none is kept yet", (await rig.RefreshAsync()).Told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_that_is_assigned_makes_everybody_be_read_twice_and_then_refreshes_are_quick_again()
    {
        await using var rig = await SettledAsync();
        await rig.Okta.AssignGroupAsync(rig.World.App.Id, (await rig.Okta.FindGroupsAsync("Engineering", null, default))[0].Id, null, default);
        var (rows, told, _) = await rig.RefreshAsync();
        Assert.Contains("the app's groups changed", told, StringComparison.Ordinal);
        Assert.Equal(RefreshRig.Texts(await rig.FullAsync()), RefreshRig.Texts(rows));

        // Whom Okta assigned a while after the group is caught by reading whole once more.
        rig.World.Advance(TimeSpan.FromHours(3));
        Assert.Contains("the app's groups changed", (await rig.RefreshAsync()).Told, StringComparison.Ordinal);
        rig.World.Advance(TimeSpan.FromHours(3));
        Assert.Contains(Quick, (await rig.RefreshAsync()).Told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_that_comes_late_shows_with_the_refresh_after_it()
    {
        await using var rig = await SettledAsync();
        var people = rig.World.People.Where(person => person.Stage == SandboxStage.AwaitingActivation).Take(2).ToArray();
        rig.World.Faults.LogDelay = TimeSpan.FromMinutes(40);
        rig.World.SignOn(people[0].Email);
        rig.World.Change(people[1].Email, PersonChange.UserLocked);

        // The team's own count says nothing of it, and neither log does yet.
        Assert.Contains($"{Quick}: 0 people of Okta and 0 members", (await rig.RefreshAsync()).Told, StringComparison.Ordinal);
        rig.World.Advance(TimeSpan.FromMinutes(45));
        var (rows, told, _) = await rig.RefreshAsync();

        Assert.Contains(Quick, told, StringComparison.Ordinal);
        Assert.Equal(RefreshRig.Texts(await rig.FullAsync()), RefreshRig.Texts(rows));
    }

    [Fact]
    public async Task Somebody_whom_only_the_count_tells_of_makes_everybody_be_read()
    {
        await using var rig = await SettledAsync();
        rig.World.Faults.LogDelay = TimeSpan.FromDays(1);
        rig.World.Change(rig.World.People.First(person => person.Stage == SandboxStage.AwaitingActivation).Email, PersonChange.MemberRemoved);
        var (rows, told, _) = await rig.RefreshAsync();
        Assert.Contains("the team counts others", told, StringComparison.Ordinal);
        Assert.Equal(RefreshRig.Texts(await rig.FullAsync()), RefreshRig.Texts(rows));
    }

    [Fact]
    public async Task A_removed_member_stops_being_recoverable_though_no_log_tells()
    {
        await using var rig = await SettledAsync();
        rig.FullReadAfter = TimeSpan.FromDays(60);
        var email = rig.World.People.First(person => person.Stage == SandboxStage.AwaitingActivation).Email;
        rig.World.Change(email, PersonChange.MemberRemoved);
        foreach (var (days, action, members) in new[] { (0, NextAction.Recover, 1), (2, NextAction.Recover, 1), (2, NextAction.Recover, 0), (3, NextAction.Invite, 1), (1, NextAction.Invite, 0) })
        {
            rig.World.Advance(TimeSpan.FromDays(days));
            var (rows, told, _) = await rig.RefreshAsync();
            Assert.Contains($"{members} members", told, StringComparison.Ordinal);
            Assert.Equal(action, rows.Single(row => row.Email.Equals(email, StringComparison.OrdinalIgnoreCase)).NextAction);
        }
    }

    [Fact]
    public async Task Every_scope_gives_what_it_gives_when_everybody_is_read()
    {
        await using var rig = await SettledAsync();
        var many = rig.World.People.Select(person => person.Email).Take(60).ToArray();
        foreach (var scope in new VerificationScope[] { new VerificationScope.Groups(["Engineering"]), new VerificationScope.Domains(["contoso.example"]), new VerificationScope.People(many) })
        {
            var (rows, told, _) = await rig.RefreshAsync(scope: scope);
            Assert.Contains(Quick, told, StringComparison.Ordinal);
            Assert.NotEmpty(rows);
            Assert.Equal(RefreshRig.Texts(await rig.FullAsync(scope)), RefreshRig.Texts(rows));
        }
    }

    [Fact]
    public async Task A_reading_that_is_damaged_or_not_its_own_is_never_trusted()
    {
        await using var rig = await SettledAsync();
        var key = new ReadingKey(rig.TeamId, rig.Okta.Origin.Authority, rig.World.App.Id);
        var whole = (await rig.Open.FindReadingAsync(key, default))!;
        var state = ReadingState.Read(whole.State, whole.Seal)!;
        StoredReading With(ReadingState other) => other.Write() is var (text, seal) ? whole with { State = text, Seal = seal } : whole;
        byte[] flipped = [.. whole.Content];
        flipped[^9] ^= 1;
        var others = new (StoredReading Stored, string Why)[]
        {
            (whole with { Content = flipped }, "damaged"),
            (whole with { Content = whole.Content[..^1] }, "damaged"),
            (whole with { State = whole.State.Replace(state.DropboxCursor, "x", StringComparison.Ordinal) }, "damaged"),
            (With(state with { Digest = ReadingState.SealOf(flipped) }) with { Content = flipped }, "damaged"),
            (With(state with { Format = state.Format + 1 }), "another version"),
            (With(state with { Module = "0.0.1" }), "another version"),
            (With(state with { Key = key with { TeamId = "dbtid:other" } }), "another team"),
            (With(state with { TakenOn = state.TakenOn.AddDays(400) }), "the last whole reading is of"),
        };
        foreach (var (stored, why) in others)
        {
            await rig.Open.KeepReadingAsync(key, stored, "x", default);
            var (rows, told, _) = await rig.RefreshAsync();
            Assert.Contains(why, told, StringComparison.Ordinal);
            Assert.Equal(RefreshRig.Texts(await rig.FullAsync()), RefreshRig.Texts(rows));
        }
    }

    [Fact]
    public async Task Nobody_assigned_beside_a_team_with_people_is_not_kept_and_said_aloud_each_time()
    {
        await using var rig = await RefreshRig.StartAsync(200);
        rig.World.Advance(TimeSpan.FromDays(10));
        for (var time = 1; time <= 2; time++)
        {
            rig.World.Faults.Script(SandboxFault.EmptyEnd, "/users?", 1, 2);
            var (doubted, whole, _) = await rig.RefreshAsync();
            Assert.Contains("none is kept yet", whole, StringComparison.Ordinal);
            Assert.All(doubted, row => Assert.Null(row.OktaUserId));
            Assert.Equal(time, Doubts());
            rig.World.Faults.Clear();
            rig.World.Advance(TimeSpan.FromHours(6));
        }

        Assert.Equal(RefreshRig.Texts((await rig.RefreshAsync()).Rows), RefreshRig.Texts(await rig.FullAsync()));
        Assert.Equal(2, Doubts());

        int Doubts() => rig.Events.OfType<Caution>().Count(caution => caution.Message.Contains("has nobody assigned the app", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_kept_reading_in_which_nobody_is_assigned_is_not_believed_beside_a_team_with_people()
    {
        await using var rig = await SettledAsync();
        var key = new ReadingKey(rig.TeamId, rig.Okta.Origin.Authority, rig.World.App.Id);
        var whole = (await rig.Open.FindReadingAsync(key, default))!;
        var content = ReadingContent.Write(PackedStore.Of([], []), ReadingContent.Read(whole.Content).Members);
        var (state, seal) = (ReadingState.Read(whole.State, whole.Seal)! with { Digest = ReadingState.SealOf(content) }).Write();
        await rig.Open.KeepReadingAsync(key, new StoredReading(state, seal, content), ReadingState.SealOf(content), default);

        Assert.Contains("had nobody assigned", (await rig.ForeseeAsync()).Basis[0].RestsOn, StringComparison.Ordinal);
        var (rows, told, _) = await rig.RefreshAsync();
        Assert.Contains("had nobody assigned", told, StringComparison.Ordinal);
        Assert.Equal(RefreshRig.Texts(await rig.FullAsync()), RefreshRig.Texts(rows));
    }

    [Fact]
    public async Task The_last_one_who_loses_the_app_makes_everybody_be_read_and_is_said_aloud()
    {
        await using var rig = await SettledAsync();
        var assigned = (await rig.FullAsync()).Where(row => row.AssignmentStatus is not null).ToArray();
        foreach (var row in assigned.Skip(1)) Assert.True(rig.World.Change(row.Email, PersonChange.Unassigned), row.Email);
        // A log is followed from a while before its last place, so so many are too many once more.
        for (var time = 1; time <= 2; time++)
        {
            Assert.Contains("the list takes fewer requests", (await rig.RefreshAsync()).Told, StringComparison.Ordinal);
            rig.World.Advance(TimeSpan.FromHours(6));
        }

        Assert.Contains(Quick, (await rig.RefreshAsync()).Told, StringComparison.Ordinal);

        Assert.True(rig.World.Change(assigned[0].Email, PersonChange.Unassigned));
        Assert.Contains("nobody is assigned any more", (await rig.RefreshAsync()).Told, StringComparison.Ordinal);
        Assert.Contains(rig.Events.OfType<Caution>(), caution => caution.Message.Contains("has nobody assigned the app", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_kept_is_deleted_when_asked_and_nothing_is_kept_unasked()
    {
        await using var rig = await SettledAsync();
        await rig.FullAsync();
        Assert.True(await rig.Open.HasReadingsAsync(default));
        Assert.NotEmpty((await rig.RefreshAsync(RefreshMode.Forget)).Rows);
        Assert.False(await rig.Open.HasReadingsAsync(default));
        await rig.FullAsync();
        Assert.False(await rig.Open.HasReadingsAsync(default));
    }

    [Fact]
    public async Task A_journal_that_cannot_be_written_costs_the_reading_and_not_the_rows()
    {
        await using var rig = await RefreshRig.StartAsync();
        var folder = Directory.CreateTempSubdirectory("refresh-");
        var gone = Path.Combine(folder.FullName, "journal.db");
        await (await NoticeJournal.OpenAsync(gone, rig.World.Clock, default)).DisposeAsync();
        var location = JournalLocation.File(gone);
        await using (var newer = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={gone};Pooling=False"))
        {
            // A trigger stands for whatever a database may refuse.
            await newer.OpenAsync();
            SqliteSchema.Execute(newer, "CREATE TRIGGER no BEFORE INSERT ON readings BEGIN SELECT RAISE(ABORT, 'no'); END");
        }

        var (rows, told, _) = await rig.RefreshAsync(journal: location);
        Assert.NotEmpty(rows);
        Assert.Contains("none is kept yet", told, StringComparison.Ordinal);
        Assert.Contains(rig.Events.OfType<Caution>(), caution => caution.Message.Contains("could not be kept", StringComparison.Ordinal));
        folder.Delete(recursive: true);
    }

    private static async Task<RefreshRig> SettledAsync()
    {
        var rig = await RefreshRig.StartAsync(200);
        rig.World.Advance(TimeSpan.FromDays(10));
        await rig.RefreshAsync();
        rig.World.Advance(TimeSpan.FromHours(6));
        rig.Events.Clear();
        return rig;
    }

    private static void ChangeMany(RefreshRig rig)
    {
        foreach (var person in rig.World.People.Where(person => person.Stage == SandboxStage.Active).Take(40)) rig.World.Change(person.Email, PersonChange.AddressRespelled);
    }

    /// <summary>A rig in a public signature.</summary>
    public sealed class RefreshRigForTest
    {
        internal RefreshRigForTest(RefreshRig rig) => Rig = rig;

        internal RefreshRig Rig { get; }
    }
}
