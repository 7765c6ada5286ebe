using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Plans;
using DropboxOktaProvisioning.Engine.Tests.Notices;
using static DropboxOktaProvisioning.Engine.Tests.Plans.PlanWorld;

namespace DropboxOktaProvisioning.Engine.Tests.Plans;

/// <summary>How often, when and whom else is in the plan, under its hash, and nothing else is done.</summary>
public sealed class PlanMannersTests : IDisposable
{
    private static readonly PlannedManners Full = new()
    {
        Language = "de", ReminderAfter = [3, 7], MaximumReminder = 2, OptOutPath = "/lists/no.csv", EscalateToManager = true, DigestTo = "help@contoso.example",
        QuietHours = "18:00-08:00", WorkingDay = [DayOfWeek.Monday, DayOfWeek.Friday], SenderTimeZone = "Europe/Berlin", SenderLimit = "30/min",
    };

    public static TheoryData<string, string, string> Others { get; } = new()
    {
        { nameof(Full.Language), "fr", "de" },
        { nameof(Full.ReminderAfter), "1, 2", "3, 7" },
        { nameof(Full.MaximumReminder), "none", "2" },
        { nameof(Full.EscalateToManager), "off", "on" },
        { nameof(Full.DigestTo), "none", "help@contoso.example" },
        { nameof(Full.QuietHours), "none", "18:00-08:00" },
        { nameof(Full.WorkingDay), "Sunday", "Monday, Friday" },
        { nameof(Full.SenderTimeZone), "Asia/Tokyo", "Europe/Berlin" },
        { nameof(Full.SenderLimit), "none", "30/min" },
        { nameof(PlannedWords.From), "other@contoso.example", "it@contoso.example" },
        { nameof(PlannedWords.SsoUrl), "https://dropbox.com/x", "https://www.dropbox.com/sso" },
    };

    private static readonly PlannedManners Other = new() { Language = "fr", ReminderAfter = [1, 2], WorkingDay = [DayOfWeek.Sunday], SenderTimeZone = "Asia/Tokyo" };

    private readonly PlanWorld _world = new();

    public void Dispose() => _world.Dispose();

    private async Task<ProvisioningPlan> MakeAsync() => PlanSeal.Seal(await _world.PlanAsync([WhoWaits(1)]) with { Manners = Full });

    [Fact]
    public async Task They_come_out_of_the_file_as_they_went_in()
    {
        var path = Path.Combine(_world.Fixture.Folder, "plan.json");
        var plan = PlanSeal.Seal(await MakeAsync() with { Managers = [new PlannedManager { Email = "cara@contoso.example", About = "p1@contoso.example" }] });
        await PlanFile.WriteAsync(plan, path, overwrite: false, CancellationToken.None);
        var read = await PlanFile.ReadAsync(path, CancellationToken.None);
        Assert.Equal(Full.ToString(), read.Manners!.ToString());
        Assert.Equal(Full.ReminderAfter, read.Manners.ReminderAfter);
        Assert.Equal(Full.WorkingDay, read.Manners.WorkingDay);
        Assert.Equal((Full.MaximumReminder, Full.SenderTimeZone, Full.OptOutPath), (read.Manners.MaximumReminder, read.Manners.SenderTimeZone, read.Manners.OptOutPath));
        Assert.Equal(plan.Managers, read.Managers);
    }

    [Fact]
    public async Task The_hash_covers_each_of_them()
    {
        var plan = await MakeAsync();
        PlannedManners[] changed =
        [
            Full with { Language = "fr" }, Full with { ReminderAfter = [3] }, Full with { MaximumReminder = null }, Full with { OptOutPath = null }, Full with { EscalateToManager = false },
            Full with { DigestTo = "x@contoso.example" }, Full with { QuietHours = "18:00-07:00" }, Full with { WorkingDay = [] }, Full with { SenderTimeZone = "UTC" }, Full with { SenderLimit = "31/min" },
        ];
        Assert.Equal(typeof(PlannedManners).GetProperties().Length, changed.Length);
        foreach (var manners in changed)
            Assert.Equal(ErrorIds.PlanChanged, Assert.Throws<ProvisioningException>(() => PlanSeal.Check(plan with { Manners = manners })).ErrorId);
        Assert.Equal(ErrorIds.PlanInvalid, Assert.Throws<ProvisioningException>(() => PlanSeal.Check(PlanSeal.Seal(plan with { Manners = null }))).ErrorId);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public async Task What_is_asked_for_otherwise_is_an_error_with_both_values(string parameter, string given, string planned)
    {
        var plan = await MakeAsync();
        var words = new PlannedWords { From = ["other@contoso.example"], SsoUrl = "https://dropbox.com/x" };
        var refused = Assert.Throws<ProvisioningException>(() => PlanManners.Check(plan, words, Other, name => name == parameter));
        Assert.Equal(ErrorIds.ConflictingParameters, refused.ErrorId);
        Assert.Equal($"-{parameter} is {given}, and the plan says {planned}.", refused.Message);

        PlanManners.Check(plan, words, Other, _ => false);
        PlanManners.Check(plan, plan.Words, Full, _ => true);
    }

    [Theory]
    [InlineData("Europe/Berlin", "W. Europe Standard Time")]
    [InlineData("UTC", "Etc/UTC")]
    [InlineData("Etc/UTC", "UTC")]
    [InlineData("Asia/Kolkata", "Asia/Calcutta")]
    public async Task One_time_zone_by_two_names_is_the_same(string planned, string given)
    {
        var plan = await MakeAsync() with { Manners = Full with { SenderTimeZone = planned } };
        PlanManners.Check(plan, plan.Words, new PlannedManners { SenderTimeZone = given }, name => name == nameof(Full.SenderTimeZone));
    }

    [Fact]
    public async Task Hours_and_an_address_that_are_written_otherwise_are_the_same()
    {
        var plan = await MakeAsync();
        PlanManners.Check(plan, plan.Words, new PlannedManners { QuietHours = "18:00 - 8:00" }, name => name == nameof(Full.QuietHours));
        foreach (var address in new[] { "https://www.dropbox.com/sso/", "HTTPS://www.dropbox.com:443/sso" })
            PlanManners.Check(plan, plan.Words with { SsoUrl = address }, Full, name => name == nameof(PlannedWords.SsoUrl));
        foreach (var address in new[] { "https://www.dropbox.com/sso/x", "https://www.dropbox.com/sso?x=1", "http://www.dropbox.com/sso", "https://www.dropbox.com:444/sso", "no address" })
            Assert.Throws<ProvisioningException>(() => PlanManners.Check(plan, plan.Words with { SsoUrl = address }, Full, name => name == nameof(PlannedWords.SsoUrl)));
    }

    [Fact]
    public async Task Managers_are_told_whom_the_plan_names_and_about_nobody_who_moved()
    {
        var boss = "boss@contoso.example";
        var managers = new ManagerDirectory((id, _) => Task.FromResult<OktaUser?>(new OktaUser { Id = id, Status = "ACTIVE", Email = boss }));
        var options = Run.Options with { Manners = new NoticeManners { ReminderAfter = [3], Managers = managers, Clock = PersonClock.Of("UTC") } };
        DropboxUserStatus[] people = [.. Enumerable.Range(0, 3).Select(i => WhoWaits(i) with { ManagerId = "00um" })];
        await new Run(_world.Fixture, _world.Mailbox).SendAsync(people, options);
        _world.Fixture.Clock.Advance(TimeSpan.FromDays(3));
        var notices = await new Run(_world.Fixture, _world.Mailbox).Service.PlanAsync(people, options, CancellationToken.None);
        var plan = PlanMaker.Make(Frame(_world.Fixture.Clock.GetUtcNow()), notices);
        Assert.Equal(people.Select(person => $"{boss} about {person.Email}"), plan.Managers.Select(manager => manager.ToString()));

        // One has moved, of another somebody else is the manager by now.
        plan = PlanSeal.Seal(plan with { Managers = [plan.Managers[0], plan.Managers[1], plan.Managers[2] with { Email = "former@contoso.example" }] });
        DropboxUserStatus[] now = [people[0], people[1] with { Email = "new@contoso.example" }, people[2]];
        var match = new PlanMatch(plan, await _world.AsSeenNowAsync(now), readsPersonalAccounts: true);
        var asked = await new Run(_world.Fixture, _world.Mailbox).Service.PlanAsync(match.People, options, CancellationToken.None);
        Assert.Equal("Moved since the plan: has another address now.", match.Narrow(asked.Single(planned => planned.Notice.About == "new@contoso.example")).Notice.Reason);
        var told = await new Run(_world.Fixture, _world.Mailbox).SendAsync(match.People, options, narrow: match.Narrow);
        Assert.Equal(
            [("p0@contoso.example", NoticeState.Sent, ""), ("p2@contoso.example", NoticeState.Skipped, "The plan does not tell this manager about this person.")],
            told.Where(notice => notice.Kind == NoticeKind.ManagerEscalation).Select(notice => (notice.About!, notice.State, notice.State == NoticeState.Sent ? "" : notice.Reason)));
    }
}
