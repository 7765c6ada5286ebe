namespace DropboxOktaProvisioning;

/// <summary>What one run of the whole workflow did.</summary>
public sealed record SilentProvisioningResult
{
    /// <summary>When it began, UTC.</summary>
    public DateTimeOffset StartedOn { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The app and its switch after the run.</summary>
    public SilentProvisioningStatus? App { get; init; }

    /// <summary>The hash of the plan that was done; null where none was given.</summary>
    public string? PlanHash { get; init; }

    /// <summary>How many people were looked at.</summary>
    public int People { get; init; }

    /// <summary>How many people are in each stage, by its name (a key that JSON can hold); every stage is there.</summary>
    public IReadOnlyDictionary<string, int> ByStage { get; init; } = new Dictionary<string, int>();

    /// <summary>The stages that somebody is in, in words.</summary>
    public string Stages => string.Join(", ", ByStage.Where(stage => stage.Value > 0).Select(stage => $"{stage.Value} {stage.Key}"));

    /// <summary>How many people would be told (with <c>-WhatIf</c>).</summary>
    public int Planned { get; init; }

    /// <summary>How many people were told: a notice or a reminder to them left.</summary>
    public int Sent { get; init; }

    /// <summary>How many people's notices a service took on to deliver later, such as Microsoft Graph.</summary>
    public int Accepted { get; init; }

    /// <summary>Of how many people the manager was told.</summary>
    public int Escalated { get; init; }

    /// <summary>How many people's notices went to the address of a rehearsal.</summary>
    public int Redirected { get; init; }

    /// <summary>How many notices wait for their hour.</summary>
    public int Waiting { get; init; }

    /// <summary>How many notices need not or must not be sent.</summary>
    public int Skipped { get; init; }

    /// <summary>How many people of the skipped were told by earlier runs.</summary>
    public int ToldBefore { get; init; }

    /// <summary>How many of the skipped were held back, because more would have been told than the limits allow.</summary>
    public int Held { get; init; }

    /// <summary>How many people are not as the plan saw them, and were left out; null without a plan.</summary>
    public int? Moved { get; init; }

    /// <summary>How many surely did not leave.</summary>
    public int Failed { get; init; }

    /// <summary>How many may or may not have left.</summary>
    public int Unknown { get; init; }

    /// <summary>How many requests went to the two services.</summary>
    public int Requests { get; init; }

    /// <summary>What the run was expected to take, before it began; its notices once they were planned.</summary>
    public ProvisioningForecast? Forecast { get; init; }

    /// <summary>What it took, waits included.</summary>
    public ProvisioningEffort? Actual { get; init; }

    /// <summary>Who failed, and why.</summary>
    public IReadOnlyList<PersonFailure> Failures { get; init => field = Indexable.Of(value); } = [];
}

/// <summary>One person for whom something failed.</summary>
public sealed record PersonFailure
{
    /// <summary>The person's address, as asked for.</summary>
    public string Email { get; init; } = "";

    /// <summary>The stable error id.</summary>
    public string ErrorId { get; init; } = "";

    /// <summary>What went wrong.</summary>
    public string Reason { get; init; } = "";
}
