using System.Globalization;

namespace DropboxOktaProvisioning;

/// <summary>By what people are counted together.</summary>
public enum ProgressGrouping
{
    /// <summary>Everybody in one row.</summary>
    Everyone,

    /// <summary>The domain of the address.</summary>
    Domain,

    /// <summary>The month in which the person was told, UTC, as <c>2026-03</c>. The day of the invitation would not do: Dropbox forgets it when a person joins.</summary>
    NoticeMonth,

    /// <summary>The month of the invitation, UTC, as <c>2026-03</c>. Of who has joined it is known only where an earlier look saw the person invited.</summary>
    InvitationMonth,

    /// <summary>Okta groups: those that are assigned the app, or those named. Who is in two of them counts in both.</summary>
    Group,

    /// <summary>The department of the Okta profile.</summary>
    Department,
}

/// <summary>How far a group of people has come, from the assignment in Okta to the first sign-on at Dropbox. Each step counts people who are assigned.</summary>
public sealed record ActivationProgress
{
    /// <summary>Who is counted: a domain, a department, a month, a group, or <c>Everyone</c>; empty for those without a domain or a department, or whose month is not known.</summary>
    public string Group { get; init; } = "";

    /// <summary>By what the people are grouped.</summary>
    public ProgressGrouping By { get; init; }

    /// <summary>How many are assigned the app in Okta.</summary>
    public int Assigned { get; init; }

    /// <summary>How many of them are on the team, invited, suspended or active.</summary>
    public int Provisioned { get; init; }

    /// <summary>How many of them a notice surely left for. Who was told in another way is not among them.</summary>
    public int Told { get; init; }

    /// <summary>How many of them tried to sign on, or have joined; null where the logs of one who waits were not read, because then nobody knows.</summary>
    public int? Tried { get; init; }

    /// <summary>How many of them are active.</summary>
    public int Active { get; init; }

    /// <summary>How many of the assigned get no further until an admin does something; who only has to sign on is not among them.</summary>
    public int Stuck { get; init; }

    /// <summary>When the look was that the changes are counted from, UTC; null where there is none, and then no change is known.</summary>
    public DateTimeOffset? ComparedWith { get; init; }

    /// <summary>By how much <see cref="Assigned"/> has changed since then. Who is gone from both lists is counted in the row of everybody only.</summary>
    public int? AssignedChange { get; init; }

    /// <summary>By how much <see cref="Provisioned"/> has changed since then.</summary>
    public int? ProvisionedChange { get; init; }

    /// <summary>By how much <see cref="Told"/> has changed since then.</summary>
    public int? ToldChange { get; init; }

    /// <summary>By how much <see cref="Active"/> has changed since then.</summary>
    public int? ActiveChange { get; init; }

    /// <summary>How many are stuck now and were not then.</summary>
    public int? NewlyStuck { get; init; }

    /// <summary>How many of the assigned no look had seen by then. Unless everybody had been looked at, they are in no change: nobody knows how they stood.</summary>
    public int? FirstSeen { get; init; }

    /// <summary>The changes in words, such as <c>+12 active, 3 newly stuck</c>; <c>nothing</c> where nothing changed, and null where there is nothing to compare with.</summary>
    public string? Change
    {
        get
        {
            if (ComparedWith is null) return null;
            string[] changes =
            [
                .. Signed(ActiveChange, "active"), .. Signed(ToldChange, "told"), .. Signed(ProvisionedChange, "provisioned"), .. Signed(AssignedChange, "assigned"),
                .. NewlyStuck > 0 ? [string.Create(CultureInfo.InvariantCulture, $"{NewlyStuck} newly stuck")] : Array.Empty<string>(),
                .. FirstSeen > 0 ? [string.Create(CultureInfo.InvariantCulture, $"{FirstSeen} seen for the first time")] : Array.Empty<string>(),
            ];
            return changes.Length == 0 ? "nothing" : string.Join(", ", changes);
        }
    }

    /// <summary>The median of days from the notice to joining, to a tenth, of those who joined after it; null where nobody did.</summary>
    public double? MedianDays { get; init; }

    /// <summary>Days within which nine of ten of them joined, to a tenth; null where nobody did.</summary>
    public double? Percentile90Days { get; init; }

    /// <summary>The active among the assigned, in percent, rounded down, so that 100 means all; null where nobody is assigned.</summary>
    public int? ActivePercent => Assigned == 0 ? null : (int)(100L * Active / Assigned);

    private static string[] Signed(int? change, string what) =>
        change is null or 0 ? [] : [string.Create(CultureInfo.InvariantCulture, $"{change:+0;-0} {what}")];

    /// <summary>A bar of the active among the assigned, in plain characters; empty where nobody is assigned.</summary>
    /// <param name="width">Characters, brackets among them; at least 3.</param>
    public string Bar(int width)
    {
        var room = Math.Max(width, 3) - 2;
        return Assigned == 0 ? "" : $"[{new string('#', (int)((long)room * Active / Assigned)).PadRight(room, '.')}]";
    }
}
