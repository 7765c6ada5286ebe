using System.Text.Json.Serialization;

namespace DropboxOktaProvisioning;

/// <summary>Who would get what: what <c>New-ProvisioningPlan</c> saw, for a person to look at and for <c>Invoke-SilentProvisioning -Plan</c> to do, and nothing beside it.</summary>
public sealed record ProvisioningPlan
{
    /// <summary>The plan's own id.</summary>
    public string Id { get; init; } = "";

    /// <summary>When it was made, UTC.</summary>
    public DateTimeOffset CreatedOn { get; init; }

    /// <summary>The Okta org's address.</summary>
    public Uri? OktaOrg { get; init; }

    /// <summary>The Dropbox team's id (<c>dbtid:…</c>).</summary>
    public string TeamId { get; init; } = "";

    /// <summary>The Dropbox team's name.</summary>
    public string TeamName { get; init; } = "";

    /// <summary>The app's id in Okta (<c>0oa…</c>).</summary>
    public string AppId { get; init; } = "";

    /// <summary>The label that admins see.</summary>
    public string AppLabel { get; init; } = "";

    /// <summary>Whom it is about.</summary>
    public PlannedScope Scope { get; init; } = new();

    /// <summary>The app's silent switch.</summary>
    public PlannedSwitch Switch { get; init; } = new();

    /// <summary>In whose name people are told, and by which words.</summary>
    public PlannedWords Words { get; init; } = new();

    /// <summary>In which language, how often, when, and whom else; null in a plan of an earlier version, which cannot be done any more.</summary>
    public PlannedManners? Manners { get; init; }

    /// <summary>The stages whose people are told.</summary>
    public IReadOnlyList<ProvisioningStage> ToldStages { get; init => field = Indexable.Of(value); } = [];

    /// <summary>Whether what may or may not have left is sent again.</summary>
    public bool ResendUnknown { get; init; }

    /// <summary>Everybody in the scope, and what would happen.</summary>
    public IReadOnlyList<PlannedPerson> People { get; init => field = Indexable.Of(value); } = [];

    /// <summary>The managers who are told, and about whom.</summary>
    public IReadOnlyList<PlannedManager> Managers { get; init => field = Indexable.Of(value); } = [];

    /// <summary>Notices as they would leave: one of each kind, and three at least where there are so many.</summary>
    public IReadOnlyList<NoticeSample> Samples { get; init => field = Indexable.Of(value); } = [];

    /// <summary>What doing the plan will take.</summary>
    public ProvisioningForecast? Forecast { get; init; }

    /// <summary>SHA-256 over all of the above, 64 hex digits: <c>-PlanHash</c> says that this plan was looked at, and none that was changed since.</summary>
    [JsonIgnore]
    public string Hash { get; init; } = "";

    /// <summary>The plan's file; null where it has none.</summary>
    [JsonIgnore]
    public string? Path { get; init; }

    /// <summary>How many people are in each stage, by its name; every stage is there.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, int> ByStage =>
        Enum.GetValues<ProvisioningStage>().ToDictionary(stage => stage.ToString(), stage => People.Count(person => person.Stage == stage));

    /// <summary>The stages that somebody is in, in words.</summary>
    [JsonIgnore]
    public string Stages => string.Join(", ", ByStage.Where(stage => stage.Value > 0).Select(stage => $"{stage.Value} {stage.Key}"));

    /// <summary>How many would be told.</summary>
    [JsonIgnore]
    public int Planned => People.Count(person => person.State is NoticeState.Planned);

    /// <summary>How many are told once their quiet hours have passed.</summary>
    [JsonIgnore]
    public int Waiting => People.Count(person => person.State is NoticeState.Waiting);

    /// <summary>How many need not or must not be told.</summary>
    [JsonIgnore]
    public int Skipped => People.Count(person => person.State is NoticeState.Skipped);

    /// <summary>How many cannot be told, such as for an address that is none.</summary>
    [JsonIgnore]
    public int Failed => People.Count(person => person.State is NoticeState.Failed);

    /// <inheritdoc/>
    public override string ToString() => Path ?? Id;
}

/// <summary>Whom a plan is about.</summary>
public sealed record PlannedScope
{
    /// <summary><c>Everyone</c>, <c>Groups</c>, <c>Domains</c> or <c>People</c>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The groups, domains or addresses that were asked for; empty for everyone.</summary>
    public IReadOnlyList<string> Names { get; init => field = Indexable.Of(value); } = [];

    /// <inheritdoc/>
    public override string ToString() => Names.Count == 0 ? Kind : Kind is "People" ? $"{Names.Count} {Kind}" : $"{Kind}: {string.Join(", ", Names)}";
}

/// <summary>The silent switch in a plan.</summary>
public sealed record PlannedSwitch
{
    /// <summary>Its state when the plan was made.</summary>
    public SilentProvisioningState State { get; init; }

    /// <summary>Whether it would be turned on.</summary>
    public bool Changes { get; init; }

    /// <summary>Whether it is left as it is, whatever it says.</summary>
    public bool IsKept { get; init; }

    /// <summary>The setting that holds it, where that was named.</summary>
    public string? SettingName { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Changes ? $"{State}, would be Enabled" : State.ToString();
}

/// <summary>The words of a plan's notices.</summary>
public sealed record PlannedWords
{
    /// <summary>The sender; of several each has its turn.</summary>
    public IReadOnlyList<string> From { get; init => field = Indexable.Of(value); } = [];

    /// <summary>Where people sign on.</summary>
    public string SsoUrl { get; init; } = "";

    /// <summary>The folder with the admin's own templates, null for the built-in ones.</summary>
    public string? TemplatePath { get; init; }

    /// <summary>SHA-256 over senders, address and templates, so that other words are seen.</summary>
    public string Digest { get; init; } = "";

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", From);
}

/// <summary>One person in a plan.</summary>
public sealed record PlannedPerson
{
    /// <summary>The person's address.</summary>
    public string Email { get; init; } = "";

    /// <summary>Where the person stood.</summary>
    public ProvisioningStage Stage { get; init; }

    /// <summary><c>Planned</c>, <c>Waiting</c>, <c>Skipped</c> or <c>Failed</c>.</summary>
    public NoticeState State { get; init; }

    /// <summary>Which kind of notice.</summary>
    public NoticeKind Kind { get; init; }

    /// <summary>Which reminder it is, from 1; 0 for a first notice.</summary>
    public int Step { get; init; }

    /// <summary>Whether the words for people with a personal account would be used.</summary>
    public PersonalAccountLikelihood PersonalAccount { get; init; }

    /// <summary>Why.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The Okta user's id, null if not known.</summary>
    public string? OktaUserId { get; init; }

    /// <summary>The team member's id, null if not on the team.</summary>
    public string? TeamMemberId { get; init; }
}

/// <summary>A manager in a plan, and one person whom the mail is about.</summary>
public sealed record PlannedManager
{
    /// <summary>The manager's address.</summary>
    public string Email { get; init; } = "";

    /// <summary>The person's address.</summary>
    public string About { get; init; } = "";

    /// <inheritdoc/>
    public override string ToString() => $"{Email} about {About}";
}

/// <summary>A notice as it would leave.</summary>
public sealed record NoticeSample
{
    /// <summary>To whom.</summary>
    public string Email { get; init; } = "";

    /// <summary>Which kind of notice.</summary>
    public NoticeKind Kind { get; init; }

    /// <summary>Whether the words are those for people with a personal account.</summary>
    public PersonalAccountLikelihood PersonalAccount { get; init; }

    /// <summary>The subject line.</summary>
    public string Subject { get; init; } = "";

    /// <summary>The plain text.</summary>
    public string Text { get; init; } = "";

    /// <summary>The HTML.</summary>
    public string Html { get; init; } = "";

    /// <inheritdoc/>
    public override string ToString() => $"{Subject} ({Email})";
}
