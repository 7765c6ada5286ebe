using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Refresh;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Sandbox.Tests.Refresh;

/// <summary>What bringing a kept reading up to date is reckoned to take, beside what it takes.</summary>
public sealed class RefreshForecastTests
{
    private static int Sum(ProvisioningForecast forecast) => forecast.OktaRequests + forecast.DropboxRequests;

    [Fact]
    public async Task Each_reading_takes_what_was_foreseen_the_first_whole_one_a_quiet_one_and_the_whole_one_that_is_due()
    {
        await using var rig = await RefreshRig.StartAsync(1600);
        rig.World.Advance(TimeSpan.FromDays(10)); // every push has landed, and who was removed is beyond recovery
        var first = await rig.RefreshAsForeseenAsync();
        Assert.Equal(Sum(first.Forecast), first.Requests);
        Assert.Contains("none is kept yet", first.Forecast.Basis[0].RestsOn, StringComparison.Ordinal);

        rig.World.Advance(TimeSpan.FromDays(1));
        var quiet = await rig.RefreshAsForeseenAsync();
        Assert.Equal((4, 4), (Sum(quiet.Forecast), quiet.Requests));
        Assert.Equal(RefreshRig.Texts(await rig.FullAsync()), RefreshRig.Texts(quiet.Rows));

        rig.World.Advance(TimeSpan.FromDays(7));
        var due = await rig.RefreshAsForeseenAsync();
        Assert.Equal((Sum(first.Forecast), Sum(first.Forecast)), (Sum(due.Forecast), due.Requests));
        Assert.Contains("the last whole reading is of 2026-01-15", due.Forecast.Basis[1].RestsOn, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Members_who_are_looked_at_again_whatever_the_log_says_are_foreseen_and_those_whom_it_names_are_not()
    {
        await using var rig = await RefreshRig.StartAsync();
        rig.World.Advance(TimeSpan.FromDays(10));
        await rig.RefreshAsync();
        rig.World.SignOn(rig.World.People.First(person => person.Stage == SandboxStage.AwaitingActivation).Email);
        var changed = await rig.RefreshAsForeseenAsync();
        Assert.Equal((4, 5), (Sum(changed.Forecast), changed.Requests));

        // The service may not have shown all of it yet, so the member is looked at once more.
        rig.World.Advance(TimeSpan.FromHours(3));
        var again = await rig.RefreshAsForeseenAsync();
        Assert.Equal((5, 5), (Sum(again.Forecast), again.Requests));
        Assert.Contains("of 1 members who are looked at again", again.Forecast.Basis[1].RestsOn, StringComparison.Ordinal);
        Assert.Equal(RefreshRig.Texts(await rig.FullAsync()), RefreshRig.Texts(again.Rows));
    }

    [Fact]
    public async Task For_a_few_people_no_reading_is_asked_for_and_the_forecast_names_none()
    {
        await using var rig = await SettledAsync();
        // A folder in the journal's place: whoever opens it fails.
        var folder = Directory.CreateTempSubdirectory("refresh-");
        var keeper = new ReadingKeeper(JournalLocation.File(folder.FullName), rig.World.Clock, RefreshMode.Incremental, rig.FullReadAfter);
        await Assert.ThrowsAsync<ProvisioningException>(() => rig.ForeseeAsync(keeper));

        var people = rig.World.People.Where(person => person.Stage == SandboxStage.Active).Take(3).Select(person => person.Email).ToArray();
        var few = await rig.RefreshAsForeseenAsync(new VerificationScope.People(people), keeper);

        Assert.Equal((4, 1, 3), (few.Forecast.OktaRequests, few.Forecast.DropboxRequests, few.Rows.Count));
        Assert.StartsWith("One for each of 3 people asked for by name", few.Forecast.Basis[0].RestsOn, StringComparison.Ordinal);
        Assert.All(few.Forecast.Basis, basis => Assert.DoesNotContain("reading is kept", basis.RestsOn, StringComparison.Ordinal));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task What_was_unpacked_for_a_group_that_turns_out_small_is_let_go()
    {
        await using var rig = await SettledAsync();
        var keeper = new ReadingKeeper(rig.Journal, rig.World.Clock, RefreshMode.Incremental, rig.FullReadAfter);
        rig.World.Change(rig.World.People.First(person => person.Stage == SandboxStage.Active).Email, PersonChange.JoinedPilotGroup);
        var pilot = new VerificationScope.Groups(["Dropbox Pilot"]);
        var small = await rig.RefreshAsForeseenAsync(pilot, keeper);
        Assert.Null(keeper.Told);
        Assert.InRange(small.Rows.Count, 1, Verifier.FewPeople);
        Assert.Contains("up to 25 of them are asked for by name", small.Forecast.Basis[0].RestsOn, StringComparison.Ordinal);

        await rig.Open.ForgetReadingsAsync(rig.TeamId, default);
        Assert.Contains("none is kept yet", (await rig.ForeseeAsync(keeper, pilot)).Basis[0].RestsOn, StringComparison.Ordinal);
    }

    private static async Task<RefreshRig> SettledAsync()
    {
        var rig = await RefreshRig.StartAsync();
        rig.World.Advance(TimeSpan.FromDays(10));
        await rig.RefreshAsync();
        rig.World.Advance(TimeSpan.FromDays(1));
        return rig;
    }

    [Fact]
    public async Task A_forecast_alone_changes_nothing_of_what_is_kept()
    {
        await using var rig = await RefreshRig.StartAsync();
        rig.World.Advance(TimeSpan.FromDays(10));
        await rig.RefreshAsync();
        rig.World.Advance(TimeSpan.FromDays(1));
        Assert.Equal(Sum(await rig.ForeseeAsync()), Sum(await rig.ForeseeAsync()));
        Assert.Contains("was brought up to date", (await rig.RefreshAsync()).Told, StringComparison.Ordinal);
    }
}
