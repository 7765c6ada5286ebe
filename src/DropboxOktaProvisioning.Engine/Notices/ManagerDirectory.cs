using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>Whose manager somebody is, or why nobody can be told.</summary>
/// <param name="Manager">The manager; null where there is none to be told.</param>
/// <param name="Problem">Why not.</param>
/// <param name="MayChange">Whether the next run may have more luck.</param>
internal sealed record ManagerFound(Recipient? Manager, string Problem = "", bool MayChange = false);

/// <summary>Finds people's managers in Okta. A profile's <c>managerId</c> is free text: an id or a login is looked up, anything else leads nowhere.</summary>
public sealed class ManagerDirectory
{
    private static readonly string[] SignsOn = ["ACTIVE", "PASSWORD_EXPIRED", "RECOVERY", "LOCKED_OUT", "PROVISIONED"];

    private readonly Func<string, CancellationToken, Task<OktaUser?>> _find;
    private readonly Dictionary<string, ManagerFound> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>One that knows nobody.</summary>
    internal static ManagerDirectory Nobody { get; } = new((_, _) => Task.FromResult<OktaUser?>(null));

    /// <summary>Looks people up in an org, each manager once.</summary>
    public ManagerDirectory(OktaClient okta, IProgress<RunEvent>? progress)
        : this((idOrLogin, cancel) => okta.FindUserAsync(idOrLogin, progress, cancel))
    {
    }

    internal ManagerDirectory(Func<string, CancellationToken, Task<OktaUser?>> find) => _find = find;

    /// <summary>The person's manager.</summary>
    internal async Task<ManagerFound> FindAsync(DropboxUserStatus person, CancellationToken cancel)
    {
        var names = new[] { person.ManagerId, person.Manager }.OfType<string>().Select(name => name.Trim()).Where(name => name.Length > 0).ToArray();
        if (names.Length == 0) return new ManagerFound(null, "Okta names no manager.");
        if (Array.Find(names, IsIdOrLogin) is not { } name) return new ManagerFound(null, $"Okta names '{MailText.OneLine(names[0], 60)}' as the manager, which is neither an id nor a login.");
        if (!_known.TryGetValue(name, out var found)) _known.Add(name, found = await LookUpAsync(name, cancel));
        return found.Manager is { } manager && (manager.OktaUserId == person.OktaUserId || manager.Email.Equals(person.Email, StringComparison.OrdinalIgnoreCase)) ? new ManagerFound(null, "Okta names the person as their own manager.") : found;
    }

    private async Task<ManagerFound> LookUpAsync(string name, CancellationToken cancel)
    {
        try
        {
            if (await _find(name, cancel) is not { } user) return new ManagerFound(null, $"Okta has no user '{name}', whom it names as the manager.");
            if (!SignsOn.Contains(user.Status)) return new ManagerFound(null, $"The manager '{name}' is {user.Status} in Okta.");
            var email = user.Email ?? user.Login ?? "";
            if (MailText.BareAddress(email) is null) return new ManagerFound(null, $"The manager '{name}' has no mail address in Okta.");
            var full = string.IsNullOrWhiteSpace(user.DisplayName) ? $"{user.FirstName} {user.LastName}".Trim() : user.DisplayName;
            return new ManagerFound(new Recipient(email, full, user.Language, user.TimeZone, user.CountryCode) { OktaUserId = user.Id, Login = user.Login });
        }
        catch (ProvisioningException problem)
        {
            return new ManagerFound(null, $"The manager '{name}' could not be looked up: {problem.Message}", MayChange: true);
        }
    }

    private static bool IsIdOrLogin(string name) => name.Contains('@', StringComparison.Ordinal) || (name.StartsWith("00u", StringComparison.Ordinal) && name.All(char.IsAsciiLetterOrDigit));
}
