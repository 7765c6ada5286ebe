using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Verification;
using DropboxOktaProvisioning.Engine.Workflow;

namespace DropboxOktaProvisioning.Engine.Readiness;

/// <summary>Reads what the prerequisites are judged by, both services side by side.</summary>
/// <remarks>
/// One request to Okta and six to Dropbox where each answer fits a page: the team, the admin, the log's categories team_policies, sso and domains
/// from its beginning (a policy of years ago still holds), and log-ins of the last days.
/// </remarks>
/// <param name="okta">The org; null leaves all about the app unknown.</param>
/// <param name="dropbox">The team.</param>
/// <param name="time">The clock.</param>
public sealed class ReadinessReader(OktaClient? okta, DropboxTeamClient dropbox, TimeProvider time)
{
    /// <summary>So many log-ins are looked at for one past single sign-on; a large team has many thousands a day.</summary>
    public const int MostLogIns = 5_000;

    /// <summary>So many requests go to Dropbox, where each answer fits a page.</summary>
    public const int FewestRequests = 6;

    private static readonly string[] Categories = ["team_policies", "sso", "domains"];

    // What goes past the company's identity provider (LoginMethod of the team's log). Web sessions and codes on a phone continue an earlier log-in.
    private static readonly string[] PastSso = ["password", "google_oauth", "apple_oauth", "microsoft_oauth"];

    /// <summary>What cannot be read is unknown with the reason, and no error: for who only wants to send.</summary>
    public bool IsLenient { get; init; }

    /// <summary>Reads.</summary>
    /// <param name="app">The app's id or label, null for the only one.</param>
    /// <param name="logIns">How far back log-ins are looked at.</param>
    /// <param name="statements">What admins said, newest first.</param>
    /// <param name="progress">Where events go.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="ProvisioningException">Whatever broke; a log that the token may not read is not an error, and neither is an app that is not there.</exception>
    public async Task<ReadinessFacts> ReadAsync(
        string? app, TimeSpan logIns, IReadOnlyList<AdminStatement> statements, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        var facts = new ReadinessFacts { Team = dropbox.Team, Admin = dropbox.Admin, Now = time.GetUtcNow(), Statements = AdminStatement.Standing(statements) };
        (OktaApp? App, string? Why, bool IsUnknown) found = default;
        await SideBySide.RunAsync(
            async token => found = await FindAppAsync(app, progress, token),
            async token => facts = await ReadDropboxAsync(facts, logIns, progress, token),
            cancel);
        return facts with
        {
            App = found.App, NoApp = found.Why, AppIsUnknown = found.IsUnknown, OktaClockAhead = okta?.ClockAhead, DropboxClockAhead = dropbox.ClockAhead,
        };
    }

    private async Task<(OktaApp? App, string? Why, bool IsUnknown)> FindAppAsync(string? app, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        if (okta is null) return (null, "No Okta org is connected.", true);
        try
        {
            return (await DropboxApps.FindOneAsync(okta, app, progress, cancel), null, false);
        }
        catch (ProvisioningException problem) when (problem.ErrorId is ErrorIds.AppNotFound)
        {
            return (null, problem.Message, false);
        }
        catch (ProvisioningException problem) when (IsLenient)
        {
            return (null, problem.Message, true);
        }
    }

    private async Task<ReadinessFacts> ReadDropboxAsync(ReadinessFacts facts, TimeSpan logIns, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        try
        {
            facts = facts with { Team = await dropbox.GetTeamAsync(progress, cancel) };
            facts = facts with { Admin = await dropbox.GetAdminAsync(progress, cancel) };
        }
        catch (ProvisioningException problem) when (problem.ErrorId is ErrorIds.AdminNotActive)
        {
            facts = facts with { AdminIsActive = false };
        }
        catch (ProvisioningException) when (IsLenient)
        {
            // The log tells whether Dropbox answers at all.
        }

        try
        {
            var log = new List<DropboxEvent>();
            foreach (var category in Categories)
                await foreach (var page in dropbox.ListEventsAsync(new DropboxEventQuery { Category = category }, progress, cancel)) log.AddRange(page);
            facts = facts with { Log = [.. log.OrderByDescending(one => one.Timestamp)] };
            return await ReadLogInsAsync(facts, facts.Now - logIns, progress, cancel);
        }
        catch (ProvisioningException problem) when (IsLenient || problem.ErrorId is ErrorIds.MissingScope or ErrorIds.PermissionDenied)
        {
            return facts with { Log = null, NoLog = problem.Message };
        }
    }

    private async Task<ReadinessFacts> ReadLogInsAsync(ReadinessFacts facts, DateTimeOffset since, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        // Only where single sign-on is required does another log-in say anything.
        if (SsoPolicy.RequiredSince(facts) is not { } required) return facts;
        if (required > since) since = required;
        var (others, seen, cut) = (new List<DropboxEvent>(), 0, false);
        await foreach (var page in dropbox.ListEventsAsync(new DropboxEventQuery { EventType = "login_success", Since = since }, progress, cancel))
        {
            others.AddRange(page.Where(one => PastSso.Contains(one.Detail("login_method")) && !one.IsByAdmin && !IsAdmin(one, facts.Admin)));
            seen += page.Count;
            if (cut = seen >= MostLogIns) break;
        }

        return facts with { OtherLogIns = [.. others.OrderByDescending(one => one.Timestamp)], LogInsSince = since, LogInsWereCut = cut };
    }

    private static bool IsAdmin(DropboxEvent logIn, DropboxAdmin? admin) => admin is not null && string.Equals(logIn.Actor?.Email, admin.Email, StringComparison.OrdinalIgnoreCase);
}
