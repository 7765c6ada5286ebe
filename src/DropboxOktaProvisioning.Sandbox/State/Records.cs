namespace DropboxOktaProvisioning.Sandbox.State;

/// <summary>An Okta user's status; the wire spelling is in <see cref="Wire"/>.</summary>
internal enum OktaStatus : byte { None, Active, Staged, Suspended, LockedOut, Deprovisioned }

/// <summary>An app user's status.</summary>
internal enum AppStatus : byte { None, Staged, Provisioned, Active }

/// <summary>An app user's sync state. <c>DISABLED</c> is normal for an app that does not master profiles.</summary>
internal enum SyncState : byte { Disabled, Synchronized, Error }

/// <summary>A member's status on the team.</summary>
internal enum MemberStatus : byte { Invited, Active, Suspended, Removed }

/// <summary>Marks of a person.</summary>
[Flags]
internal enum PersonMarks : byte { None = 0, ThroughGroup = 1, CapitalsInOkta = 2, NoExternalId = 4 }

/// <summary>Marks of a member.</summary>
[Flags]
internal enum MemberMarks : byte { None = 0, Capitals = 1, OtherPrimary = 2, HasExternalId = 4, Recoverable = 8, Disconnected = 16 }

/// <summary>All that is kept of a person. Times are seconds from the world's start.</summary>
internal struct Person
{
    /// <summary>How the person began.</summary>
    public SandboxCase Case;

    /// <summary>The Okta user's status; <see cref="OktaStatus.None"/> is no Okta user.</summary>
    public OktaStatus Okta;

    /// <summary>The app user's status; <see cref="AppStatus.None"/> is not assigned.</summary>
    public AppStatus App;

    /// <summary>The app user's sync state.</summary>
    public SyncState Sync;

    /// <summary>Marks.</summary>
    public PersonMarks Marks;

    /// <summary>The group that the assignment came through, where <see cref="PersonMarks.ThroughGroup"/> says that it did.</summary>
    public byte Group;

    /// <summary>The member whom the app user's external id names, or -1.</summary>
    public int LinkedMember;

    /// <summary>The member who has this person's address, or -1.</summary>
    public int Member;

    /// <summary>When the app was assigned.</summary>
    public int Assigned;

    /// <summary>When the app user's status last changed.</summary>
    public int StatusChanged;
}

/// <summary>All that is kept of a member of the team. Times are seconds from the world's start.</summary>
internal struct Member
{
    /// <summary>Whose address it has.</summary>
    public int Person;

    /// <summary>The status.</summary>
    public MemberStatus Status;

    /// <summary>Marks.</summary>
    public MemberMarks Marks;

    /// <summary>When invited.</summary>
    public int Invited;

    /// <summary>When joined; <see cref="int.MinValue"/> is never.</summary>
    public int Joined;

    /// <summary>When suspended or removed.</summary>
    public int Ended;
}

/// <summary>How the services spell the states.</summary>
internal static class Wire
{
    public static string Text(OktaStatus status) => status switch
    {
        OktaStatus.Staged => "STAGED",
        OktaStatus.Suspended => "SUSPENDED",
        OktaStatus.LockedOut => "LOCKED_OUT",
        OktaStatus.Deprovisioned => "DEPROVISIONED",
        _ => "ACTIVE",
    };

    public static string Text(AppStatus status) => status switch
    {
        AppStatus.Staged => "STAGED",
        AppStatus.Provisioned => "PROVISIONED",
        _ => "ACTIVE",
    };

    public static string Text(SyncState state) => state switch
    {
        SyncState.Error => "ERROR",
        SyncState.Synchronized => "SYNCHRONIZED",
        _ => "DISABLED",
    };

    public static string Text(MemberStatus status) => status switch
    {
        MemberStatus.Invited => "invited",
        MemberStatus.Active => "active",
        MemberStatus.Suspended => "suspended",
        _ => "removed",
    };
}
