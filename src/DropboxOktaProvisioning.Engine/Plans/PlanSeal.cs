using System.Security.Cryptography;
using System.Text.Json;

namespace DropboxOktaProvisioning.Engine.Plans;

/// <summary>The hash of a plan: the same for the same plan, and another one after any change.</summary>
public static class PlanSeal
{
    /// <summary>The plan with its hash.</summary>
    public static ProvisioningPlan Seal(ProvisioningPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan with { Hash = HashOf(plan) };
    }

    /// <summary>SHA-256 over the plan's own JSON, which is the same however its file was laid out; 64 hex digits.</summary>
    public static string HashOf(ProvisioningPlan plan)
    {
        using var sha = SHA256.Create();
        using (var stream = new CryptoStream(Stream.Null, sha, CryptoStreamMode.Write)) JsonSerializer.Serialize(stream, plan, PlanJson.Default.ProvisioningPlan);
        return Convert.ToHexString(sha.Hash!).ToLowerInvariant();
    }

    /// <summary>Checks that a plan is as it was when it was made.</summary>
    /// <exception cref="ProvisioningException">PlanChanged, or PlanInvalid where something that every plan has is missing.</exception>
    public static void Check(ProvisioningPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (PlanFlaws.Find(plan) is { } flaw) throw PlanErrors.Invalid(plan.Path, flaw);
        if (!string.Equals(HashOf(plan), plan.Hash, StringComparison.OrdinalIgnoreCase)) throw PlanErrors.Changed(plan.Path);
    }

    /// <summary>Checks that a plan may be done here and now.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="hash">The hash of the one that was looked at; null where nobody says.</param>
    /// <param name="org">The org that is connected.</param>
    /// <param name="teamId">The team that is connected.</param>
    /// <param name="app">The app that was asked for, by id or label; null where none was.</param>
    /// <param name="now">The time.</param>
    /// <param name="longest">How old it may be.</param>
    /// <exception cref="ProvisioningException">PlanChanged, PlanForeign or PlanExpired.</exception>
    public static void CheckUse(ProvisioningPlan plan, string? hash, Uri org, string teamId, string? app, DateTimeOffset now, TimeSpan longest)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(org);
        if (hash is not null && !string.Equals(hash.Trim(), plan.Hash, StringComparison.OrdinalIgnoreCase)) throw PlanErrors.OtherHash(plan, hash);
        if (plan.OktaOrg != org) throw PlanErrors.Foreign(plan, "Okta org", plan.OktaOrg!.Host, org.Host);
        if (plan.TeamId != teamId) throw PlanErrors.Foreign(plan, "Dropbox team", $"{plan.TeamName} ({plan.TeamId})", teamId);
        if (app is not null && app != plan.AppId && !string.Equals(app, plan.AppLabel, StringComparison.OrdinalIgnoreCase))
            throw PlanErrors.Foreign(plan, "app", $"{plan.AppLabel} ({plan.AppId})", app);
        if (now - plan.CreatedOn > longest) throw PlanErrors.Expired(plan, longest);
    }

    /// <summary>Checks that the notices have the words that were looked at.</summary>
    /// <exception cref="ProvisioningException">PlanChanged.</exception>
    public static void CheckWords(ProvisioningPlan plan, string digest)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.Words.Digest != digest) throw PlanErrors.OtherWords(plan);
    }

    /// <summary>Checks that the switch is where a plan that does not change it saw it. One that was turned on meanwhile is as the plan would have it.</summary>
    /// <exception cref="ProvisioningException">PlanOutdated.</exception>
    public static void CheckSwitch(ProvisioningPlan plan, SilentProvisioningState now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.Switch is { IsKept: false, Changes: false } && now is not SilentProvisioningState.Enabled) throw PlanErrors.SwitchMoved(plan, now);
    }

    /// <summary>Checks that not too many have moved.</summary>
    /// <exception cref="ProvisioningException">PlanOutdated.</exception>
    public static void CheckMoves(ProvisioningPlan plan, PlanMatch match, int tolerance)
    {
        ArgumentNullException.ThrowIfNull(match);
        if (!match.IsWithin(tolerance)) throw PlanErrors.Outdated(plan, match.Moves, tolerance);
    }
}
