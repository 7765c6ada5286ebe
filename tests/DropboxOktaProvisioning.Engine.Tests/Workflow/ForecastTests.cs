using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Refresh;
using DropboxOktaProvisioning.Engine.Verification;
using DropboxOktaProvisioning.Engine.Workflow;

namespace DropboxOktaProvisioning.Engine.Tests.Workflow;

public sealed class ForecastTests
{
    private static readonly ForecastFacts Large = new()
    {
        TeamMembers = 100_000,
        OktaLimits = [new SeenRateLimit("/api/v1/apps", 100, 99, null, 0)],
        OktaAnswer = TimeSpan.FromMilliseconds(200),
        DropboxAnswer = TimeSpan.FromSeconds(1),
    };

    [Fact]
    public void A_full_reading_is_a_request_for_500_and_for_1000_people()
    {
        var forecast = Forecast.Calculate(Large);

        Assert.Equal((201, 101), (forecast.OktaRequests, forecast.DropboxRequests));
        Assert.Null(forecast.Notices);
        Assert.Null(forecast.Sending);
    }

    // 201 requests at 45 a minute: four full windows are waited for, and the last 21 take 0.2 s each.
    [Fact]
    public void The_slower_side_and_the_ceiling_decide_how_long_reading_takes() =>
        Assert.Equal(TimeSpan.FromSeconds(244.2), Forecast.Calculate(Large).Reading);

    [Fact]
    public void Without_a_limit_seen_the_answers_decide()
    {
        var forecast = Forecast.Calculate(Large with { OktaLimits = [] });

        Assert.Equal(TimeSpan.FromSeconds(101), forecast.Reading);
        Assert.Contains(forecast.Basis, basis => basis.Name == "Reading" && basis.RestsOn.StartsWith("No rate limit was seen yet", StringComparison.Ordinal));
    }

    [Fact]
    public void What_was_not_seen_is_called_a_guess()
    {
        var reading = Forecast.Calculate(new ForecastFacts { TeamMembers = 10 }).Basis.Single(basis => basis.Name == "Reading");
        Assert.Contains("500 ms an answer at Okta (a guess)", reading.RestsOn, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 60, 1)]
    [InlineData(1, 60, 1)]
    [InlineData(45, 45, 45)]
    [InlineData(46, 45, 61)]
    [InlineData(90, 45, 105)]
    [InlineData(3, 1, 121)]
    public void A_ceiling_makes_requests_wait_for_the_next_minute(int requests, int perMinute, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(requests == 0 ? 0 : seconds), Forecast.Duration(requests, perMinute, TimeSpan.FromSeconds(1)));

    [Fact]
    public void Answers_slower_than_the_ceiling_decide_themselves() =>
        Assert.Equal(TimeSpan.FromSeconds(1000), Forecast.Duration(100, 45, TimeSpan.FromSeconds(10)));

    [Theory]
    [InlineData(500, 30.0, null, 500 / 30.0)]
    [InlineData(10_000, 30.0, 10_000, 10_000 / 30.0)]
    [InlineData(10_001, 30.0, 10_000, (24 * 60) + (1 / 30.0))]
    [InlineData(25_000, null, 10_000, 2 * 24 * 60)]
    [InlineData(0, 30.0, 10_000, 0)]
    public void Notices_take_minutes_or_days_at_the_senders_limits(int notices, double? perMinute, int? perDay, double minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), Forecast.Calculate(Large with { Notices = notices, MailsPerMinute = perMinute, RecipientsPerDay = perDay }).Sending);

    [Fact]
    public void Unknown_limits_of_the_sender_forecast_no_time()
    {
        var forecast = Forecast.Calculate(Large with { Notices = 500 });

        Assert.Equal(500, forecast.Notices);
        Assert.Null(forecast.Sending);
        Assert.Contains(forecast.Basis, basis => basis is { Name: "Sending", RestsOn: "The sender's limits are not known." });
    }

    [Fact]
    public void A_few_people_by_name_are_not_reckoned_as_lists()
    {
        var forecast = Forecast.Calculate(Large with { Scope = new VerificationScope.People(["ada@contoso.example", "ben@contoso.example"]), OktaBeside = 2, DropboxBeside = 6 });
        Assert.Equal((5, 7), (forecast.OktaRequests, forecast.DropboxRequests));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 3)]
    [InlineData(100, 3)]
    [InlineData(101, 4)]
    public void A_kept_reading_is_brought_up_to_date_by_the_two_logs_whatever_the_size(int again, int dropbox)
    {
        var forecast = Forecast.Calculate(Large with { Refresh = new RefreshOutlook(null, again) });
        Assert.Equal((2, dropbox), (forecast.OktaRequests, forecast.DropboxRequests));
        Assert.StartsWith("One for the log, since a reading is kept", forecast.Basis[0].RestsOn, StringComparison.Ordinal);
        Assert.Contains($"of {again} members who are looked at again", forecast.Basis[1].RestsOn, StringComparison.Ordinal);
        // Two domains are searched for all the same.
        Assert.Equal(4, Forecast.Calculate(Large with { Refresh = new RefreshOutlook(null, again), Scope = new VerificationScope.Domains(["a.example", "b.example"]) }).OktaRequests);
    }

    [Fact]
    public void A_whole_reading_that_is_kept_begins_with_its_place_in_the_log()
    {
        var forecast = Forecast.Calculate(Large with { Refresh = new RefreshOutlook("none is kept yet", 0) });
        Assert.Equal((201, 102), (forecast.OktaRequests, forecast.DropboxRequests));
        Assert.All(forecast.Basis.Take(2), basis => Assert.EndsWith("Everybody is read whole: none is kept yet.", basis.RestsOn, StringComparison.Ordinal));
    }

    [Fact]
    public void A_few_people_by_name_are_asked_for_whatever_is_kept()
    {
        var few = new VerificationScope.People(["ada@contoso.example"]);
        Assert.Equal(Forecast.Calculate(Large with { Scope = few }).Basis, Forecast.Calculate(Large with { Scope = few, Refresh = new RefreshOutlook(null, 3) }).Basis);
    }

    [Theory]
    [InlineData(12, 40, "307 requests, about 40 seconds; 12 notices, about 40 seconds")]
    [InlineData(2500, 14_400, "307 requests, about 4 hours; 2,500 notices, about 4 hours")]
    [InlineData(2500, 345_600, "307 requests, about 4 days; 2,500 notices, about 4 days")]
    public void It_reads_as_a_sentence(int notices, double seconds, string words)
    {
        var time = TimeSpan.FromSeconds(seconds);
        Assert.Equal(words, new ProvisioningForecast { OktaRequests = 203, DropboxRequests = 104, Reading = time, Notices = notices, Sending = time }.ToString());
    }
}
