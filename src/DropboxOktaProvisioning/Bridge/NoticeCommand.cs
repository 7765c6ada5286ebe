using System.Management.Automation;
using DropboxOktaProvisioning.Connections;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Readiness;

namespace DropboxOktaProvisioning.Bridge;

/// <summary>A command that sends notices: look first, ask, then send.</summary>
public abstract partial class NoticeCommand : TeamCommand
{
    /// <summary>Where people sign on; a team's own SSO address may take the place of the general one.</summary>
    [Parameter]
    public string? SsoUrl { get; set; }

    /// <summary>The stages whose people are told.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public ProvisioningStage[] Stage { get; set; } = [ProvisioningStage.AwaitingActivation];

    /// <summary>A folder with templates of one's own.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? TemplatePath { get; set; }

    /// <summary>Sends again what may or may not have left.</summary>
    [Parameter]
    public SwitchParameter ResendUnknown { get; set; }

    /// <summary>Tells people whatever the prerequisites say, and at the prompt without a question above the limits. In an unattended run the limits stay.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Checks the parameters and makes everything ready; nothing is read or sent yet.</summary>
    private protected NoticeRun Prepare(DropboxTeam? team)
    {
        var options = WithSenders(Options(From?[0] ?? (team?.Sandbox is null ? throw NoSender() : "Contoso IT <it@contoso.example>"), team, Manners()));
        NoticeService.Check(options);

        var webhook = Webhook();
        var transport = Transport(team?.Sandbox);
        var choice = JournalChoice.For(this, Journal, team);
        return new NoticeRun(new NoticeService(choice.Location, transport, choice.Time), options, transport, webhook, team);
    }

    /// <summary>Who is told, what, and in whose name.</summary>
    private protected NoticeOptions Options(string from, DropboxTeam? team, NoticeManners manners)
    {
        var options = new NoticeOptions
        {
            From = from,
            Stages = Stage,
            TemplatePath = TemplatePath is null ? null : DiskPath.Of(this, TemplatePath),
            Language = Language,
            Manners = manners,
            ResendUnknown = ResendUnknown,
            TeamName = team?.Name,
        };
        return SsoUrl is null ? options : options with { SsoUrl = SsoUrl };
    }

    /// <summary>Stops where people could not do what the notice says, and warns in one line of what nothing tells.</summary>
    /// <returns>What was read, for <see cref="WarnOfShortcomings"/>; null with -Force.</returns>
    private protected ReadinessFacts? RequireReadiness(OktaOrg? org, DropboxTeam team, string? settingName = null)
    {
        if (Force) return null;
        var check = new ReadinessCheck(org, team, JournalChoice.For(this, Journal, team)) { SettingName = settingName, IsLenient = true };
        var facts = Await(cancel => check.ReadAsync(App, Progress, cancel));
        var rows = ReadinessTable.Judge(facts);
        if (ReadinessCheck.Open(rows) is { } open) WriteWarning(open);
        if (ReadinessCheck.Stop(rows) is not { } stop) return facts;
        if (!OnlyLooks && !IsRehearsal) throw stop;
        WriteWarning(stop.Message);
        return facts;
    }

    /// <summary>Warns in one line of seats and domains that fall short for these people.</summary>
    private protected void WarnOfShortcomings(ReadinessFacts? facts, IReadOnlyList<DropboxUserStatus> people)
    {
        if (facts is not null && ReadinessCheck.Shortcomings(ReadinessTable.Judge(facts with { People = people })) is { } shortcomings) WriteWarning(shortcomings);
    }

    /// <summary>Plans, asks and sends; each notice is handed on as it is settled.</summary>
    /// <param name="run">All that sending needs.</param>
    /// <param name="people">The people at hand.</param>
    /// <param name="settled">Takes each notice.</param>
    /// <param name="narrow">Leaves out what must not be told, before the wave is counted; null leaves out nothing.</param>
    private protected void Tell(
        NoticeRun run, IReadOnlyList<DropboxUserStatus> people, Action<ActivationNotice> settled, Func<PlannedNotice, PlannedNotice>? narrow = null)
    {
        var plan = WorkOut(run, people, narrow);
        var approved = Approve(plan);
        OnPlanned(IsWhatIf ? plan : approved, run.Options);
        if (IsWhatIf)
        {
            WarnOfTooMany(plan, people.Count);
            foreach (var planned in plan) Settle(planned.Notice, settled);
            return;
        }

        var guarded = Guard(approved, people.Count);
        Pull(cancel => run.SendAsync(guarded, Progress, cancel), notice => Settle(notice, settled));
    }

    /// <summary>Hears which notices are to leave, before the first one does.</summary>
    private protected virtual void OnPlanned(IReadOnlyList<PlannedNotice> plan, NoticeOptions options)
    {
    }

    /// <summary>What would happen for each person, with the wave that this run is of.</summary>
    private protected IReadOnlyList<PlannedNotice> WorkOut(
        NoticeRun run, IReadOnlyList<DropboxUserStatus> people, Func<PlannedNotice, PlannedNotice>? narrow = null, bool looksAhead = false)
    {
        RefuseStrangers(people, run.Team);
        // People are left to a later wave before senders have their turns, of which those take none; mails to managers once they are put together.
        var wave = Wave();
        var plan = Await(cancel => run.Service.PlanAsync(people, run.Options, Narrow, looksAhead, cancel));
        return NoticeService.LeaveOutFollowing([.. plan.Select(planned => planned.IsToPerson ? planned : wave(planned))]);

        PlannedNotice Narrow(PlannedNotice planned)
        {
            var narrowed = narrow is null ? planned : narrow(planned);
            return narrowed.IsToPerson ? wave(narrowed) : narrowed;
        }
    }

    // The words name the connected team and the journal is kept for it: people of another one would be told a lie, or be told twice.
    private static void RefuseStrangers(IReadOnlyList<DropboxUserStatus> people, DropboxTeam? team)
    {
        if (team is null || people.FirstOrDefault(person => person.TeamId is { } id && id != team.TeamId) is not { } stranger) return;
        throw Conflict(
            $"{stranger.Email} is of the team {stranger.TeamId}, and connected is {team.Name} ({team.TeamId}).",
            team.Sandbox is null ? "Hand in the right team with -DropboxTeam." : "Run Stop-ProvisioningSandbox first.");
    }

    private List<PlannedNotice> Approve(IReadOnlyList<PlannedNotice> plan)
    {
        var approved = new List<PlannedNotice>(plan.Count);
        var letters = new Dictionary<string, bool>(StringComparer.OrdinalIgnoreCase);
        foreach (var planned in plan)
        {
            var notice = planned.Notice;
            bool Ask() => ShouldProcess($"Send '{notice.Subject}' to {To(notice)}.", $"Send '{notice.Subject}' to {To(notice)}?", "Send activation notice");
            // A mail about several people is asked about once.
            var refused = planned.WillSend && !(planned.IsToPerson ? Ask() : letters.TryGetValue($"{notice.Kind} {notice.Email}", out var known) ? known : letters[$"{notice.Kind} {notice.Email}"] = Ask());
            approved.Add(refused ? planned.Skip("Not confirmed.") : planned);
        }

        return approved;
    }

    private string To(ActivationNotice notice) => IsRehearsal ? $"{RedirectTo} in place of {notice.Name} <{notice.Email}>" : $"{notice.Name} <{notice.Email}>";

    private void Settle(ActivationNotice notice, Action<ActivationNotice> settled)
    {
        settled(notice);
        if (notice.State is NoticeState.Failed)
        {
            WriteProblem(new ProvisioningException(ErrorIds.NoticeFailed, ProblemCategory.InvalidOperation, $"{Words(notice)} did not leave: {notice.Reason}", notice.About ?? notice.Email, "Mend the cause; the next run tries again."));
        }
        else if (notice.State is NoticeState.Unknown)
        {
            WriteProblem(new ProvisioningException(
                ErrorIds.NoticeUnknown, ProblemCategory.InvalidOperation, $"{Words(notice)} may or may not have left: {notice.Reason}", notice.About ?? notice.Email,
                "It is not sent again by itself. Look into the mail server's log, or send it again with -ResendUnknown."));
        }
    }

    private static string Words(ActivationNotice notice) => notice.About is null ? $"The notice to {notice.Email}" : $"The mail about {notice.About} to the manager";
}
