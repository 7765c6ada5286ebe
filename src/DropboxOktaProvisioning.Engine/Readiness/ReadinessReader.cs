using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Verification;
using DropboxOktaProvisioning.Engine.Workflow;

namespace DropboxOktaProvisioning.Engine.Readiness;

/// <summary>Reads what the prerequisites are judged by, both services side by side.</summary>
/// <remarks>
/// One request to Okta and six to Dropbox where each answer fits a page: the team, the admin, the log's categories team_policies, sso and domains
/// from its beginning (a policy of years ago still holds), and log-ins of the last days.
/// </remarks>
public sealed class ReadinessReader(OktaClient okta, DropboxTeamClient dropbox, TimeProvider time)
{
    /// <summary>So many log-ins are looked at for one with a password; a large team has many thousands a day.</summary>
    public const int MostLogIns = 5_000;

    private static readonly string[] Categories = ["team_policies", "sso", "domains"];

    /// <summary>Reads.</summary>
    /// <param name="app">The app's id or label, null for the only one.</param>
    /// <param name="logIns">How far back log-ins are looked at.</param>
    /// <param name="progress">Where events go.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="ProvisioningException">Whatever broke; a log that the token may not read is not an error, and neither is an app that is not there.</exception>
    public async Task<ReadinessFacts> ReadAsync(string? app, TimeSpan logIns, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        var facts = new ReadinessFacts { Team = dropbox.Team, Now = time.GetUtcNow() };
        OktaApp? found = null;
        string? noApp = null;
        await SideBySide.RunAsync(
            async token => (found, noApp) = await FindAppAsync(app, progress, token),
            async token => facts = await ReadDropboxAsync(facts, logIns, progress, token),
            cancel);
        return facts with { App = found, NoApp = noApp, OktaClockAhead = okta.ClockAhead, DropboxClockAhead = dropbox.ClockAhead };
    }

    private async Task<(OktaApp? App, string? Why)> FindAppAsync(string? app, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        try
        {
            return (await DropboxApps.FindOneAsync(okta, app, progress, cancel), null);
        }
        catch (ProvisioningException problem) when (problem.ErrorId is ErrorIds.AppNotFound)
        {
            return (null, problem.Message);
        }
    }

    private async Task<ReadinessFacts> ReadDropboxAsync(ReadinessFacts facts, TimeSpan logIns, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        facts = facts with { Team = await dropbox.GetTeamAsync(progress, cancel) };
        try
        {
            facts = facts with { Admin = await dropbox.GetAdminAsync(progress, cancel) };
        }
        catch (ServiceException problem) when (problem.ErrorId is ErrorIds.AdminNotActive)
        {
            facts = facts with { Admin = dropbox.Admin, AdminIsActive = false };
        }

        try
        {
            var log = new List<DropboxEvent>();
            foreach (var category in Categories)
                await foreach (var page in dropbox.ListEventsAsync(new DropboxEventQuery { Category = category }, progress, cancel)) log.AddRange(page);
            facts = facts with { Log = [.. log.OrderByDescending(one => one.Timestamp)] };
            return await ReadLogInsAsync(facts, facts.Now - logIns, progress, cancel);
        }
        catch (ServiceException problem) when (problem.ErrorId is ErrorIds.MissingScope or ErrorIds.PermissionDenied)
        {
            return facts with { Log = null, NoLog = problem.Message };
        }
    }

    private async Task<ReadinessFacts> ReadLogInsAsync(ReadinessFacts facts, DateTimeOffset since, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        // Only where single sign-on is required does a password say anything.
        if (SsoPolicy.Newest(facts.Log!) is not { } policy || policy.Detail("new_value") != "required") return facts;
        if (policy.Timestamp > since) since = policy.Timestamp;
        var (passwords, seen) = (new List<DropboxEvent>(), 0);
        await foreach (var page in dropbox.ListEventsAsync(new DropboxEventQuery { EventType = "login_success", Since = since }, progress, cancel))
        {
            passwords.AddRange(page.Where(one => one.Detail("login_method") == "password" && !one.IsByAdmin && one.Actor?.Email != facts.Admin?.Email));
            if ((seen += page.Count) >= MostLogIns) break;
        }

        return facts with { PasswordLogIns = [.. passwords.OrderByDescending(one => one.Timestamp)], LogInsSince = since };
    }
}
