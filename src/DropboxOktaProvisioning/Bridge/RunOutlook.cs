using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Readiness;
using DropboxOktaProvisioning.Engine.Refresh;
using DropboxOktaProvisioning.Engine.Verification;
using DropboxOktaProvisioning.Engine.Workflow;

namespace DropboxOktaProvisioning.Bridge;

/// <summary>What a run of the whole workflow was expected to take, beside what it took.</summary>
internal sealed class RunOutlook(OktaOrg org, DropboxTeam team)
{
    private readonly (int Okta, int Dropbox) _before = (org.RequestCount, team.RequestCount);
    private readonly DateTimeOffset _began = org.Time.GetUtcNow();
    private ForecastFacts? _facts;
    private DateTimeOffset? _read;

    /// <summary>What was expected; null before anything was.</summary>
    public ProvisioningForecast? Forecast { get; private set; }

    /// <summary>Reckons the reading, before any of it is asked for.</summary>
    /// <param name="scope">Whom the run is about.</param>
    /// <param name="checks">Whether the prerequisites are read first.</param>
    /// <param name="isKept">Whether the switch is left alone.</param>
    /// <param name="isChanged">Whether it is known that the switch will be changed.</param>
    /// <param name="refresh">How everybody will be read where a reading is kept; null where none is.</param>
    public void Expect(VerificationScope scope, bool checks, bool isKept, bool isChanged, RefreshOutlook? refresh)
    {
        // Okta is asked for the app once for the run, once for the prerequisites and once for the switch; a change is written and read back.
        _facts = ForecastFacts.Of(org.Client, team.Client) with
        {
            Scope = scope,
            Refresh = refresh,
            OktaBeside = (checks ? 1 : 0) + (isKept ? 0 : isChanged ? 3 : 1),
            DropboxBeside = checks ? ReadinessReader.FewestRequests : 0,
        };
        Forecast = Engine.Workflow.Forecast.Calculate(_facts);
    }

    /// <summary>Notes that everybody has been read.</summary>
    public void NoteRead() => _read = org.Time.GetUtcNow();

    /// <summary>Adds the notices, now that it is known whom they are for.</summary>
    public void Expect(IReadOnlyList<PlannedNotice> plan, NoticeOptions options)
    {
        if (_facts is null || Forecast is null) return;
        var sending = Engine.Workflow.Forecast.Calculate(_facts.With(plan, options, org.Time.GetUtcNow()));
        Forecast = Forecast with { Notices = sending.Notices, Sending = sending.Sending, Basis = [.. Forecast.Basis, sending.Basis[^1]] };
    }

    /// <summary>What it took.</summary>
    /// <param name="notices">How many notices left.</param>
    public ProvisioningEffort Actual(int notices)
    {
        var now = org.Time.GetUtcNow();
        return new ProvisioningEffort
        {
            OktaRequests = org.RequestCount - _before.Okta,
            DropboxRequests = team.RequestCount - _before.Dropbox,
            Reading = (_read ?? now) - _began,
            Notices = notices,
            Sending = _read is { } read ? now - read : null,
        };
    }
}
