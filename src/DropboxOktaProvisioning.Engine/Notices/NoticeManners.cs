namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>How often, when and whom else notices reach.</summary>
public sealed record NoticeManners
{
    /// <summary>Nothing beside the first notice, at any time.</summary>
    public static NoticeManners None { get; } = new();

    /// <summary>After how many days from the first notice each reminder is due, rising.</summary>
    public IReadOnlyList<int> ReminderAfter { get; init; } = [];

    /// <summary>The most reminders that a person gets in all.</summary>
    public int MaximumReminders { get; init; } = int.MaxValue;

    /// <summary>Who wants no notice.</summary>
    public OptOutList OptOut { get; init; } = OptOutList.Nobody;

    /// <summary>When notices may leave.</summary>
    public SendingHours Hours { get; init; } = SendingHours.Always;

    /// <summary>In which time zones people live.</summary>
    public PersonClock Clock { get; init; } = PersonClock.Of(null);

    /// <summary>Finds the managers who are told at the last reminder; null where they are not told.</summary>
    public ManagerDirectory? Managers { get; init; }

    /// <summary>The helpdesk's address, for a mail on each run; null for none.</summary>
    public string? DigestTo { get; init; }

    /// <summary>The templates that a run may use.</summary>
    internal IReadOnlyCollection<string> TemplateNames
    {
        get
        {
            List<string> names = [TemplateSet.Ordinary, TemplateSet.PersonalAccount];
            if (ReminderAfter.Count > 0) names.AddRange([TemplateSet.Reminder, TemplateSet.LastReminder]);
            if (Managers is not null) names.Add(TemplateSet.Escalation);
            if (DigestTo is not null) names.Add(TemplateSet.Digest);
            return names;
        }
    }
}
