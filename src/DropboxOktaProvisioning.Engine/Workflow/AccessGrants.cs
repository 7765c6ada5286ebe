using System.Globalization;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning.Engine.Workflow;

/// <summary>Assigns the Dropbox app to people and groups. Who has it is left alone, and nobody is ever unassigned.</summary>
public sealed class AccessGrants(OktaClient okta, OktaApp app)
{
    /// <summary>From so many people on, it is worth telling what a group would save.</summary>
    public const int ManyPeople = 25;

    // The smallest bucket of assignments that Okta has published, of which one token gets half (okta.md §5).
    private const int UsualPerMinute = 50;

    /// <summary>The group that is meant, and whether it has the app.</summary>
    /// <exception cref="ProvisioningException">GroupNotFound or GroupAmbiguous.</exception>
    public async Task<(OktaGroup Group, bool HasApp)> FindGroupAsync(string nameOrId, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        var group = await OktaGroups.FindOneAsync(okta, nameOrId, progress, cancel);
        return (group, await okta.IsGroupAssignedAsync(app.Id, group.Id, progress, cancel));
    }

    /// <summary>The person who is meant, and the assignment there is, null without one.</summary>
    /// <exception cref="ProvisioningException">PersonNotFound, PersonAmbiguous or PersonNotAssignable.</exception>
    public async Task<(OktaUser User, OktaAppUser? Assignment)> FindPersonAsync(string addressOrId, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        var user = await okta.FindUserAsync(addressOrId, progress, cancel);
        if (user is null)
        {
            var users = addressOrId.Contains('@', StringComparison.Ordinal) ? await okta.FindUsersByEmailAsync([addressOrId], progress, cancel) : [];
            user = users.Count switch
            {
                1 => users[0],
                0 => throw new ProvisioningException(
                    ErrorIds.PersonNotFound, ProblemCategory.ObjectNotFound, $"Okta has nobody called '{addressOrId}'.", addressOrId, "Check the spelling; a login, an address or an id (00u…) is taken."),
                _ => throw new ProvisioningException(
                    ErrorIds.PersonAmbiguous, ProblemCategory.Ambiguous,
                    $"The address '{addressOrId}' is that of {users.Count} Okta users: {string.Join(", ", users.Select(one => $"{one.Id} ({one.Login})"))}.", addressOrId, "Give the login or the id of the right one."),
            };
        }

        var assignment = await okta.FindAppUserAsync(app.Id, user.Id, progress, cancel);
        if (assignment is null && user.Status == "DEPROVISIONED") throw NotAssignable(addressOrId, "is deactivated in Okta (DEPROVISIONED)", null);
        return (user, assignment);
    }

    /// <summary>Assigns the app to a group.</summary>
    public async Task AssignAsync(OktaGroup group, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        await okta.AssignGroupAsync(app.Id, group.Id, progress, cancel);
    }

    /// <summary>Assigns the app to a person.</summary>
    /// <exception cref="ProvisioningException">PersonNotAssignable where Okta refuses this one; AssignmentUnclear where its answer got lost and nothing shows what became of it.</exception>
    public async Task AssignAsync(OktaUser user, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        var name = user.Login ?? user.Id;
        try
        {
            await okta.AssignUserAsync(app.Id, user.Id, progress, cancel);
        }
        catch (ServiceException unclear) when (unclear.MayHaveBeenApplied)
        {
            progress?.Report(new Caution($"Okta's answer about {name} did not arrive ({unclear.Message}) The assignment is looked up."));
            if (await okta.FindAppUserAsync(app.Id, user.Id, progress, cancel) is not null) return;
            throw new ProvisioningException(
                ErrorIds.AssignmentUnclear, ProblemCategory.ConnectionError, $"Whether {name} was assigned is not clear: the answer got lost, and Okta does not show the assignment yet.", name,
                "Run it again: who is assigned by then is left alone.", unclear);
        }
        catch (ServiceException refused) when (refused.ErrorId is ErrorIds.RequestRefused or ErrorIds.PersonNotFound)
        {
            throw NotAssignable(name, refused.Message, refused);
        }
    }

    /// <summary>What assigning so many people one by one costs, and what a group would.</summary>
    /// <param name="people">How many.</param>
    public string Arithmetic(int people)
    {
        // Okta names its limit with each answer.
        var seen = okta.RateLimits.Now.FirstOrDefault(limit => limit.Bucket == ServiceBucket.Apps && limit.Limit > 0)?.Limit;
        var perMinute = seen is { } limit ? RateCeiling.Of(limit, okta.CeilingPercent) : UsualPerMinute;
        // Each is looked up, looked for among the app's users, and assigned; the last two count against the limit.
        var (calls, minutes) = (3 * people, Math.Ceiling(2.0 * people / perMinute));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{people} people one by one take {calls:N0} calls and, at {perMinute} a minute{(seen is null ? ", the usual share of a token" : $", {okta.CeilingPercent} percent of the limit that Okta named")}, about {minutes:N0} minutes. A group takes 2 calls, and whoever joins it later comes along: put them in a group and give -Group.");
    }

    private static ProvisioningException NotAssignable(string name, string why, Exception? inner) => new(
        ErrorIds.PersonNotAssignable, ProblemCategory.InvalidOperation, $"'{name}' cannot be assigned the app: {why.TrimEnd('.')}.", name, "Mend it in Okta; then run it again.", inner);
}
