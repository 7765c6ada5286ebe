using DropboxOktaProvisioning.Connections;
using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Sandbox;

namespace DropboxOktaProvisioning;

/// <summary>An Okta org, a Dropbox team and an outbox in memory, to rehearse in: nothing leaves this process.</summary>
public sealed class ProvisioningSandbox : IAsyncDisposable
{
    private readonly ProvisioningWorld _world;
    private readonly NoticeJournal _journal; // a journal in memory lives while somebody holds it
    private readonly OktaOrg? _orgBefore;
    private readonly DropboxTeam? _teamBefore;

    internal ProvisioningSandbox(ProvisioningWorld world, OktaOrg org, DropboxTeam team, NoticeJournal journal, string journalName, Session session)
    {
        _world = world;
        Transport = new OutboxTransport(world.Clock);
        _journal = journal;
        JournalName = journalName;
        OktaOrg = org;
        DropboxTeam = team;
        team.Sandbox = this;
        (_orgBefore, _teamBefore) = (session.OktaOrg, session.DropboxTeam);
        (session.OktaOrg, session.DropboxTeam, session.Sandbox) = (org, team, this);
    }

    /// <summary>The connection to the simulated org.</summary>
    public OktaOrg OktaOrg { get; }

    /// <summary>The connection to the simulated team.</summary>
    public DropboxTeam DropboxTeam { get; }

    /// <summary>How many people there are in all.</summary>
    public int People => _world.People.Count;

    /// <summary>The sandbox's own time, UTC.</summary>
    public DateTimeOffset Now => _world.Clock.GetUtcNow();

    /// <summary>The mails that the commands sent, oldest first.</summary>
    public IReadOnlyList<OutboxMessage> Outbox => Transport.Messages;

    /// <summary>Whom Dropbox itself mailed, because the app was not silent when they were pushed.</summary>
    public IReadOnlyList<string> WelcomeMails => _world.WelcomeMails.Select(mail => mail.Email).ToArray();

    /// <summary>How many requests the two services answered.</summary>
    public long RequestCount => _world.RequestCount(SandboxService.Okta) + _world.RequestCount(SandboxService.Dropbox);

    internal OutboxTransport Transport { get; }

    /// <summary>The name of the journal that lives as long as the sandbox.</summary>
    internal string JournalName { get; }

    internal TimeProvider Clock => _world.Clock;

    /// <summary>Lets a person sign on through SSO.</summary>
    /// <param name="email">The person's address.</param>
    public void SignOn(string email) => _world.SignOn(email);

    /// <summary>Lets a person sign on through SSO once so much time has passed.</summary>
    /// <param name="email">The person's address.</param>
    /// <param name="after">When, from now, such as 0:20 for twenty minutes.</param>
    public void SignOn(string email, TimeSpan after) => _world.SignOn(email, after);

    /// <summary>Changes one person as an admin would in one of the two consoles; that service's log tells of it.</summary>
    /// <param name="email">The person's address.</param>
    /// <param name="change">Unassigned, UserSuspended, UserUnsuspended, UserLocked, UserUnlocked, UserDeactivated, UserActivated, AddressRespelled, JoinedPilotGroup, MemberSuspended, MemberUnsuspended, MemberRemoved, MemberDetached, MemberRecovered or MemberAddressChanged.</param>
    /// <returns>Whether it could be done.</returns>
    public bool ChangePerson(string email, string change) => _world.Change(email, Enum.Parse<PersonChange>(change, ignoreCase: true));

    /// <summary>Assigns the Dropbox app to a person, who is pushed to the team a little later.</summary>
    /// <param name="email">The person's address.</param>
    public void Assign(string email) => _world.Assign(email);

    /// <summary>Changes the Dropbox team as an admin would in its console; the team's log tells of it.</summary>
    /// <param name="change">SsoOff, SsoOptional, SsoRequired, CertificateEnds, DomainVerified, DomainRemoved, CaptureOff, CaptureInvitedUsers, CaptureAllUsers or PasswordLogIn.</param>
    public void ChangeTeam(string change) => _world.Change(Enum.Parse<TeamChange>(change, ignoreCase: true));

    /// <summary>Changes the Dropbox app as an admin would in Okta's console.</summary>
    /// <param name="change">Deactivated, Activated, TileHidden, ProvisioningOff, PasswordSignOn or UserNameIsLogin.</param>
    public void ChangeApp(string change) => _world.Change(Enum.Parse<AppChange>(change, ignoreCase: true));

    /// <summary>Whether the org's catalog lets the API add the Dropbox app.</summary>
    public bool CatalogHasDropbox
    {
        get => _world.CatalogHasDropbox;
        set => _world.CatalogHasDropbox = value;
    }

    /// <summary>How many licences the team has; null for enough.</summary>
    public int? Licences
    {
        get => _world.DropboxLicences;
        set => _world.DropboxLicences = value;
    }

    /// <summary>Moves the clock; what falls due meanwhile happens.</summary>
    /// <param name="time">By how much, such as 3.00:00 for three days.</param>
    public void Advance(TimeSpan time) => _world.Advance(time);

    /// <summary>Lets things go wrong by chance, such as <c>429:0.1,500:0.05,reset:0.02,truncate:0.01,seed:7</c>.</summary>
    /// <param name="spec">Names with rates out of 429, concurrency, 500, reset, lost, truncate, cut, empty, slow, cursor, hang and html; seed:N; and wait:N.</param>
    public void AddFault(string spec) => _world.Faults.Apply(spec);

    /// <summary>Lets one thing go wrong at certain requests.</summary>
    /// <param name="fault">RateLimited, ServerError, Reset, Truncated, …</param>
    /// <param name="path">A part of the request's path; empty for all.</param>
    /// <param name="nth">The first request that it hits, from 1.</param>
    /// <param name="times">How many in a row.</param>
    public void AddFault(string fault, string path, int nth, int times) => _world.Faults.Script(Enum.Parse<SandboxFault>(fault, ignoreCase: true), path, nth, times);

    /// <summary>How long every answer takes, on the sandbox's own clock.</summary>
    public TimeSpan Latency
    {
        get => _world.Faults.Latency;
        set => _world.Faults.Latency = value;
    }

    /// <summary>Makes a service's rate bucket small.</summary>
    /// <param name="service">Okta or Dropbox.</param>
    /// <param name="perMinute">Requests a minute.</param>
    public void LimitRequests(string service, int perMinute) => _world.Faults.LimitRequests(Enum.Parse<SandboxService>(service, ignoreCase: true), perMinute);

    /// <summary>Ends all faults and limits.</summary>
    public void ClearFaults() => _world.Faults.Clear();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        OktaOrg.Close();
        DropboxTeam.Close();
        await Transport.DisposeAsync();
        await _journal.DisposeAsync();
        _world.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => $"Sandbox of {People} people";

    internal void Leave(Session session)
    {
        if (ReferenceEquals(session.OktaOrg, OktaOrg)) session.OktaOrg = _orgBefore;
        if (ReferenceEquals(session.DropboxTeam, DropboxTeam)) session.DropboxTeam = _teamBefore;
        if (ReferenceEquals(session.Sandbox, this)) session.Sandbox = null;
    }
}
