namespace DropboxOktaProvisioning.Display;

/// <summary>Colours a word of a view: green for what is done, yellow for what waits, red for what is wrong. A view calls it; the rows themselves have no colour.</summary>
/// <remarks>No colour where <c>$PSStyle.OutputRendering</c> is PlainText, or with NO_COLOR; the console host takes it out where output is redirected.</remarks>
public static class Paint
{
    private const string Green = "\e[32m", Yellow = "\e[33m", Red = "\e[31m", Reset = "\e[0m";

    /// <summary>The word in its colour; one that calls for nothing has none.</summary>
    /// <param name="value">A value of one of the module's enumerations.</param>
    /// <param name="rendering">The person's choice: <c>$PSStyle.OutputRendering</c>.</param>
    public static string Of(Enum value, object? rendering)
    {
        if ($"{rendering}" == "PlainText" || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))) return $"{value}";
        var colour = value switch
        {
            ProvisioningStage.Active or NoticeState.Sent or NoticeState.Accepted or PrerequisiteOutcome.Passed or SilentProvisioningState.Enabled or AccessOutcome.Assigned => Green,
            ProvisioningStage.AwaitingActivation or ProvisioningStage.NotProvisioned or ProvisioningStage.NotAssigned or NoticeState.Planned or NoticeState.Sending or NoticeState.Redirected
                or PrerequisiteOutcome.Warning or PrerequisiteOutcome.Unknown or SilentProvisioningState.Unknown or SilentProvisioningState.Ambiguous or AccessOutcome.Planned
                or PersonalAccountLikelihood.Suspected or PersonalAccountLikelihood.Likely => Yellow,
            ProvisioningStage.CannotSignOn or ProvisioningStage.Removed or ProvisioningStage.Conflict or NoticeState.Failed or NoticeState.Unknown
                or PrerequisiteOutcome.Failed or SilentProvisioningState.Disabled or PersonalAccountLikelihood.Confirmed => Red,
            _ => "",
        };
        return colour.Length == 0 ? $"{value}" : $"{colour}{value}{Reset}";
    }
}
