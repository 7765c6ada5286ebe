using System.Runtime.InteropServices;

namespace DropboxOktaProvisioning.Sandbox.State;

/// <summary>A group of the Okta org.</summary>
internal sealed record Group(string Name, string Type, string? Description, List<int> People);

/// <summary>
/// The people, the team and the groups, and what can happen to them. Not thread-safe: the world locks around it.
/// Lists only grow, so that a position in one is a cursor that stays good.
/// </summary>
internal sealed partial class WorldState
{
    public const int EveryoneGroup = 0;
    public const int EngineeringGroup = 1;
    public const int SalesGroup = 2;
    public const int ScopeGroup = 3;
    public const int PilotGroup = 4;
    public const int MarketingGroup = 5;
    public const int MarketingFromAdGroup = 6;
    public const int LeadsGroup = 7;

    private readonly List<Person> _people;
    private readonly List<Member> _members;
    private readonly PriorityQueue<int, (long Time, int Order)> _pushes = new();
    private readonly DropboxApp _app;
    private readonly TimeSpan _pushDelay;
    private readonly Permutation _memberOrder;
    private int _pushOrder;
    private DateTimeOffset _now;

    /// <summary>Creates the world that the options describe.</summary>
    public WorldState(SandboxOptions options, DropboxApp app)
    {
        _app = app;
        _pushDelay = options.PushDelay;
        Start = _now = options.Start.ToUniversalTime();
        Hash = new Hash(options.Seed);
        Addresses = new AddressBook(options.UserCount, options.Domain, Hash);
        UserIds = new IdScheme("00u", 20, Hash);
        GroupIds = new IdScheme("00g", 20, Hash);
        MemberIds = new IdScheme("dbmid:AA", 41, Hash);
        AccountIds = new IdScheme("dbid:AA", 40, Hash);
        _people = new List<Person>(options.UserCount);
        _members = new List<Member>(options.UserCount);
        WorldBuilder.Fill(this, options);
        Log = new TeamLog(this, _people.Count, _members.Count);
        SystemLog = new SystemLog(this, _people.Count, _members.Count);
        _memberOrder = new Permutation(_members.Count, Hash, 12);
        ProvisionedMembers = _members.Count(member => member.Status is MemberStatus.Active or MemberStatus.Invited);
    }

    public DateTimeOffset Start { get; }

    public Hash Hash { get; }

    public AddressBook Addresses { get; }

    public IdScheme UserIds { get; }

    public IdScheme GroupIds { get; }

    public IdScheme MemberIds { get; }

    public IdScheme AccountIds { get; }

    public int PersonCount => _people.Count;

    public int MemberCount => _members.Count;

    /// <summary>Members who are active or invited (dropbox.md §2, <c>num_provisioned_users</c>).</summary>
    public int ProvisionedMembers { get; private set; }

    /// <summary>Who has an Okta user.</summary>
    public List<int> OktaUsers { get; } = [];

    /// <summary>Who is assigned the app; -1 in the place of whose assignment has ended.</summary>
    public List<int> AppUsers { get; } = [];

    /// <summary>The groups that are assigned the app.</summary>
    public List<int> AppGroups { get; } = [PilotGroup];

    /// <summary>The org's groups, by number.</summary>
    public IReadOnlyList<Group> Groups { get; } =
    [
        new("Everyone", "BUILT_IN", "All users in your organization", []),
        new("Engineering", "OKTA_GROUP", null, []),
        new("Sales", "OKTA_GROUP", null, []),
        new("All Dropbox Users", "OKTA_GROUP", "Who should have Dropbox", []),
        new("Dropbox Pilot", "OKTA_GROUP", "Assigned the app", []),
        new("Marketing", "OKTA_GROUP", null, []),
        new("Marketing", "APP_GROUP", "Imported from the directory", []),
        new("Engineering Leads", "OKTA_GROUP", null, []),
        new("Contractors", "OKTA_GROUP", "Nobody yet", []),
    ];

    /// <summary>The team's log.</summary>
    public TeamLog Log { get; }

    /// <summary>Okta's System Log.</summary>
    public SystemLog SystemLog { get; }

    /// <summary>Dropbox's own welcome mails.</summary>
    public List<SandboxWelcomeMail> WelcomeMails { get; } = [];

    public ref Person PersonAt(int number) => ref CollectionsMarshal.AsSpan(_people)[number];

    public ref Member MemberAt(int number) => ref CollectionsMarshal.AsSpan(_members)[number];

    /// <summary>The member at a place of the team's list. It has its own order: no join may lean on Okta's.</summary>
    public int MemberInList(int place) => place < _memberOrder.Count ? _memberOrder.At(place) : place;

    public DateTimeOffset Time(int seconds) => Start.AddSeconds(seconds);

    /// <summary>Puts a person who was drawn into the world.</summary>
    public void Place((Person Person, Member? Member, int Groups, int DueSeconds) drawn)
    {
        var (person, member, groups, due) = drawn;
        var number = _people.Count;
        if (member is { } placed)
        {
            person.Member = _members.Count;
            if (person.App != AppStatus.None && (person.Marks & PersonMarks.NoExternalId) == 0) person.LinkedMember = person.Member;
            _members.Add(placed);
        }

        _people.Add(person);
        if (person.Okta != OktaStatus.None) OktaUsers.Add(number);
        if (person.App != AppStatus.None) AppUsers.Add(number);
        for (var group = 0; groups != 0; group++, groups >>= 1)
            if ((groups & 1) != 0) Groups[group].People.Add(number);
        if (due >= 0) Queue(number, Start.AddSeconds(due));
    }

    /// <summary>Adds an active Okta user who is in no group but Everyone.</summary>
    public int Add(string email, string given, string family, DateTimeOffset now)
    {
        Addresses.Add(email, given, family);
        var person = new Person { Case = SandboxCase.Added, Okta = OktaStatus.Active, LinkedMember = -1, Member = -1, Assigned = Seconds(now) };
        Place((person, null, 1 << EveryoneGroup, -1));
        Note(SystemEvent.UserCreated, _people.Count - 1, now);
        return _people.Count - 1;
    }

    /// <summary>Assigns the app, and queues the push. Nothing happens to whom it is assigned already.</summary>
    public void Assign(int number, DateTimeOffset now, int? throughGroup = null)
    {
        ref var person = ref PersonAt(number);
        if (person.App != AppStatus.None) return;
        person.App = AppStatus.Staged;
        person.Assigned = person.StatusChanged = Seconds(now);
        if (throughGroup is { } group) (person.Marks, person.Group) = (person.Marks | PersonMarks.ThroughGroup, (byte)group);
        AppUsers.Add(number);
        Note(SystemEvent.AppAssigned, number, now);
        Queue(number, now + _pushDelay);
    }

    /// <summary>Whether a removed member can still be recovered: within 7 days (dropbox.md §2).</summary>
    public bool IsRecoverable(in Member member) => (member.Marks & MemberMarks.Recoverable) != 0 && _now < Time(member.Ended).AddDays(7);

    /// <summary>Lets time pass: does the pushes that have fallen due, in order, each at its own time.</summary>
    public void PassTo(DateTimeOffset now)
    {
        _now = now;
        while (_pushes.TryPeek(out _, out var due) && due.Time <= now.UtcTicks)
        {
            var number = _pushes.Dequeue();
            Push(number, new DateTimeOffset(due.Time, TimeSpan.Zero));
        }
    }

    /// <summary>Notes what an admin changed for the whole team, or that somebody who is no admin logged in with a password.</summary>
    public void Change(TeamChange change, DateTimeOffset now)
    {
        var kind = change switch
        {
            TeamChange.SsoOff => LogKind.SsoOff,
            TeamChange.SsoOptional => LogKind.SsoOptional,
            TeamChange.SsoRequired => LogKind.SsoRequired,
            TeamChange.CertificateEnds => LogKind.CertificateEnds,
            TeamChange.DomainVerified => LogKind.DomainAdded,
            TeamChange.DomainRemoved => LogKind.DomainRemoved,
            TeamChange.CaptureOff => LogKind.CaptureOff,
            TeamChange.CaptureInvitedUsers => LogKind.CaptureInvited,
            TeamChange.CaptureAllUsers => LogKind.CapturePolicy,
            TeamChange.PasswordLogIn => LogKind.PasswordLogIn,
            _ => throw new ArgumentOutOfRangeException(nameof(change)),
        };
        var person = -1;
        for (var member = 0; kind == LogKind.PasswordLogIn && person < 0 && member < _members.Count; member++)
            if (MemberAt(member).Status == MemberStatus.Active && MemberAt(member).Person != Okta.OktaPeople.Admin) person = MemberAt(member).Person;
        if (kind == LogKind.PasswordLogIn && person < 0) throw new InvalidOperationException("Nobody but the admin has joined the team yet.");
        Log.Add(new(Seconds(now), kind, person));
    }

    /// <summary>How long what happens takes to stand in the two logs.</summary>
    public Func<TimeSpan> LogDelay { get; init; } = () => TimeSpan.Zero;

    /// <summary>Whether something that happened then does not stand in the logs yet.</summary>
    public bool IsUnseen(int time) => Time(time) > _now - LogDelay();

    /// <summary>Notes in Okta's System Log what happens.</summary>
    public void Note(SystemEvent kind, int subject, DateTimeOffset now) => SystemLog.Add(new(Seconds(now), kind, subject));

    /// <summary>Lets an invited member join.</summary>
    public void Join(int member, DateTimeOffset now)
    {
        var person = MemberAt(member).Person;
        var broughtAlong = PersonalAccounts.OwnsNow(this, person);
        MemberAt(member).Status = MemberStatus.Active;
        MemberAt(member).Joined = Seconds(now);
        Note(SystemEvent.SignedOn, person, now);
        if (broughtAlong) Log.Add(new(Seconds(now), LogKind.CaptureMigrated, person));
        Log.Add(new(Seconds(now), broughtAlong ? LogKind.JoinedWithLinks : LogKind.Joined, person));
        Log.Add(new(Seconds(now), LogKind.SignedOn, person));
    }

    /// <summary>Where a person stands.</summary>
    public SandboxStage StageOf(int number)
    {
        ref var person = ref PersonAt(number);
        if (person.LinkedMember >= 0 && person.Member >= 0 && person.LinkedMember != person.Member) return SandboxStage.Conflict;
        var canSignOn = person.Okta == OktaStatus.Active;
        if (person.Member < 0)
            return person.App == AppStatus.None ? SandboxStage.NotAssigned : canSignOn ? SandboxStage.NotProvisioned : SandboxStage.CannotSignOn;
        return MemberAt(person.Member).Status switch
        {
            MemberStatus.Removed => SandboxStage.Removed,
            _ when person.App == AppStatus.None => SandboxStage.Unmanaged,
            MemberStatus.Suspended => SandboxStage.Suspended,
            MemberStatus.Active => SandboxStage.Active,
            _ => canSignOn ? SandboxStage.AwaitingActivation : SandboxStage.CannotSignOn,
        };
    }

    /// <summary>The address as Okta spells it.</summary>
    public string OktaEmail(int person) =>
        (PersonAt(person).Marks & PersonMarks.CapitalsInOkta) != 0 ? Addresses.EmailWithCapitals(person) : Addresses.Email(person);

    /// <summary>The primary address as Dropbox spells it.</summary>
    public string MemberEmail(in Member member) =>
        (member.Marks & MemberMarks.OtherPrimary) != 0 ? Addresses.OtherEmail(member.Person)
        : (member.Marks & MemberMarks.Capitals) != 0 ? Addresses.EmailWithCapitals(member.Person)
        : Addresses.Email(member.Person);

    /// <summary>The member with this primary address, -1 for none.</summary>
    public int FindMember(string email)
    {
        var number = Addresses.Find(email, out var other);
        if (number < 0) return -1;
        var member = PersonAt(number).Member;
        return member >= 0 && (MemberAt(member).Marks & MemberMarks.OtherPrimary) != 0 == other ? member : -1;
    }

    /// <summary>The Okta user with this login, -1 for none.</summary>
    public int FindOktaUser(string login)
    {
        var number = Addresses.Find(login, out var other);
        return number >= 0 && !other && PersonAt(number).Okta != OktaStatus.None ? number : -1;
    }

    private void Push(int number, DateTimeOffset time)
    {
        ref var person = ref PersonAt(number);
        if (person.App != AppStatus.Staged) return; // unassigned meanwhile
        if (!_app.IsActive)
        {
            person.Sync = SyncState.Error;
            Note(SystemEvent.PushFailed, number, time);
            return;
        }

        person.App = AppStatus.Provisioned;
        person.StatusChanged = Seconds(time);
        Note(SystemEvent.Pushed, number, time);
        if (person.Member < 0)
        {
            person.Member = _members.Count;
            _members.Add(new Member
            {
                Person = number,
                Status = MemberStatus.Invited,
                Marks = MemberMarks.HasExternalId,
                Invited = Seconds(time),
                Joined = int.MinValue,
            });
            ProvisionedMembers++;
            Log.Add(new(Seconds(time), LogKind.Invited, number));
            if (!_app.IsSilent) WelcomeMails.Add(new SandboxWelcomeMail(time, Addresses.Email(number)));
        }

        person.LinkedMember = person.Member;
    }

    private void Queue(int number, DateTimeOffset time) => _pushes.Enqueue(number, (time.UtcTicks, _pushOrder++));

    private int Seconds(DateTimeOffset time) => (int)(time - Start).TotalSeconds;
}
