using System.Globalization;
using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning.Engine.Verification;

/// <summary>What the two services' logs say about one person.</summary>
/// <param name="Push">The last push of the person to Dropbox, of whatever outcome.</param>
/// <param name="Attempt">The last attempt to sign on by Okta; it shows a click, and not that Dropbox let the person in.</param>
/// <param name="Refusal">The last log-in that Dropbox refused.</param>
/// <param name="OktaSince">From when on Okta's log was read; null where it was not.</param>
public sealed record StuckEvidence(OktaLogEvent? Push, OktaLogEvent? Attempt, DropboxEvent? Refusal, DateTimeOffset? OktaSince = null);

/// <summary>Says why a person is stuck, in the services' own words. Pure: the same logs give the same reason.</summary>
public static class StuckReasons
{
    /// <summary>The most of a service's text that a reason quotes.</summary>
    private const int LongestQuote = 160;

    /// <summary>Whether the logs may say more about a person than the lists do.</summary>
    public static bool MaySayMore(DropboxUserStatus row) => row.Stage is ProvisioningStage.NotProvisioned or ProvisioningStage.AwaitingActivation || row.SyncState == "ERROR";

    /// <summary>The row with what the logs say behind its own reason, and with the next action where an error's code tells one.</summary>
    public static DropboxUserStatus Explain(DropboxUserStatus row, StuckEvidence evidence)
    {
        var said = new List<string>();
        var next = row.NextAction;
        DateTimeOffset? tried = null;
        if ((row.Stage is ProvisioningStage.NotProvisioned || row.SyncState == "ERROR") && evidence.Push is { } push)
        {
            if (push.Result is "SUCCESS") said.Add($"Okta's log has a push on {Day(push.Published)} that succeeded.");
            else
            {
                var code = push.ErrorCode is null ? "" : $" ({Quoted(push.ErrorCode)})";
                said.Add($"Okta's push on {Day(push.Published)} ended as {push.Result ?? "something it does not say"}{code}: {Quoted(push.Reason) ?? "no reason is given"}.");
                next = NextAfter(push) ?? next;
            }
        }

        else if (row.SyncState == "ERROR" && evidence.OktaSince is { } since) said.Add($"Okta's log has no push of the person since {Day(since)}.");

        // Who joined since has nothing to be told of a failure before.
        if (row.JoinedOn is null && evidence.Refusal is { } refusal)
        {
            var clicked = evidence.Attempt is { } attempt && attempt.Published <= refusal.Timestamp.AddMinutes(5) && attempt.Published >= refusal.Timestamp.AddMinutes(-5)
                ? $"Clicked the tile on {Day(attempt.Published)}" : $"Tried to sign on on {Day(refusal.Timestamp)}";
            said.Add($"{clicked}, Dropbox refused: {Quoted(refusal.Detail("error_details", "user_friendly_message")) ?? Quoted(refusal.Detail("error_details", "technical_error_message")) ?? "no reason is given"}.");
            if (row.Stage is ProvisioningStage.AwaitingActivation) next = NextAction.FixSignOn;
            tried = refusal.Timestamp;
        }
        else if (row.JoinedOn is null && row.Stage is ProvisioningStage.AwaitingActivation && evidence.Attempt is { } click)
        {
            said.Add($"Clicked the tile on {Day(click.Published)}; what came of it at Dropbox neither log tells.");
            tried = click.Published;
        }

        return said.Count == 0 ? row : row with { Reason = $"{row.Reason} {string.Join(" ", said)}", NextAction = next, TriedOn = tried };
    }

    private static NextAction? NextAfter(OktaLogEvent push)
    {
        var text = $"{push.ErrorCode} {push.Reason}";
        bool Says(string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);
        return Says("another_team") || Says("another Dropbox team") || Says("notUnique") || Says("duplicate") ? NextAction.Resolve
            : Says("license") || Says("licence") ? NextAction.AddLicense
            : null;
    }

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    // What somebody else wrote stays one short line without anything that a terminal would act on.
    private static string? Quoted(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var line = string.Join(' ', string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)).Split(' ', StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
        return line.Length <= LongestQuote ? line : line[..LongestQuote] + "…";
    }
}
