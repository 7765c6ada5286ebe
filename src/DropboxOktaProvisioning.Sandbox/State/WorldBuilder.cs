namespace DropboxOktaProvisioning.Sandbox.State;

/// <summary>Draws the people of a new world.</summary>
internal static class WorldBuilder
{
    private const int Day = 86_400;

    /// <summary>From here on every case has at least one person.</summary>
    private const int SmallestFullWorld = 50;

    private static readonly (SandboxCase Case, double Share)[] Shares =
    [
        (SandboxCase.Awaiting, 0.26),
        (SandboxCase.PushQueued, 0.03),
        (SandboxCase.PushFailed, 0.02),
        (SandboxCase.NotAssigned, 0.05),
        (SandboxCase.OktaSuspended, 0.01),
        (SandboxCase.OktaLockedOut, 0.01),
        (SandboxCase.OktaDeprovisioned, 0.01),
        (SandboxCase.OktaStaged, 0.01),
        (SandboxCase.Suspended, 0.02),
        (SandboxCase.RemovedRecoverable, 0.015),
        (SandboxCase.RemovedGone, 0.015),
        (SandboxCase.RemovedDisconnected, 0.02),
        (SandboxCase.Unmanaged, 0.03),
        (SandboxCase.Conflict, 0.01),
    ];

    /// <summary>Fills an empty world.</summary>
    public static void Fill(WorldState world, SandboxOptions options)
    {
        var cases = DrawCases(options.UserCount, world.Hash);
        if (options.WithoutApp)
        {
            Array.Fill(cases, SandboxCase.NotAssigned);
            cases[0] = SandboxCase.Unmanaged;
            world.AppGroups.Clear();
        }

        for (var person = 0; person < cases.Length; person++) world.Place(Draw(world, person, cases[person], options.PushDelay));
        SwapExternalIds(world);
    }

    private static SandboxCase[] DrawCases(int count, Hash hash)
    {
        var cases = new SandboxCase[count];
        var next = 0;
        foreach (var (@case, share) in Shares)
        {
            var size = (int)Math.Round(share * count);
            if (count >= SmallestFullWorld) size = Math.Max(1, size);
            if (@case == SandboxCase.Conflict) size = (size + 1) / 2 * 2;
            for (; size > 0 && next < count - 1; size--) cases[next++] = @case;
        }

        for (var i = count - 1; i > 0; i--)
        {
            var j = hash.Below(i + 1, i, 10);
            (cases[i], cases[j]) = (cases[j], cases[i]);
        }

        // The first person is the admin whom both services' sign-ins belong to.
        var admin = Array.IndexOf(cases, SandboxCase.Active);
        (cases[0], cases[admin]) = (cases[admin], cases[0]);
        return cases;
    }

    private static (Person Person, Member? Member, int Groups, int DueSeconds) Draw(
        WorldState world, int number, SandboxCase @case, TimeSpan pushDelay)
    {
        var hash = world.Hash;
        var assigned = -(Day + hash.Below(120 * Day, number, 20));
        var pushed = assigned + (int)pushDelay.TotalSeconds;
        var joined = pushed + (int)(-(long)pushed * (10 + hash.Below(80, number, 21)) / 100);
        var person = new Person
        {
            Case = @case,
            Okta = OktaStatusOf(@case, number, hash),
            App = AppStatus.Provisioned,
            Sync = hash.Chance(0.2, number, 22) ? SyncState.Synchronized : SyncState.Disabled,
            Marks = hash.Chance(0.05, number, 23) ? PersonMarks.CapitalsInOkta : PersonMarks.None,
            LinkedMember = -1,
            Member = -1,
            Assigned = assigned,
            StatusChanged = pushed,
        };
        var member = new Member
        {
            Person = number,
            Status = MemberStatus.Active,
            Marks = DrawMemberMarks(@case, number, hash),
            Invited = pushed,
            Joined = joined,
            Ended = joined / 2,
        };
        Member? placed = null;
        var due = -1;
        switch (@case)
        {
            case SandboxCase.PushQueued:
                // Spread over the delay, so that they do not all fall due at once.
                (person.App, person.Sync) = (AppStatus.Staged, SyncState.Disabled);
                due = hash.Below(Math.Max(1, (int)pushDelay.TotalSeconds), number, 24) + 1;
                person.Assigned = person.StatusChanged = due - (int)pushDelay.TotalSeconds;
                break;
            case SandboxCase.PushFailed:
                (person.App, person.Sync) = (AppStatus.Staged, SyncState.Error);
                break;
            case SandboxCase.NotAssigned:
                person.App = AppStatus.None;
                break;
            case SandboxCase.Unmanaged:
                person.App = AppStatus.None;
                member.Status = number > 0 && hash.Chance(0.3, number, 25) ? MemberStatus.Invited : MemberStatus.Active;
                placed = member;
                break;
            case SandboxCase.Awaiting or SandboxCase.OktaSuspended or SandboxCase.OktaLockedOut:
            case SandboxCase.OktaDeprovisioned or SandboxCase.OktaStaged:
                member.Status = MemberStatus.Invited;
                placed = member;
                break;
            case SandboxCase.Suspended:
                member.Status = MemberStatus.Suspended;
                placed = member;
                break;
            case SandboxCase.RemovedRecoverable:
                // A removed member can be recovered for 7 days (dropbox.md §2).
                (member.Status, member.Ended) = (MemberStatus.Removed, -hash.Below(6 * Day, number, 26));
                member.Marks |= MemberMarks.Recoverable;
                placed = member;
                break;
            case SandboxCase.RemovedGone:
                member.Status = MemberStatus.Removed;
                placed = member;
                break;
            case SandboxCase.RemovedDisconnected:
                member.Status = MemberStatus.Removed;
                member.Marks |= MemberMarks.Disconnected;
                placed = member;
                break;
            default:
                placed = member;
                break;
        }

        // An assignment that only signs people on carries no external id (okta.md §3.10): the address alone must lead to the member.
        var matchedByAddress = @case is SandboxCase.Active or SandboxCase.Awaiting && number > 0
            && (member.Marks & MemberMarks.OtherPrimary) == 0 && hash.Chance(0.05, number, 27);
        if (matchedByAddress)
        {
            person.App = AppStatus.Active;
            person.Marks |= PersonMarks.NoExternalId;
            member.Marks &= ~MemberMarks.HasExternalId;
            placed = member;
        }

        var groups = DrawGroups(person, number, hash);
        if ((groups & (1 << WorldState.PilotGroup)) != 0)
            (person.Marks, person.Group) = (person.Marks | PersonMarks.ThroughGroup, WorldState.PilotGroup);
        return (person, placed, groups, due);
    }

    private static OktaStatus OktaStatusOf(SandboxCase @case, int number, Hash hash) => @case switch
    {
        SandboxCase.OktaSuspended => OktaStatus.Suspended,
        SandboxCase.OktaLockedOut => OktaStatus.LockedOut,
        SandboxCase.OktaDeprovisioned => OktaStatus.Deprovisioned,
        SandboxCase.OktaStaged => OktaStatus.Staged,
        SandboxCase.Unmanaged when number > 0 && hash.Chance(0.5, number, 28) => OktaStatus.None,
        _ => OktaStatus.Active,
    };

    private static MemberMarks DrawMemberMarks(SandboxCase @case, int number, Hash hash)
    {
        var marks = @case is SandboxCase.Unmanaged or SandboxCase.Conflict ? MemberMarks.None : MemberMarks.HasExternalId;
        if (hash.Chance(0.05, number, 29)) marks |= MemberMarks.Capitals;
        if (@case is SandboxCase.Active or SandboxCase.Awaiting && number > 0 && hash.Chance(0.03, number, 30)) marks |= MemberMarks.OtherPrimary;
        return marks;
    }

    private static int DrawGroups(in Person person, int number, Hash hash)
    {
        if (person.Okta == OktaStatus.None) return 0;
        var groups = 1 << WorldState.EveryoneGroup;
        if (hash.Chance(0.3, number, 31)) groups |= 1 << WorldState.EngineeringGroup;
        else if (hash.Chance(0.3, number, 32)) groups |= 1 << WorldState.SalesGroup;
        if (hash.Chance(0.03, number, 33)) groups |= 1 << WorldState.LeadsGroup;
        if (hash.Chance(0.1, number, 34)) groups |= 1 << WorldState.MarketingGroup;
        if (hash.Chance(0.05, number, 35)) groups |= 1 << WorldState.MarketingFromAdGroup;
        if (person.Case != SandboxCase.Unmanaged) groups |= 1 << WorldState.ScopeGroup;
        if (person.App != AppStatus.None && hash.Chance(0.2, number, 36)) groups |= 1 << WorldState.PilotGroup;
        return groups;
    }

    // Two people, each with the other's external id: both ids contradict both addresses.
    private static void SwapExternalIds(WorldState world)
    {
        var first = -1;
        for (var number = 0; number < world.PersonCount; number++)
        {
            if (world.PersonAt(number).Case != SandboxCase.Conflict) continue;
            if (first < 0)
            {
                first = number;
                continue;
            }

            (world.PersonAt(first).LinkedMember, world.PersonAt(number).LinkedMember) =
                (world.PersonAt(number).LinkedMember, world.PersonAt(first).LinkedMember);
            first = -1;
        }
    }
}
