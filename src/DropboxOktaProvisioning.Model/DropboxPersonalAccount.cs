namespace DropboxOktaProvisioning;

/// <summary>The plan of a personal account. No API tells it of somebody else's account: only a list that the admin hands in does.</summary>
public enum PersonalAccountType
{
    /// <summary>Nothing tells.</summary>
    Unknown,

    /// <summary>The free plan.</summary>
    Basic,

    /// <summary>A paid personal plan (Pro, Plus or Professional).</summary>
    Pro,
}

/// <summary>What is known of a personal account with one address on the company's domain.</summary>
public sealed record DropboxPersonalAccount
{
    /// <summary>The address, in lower case.</summary>
    public string Email { get; init; } = "";

    /// <summary>How sure it is that a personal account has this address now: the strongest evidence, after what contradicts it.</summary>
    public PersonalAccountLikelihood Likelihood { get; init; }

    /// <summary>The plan, as far as an import says so.</summary>
    public PersonalAccountType AccountType { get; init; }

    /// <summary>What points to it, strongest first and then newest first; each with what it is worth alone.</summary>
    public IReadOnlyList<PersonalAccountEvidence> Evidence { get; init => field = Indexable.Of(value); } = [];

    /// <summary>The newest thing that speaks against it, such as that the account was moved away; null where nothing does.</summary>
    public PersonalAccountEvidence? Contradiction { get; init; }

    /// <summary>The time of the newest evidence, UTC; null where none has a time.</summary>
    public DateTimeOffset? LastSeen { get; init; }

    /// <summary>The id of the member with this address (<c>dbmid:…</c>), removed ones included; null where there is none.</summary>
    public string? TeamMemberId { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Email}: {Likelihood}";
}

/// <summary>One address of a list of personal accounts that the admin handed in.</summary>
public sealed record DropboxDomainInsight
{
    /// <summary>The address, as it stands there.</summary>
    public string Email { get; init; } = "";

    /// <summary>The plan, where a column says so.</summary>
    public PersonalAccountType AccountType { get; init; }

    /// <summary>The line of the file, from 1.</summary>
    public int Line { get; init; }

    /// <summary>The file.</summary>
    public string Path { get; init; } = "";

    /// <summary>When the file was last written, UTC: the list is no newer than that.</summary>
    public DateTimeOffset ObservedOn { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Email;
}
