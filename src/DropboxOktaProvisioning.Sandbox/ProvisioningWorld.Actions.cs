using DropboxOktaProvisioning.Sandbox.State;

namespace DropboxOktaProvisioning.Sandbox;

/// <content>What admins and people do, beside what comes over HTTP.</content>
public sealed partial class ProvisioningWorld
{
    /// <summary>Whether the org's catalog lets the API add the Dropbox app.</summary>
    public bool CatalogHasDropbox
    {
        get => Locked(_ => _catalog.HasDropbox);
        set => Locked(_ => _catalog.HasDropbox = value);
    }

    /// <summary>How many licences the team has; null for enough.</summary>
    public int? DropboxLicences
    {
        get => Locked(_ => _dropbox.Licences);
        set => Locked(_ => _dropbox.Licences = value);
    }

    /// <summary>Changes the team as an admin would in Dropbox's console; the team's log tells of it.</summary>
    public void Change(TeamChange change) => Locked(now =>
    {
        _state.Change(change, now);
        return true;
    });

    /// <summary>Changes the Dropbox app as an admin would in Okta's console.</summary>
    public void Change(AppChange change) => Locked(now =>
    {
        App.Change(change);
        _state.Note(SystemEvent.AppChanged, -1, now);
        return true;
    });

    /// <summary>Changes one person as an admin would; the log of that service tells of it.</summary>
    /// <param name="email">The person's address.</param>
    /// <param name="change">What is done.</param>
    /// <returns>Whether it could be done: a member who is not suspended cannot be unsuspended.</returns>
    public bool Change(string email, PersonChange change) => Locked(now => _state.Change(FindPerson(email), change, now));

    /// <summary>A person signs on through single sign-on: who is invited joins the team; for who has joined nothing changes.</summary>
    /// <param name="email">The person's address.</param>
    /// <exception cref="ArgumentException">The person cannot sign on; the message says why and what would help.</exception>
    public void SignOn(string email)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(email);
        Locked(now => SignOn(email, now));
    }

    /// <summary>A person will sign on once so much time has passed; who cannot then has tried in vain.</summary>
    /// <param name="email">The person's address.</param>
    /// <param name="after">When, from now.</param>
    public void SignOn(string email, TimeSpan after)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(email);
        ArgumentOutOfRangeException.ThrowIfLessThan(after, TimeSpan.Zero);
        Locked(now =>
        {
            FindPerson(email);
            _signOns.Enqueue(email, now.UtcTicks + after.Ticks);
            return true;
        });
    }

    private bool SignOn(string email, DateTimeOffset now)
    {
        var number = FindPerson(email);
        ref var person = ref _state.PersonAt(number);
        if (person.Okta == OktaStatus.None) throw CannotSignOn(email, "has no Okta user", "only people with an Okta user sign on through Okta");
        if (person.Okta != OktaStatus.Active) throw CannotSignOn(email, $"is {Wire.Text(person.Okta)} in Okta", "the user must be ACTIVE");
        if (person.App == AppStatus.None) throw CannotSignOn(email, "is not assigned the app", "assign it first");
        if (!App.IsActive) throw CannotSignOn(email, "cannot use the app", "the app is INACTIVE in Okta");
        if (person.Member < 0)
        {
            var remedy = person.Sync == SyncState.Error ? "the push failed" : "the push is still queued: advance the clock";
            throw CannotSignOn(email, "is not on the team yet", remedy);
        }

        var status = _state.MemberAt(person.Member).Status;
        if (status is MemberStatus.Suspended or MemberStatus.Removed)
            throw CannotSignOn(email, $"is {Wire.Text(status)} on the team", "an admin has to restore the member");
        if (status == MemberStatus.Invited) _state.Join(person.Member, now);
        return true;
    }

    /// <summary>
    /// Assigns the app to somebody who has an Okta user; after <see cref="SandboxOptions.PushDelay"/> the person is pushed to the team.
    /// </summary>
    /// <param name="email">The person's address.</param>
    /// <exception cref="ArgumentException">There is no such Okta user.</exception>
    public void Assign(string email)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(email);
        Locked(now =>
        {
            var number = FindPerson(email);
            if (_state.PersonAt(number).Okta == OktaStatus.None)
                throw new ArgumentException($"'{email}' has no Okta user and cannot be assigned the app.", nameof(email));
            _state.Assign(number, now);
            return true;
        });
    }

    /// <summary>Adds an active Okta user, not assigned the app.</summary>
    /// <param name="email">The address, which must be new.</param>
    /// <param name="givenName">The given name.</param>
    /// <param name="surname">The family name.</param>
    /// <exception cref="ArgumentException">It is no address, or somebody has it.</exception>
    public void AddPerson(string email, string givenName, string surname)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(email);
        ArgumentNullException.ThrowIfNull(givenName);
        ArgumentNullException.ThrowIfNull(surname);
        if (email.IndexOf('@', StringComparison.Ordinal) is <= 0) throw new ArgumentException($"'{email}' is not a mail address.", nameof(email));
        Locked(now => _state.Addresses.Find(email, out _) < 0
            ? _state.Add(email, givenName, surname, now)
            : throw new ArgumentException($"Somebody has the address '{email}' already.", nameof(email)));
    }

    /// <summary>Adds a second Dropbox Business app to the Okta org, with a switch of its own and nobody assigned.</summary>
    public DropboxApp AddSecondApp() => Locked(_ =>
    {
        if (_apps.Count == 1) _apps.Add(new DropboxApp(_options, _gate, 1));
        return _apps[1];
    });
}
