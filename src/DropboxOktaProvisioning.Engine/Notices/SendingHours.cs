using System.Collections.Concurrent;
using System.Globalization;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>When notices may leave: outside the quiet hours and on working days, by the clock of who gets them.</summary>
public sealed class SendingHours
{
    // Whatever the hours, a time comes within two weeks; each minute is looked at, so that days on which the clocks change need no rule of their own.
    private const int MinutesAhead = 15 * 24 * 60;

    private readonly (TimeOnly From, TimeOnly To)? _quiet;
    private readonly HashSet<DayOfWeek>? _days;
    private readonly ConcurrentDictionary<(string Zones, long Minute), DateTimeOffset?> _closed = new();

    private SendingHours((TimeOnly From, TimeOnly To)? quiet, HashSet<DayOfWeek>? days) => (_quiet, _days) = (quiet, days);

    /// <summary>At any time.</summary>
    public static SendingHours Always { get; } = new(null, null);

    /// <summary>Reads the hours.</summary>
    /// <param name="quietHours">From when to when nothing leaves, such as <c>18:00-08:00</c>; null for never. The end is not quiet any more.</param>
    /// <param name="workingDays">The days on which notices leave; none for all of them.</param>
    /// <exception cref="ProvisioningException">InvalidQuietHours.</exception>
    public static SendingHours Of(string? quietHours, IReadOnlyCollection<DayOfWeek> workingDays)
    {
        ArgumentNullException.ThrowIfNull(workingDays);
        return quietHours is null && workingDays.Count == 0 ? Always : new SendingHours(quietHours is null ? null : Quiet(quietHours), workingDays.Count == 0 ? null : [.. workingDays]);
    }

    /// <summary>Quiet hours as they are always written: <c>18:00-8:00</c> is <c>18:00-08:00</c>.</summary>
    /// <exception cref="ProvisioningException">InvalidQuietHours.</exception>
    internal static string Written(string quietHours)
    {
        var (from, to) = Quiet(quietHours);
        return string.Create(CultureInfo.InvariantCulture, $"{from:HH:mm}-{to:HH:mm}");
    }

    /// <summary>From when on a mail may leave; null for now. Of several time zones all must allow it, or the first where they never do at once.</summary>
    internal DateTimeOffset? WaitsUntil(DateTimeOffset now, IReadOnlyList<TimeZoneInfo> zones)
    {
        if (ReferenceEquals(this, Always) || zones.All(zone => IsOpen(now, zone))) return null;
        var minute = now.UtcTicks / TimeSpan.TicksPerMinute;
        return _closed.GetOrAdd((string.Join('|', zones.Select(zone => zone.Id)), minute), _ => Next(now, minute, zones));
    }

    private DateTimeOffset? Next(DateTimeOffset now, long minute, IReadOnlyList<TimeZoneInfo> zones)
    {
        for (var ahead = 1; ahead <= MinutesAhead; ahead++)
        {
            var time = new DateTimeOffset((minute + ahead) * TimeSpan.TicksPerMinute, TimeSpan.Zero);
            if (zones.All(zone => IsOpen(time, zone))) return time;
        }

        return zones.Count > 1 ? WaitsUntil(now, [zones[0]]) : now.AddDays(1);
    }

    private bool IsOpen(DateTimeOffset time, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(time, zone);
        return (_days?.Contains(local.DayOfWeek) ?? true) && !IsQuiet(TimeOnly.FromTimeSpan(local.TimeOfDay));
    }

    // TimeOnly.IsBetween goes over midnight where the end is before the start.
    private bool IsQuiet(TimeOnly time) => _quiet is { } quiet && time.IsBetween(quiet.From, quiet.To);

    private static (TimeOnly From, TimeOnly To) Quiet(string text)
    {
        var ends = text.Split('-', StringSplitOptions.TrimEntries);
        return ends.Length == 2 && Time(ends[0]) is { } from && Time(ends[1]) is { } to && from != to ? (from, to) : throw new ProvisioningException(
            ErrorIds.InvalidQuietHours, ProblemCategory.InvalidArgument, $"'{MailText.OneLine(text, 40)}' are no quiet hours.", text,
            "Give two different times of the day, such as 18:00-08:00.");
    }

    private static TimeOnly? Time(string text) => TimeOnly.TryParseExact(text, "H:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
}
