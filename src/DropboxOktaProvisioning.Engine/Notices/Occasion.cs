namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>What a notice to a person is for.</summary>
/// <param name="Kind">Activation or Reminder.</param>
/// <param name="Step">Which reminder it is, from 1; 0 for the first notice.</param>
/// <param name="IsLast">Whether no further reminder follows.</param>
/// <param name="ToldOn">When the first notice left, UTC; null where this is it.</param>
internal sealed record Occasion(NoticeKind Kind, int Step, bool IsLast, DateTimeOffset? ToldOn)
{
    /// <summary>The first word.</summary>
    public static Occasion First { get; } = new(NoticeKind.Activation, 0, false, null);

    /// <summary>The base name of the templates for it.</summary>
    public string TemplateName(bool hasPersonalAccount) =>
        Kind == NoticeKind.Reminder ? IsLast ? TemplateSet.LastReminder : TemplateSet.Reminder : hasPersonalAccount ? TemplateSet.PersonalAccount : TemplateSet.Ordinary;
}

/// <summary>Whom a mail about others goes to.</summary>
/// <param name="Email">The address.</param>
/// <param name="Name">The name, if known.</param>
/// <param name="Language">The language, as a profile spells it.</param>
/// <param name="TimeZone">The time zone, as a profile spells it.</param>
/// <param name="CountryCode">The country.</param>
internal sealed record Recipient(string Email, string? Name, string? Language = null, string? TimeZone = null, string? CountryCode = null)
{
    /// <summary>The id in Okta.</summary>
    public string? OktaUserId { get; init; }

    /// <summary>The login in Okta.</summary>
    public string? Login { get; init; }
}

/// <summary>One person in a mail about others.</summary>
internal sealed record MailLine
{
    /// <summary>The person's address.</summary>
    public required string Email { get; init; }

    /// <summary>The person's name, if known.</summary>
    public string? Name { get; init; }

    /// <summary>What the person was told.</summary>
    public NoticeKind Kind { get; init; }

    /// <summary>Which reminder it was.</summary>
    public int Step { get; init; }

    /// <summary>The stage.</summary>
    public ProvisioningStage Stage { get; init; }

    /// <summary>Why it stands so.</summary>
    public string Reason { get; init; } = "";

    /// <summary>When the first notice left, UTC.</summary>
    public DateTimeOffset? ToldOn { get; init; }

    /// <summary>Until when the notice waits, UTC.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>What a run did, for the helpdesk.</summary>
/// <param name="On">When it ended, UTC.</param>
/// <param name="People">How many people were looked at.</param>
/// <param name="Told">Who was told.</param>
/// <param name="Escalated">Whose manager was told.</param>
/// <param name="Waiting">Whose notice waits for the hours there.</param>
/// <param name="Failed">Whose notice did not leave, or may not have.</param>
/// <param name="Stuck">Who needs a hand, and why.</param>
internal sealed record RunSummary(
    DateTimeOffset On, int People, IReadOnlyList<MailLine> Told, IReadOnlyList<MailLine> Escalated,
    IReadOnlyList<MailLine> Waiting, IReadOnlyList<MailLine> Failed, IReadOnlyList<MailLine> Stuck);
