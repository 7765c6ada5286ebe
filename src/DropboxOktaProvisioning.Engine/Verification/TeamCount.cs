using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Packing;

namespace DropboxOktaProvisioning.Engine.Verification;

/// <summary>How many of a list of members are on the team, in both of the ways in which the team's own count may be meant.</summary>
/// <param name="JoinedOrInvited">Active or invited; the spec counts so.</param>
/// <param name="OnTeam">Those and the suspended; a guide counts so.</param>
internal readonly record struct TeamCount(int JoinedOrInvited, int OnTeam)
{
    /// <summary>Counts a list.</summary>
    public static TeamCount Of(PackedStore members)
    {
        var count = default(TeamCount);
        for (var member = 0; member < members.Count; member++) count = count.With(MemberFields.Of(members[member]));
        return count;
    }

    /// <summary>One member more; one who was removed does not count.</summary>
    public TeamCount With(MemberFields member) =>
        member.IsRemoved ? this : new(JoinedOrInvited + (member.IsJoinedOrInvited ? 1 : 0), OnTeam + 1);
}
