namespace DropboxOktaProvisioning.Engine.Verification;

/// <summary>Makes the row that a command hands out from what was read about one person.</summary>
/// <param name="personal">What is known of personal accounts.</param>
/// <param name="tile">The Dropbox tile's address, null where people do not see it.</param>
/// <param name="teamId">The Dropbox team.</param>
/// <param name="now">The moment that days are counted to.</param>
/// <param name="lastNotice">When the person of a row was last told; null for never.</param>
/// <param name="firstNotice">When the person was first told.</param>
public sealed class StatusRows(
    PersonalAccounts personal, Uri? tile, string teamId, DateTimeOffset now, Func<DropboxUserStatus, DateTimeOffset?> lastNotice,
    Func<DropboxUserStatus, DateTimeOffset?>? firstNotice = null)
{
    /// <summary>The person's row.</summary>
    public DropboxUserStatus For(PersonFacts person)
    {
        var verdict = StageTable.Decide(person);
        var evidence = personal.About(person);
        var email = person.Addresses().FirstOrDefault() ?? person.User?.Login ?? person.Assignment?.UserName ?? "";
        var oktaId = person.Assignment?.Id ?? person.User?.Id;
        var waits = verdict.Stage is ProvisioningStage.AwaitingActivation && person.Member?.InvitedOn is not null;
        var row = new DropboxUserStatus
        {
            Email = email,
            FurtherEmails = [.. person.Addresses().Where(address => !address.Equals(email, StringComparison.OrdinalIgnoreCase)).Distinct(StringComparer.OrdinalIgnoreCase)],
            Name = NameOf(person),
            Stage = verdict.Stage,
            Reason = verdict.Reason,
            NextAction = verdict.NextAction,
            PersonalAccount = PersonalAccounts.Strongest(evidence),
            Evidence = evidence,
            DaysWaiting = waits ? Math.Max(0, (int)(now - person.Member!.InvitedOn!.Value).TotalDays) : null,
            OktaUserId = oktaId,
            OktaStatus = person.User?.Status,
            AssignmentStatus = person.Assignment?.Status,
            AssignmentScope = person.Assignment?.Scope,
            SyncState = person.Assignment?.SyncState,
            DropboxStatus = person.Member?.StatusTag,
            TeamMemberId = person.Member?.TeamMemberId,
            InvitedOn = person.Member?.InvitedOn,
            JoinedOn = person.Member?.JoinedOn,
            TeamId = teamId,
            Department = NullIfEmpty(person.User?.Department),
            Language = NullIfEmpty(person.User?.Language),
            TimeZone = NullIfEmpty(person.User?.TimeZone),
            CountryCode = NullIfEmpty(person.User?.CountryCode),
            Manager = NullIfEmpty(person.User?.Manager),
            ManagerId = NullIfEmpty(person.User?.ManagerId),
            TileUrl = person.IsAssigned ? tile : null,
        };
        return lastNotice(row) is { } told ? row with { FirstNotice = firstNotice?.Invoke(row), LastNotice = told } : row;
    }

    private static string? NameOf(PersonFacts person)
    {
        var whole = $"{person.User?.FirstName} {person.User?.LastName}".Trim();
        return FirstNotEmpty(person.User?.DisplayName, whole, person.Member?.DisplayName);
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static string? FirstNotEmpty(params string?[] names) => Array.Find(names, name => !string.IsNullOrWhiteSpace(name));
}
