namespace DropboxOktaProvisioning.Sandbox.State;

/// <summary>By what a personal account shows, beside the list of members.</summary>
internal enum PersonalTrace { None, Shared, AskedToJoin }

/// <summary>The truth about personal accounts on the company's domain, drawn from the person's number and what became of the person.</summary>
internal static class PersonalAccounts
{
    /// <summary>Whether the person owns one now: kept after leaving the team, or apart from it and neither moved away nor brought along.</summary>
    public static bool OwnsNow(WorldState world, int person) =>
        world.PersonAt(person).Case == SandboxCase.RemovedDisconnected || (HadApart(world, person) && !MovedAway(world, person) && !HasJoined(world, person));

    /// <summary>Whether the person had one at the world's start without ever having joined the team.</summary>
    public static bool HadApart(WorldState world, int person) =>
        world.PersonAt(person).Case is SandboxCase.Awaiting or SandboxCase.PushQueued or SandboxCase.PushFailed or SandboxCase.NotAssigned
        && world.Hash.Chance(0.15, person, 70);

    /// <summary>Whether the person gave the account another address before the world's start.</summary>
    public static bool MovedAway(WorldState world, int person) => HadApart(world, person) && world.Hash.Chance(0.2, person, 71);

    /// <summary>Whether somebody who had joined at the world's start had brought one along.</summary>
    public static bool JoinedWithOne(WorldState world, int person) =>
        world.PersonAt(person).Case == SandboxCase.Active && world.Hash.Chance(0.05, person, 72);

    /// <summary>How the account shows; a quarter of those apart show in nothing at all.</summary>
    public static PersonalTrace TraceOf(WorldState world, int person) => !HadApart(world, person) ? PersonalTrace.None : world.Hash.Below(4, person, 74) switch
    {
        0 => PersonalTrace.None,
        1 => PersonalTrace.AskedToJoin,
        _ => PersonalTrace.Shared,
    };

    /// <summary>Basic or Pro, which only the person and the admin's own list can tell.</summary>
    public static bool IsPro(WorldState world, int person) => world.Hash.Chance(0.25, person, 76);

    private static bool HasJoined(WorldState world, int person) =>
        world.PersonAt(person).Member is >= 0 and var member && world.MemberAt(member).Status == MemberStatus.Active;
}
