namespace DropboxOktaProvisioning.Engine.Verification;

/// <summary>What points to a personal account on the company's domain.</summary>
/// <param name="stated">Addresses that the admin handed in, in any case.</param>
public sealed class PersonalAccounts(IEnumerable<string> stated)
{
    private readonly HashSet<string> _stated = new(stated, StringComparer.OrdinalIgnoreCase);

    /// <summary>The evidence about one person, strongest first.</summary>
    public IReadOnlyList<PersonalAccountEvidence> About(PersonFacts person)
    {
        List<PersonalAccountEvidence>? evidence = null;
        var joined = person.Member is { Status: Dropbox.DropboxMemberStatus.Active };

        if (person.Member is { Status: Dropbox.DropboxMemberStatus.Removed, IsDisconnected: true } || person.Former.Any(member => member.IsDisconnected))
            Add(ref evidence, FactBasis.Api, joined, "Dropbox turned the removed member into a personal account");

        if (_stated.Count > 0 && person.Addresses().FirstOrDefault(_stated.Contains) is { } address)
            Add(ref evidence, FactBasis.AdminStatement, joined, $"{address} is on the list of personal accounts that was handed in");

        return evidence ?? (IReadOnlyList<PersonalAccountEvidence>)[];
    }

    /// <summary>The strongest of the evidence.</summary>
    public static PersonalAccountLikelihood Strongest(IReadOnlyList<PersonalAccountEvidence> evidence) =>
        evidence.Count == 0 ? PersonalAccountLikelihood.None : evidence.Max(item => item.Likelihood);

    // Who has joined the team since has most likely brought the account along or moved it away.
    private static void Add(ref List<PersonalAccountEvidence>? evidence, FactBasis basis, bool joined, string detail) => (evidence ??= []).Add(new()
    {
        Likelihood = joined ? PersonalAccountLikelihood.Suspected : PersonalAccountLikelihood.Confirmed,
        Basis = basis,
        Detail = joined ? $"{detail}; the person is on the team now." : $"{detail}.",
    });
}
