namespace DropboxOktaProvisioning.Engine.Verification;

/// <summary>Weighs what points to a personal account against what contradicts it. Pure: the same in, the same out, in any order.</summary>
/// <remarks>
/// The newest contradiction counts, and it counts against all that is not newer: strong evidence is then worth a suspicion, since an account may
/// come back, and a suspicion nothing. What has no time is older than any contradiction.
/// </remarks>
public static class PersonalAccountGrade
{
    /// <summary>How sure it is.</summary>
    public static PersonalAccountLikelihood Of(IEnumerable<PersonalAccountEvidence> evidence, PersonalAccountEvidence? contradiction) =>
        evidence.Select(item => Worth(item, contradiction)).DefaultIfEmpty(PersonalAccountLikelihood.None).Max();

    /// <summary>What one piece of evidence is worth after the contradiction.</summary>
    public static PersonalAccountLikelihood Worth(PersonalAccountEvidence evidence, PersonalAccountEvidence? contradiction)
    {
        if (contradiction is null || evidence.ObservedOn > contradiction.ObservedOn) return evidence.Likelihood;
        return evidence.Likelihood > PersonalAccountLikelihood.Suspected ? PersonalAccountLikelihood.Suspected : PersonalAccountLikelihood.None;
    }

    /// <summary>The newest of what contradicts; what has no time holds now.</summary>
    public static PersonalAccountEvidence? Newest(IEnumerable<PersonalAccountEvidence> contradictions) =>
        contradictions.OrderByDescending(one => one.ObservedOn ?? DateTimeOffset.MaxValue).ThenBy(one => one.Detail, StringComparer.Ordinal).FirstOrDefault();

    /// <summary>Strongest first, then newest, each once.</summary>
    public static IReadOnlyList<PersonalAccountEvidence> Sorted(IEnumerable<PersonalAccountEvidence> evidence) =>
        [.. evidence.Distinct().OrderByDescending(one => one.Likelihood).ThenByDescending(one => one.ObservedOn ?? DateTimeOffset.MinValue).ThenBy(one => one.Detail, StringComparer.Ordinal)];
}
