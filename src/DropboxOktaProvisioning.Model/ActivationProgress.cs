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
}

/// <summary>How far a group of people has come, from the assignment in Okta to the first sign-on at Dropbox. Each step counts people who are assigned.</summary>
public sealed record ActivationProgress
{
    /// <summary>Who is counted: a domain, a month, or <c>Everyone</c>; empty for those without a domain, or whom no notice left for.</summary>
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

    /// <summary>The median of days from the notice to joining, to a tenth, of those who joined after it; null where nobody did.</summary>
    public double? MedianDays { get; init; }

    /// <summary>Days within which nine of ten of them joined, to a tenth; null where nobody did.</summary>
    public double? Percentile90Days { get; init; }

    /// <summary>The active among the assigned, in percent, rounded down, so that 100 means all; null where nobody is assigned.</summary>
    public int? ActivePercent => Assigned == 0 ? null : (int)(100L * Active / Assigned);

    /// <summary>A bar of the active among the assigned, in plain characters; empty where nobody is assigned.</summary>
    /// <param name="width">Characters, brackets among them; at least 3.</param>
    public string Bar(int width)
    {
        var room = Math.Max(width, 3) - 2;
        return Assigned == 0 ? "" : $"[{new string('#', (int)((long)room * Active / Assigned)).PadRight(room, '.')}]";
    }
}
