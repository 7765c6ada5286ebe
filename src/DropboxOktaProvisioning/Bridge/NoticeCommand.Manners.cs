using System.Management.Automation;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Notices;

namespace DropboxOktaProvisioning.Bridge;

/// <content>In which language, how often, when, and whom else.</content>
public abstract partial class NoticeCommand
{
    /// <summary>The language of those whose own there are no templates in, and of what lies in the folder of -TemplatePath directly.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Language { get; set; } = "en";

    /// <summary>Reminds those who still wait, so many days after the first notice: 3, 7, 14 are three reminders at most.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ValidateRange(1, 3650)]
    public int[]? ReminderAfter { get; set; }

    /// <summary>The most reminders that a person gets in all, whatever -ReminderAfter was in earlier runs.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? MaximumReminder { get; set; }

    /// <summary>A CSV file of people who want no notice, by address or id. One that cannot be read whole stops the run.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OptOutPath { get; set; }

    /// <summary>Tells the manager whom Okta names once somebody's last reminder has left; one mail a manager and run.</summary>
    [Parameter]
    public SwitchParameter EscalateToManager { get; set; }

    /// <summary>The helpdesk's address, for a mail on each run: who was told, who is stuck and why.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DigestTo { get; set; }

    /// <summary>When nothing leaves by the clock of who gets it, such as 18:00-08:00. What falls into it waits in the journal for the next run.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? QuietHours { get; set; }

    /// <summary>The days on which notices leave, by the calendar of who gets them; without it every day.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public DayOfWeek[] WorkingDay { get; set; } = [];

    /// <summary>The time zone of people of whom Okta knows neither zone nor country; without it this machine's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SenderTimeZone { get; set; }

    /// <summary>The manners as a plan keeps them.</summary>
    private protected PlannedManners AskedManners() => new()
    {
        Language = Language,
        ReminderAfter = ReminderAfter ?? [],
        MaximumReminder = MaximumReminder,
        OptOutPath = OptOutPath is null ? null : DiskPath.Of(this, OptOutPath),
        EscalateToManager = EscalateToManager,
        DigestTo = DigestTo,
        QuietHours = QuietHours,
        WorkingDay = [.. WorkingDay.Distinct().OrderBy(day => ((int)day + 6) % 7)], // from Monday on
        SenderTimeZone = PersonClock.Of(SenderTimeZone).SenderTimeZone,
        SenderLimit = Limit()?.ToString(),
    };

    /// <summary>Takes the manners of a plan. Another list of those who want no notice can only leave out more of its people.</summary>
    private protected void Take(PlannedManners manners)
    {
        Language = manners.Language;
        (ReminderAfter, MaximumReminder) = (manners.ReminderAfter.Count == 0 ? null : [.. manners.ReminderAfter], manners.MaximumReminder);
        OptOutPath ??= manners.OptOutPath;
        (EscalateToManager, DigestTo) = (manners.EscalateToManager, manners.DigestTo);
        (QuietHours, WorkingDay, SenderTimeZone) = (manners.QuietHours, [.. manners.WorkingDay], manners.SenderTimeZone);
        SenderLimit = manners.SenderLimit is { } limit ? [limit] : null;
    }

    private NoticeManners Manners()
    {
        if (ReminderAfter is null && (EscalateToManager || MaximumReminder is not null))
            throw Conflict("Something was said about reminders, and none were asked for.", "Give -ReminderAfter too.");
        if (ReminderAfter is { } days && days.Zip(days.Skip(1), (one, next) => next > one).Contains(false))
        {
            throw new ProvisioningException(
                ErrorIds.InvalidReminder, ProblemCategory.InvalidArgument, $"The days of -ReminderAfter do not rise: {string.Join(", ", days)}.", days, "Write them as 3, 7, 14.");
        }

        return new NoticeManners
        {
            ReminderAfter = ReminderAfter ?? [],
            MaximumReminders = MaximumReminder ?? int.MaxValue,
            OptOut = OptOutPath is null ? OptOutList.Nobody : ReadOptOuts(DiskPath.Of(this, OptOutPath)),
            Managers = EscalateToManager ? new ManagerDirectory(Okta.Client, Progress) : null,
            DigestTo = DigestTo,
            Hours = SendingHours.Of(QuietHours, WorkingDay),
            Clock = PersonClock.Of(SenderTimeZone),
        };
    }

    private OptOutList ReadOptOuts(string path)
    {
        var list = Await(cancel => OptOutList.ReadAsync(path, cancel));
        if (list.Count == 0) WriteWarning($"The opt-out list '{path}' is empty: nobody is left out. Check that it is the right one.");
        return list;
    }
}
