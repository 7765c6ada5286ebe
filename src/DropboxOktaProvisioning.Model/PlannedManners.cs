namespace DropboxOktaProvisioning;

/// <summary>In which language, how often, when, and whom else the notices of a plan reach. Each property has the name of the parameter that said so.</summary>
public sealed record PlannedManners
{
    /// <summary>The language of those whose own there are no templates in.</summary>
    public string Language { get; init; } = "";

    /// <summary>After how many days from the first notice each reminder is due; none for no reminders.</summary>
    public IReadOnlyList<int> ReminderAfter { get; init => field = Indexable.Of(value); } = [];

    /// <summary>The most reminders that a person gets in all; null for as many as there are days.</summary>
    public int? MaximumReminder { get; init; }

    /// <summary>The file of people who want no notice; null for none. It is read again when the plan is done.</summary>
    public string? OptOutPath { get; init; }

    /// <summary>Whether managers are told at somebody's last reminder.</summary>
    public bool EscalateToManager { get; init; }

    /// <summary>The helpdesk's address; null where it is not told.</summary>
    public string? DigestTo { get; init; }

    /// <summary>When nothing leaves; null for never.</summary>
    public string? QuietHours { get; init; }

    /// <summary>The days on which notices leave; none for all of them.</summary>
    public IReadOnlyList<DayOfWeek> WorkingDay { get; init => field = Indexable.Of(value); } = [];

    /// <summary>The time zone of people of whom Okta knows none; null for that of the machine.</summary>
    public string? SenderTimeZone { get; init; }

    /// <summary>What each sender may send; null for as much as there is.</summary>
    public string? SenderLimit { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.Join(
        "; ",
        new[]
        {
            Language,
            ReminderAfter.Count == 0 ? "no reminders" : $"reminders after {string.Join(", ", ReminderAfter)} days{(MaximumReminder is { } most ? $", {most} at most" : "")}",
            QuietHours is null ? null : $"quiet {QuietHours}",
            WorkingDay.Count == 0 ? null : string.Join(", ", WorkingDay),
            (QuietHours is null && WorkingDay.Count == 0) || SenderTimeZone is null ? null : SenderTimeZone,
            SenderLimit,
            EscalateToManager ? "managers are told" : null,
            DigestTo is null ? null : $"digest to {DigestTo}",
            OptOutPath is null ? null : $"without {OptOutPath}",
        }.Where(part => part is not null));
}
