using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Plans;
using DropboxOktaProvisioning.Engine.Tests.Notices;
using DropboxOktaProvisioning.Engine.Workflow;
using static DropboxOktaProvisioning.Engine.Tests.Plans.PlanWorld;

namespace DropboxOktaProvisioning.Engine.Tests.Plans;

/// <summary>A plan for more people than their sender may write to in a day is for as many days as it takes.</summary>
public sealed class PlanDaysTests : IDisposable
{
    private static readonly NoticeOptions FiveADay = Run.Options with { SenderLimit = SenderLimit.Parse("5/day") };

    private readonly PlanWorld _world = new();

    public void Dispose() => _world.Dispose();

    private static DropboxUserStatus[] People(int from, int count) => [.. Enumerable.Range(from, count).Select(WhoWaits)];

    private ProvisioningForecast Forecast(IReadOnlyList<PlannedNotice> plan, NoticeOptions options) =>
        Engine.Workflow.Forecast.Calculate(new ForecastFacts { TeamMembers = 100 }.With(plan, options, _world.Fixture.Clock.GetUtcNow()));

    [Fact]
    public async Task It_is_done_day_by_day_until_all_of_it_is_told_and_who_was_told_has_not_moved()
    {
        var people = People(0, 12);
        var plan = await _world.PlanAsync(people, FiveADay);
        Assert.Equal(12, plan.Planned);

        foreach (var sent in new[] { 5, 5, 2, 0 })
        {
            var before = _world.Mailbox.Emails.Count;
            var notices = await _world.DoAsync(plan, people, tolerance: 0, options: FiveADay);
            Assert.Equal(sent, notices!.Count(notice => notice.State == NoticeState.Sent));
            Assert.Equal(12 - before - sent, notices!.Count(notice => notice.Reason.StartsWith("It waits for a later run: it@contoso.example has its 5 mails", StringComparison.Ordinal)));
            // Whom the first day reached has signed on by the second.
            people = [.. people.Select(person => _world.Mailbox.Emails.Contains(person.Email) ? person with { Stage = ProvisioningStage.Active } : person)];
            _world.Fixture.Clock.Advance(TimeSpan.FromHours(24));
        }

        Assert.Equal(plan.People.Select(person => person.Email), _world.Mailbox.Emails);
    }

    [Fact]
    public async Task Who_is_not_in_the_plan_takes_no_room_from_who_is()
    {
        var planned = People(10, 5);
        var plan = await _world.PlanAsync(planned, FiveADay);
        var notices = await _world.DoAsync(plan, [.. People(0, 5), .. planned], tolerance: 100, options: FiveADay);
        Assert.Equal(planned.Select(person => person.Email), _world.Mailbox.Emails);
        Assert.All(notices!.Take(5), notice => Assert.Equal("Not in the plan: is new in the scope.", notice.Reason));
    }

    [Fact]
    public async Task Managers_of_those_whose_last_reminder_leaves_on_another_day_are_in_it()
    {
        DropboxUserStatus[] people = [.. People(0, 8).Select((person, i) => person with { ManagerId = $"00um{i}" })];
        var managers = new ManagerDirectory((id, _) => Task.FromResult<OktaUser?>(new OktaUser { Id = id, Status = "ACTIVE", Email = $"{id}@contoso.example" }));
        await new Run(_world.Fixture, _world.Mailbox).SendAsync(people);
        _world.Fixture.Clock.Advance(TimeSpan.FromDays(3));
        var options = FiveADay with { Manners = new NoticeManners { ReminderAfter = [3], Managers = managers, Clock = PersonClock.Of("UTC") } };
        var plan = await _world.PlanAsync(people, options);
        Assert.Equal((8, 8), (plan.Planned, plan.Managers.Count));

        for (var day = 0; day < 4; day++)
        {
            await _world.DoAsync(plan, people, tolerance: 0, options: options);
            _world.Fixture.Clock.Advance(TimeSpan.FromHours(24));
        }

        Assert.Equal(24, _world.Mailbox.Emails.Count);
        Assert.Subset(_world.Mailbox.Emails.ToHashSet(), plan.Managers.Select(manager => manager.Email).ToHashSet());
    }

    [Theory]
    [InlineData(false, 52, 0, 10)]
    [InlineData(true, 52, 0, 10)]
    [InlineData(false, 5, 0, 0)]
    [InlineData(false, 6, 0, 1)]
    [InlineData(false, 5, 3, 1)]
    [InlineData(false, 7, 3, 1)]
    [InlineData(false, 8, 3, 2)]
    [InlineData(true, 8, 5, 2)]
    public async Task The_forecast_counts_everybody_and_the_days_that_they_take(bool looksAhead, int people, int handedOver, int days)
    {
        var run = new Run(_world.Fixture, _world.Mailbox);
        await run.SendAsync(People(1000, handedOver), FiveADay);
        var forecast = Forecast(await run.Service.PlanAsync(People(0, people), FiveADay, planned => planned, looksAhead, CancellationToken.None), FiveADay);
        Assert.Equal((people, TimeSpan.FromDays(days)), (forecast.Notices, forecast.Sending));
    }

    [Fact]
    public async Task Of_several_senders_each_has_its_own_days()
    {
        var options = FiveADay with { MoreSenders = ["desk@contoso.example"] };
        var plan = await new Run(_world.Fixture, _world.Mailbox).Service.PlanAsync(People(0, 52), options, CancellationToken.None);
        Assert.Equal(TimeSpan.FromDays(5), Forecast(plan, options).Sending);
        Assert.Equal("10 recipients a day, of which 10 are left today.", Forecast(plan, options).Basis[^1].RestsOn);
    }

    [Theory]
    [InlineData(null, "3 notices, about 9 hours", "The sender's limits are not known; 3 wait for their hour, the last for 9 hours.")]
    [InlineData("1/min", "3 notices, about 9 hours", "1 mails a minute; 3 wait for their hour, the last for 9 hours.")]
    [InlineData("2/day", "3 notices, about 33 hours", "2 recipients a day; 3 wait for their hour, the last for 9 hours.")]
    public async Task Who_waits_for_an_hour_is_shown_and_counted_as_told(string? limit, string words, string basis)
    {
        var options = Run.Options with
        {
            Manners = new NoticeManners { Hours = SendingHours.Of("06:00-18:00", []), Clock = PersonClock.Of("UTC") }, SenderLimit = limit is null ? null : SenderLimit.Parse(limit),
        };
        var notices = await new Run(_world.Fixture, _world.Mailbox).Service.PlanAsync(People(0, 3), options, planned => planned, looksAhead: true, CancellationToken.None);
        var plan = PlanMaker.Make(Frame(_world.Fixture.Clock.GetUtcNow()) with { Forecast = Forecast(notices, options) }, notices);
        Assert.Equal((0, 3, 3), (plan.Planned, plan.Waiting, plan.Samples.Count));
        Assert.EndsWith(words, plan.Forecast!.ToString(), StringComparison.Ordinal);
        Assert.Equal(basis, plan.Forecast.Basis[^1].RestsOn);
    }
}
