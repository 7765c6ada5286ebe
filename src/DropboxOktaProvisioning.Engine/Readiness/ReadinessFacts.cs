using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning.Engine.Readiness;

/// <summary>All that was read about the prerequisites, before anything is concluded from it.</summary>
public sealed record ReadinessFacts
{
    /// <summary>The Dropbox app; null if there is none.</summary>
    public OktaApp? App { get; init; }

    /// <summary>Why there is no app to judge.</summary>
    public string? NoApp { get; init; }

    /// <summary>Okta was not asked, or did not answer: whether there is an app is not known.</summary>
    public bool AppIsUnknown { get; init; }

    /// <summary>The setting that holds the switch, where the admin knows it.</summary>
    public string? SettingName { get; init; }

    /// <summary>The team as it is now.</summary>
    public required DropboxTeamInfo Team { get; init; }

    /// <summary>The admin who linked the Dropbox app; null where Dropbox does not say.</summary>
    public DropboxAdmin? Admin { get; init; }

    /// <summary>Whether that admin is still an active one.</summary>
    public bool AdminIsActive { get; init; } = true;

    /// <summary>What the team's log says about policies, single sign-on and domains, newest first; null where it could not be read.</summary>
    public IReadOnlyList<DropboxEvent>? Log { get; init; }

    /// <summary>Why the log could not be read.</summary>
    public string? NoLog { get; init; }

    /// <summary>Log-ins that went past single sign-on since <see cref="LogInsSince"/>, newest first: with a password, or with another company's account.</summary>
    public IReadOnlyList<DropboxEvent> OtherLogIns { get; init; } = [];

    /// <summary>Whether there are more log-ins than were looked at.</summary>
    public bool LogInsWereCut { get; init; }

    /// <summary>From when on log-ins were read; null where none were.</summary>
    public DateTimeOffset? LogInsSince { get; init; }

    /// <summary>What admins said, newest first.</summary>
    public IReadOnlyList<AdminStatement> Statements { get; init; } = [];

    /// <summary>The people who are to be told or added; null where nobody was handed in.</summary>
    public IReadOnlyList<DropboxUserStatus>? People { get; init; }

    /// <summary>By how much Okta's clock is ahead of this machine's; null where no answer told the time.</summary>
    public TimeSpan? OktaClockAhead { get; init; }

    /// <summary>By how much Dropbox's clock is ahead of this machine's.</summary>
    public TimeSpan? DropboxClockAhead { get; init; }

    /// <summary>The time, UTC.</summary>
    public required DateTimeOffset Now { get; init; }
}
