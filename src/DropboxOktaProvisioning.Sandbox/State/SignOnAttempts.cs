namespace DropboxOktaProvisioning.Sandbox.State;

/// <summary>Who tried to sign on and failed before the world's start: some of those who wait. Both services' logs tell of it.</summary>
internal static class SignOnAttempts
{
    private const int Day = 86_400;

    /// <summary>When the person tried, seconds from the world's start; null for who never did.</summary>
    public static int? Failed(WorldState world, int person)
    {
        if (world.PersonAt(person).Case != SandboxCase.Awaiting || !world.Hash.Chance(0.15, person, 90)) return null;
        var invited = world.MemberAt(world.PersonAt(person).Member).Invited;
        return Math.Max(invited + 60, -(3600 + world.Hash.Below(12 * Day, person, 91)));
    }
}
