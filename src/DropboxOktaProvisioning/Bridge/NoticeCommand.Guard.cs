using System.Globalization;
using System.Management.Automation;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Notices;

namespace DropboxOktaProvisioning.Bridge;

/// <content>The guard against telling too many at once.</content>
public abstract partial class NoticeCommand
{
    /// <summary>Above so many notices in one run there is a question first, and unattended an error and none of them.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int MaximumCount { get; set; } = 500;

    /// <summary>Above so many percent of the people at hand there is a question first, and unattended an error and no notice: a wrong scope shows before it is told.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int MaximumPercent { get; set; } = 100;

    /// <summary>Tells only so many, the first in their order; the others wait for the next run.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? FirstWave { get; set; }

    /// <summary>Whether nothing is changed and nobody told, whatever comes out.</summary>
    private protected virtual bool OnlyLooks => IsWhatIf;

    /// <summary>Whether somebody looked at just these notices and said so: the only thing that lifts the limits where nobody is there to ask.</summary>
    private protected virtual bool IsApproved => false;

    /// <summary>How many notices the guard held back.</summary>
    private protected int Held { get; private set; }

    // Leaves out whoever comes after so many.
    private Func<PlannedNotice, PlannedNotice> Wave()
    {
        if (FirstWave is not { } size) return planned => planned;
        var left = size;
        return planned => !planned.IsCounted || left-- > 0 ? planned : planned.Skip($"Waits for a later wave; this one is of {size}.");
    }

    // A limit that cut the rest off would still tell the first part of a wrong scope, so none of them leaves; all else goes on.
    private IReadOnlyList<PlannedNotice> Guard(IReadOnlyList<PlannedNotice> plan, int people)
    {
        if (TooMany(plan, people) is not { } excess || IsApproved) return plan;
        if (Attendance.CanAnswer(this) && (Force || Attendance.Ask(this, $"{excess} Send them?", "Send activation notices"))) return plan;
        Held = plan.Count(planned => planned.IsCounted);
        WriteProblem(new ProvisioningException(
            ErrorIds.TooManyNotices, ProblemCategory.InvalidOperation, $"{excess} None of them was sent.", Held,
            "Look at them with New-ProvisioningPlan or -WhatIf. Then begin with some by -FirstWave, raise -MaximumCount or -MaximumPercent, or have Invoke-SilentProvisioning apply the plan with its -PlanHash."));
        return [.. plan.Select(planned => planned.IsCounted ? planned.Skip($"Held back: {excess}") : planned)];
    }

    private void WarnOfTooMany(IReadOnlyList<PlannedNotice> plan, int people)
    {
        if (TooMany(plan, people) is { } excess && !IsApproved) WriteWarning($"{excess} Where nobody is there to ask, none of them would be sent.");
    }

    private string? TooMany(IReadOnlyList<PlannedNotice> plan, int people)
    {
        // A manager gets one mail for all of theirs; the one to the helpdesk tells of the run, held back or not.
        var counted = plan.Where(planned => planned.IsCounted).ToLookup(planned => planned.IsToPerson);
        var count = counted[true].Count() + counted[false].DistinctBy(planned => planned.Notice.Email, StringComparer.OrdinalIgnoreCase).Count();
        return count > MaximumCount ? string.Create(CultureInfo.InvariantCulture, $"{count} notices would be sent, more than the {MaximumCount} of -MaximumCount.")
            : count * 100L > people * (long)MaximumPercent ? string.Create(CultureInfo.InvariantCulture, $"{count} of {people} people would be told, more than the {MaximumPercent} percent of -MaximumPercent.")
            : null;
    }
}
