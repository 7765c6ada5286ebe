namespace DropboxOktaProvisioning.Sandbox.State;

/// <content>What admins do to one person, on either side; each is noted in the log of that side.</content>
internal sealed partial class WorldState
{
    /// <summary>Does it, where it can be done to this person now.</summary>
    /// <returns>Whether it was done.</returns>
    public bool Change(int number, PersonChange change, DateTimeOffset now)
    {
        // The history is drawn from how things began, so it is drawn before anything changes.
        _ = (Log.Count, SystemLog.Count);
        return change switch
        {
            PersonChange.Unassigned => Unassign(number, now),
            PersonChange.UserSuspended => SetUser(number, OktaStatus.Active, OktaStatus.Suspended, SystemEvent.UserSuspended, now),
            PersonChange.UserUnsuspended => SetUser(number, OktaStatus.Suspended, OktaStatus.Active, SystemEvent.UserUnsuspended, now),
            PersonChange.UserLocked => SetUser(number, OktaStatus.Active, OktaStatus.LockedOut, SystemEvent.UserLocked, now),
            PersonChange.UserUnlocked => SetUser(number, OktaStatus.LockedOut, OktaStatus.Active, SystemEvent.UserUnlocked, now),
            PersonChange.UserDeactivated => SetUser(number, OktaStatus.Active, OktaStatus.Deprovisioned, SystemEvent.UserDeactivated, now),
            PersonChange.UserActivated => SetUser(number, OktaStatus.Staged, OktaStatus.Active, SystemEvent.UserActivated, now)
                || SetUser(number, OktaStatus.Deprovisioned, OktaStatus.Active, SystemEvent.UserActivated, now),
            PersonChange.AddressRespelled => Respell(number, now),
            PersonChange.JoinedPilotGroup => JoinPilotGroup(number, now),
            _ => ChangeMember(number, change, now),
        };
    }

    private bool Unassign(int number, DateTimeOffset now)
    {
        ref var person = ref PersonAt(number);
        if (person.App == AppStatus.None) return false;
        (person.App, person.Sync, person.LinkedMember) = (AppStatus.None, SyncState.Disabled, -1);
        person.Marks &= ~(PersonMarks.ThroughGroup | PersonMarks.NoExternalId);
        AppUsers[AppUsers.IndexOf(number)] = -1;
        Note(SystemEvent.AppUnassigned, number, now);
        return true;
    }

    private bool SetUser(int number, OktaStatus from, OktaStatus to, SystemEvent kind, DateTimeOffset now)
    {
        if (PersonAt(number).Okta != from) return false;
        PersonAt(number).Okta = to;
        Note(kind, number, now);
        return true;
    }

    private bool Respell(int number, DateTimeOffset now)
    {
        if (PersonAt(number).Okta == OktaStatus.None) return false;
        PersonAt(number).Marks ^= PersonMarks.CapitalsInOkta;
        Note(SystemEvent.ProfileChanged, number, now);
        return true;
    }

    private bool JoinPilotGroup(int number, DateTimeOffset now)
    {
        if (PersonAt(number).Okta != OktaStatus.Active || Groups[PilotGroup].People.Contains(number)) return false;
        Groups[PilotGroup].People.Add(number);
        Note(SystemEvent.JoinedGroup, number, now);
        if (AppGroups.Contains(PilotGroup)) Assign(number, now, PilotGroup);
        return true;
    }

    private bool ChangeMember(int number, PersonChange change, DateTimeOffset now)
    {
        var place = PersonAt(number).Member;
        if (place < 0 || number == Okta.OktaPeople.Admin) return false;
        ref var member = ref MemberAt(place);
        var before = member.Status;
        LogKind? kind = (change, before) switch
        {
            // Who was only invited cannot be suspended (dropbox.md §1.3).
            (PersonChange.MemberSuspended, MemberStatus.Active) => LogKind.Suspended,
            (PersonChange.MemberUnsuspended, MemberStatus.Suspended) => LogKind.Unsuspended,
            (PersonChange.MemberRemoved, not MemberStatus.Removed) => LogKind.Removed,
            (PersonChange.MemberDetached, MemberStatus.Active) => LogKind.Removed,
            (PersonChange.MemberRecovered, MemberStatus.Removed) when IsRecoverable(member) => LogKind.Recovered,
            (PersonChange.MemberAddressChanged, not MemberStatus.Removed) => LogKind.EmailChanged,
            _ => null,
        };
        if (kind is null) return false;
        if (kind == LogKind.EmailChanged) member.Marks ^= MemberMarks.OtherPrimary;
        else
        {
            member.Status = kind switch
            {
                LogKind.Suspended => MemberStatus.Suspended,
                LogKind.Removed => MemberStatus.Removed,
                _ when member.Joined == int.MinValue => MemberStatus.Invited,
                _ => MemberStatus.Active,
            };
            member.Ended = Seconds(now);
            member.Marks &= ~(MemberMarks.Recoverable | MemberMarks.Disconnected);
            if (kind == LogKind.Removed) member.Marks |= change == PersonChange.MemberDetached ? MemberMarks.Disconnected : MemberMarks.Recoverable;
            ProvisionedMembers += Counts(member.Status) - Counts(before);
        }

        Log.Add(new(Seconds(now), kind.Value, number));
        return true;

        static int Counts(MemberStatus status) => status is MemberStatus.Active or MemberStatus.Invited ? 1 : 0;
    }
}
