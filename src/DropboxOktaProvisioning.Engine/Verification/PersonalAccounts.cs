using DropboxOktaProvisioning.Engine.Dropbox;

namespace DropboxOktaProvisioning.Engine.Verification;

/// <summary>What points to a personal account on the company's domain, person by person.</summary>
public sealed class PersonalAccounts
{
    private readonly ILookup<string, DropboxPersonalAccount> _known;

    /// <summary>Knows of addresses that the admin states.</summary>
    /// <param name="stated">The addresses, in any case.</param>
    public PersonalAccounts(IEnumerable<string> stated)
        : this(stated.Select(Row).ToLookup(row => row.Email, StringComparer.OrdinalIgnoreCase))
    {
    }

    private PersonalAccounts(ILookup<string, DropboxPersonalAccount> known) => _known = known;

    /// <summary>Knows of rows: those of Get-DropboxPersonalAccount, or such as <see cref="Row(string)"/> and <see cref="Row(DropboxDomainInsight)"/> make.</summary>
    public static PersonalAccounts FromRows(IEnumerable<DropboxPersonalAccount> rows) => new(rows.ToLookup(row => row.Email, StringComparer.OrdinalIgnoreCase));

    /// <summary>The row of an address that the admin states.</summary>
    public static DropboxPersonalAccount Row(string address) => Row(address, PersonalAccountType.Unknown, Stated(address));

    /// <summary>The row of an address in an imported file.</summary>
    public static DropboxPersonalAccount Row(DropboxDomainInsight insight) => Row(insight.Email, insight.AccountType, Of(insight));

    /// <summary>The evidence about one person, strongest first, each worth what it is after all that contradicts it.</summary>
    public IReadOnlyList<PersonalAccountEvidence> About(PersonFacts person)
    {
        var turned = person.Member is { Status: DropboxMemberStatus.Removed, IsDisconnected: true } || person.Former.Any(member => member.IsDisconnected);
        if (!turned && _known.Count == 0) return [];

        DropboxPersonalAccount[] rows = _known.Count == 0 ? [] : [.. person.Addresses().Distinct(StringComparer.OrdinalIgnoreCase).SelectMany(address => _known[address])];
        var evidence = rows.SelectMany(row => row.Evidence).ToList();
        if (turned && !evidence.Any(item => item.Detail == TurnedPersonal(null).Detail)) evidence.Add(TurnedPersonal(null));
        if (evidence.Count == 0) return [];

        // Who has joined the team has most likely brought the account along or moved it away.
        var against = person.Member is { Status: DropboxMemberStatus.Active }
            ? new PersonalAccountEvidence { Detail = "The person is on the team now." }
            : PersonalAccountGrade.Newest(rows.Select(row => row.Contradiction).OfType<PersonalAccountEvidence>());
        return PersonalAccountGrade.Sorted(evidence.Select(item => Weighed(item, against)));
    }

    /// <summary>The strongest of the evidence.</summary>
    public static PersonalAccountLikelihood Strongest(IReadOnlyList<PersonalAccountEvidence> evidence) => PersonalAccountGrade.Of(evidence, null);

    private static PersonalAccountEvidence Stated(string address) => new()
    {
        Likelihood = PersonalAccountLikelihood.Confirmed,
        Basis = FactBasis.AdminStatement,
        Detail = $"{address} is on the list of personal accounts that was handed in.",
    };

    private static PersonalAccountEvidence Of(DropboxDomainInsight row) => new()
    {
        Likelihood = PersonalAccountLikelihood.Confirmed,
        Basis = FactBasis.Import,
        ObservedOn = row.ObservedOn,
        Detail = $"Is in the imported list {Path.GetFileName(row.Path)}, line {row.Line.ToString(System.Globalization.CultureInfo.InvariantCulture)}.",
    };

    /// <summary>The evidence of a removed member with <c>is_disconnected</c>.</summary>
    internal static PersonalAccountEvidence TurnedPersonal(DateTimeOffset? on) => new()
    {
        Likelihood = PersonalAccountLikelihood.Confirmed,
        Basis = FactBasis.Api,
        ObservedOn = on,
        Detail = "Dropbox turned the removed member into a personal account.",
    };

    private static DropboxPersonalAccount Row(string address, PersonalAccountType type, PersonalAccountEvidence evidence) =>
        new() { Email = address, AccountType = type, Likelihood = evidence.Likelihood, Evidence = [evidence], LastSeen = evidence.ObservedOn };

    private static PersonalAccountEvidence Weighed(PersonalAccountEvidence item, PersonalAccountEvidence? against)
    {
        var worth = PersonalAccountGrade.Worth(item, against);
        return worth == item.Likelihood ? item : item with { Likelihood = worth, Detail = $"{item.Detail} But: {against!.Detail}" };
    }
}
