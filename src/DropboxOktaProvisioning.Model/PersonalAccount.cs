namespace DropboxOktaProvisioning;

/// <summary>How sure it is that a person also owns a personal (Basic or Pro) Dropbox account on the company's domain.</summary>
public enum PersonalAccountLikelihood
{
    /// <summary>Nothing points to one.</summary>
    None,

    /// <summary>Something weak points to one.</summary>
    Suspected,

    /// <summary>Something strong points to one.</summary>
    Likely,

    /// <summary>The service or the admin says so.</summary>
    Confirmed,
}

/// <summary>Where a fact comes from.</summary>
public enum FactBasis
{
    /// <summary>Nothing tells.</summary>
    Unknown,

    /// <summary>A service's API says so now.</summary>
    Api,

    /// <summary>An event log says that it changed to this.</summary>
    EventLog,

    /// <summary>A file that the admin handed in says so.</summary>
    Import,

    /// <summary>The admin says so.</summary>
    AdminStatement,
}

/// <summary>One thing that points to a personal account, with where it was seen.</summary>
public sealed record PersonalAccountEvidence
{
    /// <summary>How much this alone is worth.</summary>
    public PersonalAccountLikelihood Likelihood { get; init; }

    /// <summary>Where the fact comes from.</summary>
    public FactBasis Basis { get; init; }

    /// <summary>When it happened or was seen, UTC; null where the source has no time.</summary>
    public DateTimeOffset? ObservedOn { get; init; }

    /// <summary>What was seen, in a sentence.</summary>
    public string Detail { get; init; } = "";

    /// <inheritdoc/>
    public override string ToString() => Detail;
}
