namespace DropboxOktaProvisioning.Engine.Reports;

/// <summary>How far a person has come; each mark by itself.</summary>
[Flags]
internal enum StandingMarks
{
    None = 0,

    /// <summary>Assigned the app in Okta.</summary>
    Assigned = 1,

    /// <summary>On the team, and assigned.</summary>
    Provisioned = 2,

    /// <summary>On the team, assigned, and a notice surely left.</summary>
    Told = 4,

    /// <summary>Joined, and assigned.</summary>
    Active = 8,

    /// <summary>Assigned, and an admin has to do something.</summary>
    Stuck = 16,
}

/// <summary>Where a person stood when last looked at: as much of it as a later look compares with.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Marks">How far the person had come.</param>
/// <param name="Since">When a look first saw this stage, in seconds of Unix time.</param>
/// <param name="InvitedOn">When the person was invited, in seconds of Unix time; 0 for not known. Dropbox tells it only until the person joins.</param>
internal readonly record struct Standing(ProvisioningStage Stage, StandingMarks Marks, long Since, long InvitedOn)
{
    /// <summary>The standing of a row that was just read, with what is remembered of the person.</summary>
    public static Standing Of(DropboxUserStatus person, DateTimeOffset now, Standing? before) => new(
        person.Stage,
        MarksOf(person),
        before is { } known && known.Stage == person.Stage ? known.Since : now.ToUnixTimeSeconds(),
        person.InvitedOn?.ToUnixTimeSeconds() ?? before?.InvitedOn ?? 0);

    /// <summary>How far the person of a row has come.</summary>
    public static StandingMarks MarksOf(DropboxUserStatus person)
    {
        if (person.AssignmentStatus is null) return StandingMarks.None;
        var marks = StandingMarks.Assigned;
        if (person.DropboxStatus is "active" or "invited" or "suspended")
        {
            marks |= StandingMarks.Provisioned;
            if (person.LastNotice is not null) marks |= StandingMarks.Told;
            if (person.Stage is ProvisioningStage.Active) marks |= StandingMarks.Active;
        }

        return IsStuck(person) ? marks | StandingMarks.Stuck : marks;
    }

    /// <summary>Whether the person gets no further until an admin does something: not who is active, nor who only has to sign on.</summary>
    public static bool IsStuck(DropboxUserStatus person) =>
        person is { AssignmentStatus: not null, Stage: not ProvisioningStage.Active, NextAction: not (NextAction.None or NextAction.Notify) };
}
