namespace DropboxOktaProvisioning.Sandbox.State;

/// <summary>What can stand in Okta's System Log.</summary>
internal enum SystemEvent : byte
{
    UserCreated, AppAssigned, GroupAssignedApp, Pushed, PushFailed, SignedOn, AppChanged,
    AppUnassigned, UserSuspended, UserUnsuspended, UserLocked, UserUnlocked, UserDeactivated, UserActivated, ProfileChanged, JoinedGroup,
}

/// <summary>One entry. Times are seconds from the world's start; the subject is a person, or a group, or nothing (-1).</summary>
internal readonly record struct SystemEntry(int Time, SystemEvent Kind, int Subject) : ILogged;

/// <summary>Okta's System Log: what led to the world's start, drawn when first wanted, and what has happened since, sorted by time.</summary>
/// <remarks>Okta keeps it for 90 days (okta.md §3.11).</remarks>
internal sealed class SystemLog(WorldState world, int peopleAtStart, int membersAtStart) : GrowingLog<SystemEntry>(world)
{
    private const int Oldest = -90 * 86_400;

    /// <summary>The position of the first entry not before a time.</summary>
    public int FirstFrom(DateTimeOffset time)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (World.Time(At(middle).Time) < time) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    protected override SystemEntry[] Draw()
    {
        var entries = new List<SystemEntry>();
        for (var number = 0; number < peopleAtStart; number++)
        {
            ref var person = ref World.PersonAt(number);
            // Whoever was assigned since is noted then.
            if (person.Case is SandboxCase.NotAssigned or SandboxCase.Unmanaged or SandboxCase.Added || person.App == AppStatus.None || person.Assigned > 0) continue;
            entries.Add(new(person.Assigned, SystemEvent.AppAssigned, number));
            if (person.Case == SandboxCase.PushFailed) entries.Add(new(person.StatusChanged, SystemEvent.PushFailed, number));
            else if (person.Case != SandboxCase.PushQueued) entries.Add(new(Math.Min(person.StatusChanged, 0), SystemEvent.Pushed, number));
            if (SignOnAttempts.Failed(World, number) is { } tried) entries.Add(new(tried, SystemEvent.SignedOn, number));
            if (person.Member is >= 0 and var member && member < membersAtStart && World.MemberAt(member) is { Status: MemberStatus.Active, Joined: < 0 and var joined })
                entries.Add(new(joined, SystemEvent.SignedOn, number));
        }

        entries.RemoveAll(entry => entry.Time < Oldest);
        entries.Sort((one, other) => (one.Time, one.Subject, one.Kind).CompareTo((other.Time, other.Subject, other.Kind)));
        return [.. entries];
    }
}
