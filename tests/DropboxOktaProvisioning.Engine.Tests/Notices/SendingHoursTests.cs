using System.Globalization;
using CsCheck;
using DropboxOktaProvisioning.Engine.Notices;

namespace DropboxOktaProvisioning.Engine.Tests.Notices;

public sealed class SendingHoursTests
{
    private static readonly DayOfWeek[] Weekdays = [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];
    private static readonly PersonClock Clock = PersonClock.Of("UTC");

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-02 08:00 +01:00", null)]
    [InlineData("Europe/Berlin", "2026-03-02 17:59 +01:00", null)]
    [InlineData("Europe/Berlin", "2026-03-02 07:59 +01:00", "2026-03-02 08:00 +01:00")]
    [InlineData("Europe/Berlin", "2026-03-02 18:00 +01:00", "2026-03-03 08:00 +01:00")]
    [InlineData("Europe/Berlin", "2026-03-06 18:00 +01:00", "2026-03-09 08:00 +01:00")]
    [InlineData("Europe/Berlin", "2026-03-07 12:00 +01:00", "2026-03-09 08:00 +01:00")]
    [InlineData("Asia/Kolkata", "2026-03-02 02:29 +00:00", "2026-03-02 02:30 +00:00")]
    [InlineData("W. Europe Standard Time", "2026-03-02 07:59 +01:00", "2026-03-02 08:00 +01:00")]
    // The night in which the clocks go forward is an hour shorter, and the one in which they go back an hour longer.
    [InlineData("Europe/Berlin", "2026-03-28 18:00 +01:00", "2026-03-30 08:00 +02:00")]
    [InlineData("Europe/Berlin", "2026-10-23 18:00 +02:00", "2026-10-26 08:00 +01:00")]
    [InlineData("America/New_York", "2026-03-06 18:00 -05:00", "2026-03-09 08:00 -04:00")]
    public void Evenings_nights_and_weekends_are_waited_out(string zone, string now, string? until) =>
        Assert.Equal(Time(until), SendingHours.Of("18:00-08:00", Weekdays).WaitsUntil(Time(now)!.Value, Clock.Zones(zone, null)));

    [Theory]
    // 02:00 to 03:00 is not there on that day: the quiet hours end when the clock first shows a later time.
    [InlineData("22:00-02:30", "2026-03-29 01:30 +01:00", "2026-03-29 03:00 +02:00")]
    // 02:00 to 03:00 comes twice: what is quiet by the clock is quiet both times.
    [InlineData("02:15-02:45", "2026-10-25 02:20 +02:00", "2026-10-25 02:45 +02:00")]
    [InlineData("02:15-02:45", "2026-10-25 02:50 +02:00", null)]
    [InlineData("02:15-02:45", "2026-10-25 02:20 +01:00", "2026-10-25 02:45 +01:00")]
    [InlineData("12:00-13:00", "2026-10-25 12:59 +01:00", "2026-10-25 13:00 +01:00")]
    [InlineData("12:00-13:00", "2026-10-25 13:00 +01:00", null)]
    public void On_days_when_the_clocks_change_the_clock_counts(string quiet, string now, string? until) =>
        Assert.Equal(Time(until), SendingHours.Of(quiet, []).WaitsUntil(Time(now)!.Value, Clock.Zones("Europe/Berlin", null)));

    [Fact]
    public void Where_several_zones_are_possible_all_of_them_must_allow_it_and_where_they_never_do_the_first_decides()
    {
        var hours = SendingHours.Of("18:00-08:00", []);
        var us = Clock.Zones(null, "us");
        Assert.Equal(7, us.Count);
        // 08:00 in Honolulu is 13:00 in New York.
        Assert.Equal(Time("2026-01-12 08:00 -10:00"), hours.WaitsUntil(Time("2026-01-12 09:00 -05:00")!.Value, us));
        Assert.Null(hours.WaitsUntil(Time("2026-01-12 13:30 -05:00")!.Value, us));

        var russia = Clock.Zones(null, "RU");
        var narrow = SendingHours.Of("16:00-08:00", []);
        Assert.Equal(Time("2026-01-12 08:00 +03:00"), narrow.WaitsUntil(Time("2026-01-12 07:00 +03:00")!.Value, russia));
        Assert.Null(narrow.WaitsUntil(Time("2026-01-12 12:00 +03:00")!.Value, russia));
    }

    [Theory]
    [InlineData("Europe/Berlin", "US", "Europe/Berlin")]
    [InlineData("Pacific/Nowhere", "JP", "Asia/Tokyo")]
    [InlineData(null, "jp", "Asia/Tokyo")]
    [InlineData(" ", "XX", "Asia/Kolkata")]
    [InlineData(null, null, "Asia/Kolkata")]
    public void The_profiles_zone_comes_first_then_the_countrys_then_the_senders(string? zone, string? country, string expected) =>
        Assert.Equal(expected, Assert.Single(PersonClock.Of("Asia/Kolkata").Zones(zone, country)).Id);

    [Fact]
    public void Every_country_of_the_table_has_zones_that_this_machine_knows()
    {
        var letters = Enumerable.Range('A', 26).Select(letter => (char)letter).ToArray();
        var sender = PersonClock.Of("Etc/GMT-14");
        var known = letters.SelectMany(first => letters.Select(second => $"{first}{second}")).Where(country => sender.Zones(null, country)[0].Id != "Etc/GMT-14").ToArray();
        Assert.InRange(known.Length, 110, 260);
        Assert.Equal(6, sender.Zones(null, "CA").Count);
        Assert.Equal(9, sender.Zones(null, "RU").Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("18:00")]
    [InlineData("18-8")]
    [InlineData("18:00-18:00")]
    [InlineData("24:00-08:00")]
    [InlineData("18:00-08:00-09:00")]
    [InlineData("evening-morning")]
    public void Hours_that_are_none_are_refused(string text)
    {
        var problem = Assert.Throws<ProvisioningException>(() => SendingHours.Of(text, []));
        Assert.Equal((ErrorIds.InvalidQuietHours, text), (problem.ErrorId, problem.Target));
    }

    [Fact]
    public void A_senders_zone_that_is_none_is_refused() =>
        Assert.Equal(ErrorIds.InvalidTimeZone, Assert.Throws<ProvisioningException>(() => PersonClock.Of("Berlin")).ErrorId);

    [Fact]
    public void Whatever_the_hours_what_waits_leaves_at_the_first_minute_that_is_allowed()
    {
        var zones = Gen.OneOfConst("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia").Array[1, 2];
        var minute = Gen.Int[0, (24 * 60) - 1];
        var days = Gen.OneOfConst(Enum.GetValues<DayOfWeek>()).Array[0, 5];
        Gen.Select(zones, minute, minute, days, Gen.Int[0, 366 * 24 * 60]).Where((_, from, to, _, _) => from != to).Sample((names, from, to, working, at) =>
        {
            var places = names.Select(name => Assert.Single(Clock.Zones(name, null))).ToList();
            var hours = SendingHours.Of($"{Clocked(from)}-{Clocked(to)}", working);
            var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(at);
            bool Allowed(DateTimeOffset time) => places.TrueForAll(place => Open(TimeZoneInfo.ConvertTime(time, place), from, to, working));
            var until = hours.WaitsUntil(now, places);
            if (Allowed(now)) Assert.Null(until);
            else if (places.Count == 1)
            {
                Assert.True(Allowed(until!.Value));
                for (var time = now; time < until; time = time.AddMinutes(1)) Assert.False(Allowed(time));
            }
        }, iter: 300);
    }

    private static bool Open(DateTimeOffset local, int from, int to, DayOfWeek[] working)
    {
        var minute = (local.Hour * 60) + local.Minute;
        var quiet = from < to ? minute >= from && minute < to : minute >= from || minute < to;
        return !quiet && (working.Length == 0 || working.Contains(local.DayOfWeek));
    }

    private static string Clocked(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");

    private static DateTimeOffset? Time(string? text) => text is null ? null : DateTimeOffset.ParseExact(text, "yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture);
}
