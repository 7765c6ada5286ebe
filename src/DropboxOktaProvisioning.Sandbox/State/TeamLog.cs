namespace DropboxOktaProvisioning.Sandbox.State;

/// <summary>What can stand in the team's log.</summary>
internal enum LogKind : byte
{
    DomainAdded, SsoOptional, SsoRequired, CaptureAvailable, CapturePolicy, CaptureMailing,
    Invited, Joined, JoinedWithLinks, SignedOn, Suspended, Removed,
    SharedWith, AskedToJoin, CaptureMigrated, CaptureRelinquished,
    SsoOff, CertificateAdded, CertificateEnds, DomainRemoved, CaptureInvited, CaptureOff, PasswordLogIn, LogInFailed,
    Unsuspended, Recovered, EmailChanged,
}

/// <summary>One entry of the log. Times are seconds from the world's start; person -1 is the team itself.</summary>
internal readonly record struct LogEntry(int Time, LogKind Kind, int Person) : ILogged;

/// <summary>
/// The team's log: the history that led to the world's start, drawn when first wanted, and what has happened since. It is
/// not quite sorted by time, as the service's own is not (dropbox.md §3.2).
/// </summary>
internal sealed class TeamLog(WorldState world, int peopleAtStart, int membersAtStart) : GrowingLog<LogEntry>(world)
{
    private const int Day = 86_400;

    protected override LogEntry[] Draw()
    {
        var entries = new List<LogEntry>
        {
            new(-150 * Day, LogKind.DomainAdded, -1),
            new(-149 * Day, LogKind.CaptureAvailable, -1),
            new(-140 * Day, LogKind.SsoOptional, -1),
            new(-138 * Day, LogKind.CertificateAdded, -1),
            new(-130 * Day, LogKind.SsoRequired, -1),
            new(-125 * Day, LogKind.CapturePolicy, -1),
            new(-60 * Day, LogKind.CaptureMailing, -1),
        };
        for (var person = 0; person < peopleAtStart; person++)
        {
            AddMember(entries, person);
            AddPersonal(entries, person);
        }

        entries.Sort((one, other) => (one.Time, one.Person, one.Kind).CompareTo((other.Time, other.Person, other.Kind)));
        for (var i = 0; i + 1 < entries.Count; i += 2)
            if (World.Hash.Chance(0.3, i, 75)) (entries[i], entries[i + 1]) = (entries[i + 1], entries[i]);
        return [.. entries];
    }

    private void AddMember(List<LogEntry> entries, int person)
    {
        var number = World.PersonAt(person).Member;
        if (number < 0 || number >= membersAtStart) return; // pushed since the start, and noted then
        ref var member = ref World.MemberAt(number);
        entries.Add(new(member.Invited, LogKind.Invited, person));
        if (SignOnAttempts.Failed(World, person) is { } tried) entries.Add(new(tried + 4, LogKind.LogInFailed, person));
        if (member.Status == MemberStatus.Invited || member.Joined >= 0) return;
        var migrated = PersonalAccounts.JoinedWithOne(World, person);
        if (migrated) entries.Add(new(member.Joined, LogKind.CaptureMigrated, person));
        entries.Add(new(member.Joined, migrated ? LogKind.JoinedWithLinks : LogKind.Joined, person));
        entries.Add(new(member.Joined, LogKind.SignedOn, person));
        if (member.Status == MemberStatus.Suspended) entries.Add(new(member.Ended, LogKind.Suspended, person));
        if (member.Status == MemberStatus.Removed) entries.Add(new(member.Ended, LogKind.Removed, person));
    }

    private void AddPersonal(List<LogEntry> entries, int person)
    {
        if (!PersonalAccounts.HadApart(World, person)) return;
        var seen = -(Day + World.Hash.Below(80 * Day, person, 73));
        var trace = PersonalAccounts.TraceOf(World, person);
        if (trace == PersonalTrace.Shared) entries.Add(new(seen, LogKind.SharedWith, person));
        if (trace == PersonalTrace.AskedToJoin) entries.Add(new(seen, LogKind.AskedToJoin, person));
        if (PersonalAccounts.MovedAway(World, person)) entries.Add(new(seen / 2, LogKind.CaptureRelinquished, person));
    }
}
